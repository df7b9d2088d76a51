"""The redactor of a case: finds in every decoding, hides where it was written, and leads reversible tokens back.

A text is gone through until nothing more is found, so a second `redact` has nothing to do. Every value that was hidden
is looked for in the whole text, as a secret that stood in `password=…` once may stand bare in the next line.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from threading import Lock

from models.redact.checks import is_pair
from models.redact.names import HOST, PATH, REVERSIBLE, USER, Names
from models.redact.protocol import Redactor, RedactSettings
from models.redact.scan import Scanner, scanner
from models.redact.tokens import OPEN, TOKEN, Tokens
from models.redact.views import views

_DEPTH = 3
"""Encodings one in another that are undone."""
_ROUNDS = 8
"""A text that shows something new each time is hidden whole after so many."""
_NEIGHBOURHOOD = 16_384
"""Characters on both sides of where two texts meet that are read as one: longer than any form."""
_REMEMBERED = 8
"""A hidden value of fewer characters is a word like any other where it stands alone."""
_MARK = "MARK"
_EMAIL, _PAIR, _REPEATED = "email", "name-and-password", "repeated"
_ORDINARY = re.compile(r"/.*|[a-z][a-z0-9+.-]*://.*|[0-9.:/+-]{1,18}|[A-Za-z]+/[0-9.]+", re.DOTALL)
"""Paths, URLs, addresses, dates, numbers and versions: what a line says beside secrets."""
_COVER = "\n"
"""Stands for each character of our own tokens while the rest is searched: no value and no form goes across it."""


def redactor_for(case_key: bytes, settings: RedactSettings) -> Redactor:
    """A redactor whose tokens are sealed with the case's key: the same values, the same tokens, in this case only.

    Raises ValueError for an empty key: everybody could make its tokens.
    """
    if not case_key:
        raise ValueError("a case key must not be empty")
    return CaseRedactor(Tokens(case_key), settings, scanner())


@dataclass(frozen=True, slots=True)
class _Hidden:
    """A span to hide, and how it reads in the view in which it was found."""

    start: int
    end: int
    kind: str
    value: str


class CaseRedactor:
    """See `models.redact.protocol.Redactor`."""

    def __init__(self, tokens: Tokens, settings: RedactSettings, scan: Scanner) -> None:
        self._tokens, self._settings, self._scan = tokens, settings, scan
        self._names = Names(settings.ips)
        self._learning = Lock()

    def learn(self, *, users: Iterable[str] = (), hosts: Iterable[str] = (), paths: Iterable[str] = ()) -> None:
        """Names to hide from now on."""
        with self._learning:
            self._names = self._names.with_learned(self._settings, {USER: users, HOST: hosts, PATH: paths})

    def redact(self, text: str) -> str:
        """The text without secrets."""
        return self.redact_all((text,))[0]

    def redact_all(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The texts without secrets, also without those that go from one into the next."""
        current = [self._marked(text) for text in texts]
        values: frozenset[str] = frozenset()
        for _ in range(_ROUNDS):
            covered = [_covered(text) for text in current]
            hidden = [list(self._found(text, _DEPTH, values)) for text in covered]
            for place, one in self._split(covered):
                hidden[place].append(one)
            if not any(hidden):
                return tuple(current)
            values = values | {one.value for ones in hidden for one in ones if _is_telling(one)}
            current = [self._replaced(text, ones) for text, ones in zip(current, hidden, strict=True)]
        return tuple(self._tokens.secret("tangled", len(text)) for text in texts)

    def restore(self, text: str) -> str:
        """The text with reversible tokens led back."""
        return TOKEN.sub(lambda token: self._tokens.value(token[0]) or token[0], text)

    def known(self, token: str) -> bool:
        """Whether this redactor made the token."""
        return self._tokens.made(token)

    def _marked(self, text: str) -> str:
        """Brackets that are not those of our tokens become tokens themselves: nobody else's token survives."""
        if OPEN not in text:
            return text
        mark = self._tokens.reversible(_MARK, OPEN)
        parts, done = [], 0
        for token in TOKEN.finditer(text):
            if self.known(token[0]):
                parts += [text[done : token.start()].replace(OPEN, mark), token[0]]
                done = token.end()
        return "".join((*parts, text[done:].replace(OPEN, mark)))

    def _found(self, text: str, depth: int, values: frozenset[str]) -> Iterator[_Hidden]:
        """What to hide in a text, and in each of its views, `depth` encodings deep; spans are those of `text`."""
        for seen in (*self._scan.found(text), *self._names.found(text)):
            if self._settings.emails or seen.kind != _EMAIL:
                yield _Hidden(seen.start, seen.end, seen.kind, text[seen.start : seen.end])
        for value in values:
            yield from (_Hidden(at, at + len(value), _REPEATED, value) for at in _places(text, value))
        if not depth:
            return
        for view in views(text):
            if view.group and is_pair(view.text):
                yield _Hidden(view.start, view.end, _PAIR, view.text)
            for one in self._found(view.text, depth - 1, values):
                yield _Hidden(*view.back(one.start, one.end), one.kind, one.value)

    def _split(self, texts: Sequence[str]) -> Iterator[tuple[int, _Hidden]]:
        """The parts of secrets that begin in one text and end in a later one, by the place of the text."""
        starts = [0, *accumulate(map(len, texts))]
        joined = "".join(texts)
        for begin, end in _neighbourhoods(starts[1:-1], len(joined)):
            for one in self._found(joined[begin:end], _DEPTH, frozenset()):
                if one.kind in REVERSIBLE:
                    continue
                first, last = begin + one.start, begin + one.end
                place = bisect_right(starts, first) - 1
                while last > starts[place + 1]:
                    yield place, replace(one, start=max(first, starts[place]) - starts[place], end=len(texts[place]))
                    place += 1
                if starts[place] > first:
                    yield place, replace(one, start=0, end=last - starts[place])

    def _replaced(self, text: str, hidden: Iterable[_Hidden]) -> str:
        """The text with tokens; what overlaps is hidden as one."""
        parts, done = [], 0
        for start, end, kind in _merged(hidden):
            written = text[start:end]
            token = (
                self._tokens.reversible(kind, written) if kind in REVERSIBLE else self._tokens.secret(kind, end - start)
            )
            parts += [text[done:start], token]
            done = end
        return "".join((*parts, text[done:]))


