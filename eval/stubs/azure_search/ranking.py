"""How documents are ranked: BM25 over analysed words, exact cosine, and reciprocal ranks that join both."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from eval.stubs.azure_search.refusal import Refusal, bad

_K1, _B = 1.2, 0.75
"""Lucene's defaults, which the service documents as its own."""

_JOIN = 60
"""The constant of reciprocal rank fusion ("Relevance scoring in hybrid search")."""

MOST_CLAUSES, LONGEST_SEARCH = 3_000, 100_000
_STANDARD = re.compile(r"\w+")
_CLAUSE = re.compile(r'"([^"]*)"|([^\s|"]+)')
_OPERATORS = re.compile(r"(?:^|[\s|])[-+]|[()]|\*(?:[\s|]|$)|~")


def tokens(text: str, analyzer: str | None) -> list[str]:
    """A text as the analyzer of its field cuts it."""
    if analyzer == "whitespace":
        return text.split()
    if analyzer == "keyword":
        return [text]
    return _STANDARD.findall(text.lower())


def clauses(search: str) -> list[str]:
    """The parts of a simple query, any of which may match: phrases in quotes and words, with `|` or blanks between."""
    if len(search) > LONGEST_SEARCH:
        raise bad(f"The search clause is longer than {LONGEST_SEARCH} characters.")
    bare = re.sub(r'"[^"]*"', "", search)
    if _OPERATORS.search(bare) or '"' in bare:
        raise Refusal(501, "NotImplemented", "This stub knows phrases in quotes, words and '|' of the simple syntax.")
    found = [phrase or word for phrase, word in _CLAUSE.findall(search)]
    if len(found) > MOST_CLAUSES:
        raise bad(f"More than {MOST_CLAUSES} clauses.")
    return [one for one in found if one]


def bm25(search: str, texts: Sequence[str], analyzer: str | None) -> NDArray[np.float64]:
    """One score a text, 0 where nothing matches; frequencies are those of all texts of the index."""
    cut = [tokens(text, analyzer) for text in texts]
    average = sum(map(len, cut)) / max(len(cut), 1) or 1.0
    counts = [Counter(one) for one in cut]
    scores = np.zeros(len(texts))
    for clause in clauses(search):
        phrase = tokens(clause, analyzer)
        often = [_occurrences(phrase, words, count) for words, count in zip(cut, counts, strict=True)]
        holding = sum(number > 0 for number in often)
        weight = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        for place, number in enumerate(often):
            if number:
                scores[place] += weight * number / (number + _K1 * (1 - _B + _B * len(cut[place]) / average))
    return scores


def _occurrences(phrase: Sequence[str], words: Sequence[str], counts: Mapping[str, int]) -> int:
    if len(phrase) == 1:
        return counts.get(phrase[0], 0)
    if not phrase or any(word not in counts for word in phrase):
        return 0
    size = len(phrase)
    return sum(list(words[place : place + size]) == list(phrase) for place in range(len(words) - size + 1))


def cosines(vector: Sequence[float], rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """One cosine a row; 0 where one of both has no length."""
    asked = np.asarray(vector, np.float32)
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(asked)
    products = (rows @ asked).astype(np.float64)
    found = np.zeros(len(rows))
    np.divide(products, lengths, out=found, where=lengths > 0)
    return found


def score_of_cosine(cosine: float) -> float:
    """1 / (1 + cosine distance), as a number of 32 bits."""
    return float(np.float32(1 / (2 - cosine)))


def joined(rankings: Iterable[Sequence[str]]) -> dict[str, float]:
    """Key → the sum of its reciprocal ranks."""
    found: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, 1):
            found[key] = found.get(key, 0.0) + 1 / (_JOIN + rank)
    return found
