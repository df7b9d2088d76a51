"""Finds secrets in one text as it stands: by their form, by the name of their key, by runs of digits."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from models.redact.checks import CHECKS
from models.redact.kind import Key, Kind, Kinds, kinds
from models.redact.trie import literals_pattern
from models.redact.values import VALUES
from models.redact.views import Run

_REACH = 256
"""How far behind `near` a form with `back` may end; those without have no such limit."""

_LONG = 16
"""Letters in a run that can hold a token with a form of its own."""
_WORD = re.compile(rf"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{{{_LONG},}}")
_DIGITS = re.compile(r"[0-9][0-9() -]{7,18}[0-9]")
_NUMBER = re.compile(r"(?<![0-9])(?=[0-9](?:[() -]{0,2}[0-9]){8})")
_DELIMITER = re.compile(r"=|:(?!//)")
_KEY_END = " \t\"'\\]"
_KEY_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-.["
_NUMBERED = re.compile(r"(?<=[a-z])[0-9]{1,2}\Z")
_KEY_LONGEST = 64
_NO_LETTERS = str.maketrans("", "", "_-.[")


@dataclass(frozen=True, slots=True)
class Found:
    """Text to hide: from `start` to before `end`."""

    start: int
    end: int
    kind: str


_Form = tuple[str, re.Pattern[str], int, str | int, Callable[[str], bool]]


class Scanner:
    """All kinds made ready: one pass for forms, one for runs of letters, one for runs of digits, one for keys."""

    def __init__(self, known: Kinds) -> None:
        self._text = _Near([kind for kind in known.forms if kind.at == "text"])
        self._inside = _Near([kind for kind in known.forms if kind.at == "run" and kind.near])
        self._runs = [_form(kind) for kind in known.forms if kind.at == "run" and not kind.near]
        self._digits = [_form(kind) for kind in known.forms if kind.at == "digits"]
        self._names = {name: key for key in known.keys for name in key.names}
        self._within = {name: key for key in known.keys for name in key.within}
        self._within_pattern = re.compile(literals_pattern(self._within))
        self._key_of = lru_cache(maxsize=8192)(self._named)

    def found(self, text: str, runs: list[Run]) -> Iterator[Found]:
        """Every secret of the text, in no order, overlapping where two kinds see the same one."""
        low = _lowered(text)
        yield from self._text.found(text, low, 0, len(text))
        for start, end in runs:
            if end - start >= _LONG:
                yield from self._inside.found(text, low, start, end)
                for word in _WORD.finditer(text, start, end):
                    yield from _tried(self._runs, text, word.start())
        yield from self._numbers(text)
        yield from self._keyed(text, low)

    def _numbers(self, text: str) -> Iterator[Found]:
        """Each group of digits may begin a number, with or without a sign before it."""
        for run in _DIGITS.finditer(text):
            for number in _NUMBER.finditer(text, *run.span()):
                start = number.start()
                yield from _tried(self._digits, text, start)
                if start and text[start - 1] in "+(":
                    yield from _tried(self._digits, text, start - 1)

    def _keyed(self, text: str, low: str) -> Iterator[Found]:
        done = 0
        for delimiter in _DELIMITER.finditer(low):
            at = delimiter.start()
            if at < done:  # within a value that is hidden already: values of values would take the square of the time
                continue
            before = low[max(0, at - _KEY_LONGEST) : at].rstrip(_KEY_END)
            name = before[len(before.rstrip(_KEY_LETTERS)) :]
            key = self._key_of(name) if len(name) > 1 else None
            span = VALUES[key.value](text, delimiter.end()) if key else None
            if key and span:
                yield Found(*span, key.id)
                done = span[1]

    def _named(self, name: str) -> Key | None:
        """The key of a name as it stands in a text: whole, its last part (`user[token`), without a number behind it."""
        whole, last = name.translate(_NO_LETTERS), name.rpartition("[")[2].translate(_NO_LETTERS)
        for spelled in (whole, last, _NUMBERED.sub("", last)):
            if spelled in self._names:
                return self._names[spelled]
        within = self._within_pattern.search(whole)
        return self._within[within[0]] if within else None


@cache
def scanner() -> Scanner:
    """The scanner of the kinds that Akashi ships."""
    return Scanner(kinds())


class _Near:
    """Forms that are tried where a text of their `near` stands."""

    def __init__(self, forms: list[Kind]) -> None:
        spelled = {near for kind in forms for near in kind.near}
        self._forms = {  # also those of shorter texts: the pattern finds the longest only
            longest: [_form(kind) for kind in forms if any(longest.startswith(near) for near in kind.near)]
            for longest in spelled
        }
        self._pattern = re.compile(literals_pattern(spelled))

    def found(self, text: str, low: str, start: int, end: int) -> Iterator[Found]:
        """What is found near each such text, also near those that overlap."""
        near = self._pattern.search(low, start, end)
        while near:
            yield from _tried(self._forms[near[0]], text, near.start())
            near = self._pattern.search(low, near.start() + 1, end)


def _form(kind: Kind) -> _Form:
    pattern = re.compile(kind.match)
    return kind.id, pattern, kind.back, "s" if "s" in pattern.groupindex else 0, CHECKS[kind.check]


def _tried(forms: list[_Form], text: str, at: int) -> Iterator[Found]:
    for kind, pattern, back, group, check in forms:
        hit = pattern.search(text, max(0, at - back), at + _REACH) if back else pattern.match(text, at)
        while back and hit and hit.end() <= at:  # another one, before this
            hit = pattern.search(text, hit.end(), at + _REACH)
        if hit and check(hit[group]):
            yield Found(*hit.span(group), kind)


def _lowered(text: str) -> str:
    """The text in small letters, character by character: one that would become two stays as it is."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(char.lower() if char.isascii() else char for char in text)
