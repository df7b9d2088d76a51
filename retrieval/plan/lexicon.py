"""Words and phrases by what they are, in both languages at once: `lexicon/<language>.toml`."""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.action import Action
from core.dimension import Dimension
from core.plan import Operation
from core.taxonomy import AttackType, Outcome
from retrieval.plan.fold import is_japanese, is_katakana
from retrieval.plan.piece import Kind, Piece

LANGUAGES = ("en", "ja")
_FOLDER = Path(__file__).with_name("lexicon")

# What a word listed twice is taken for first; the readers of times, negations and follow-ups look at the rest.
_ORDER = (
    Kind.REFUSED, Kind.UNREADABLE, Kind.OUTCOME, Kind.ORDINAL, Kind.PRONOUN, Kind.TYPE, Kind.ATTACKER, Kind.HARMLESS,
    Kind.ATTACK, Kind.PAGE, Kind.STATUS, Kind.ACTION, Kind.PARSE, Kind.DATASET, Kind.AGENT, Kind.DAY, Kind.PERIOD,
    Kind.QUESTION, Kind.OPERATION, Kind.COMPARE, Kind.DIMENSION, Kind.LINE, Kind.GROUPED, Kind.MOST, Kind.SEVERAL,
    Kind.NOT_AFTER, Kind.NOT_BEFORE, Kind.JOIN, Kind.BREAK, Kind.MARK, Kind.NUMBER, Kind.FILLER, Kind.FOLLOW,
    Kind.WHEN,
)  # fmt: skip
_CODES: Mapping[Kind, Callable[[str], object]] = {
    Kind.TYPE: AttackType,
    Kind.OPERATION: Operation,
    Kind.DIMENSION: Dimension,
    Kind.OUTCOME: Outcome,
    Kind.ACTION: Action,
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`phrases` by text, each with all that it may be; `heads` lists the phrases by their first two characters."""

    phrases: Mapping[str, tuple[tuple[Kind, str], ...]]
    heads: Mapping[str, tuple[str, ...]]
    words: frozenset[str]

    def longest(self, text: str, at: int) -> Piece | None:
        """The longest phrase that stands at a place of a folded text, or None; a plural "s" belongs to it."""
        for phrase in (*self.heads.get(text[at : at + 2], ()), *self.heads.get(text[at : at + 1], ())):
            if text.startswith(phrase, at):
                end = _end(text, phrase, at)
                if end and not self._cuts(text, end):
                    first, *others = self.phrases[phrase]
                    return Piece(first[0], first[1], at, end, tuple(others))
        return None

    def _cuts(self, text: str, end: int) -> bool:
        """Whether a phrase would end inside a katakana word: 「直近のログ|イン」, but not 「エラー|ログ」."""
        inside = end < len(text) and is_katakana(text[end]) and is_katakana(text[end - 1])
        return inside and not any(text.startswith(phrase, end) for phrase in self.heads.get(text[end : end + 2], ()))


def _letter(text: str, at: int) -> bool:
    """Whether a word written with spaces goes on here."""
    return 0 <= at < len(text) and text[at].isalnum() and not is_japanese(text[at])


def _end(text: str, phrase: str, at: int) -> int:
    """Where the phrase ends, its plural or genitive included; 0 where it is but a part of a longer word."""
    end = at + len(phrase)
    if _letter(phrase, 0) and _letter(text, at - 1):
        return 0
    if not _letter(phrase, len(phrase) - 1) or not _letter(text, end):
        genitive = text.startswith("'s", end) and not _letter(text, end + 2) and _letter(phrase, len(phrase) - 1)
        return end + 2 if genitive else end
    plural = "es" if phrase.endswith(("s", "x", "ch", "sh")) else "s"
    longer = end + len(plural)
    return longer if len(phrase) > 1 and text.startswith(plural, end) and not _letter(text, longer) else 0


@cache
def lexicon() -> Lexicon:
    """Both languages, read once; raises ValueError for a kind or a code that does not exist."""
    found: dict[str, list[tuple[Kind, str]]] = defaultdict(list)
    for language in LANGUAGES:
        for phrase, kind, value in entries(language):
            found[phrase].append((kind, value))
    rank = {kind: number for number, kind in enumerate(_ORDER)}
    phrases = {
        phrase: tuple(sorted(set(known), key=lambda one: (rank[one[0]], one[1]))) for phrase, known in found.items()
    }
    heads: dict[str, list[str]] = defaultdict(list)
    for phrase in sorted(phrases, key=lambda one: (-len(one), one)):
        heads[phrase[:2]].append(phrase)
    words = frozenset(word for phrase in phrases for word in phrase.split(" "))
    return Lexicon(phrases, {head: tuple(known) for head, known in heads.items()}, words)


def entries(language: str) -> Iterator[tuple[str, Kind, str]]:
    """(phrase, kind, value) of one language's file; raises ValueError as `lexicon` does."""
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        tables = tomllib.load(file)
    for name, table in tables.items():
        kind = Kind(name)
        for value, phrases in table.items():
            for code in value.split(","):
                _CODES.get(kind, str)(code)
            yield from ((phrase, kind, value) for phrase in phrases)