def _covered(text: str) -> str:
    """The text with each of our tokens as long a gap that nothing is found in or across."""
    return TOKEN.sub(lambda token: _COVER * len(token[0]), text) if OPEN in text else text


def _merged(hidden: Iterable[_Hidden]) -> Iterator[tuple[int, int, str]]:
    """Spans that do not overlap, in order, each with the kind that says most of it."""
    group: list[_Hidden] = []
    end = 0
    for one in sorted(hidden, key=lambda one: (one.start, -one.end)):
        if group and one.start >= end:
            yield group[0].start, end, _kind_of(group)
            group = []
        end = max(end, one.end) if group else one.end
        group.append(one)
    if group:
        yield group[0].start, end, _kind_of(group)


def _kind_of(group: Sequence[_Hidden]) -> str:
    """The kind of the longest; a name leads back only if nothing but an address for mail stands within it."""
    longest = max(group, key=lambda one: (one.end - one.start, one.kind in REVERSIBLE))
    within = all(longest.start <= one.start and one.end <= longest.end for one in group)
    if longest.kind not in REVERSIBLE or (within and all(one.kind in REVERSIBLE | {_EMAIL} for one in group)):
        return longest.kind
    secrets = [one for one in group if one.kind not in REVERSIBLE]
    return max(secrets or [longest], key=lambda one: one.end - one.start).kind


def _is_telling(one: _Hidden) -> bool:
    """Whether a hidden value is looked for where it stands bare: no word, no path, address or version of a product.

    Else `password=/login` would hide the address of every page, at the wish of whoever asks for it.
    """
    if one.kind in REVERSIBLE or len(one.value) < _REMEMBERED or _ORDINARY.fullmatch(one.value):
        return False
    return not one.value.isalpha() or len(one.value) >= 2 * _REMEMBERED


def _places(text: str, value: str) -> Iterator[int]:
    at = text.find(value)
    while at >= 0:
        yield at
        at = text.find(value, at + len(value))


def _neighbourhoods(borders: Iterable[int], length: int) -> Iterator[tuple[int, int]]:
    """Where texts meet, with what is around; such stretches that touch are one."""
    stretches: list[tuple[int, int]] = []
    for border in borders:
        begin, end = max(0, border - _NEIGHBOURHOOD), min(length, border + _NEIGHBOURHOOD)
        if stretches and begin <= stretches[-1][1]:
            begin = stretches.pop()[0]
        stretches.append((begin, end))
    yield from stretches
