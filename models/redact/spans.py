"""What is hidden in a text, and which kind a stretch is said to be when several were seen in it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.redact.names import REVERSIBLE

EMAIL = "email"
_BY_FORM = REVERSIBLE | {EMAIL}
"""Found wherever it stands, so there is nothing to look for again."""
_REMEMBERED = 8
"""A hidden value of fewer characters is a word like any other where it stands alone."""
_FEW = 32
_ORDINARY = re.compile(r"/.*|[a-z][a-z0-9+.-]*://.*|[0-9.:/+-]{1,18}|[A-Za-z]+/[0-9.]+", re.DOTALL)
"""Paths, URLs, addresses, dates, numbers and versions: what a line says beside secrets."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A span to hide, and how it reads where it was found."""

    start: int
    end: int
    kind: str
    value: str

    @property
    def is_telling(self) -> bool:
        """Whether the value is looked for where it stands bare: it is no word, path, address or version of a product.

        Else `password=/login` would hide the address of every page, at the wish of whoever asks for it.
        """
        if self.kind in _BY_FORM or len(self.value) < _REMEMBERED or _ORDINARY.fullmatch(self.value):
            return False
        return not self.value.isalpha() or len(self.value) >= 2 * _REMEMBERED


def merged(hidden: Iterable[Hidden]) -> Iterator[tuple[int, int, str]]:
    """Spans that do not overlap, in order, each with the kind that says most of it."""
    group: list[Hidden] = []
    end = 0
    for one in sorted(hidden, key=lambda one: (one.start, -one.end)):
        if group and one.start >= end:
            yield group[0].start, end, _kind_of(group)
            group = []
        end = max(end, one.end) if group else one.end
        group.append(one)
    if group:
        yield group[0].start, end, _kind_of(group)


def _kind_of(group: Sequence[Hidden]) -> str:
    """The kind of the longest; a name leads back only if nothing but an address for mail stands within it."""
    longest = max(group, key=lambda one: (one.end - one.start, one.kind in REVERSIBLE))
    within = all(longest.start <= one.start and one.end <= longest.end for one in group)
    if longest.kind not in REVERSIBLE or (within and all(one.kind in _BY_FORM for one in group)):
        return longest.kind
    secrets = [one for one in group if one.kind not in REVERSIBLE]
    return max(secrets or [longest], key=lambda one: one.end - one.start).kind


class Values:
    """Values to look for again: a few one by one, many by their first characters, in the time it takes for one."""

    def __init__(self, values: Iterable[str]) -> None:
        self._values = sorted(set(values), key=lambda value: (-len(value), value))
        self._by_start: dict[str, list[str]] = {}
        for value in self._values if len(self._values) > _FEW else ():
            self._by_start.setdefault(value[:_REMEMBERED], []).append(value)

    def found(self, text: str) -> Iterator[tuple[int, str]]:
        """Where each value stands in a text."""
        if self._by_start:
            yield from self._by_starts(text)
            return
        for value in self._values:
            at = text.find(value)
            while at >= 0:
                yield at, value
                at = text.find(value, at + len(value))

    def _by_starts(self, text: str) -> Iterator[tuple[int, str]]:
        starts, done = self._by_start, 0
        for at in [at for at in range(len(text) - _REMEMBERED + 1) if text[at : at + _REMEMBERED] in starts]:
            if at < done:
                continue
            same = starts[text[at : at + _REMEMBERED]]
            value = next((value for value in same if text.startswith(value, at)), "")
            if value:
                yield at, value
                done = at + len(value)


def stretches(borders: Iterable[int], around: int, length: int) -> Iterator[tuple[int, int]]:
    """What stands around each border, in order; stretches that touch are one."""
    made: list[tuple[int, int]] = []
    for border in borders:
        begin, end = max(0, border - around), min(length, border + around)
        if made and begin <= made[-1][1]:
            begin = made.pop()[0]
        made.append((begin, end))
    yield from made
