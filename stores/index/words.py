"""A text as words to look up: addresses, paths and compounds whole and in parts, Japanese as pairs of signs."""

import re

from stores.embedding.words import MEANS_NOTHING, plain

LONGEST = 64
"""Characters of a word that count."""

MOST_ASKED = 128
"""Different words of a question that are looked up."""

PUNCTUATION = "./:_~%@+=-"
"""What may stand inside a word besides letters and digits."""

_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_WORD = re.compile(r"[a-z0-9]+")
# Nothing here looks at a sign more than a few times: log lines are written by attackers.
_COMPOUND = re.compile(r"(?<![a-z0-9])[a-z0-9]++(?:[.:_-]{1,2}[a-z0-9]++)++")
_RUN = re.compile(r"[a-z0-9._~%@+=:/-]++")
_OTHER = re.compile(r"[^\W\x00-\x7f]+")
_HIRAGANA = re.compile(r"[\u3041-\u309f]*")


def indexed_words(text: str) -> str:
    """What the keyword index holds of a text, with blanks between."""
    return " ".join(_words(text))


def match_expression(question: str) -> str:
    """An FTS5 expression that looks for any of the question's words; empty when it says nothing to look for.

    This is the only way a question gets into MATCH: every word is made of letters, digits and PUNCTUATION, stands in
    quotes, and a quote cannot be in it.
    """
    words = [word for word in dict.fromkeys(_words(question)) if word not in MEANS_NOTHING]
    return " OR ".join(f'"{word}"' for word in words[:MOST_ASKED])


def _words(text: str) -> list[str]:
    text = plain(text)
    found = _ADDRESS.findall(text)
    text = _ADDRESS.sub(" ", text)  # the numbers of an address say nothing each on its own
    found += [*_WORD.findall(text), *_COMPOUND.findall(text)]
    found += [run[run.index("/") :].rstrip(PUNCTUATION) for run in _RUN.findall(text) if "/" in run]
    if not text.isascii():
        for run in _OTHER.findall(text):
            found += _pairs(run)
    return [word[:LONGEST] for word in found if word and (len(word) > 2 or not word.isdecimal())]


def _pairs(run: str) -> list[str]:
    """Neighbouring signs; pairs of hiragana alone are endings and particles."""
    run = run.encode("utf-8", "ignore").decode()
    pairs = [run[place : place + 2] for place in range(len(run) - 1)] or [run]
    return [pair for pair in pairs if pair and not _HIRAGANA.fullmatch(pair)]
