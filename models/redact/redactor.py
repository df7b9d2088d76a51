"""The redactor of a case: finds in every reading, hides where it was written, and leads reversible tokens back.

A text is gone through until nothing more is found, so a second `redact` has nothing to do. Every value that was hidden
is looked for in all readings, as a secret that stood in `password=…` once may stand bare in the next line.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from threading import Lock

from models.redact.checks import is_pair
from models.redact.names import HOST, PATH, REVERSIBLE, USER, Names
from models.redact.protocol import Redactor, RedactSettings
from models.redact.scan import Scanner, scanner
from models.redact.spans import EMAIL, Hidden, Values, merged, stretches
from models.redact.tokens import OPEN, TOKEN, Tokens
from models.redact.views import Reading, readings

_DEPTH = 3
"""Encodings one in another that are undone."""
_ROUNDS = 8
"""A text that shows something new each time is hidden whole after so many."""
_NEIGHBOURHOOD = 16_384
"""Characters on both sides of where two texts meet that are read as one: longer than any form but whole documents."""
_MARK, _PAIR, _REPEATED, _TANGLED = "MARK", "name-and-password", "repeated", "tangled"
_COVER = "\n"
"""Stands for each character of our own tokens while the rest is searched: no value and no form goes across it."""

_APART = frozenset(' \t\n"[]()|')
"""A name between two of these stood apart from its line already: there is nothing new to see beside its token."""

_Part = tuple[int, int]
"""A stretch of whole lines."""


def redactor_for(case_key: bytes, settings: RedactSettings) -> Redactor:
    """A redactor whose tokens are sealed with the case's key: the same values, the same tokens, in this case only.

    Raises ValueError for an empty key: everybody could make its tokens.
    """
    if not case_key:
        raise ValueError("a case key must not be empty")
    return CaseRedactor(Tokens(case_key), settings, scanner())


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
        parts: list[list[_Part]] = [[(0, len(text))] for text in current]
        for _ in range(_ROUNDS):
            hidden = self._hidden(current, parts)
            if not any(hidden):
                return tuple(current)
            done = [self._replaced(text, ones) for text, ones in zip(current, hidden, strict=True)]
            current, parts = [text for text, _ in done], [changed for _, changed in done]
        return tuple(
            self._tokens.secret(_TANGLED, len(text)) if changed else text
            for text, changed in zip(current, parts, strict=True)
        )

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

    def _hidden(self, texts: Sequence[str], parts: Sequence[Sequence[_Part]]) -> list[list[Hidden]]:
        """What to hide in each text: what shows in the parts that are new, what goes across, and the same again."""
        covered = [_covered(text) for text in texts]
        read = [
            [(begin, reading) for begin, end in new for reading in readings(text[begin:end], _DEPTH)]
            for text, new in zip(covered, parts, strict=True)
        ]
        hidden = [[one for begin, reading in ones for one in self._shown(reading, begin)] for ones in read]
        for place, one in self._across(covered, [bool(new) for new in parts]):
            hidden[place].append(one)
        values = Values(one.value for ones in hidden for one in ones if one.is_telling)
        for ones, where in zip(read, hidden, strict=True):
            where += [one for begin, reading in ones for one in _repeated(reading, begin, values)]
        return hidden

    def _shown(self, reading: Reading, begin: int) -> Iterator[Hidden]:
        """The secrets and names of one reading of a part that begins at `begin`."""
        text = reading.text
        for seen in (*self._scan.found(text, reading.runs), *self._names.found(text)):
            if self._settings.emails or seen.kind != EMAIL:
                yield _written(reading, begin, seen.start, seen.end, seen.kind)
        if reading.chain and reading.chain[-1].group and is_pair(text):
            yield _written(reading, begin, 0, len(text), _PAIR)

    def _across(self, texts: Sequence[str], new: Sequence[bool]) -> Iterator[tuple[int, Hidden]]:
        """What shows where texts meet, by the place of the text: a secret in two parts, a key and behind it its value.

        What shows in one text alone shows here as well; it does no harm.
        """
        starts = [0, *accumulate(map(len, texts))]
        joined = "".join(texts)
        borders = [border for place, border in enumerate(starts[1:-1]) if new[place] or new[place + 1]]
        for begin, end in stretches(borders, _NEIGHBOURHOOD, len(joined)):
            for reading in readings(joined[begin:end], _DEPTH):
                for one in self._shown(reading, begin):
                    if one.kind not in REVERSIBLE:
                        yield from _divided(one, starts)

    def _replaced(self, text: str, hidden: Iterable[Hidden]) -> tuple[str, list[_Part]]:
        """The text with tokens, what overlaps hidden as one; and the lines that hold new tokens."""
        parts, done, length = [], 0, 0
        tokens: list[int] = []
        for start, end, kind in merged(hidden):
            written, named = text[start:end], kind in REVERSIBLE
            token = self._tokens.reversible(kind, written) if named else self._tokens.secret(kind, end - start)
            parts += [text[done:start], token]
            length += start - done
            if not (named and text[max(0, start - 1) : start] in _APART and text[end : end + 1] in _APART):
                tokens.append(length)
            length += len(token)
            done = end
        made = "".join((*parts, text[done:]))
        return made, list(_lines(made, tokens))


def _written(reading: Reading, begin: int, start: int, end: int, kind: str) -> Hidden:
    first, last = reading.back(start, end)
    return Hidden(begin + first, begin + last, kind, reading.text[start:end].rstrip(",;)}]"))


def _repeated(reading: Reading, begin: int, values: Values) -> Iterator[Hidden]:
    """Where values that were hidden stand in a reading."""
    for at, value in values.found(reading.text):
        yield _written(reading, begin, at, at + len(value), _REPEATED)


def _divided(one: Hidden, starts: Sequence[int]) -> Iterator[tuple[int, Hidden]]:
    """The part in each text of a span of all texts together."""
    place = bisect_right(starts, one.start) - 1
    while place + 1 < len(starts) and starts[place] < one.end:
        start, end = max(one.start, starts[place]), min(one.end, starts[place + 1])
        if start < end:
            yield place, replace(one, start=start - starts[place], end=end - starts[place])
        place += 1


def _covered(text: str) -> str:
    """The text with each of our tokens as long a gap that nothing is found in or across."""
    return TOKEN.sub(lambda token: _COVER * len(token[0]), text) if OPEN in text else text


def _lines(text: str, tokens: Iterable[int]) -> Iterator[_Part]:
    """The lines in which tokens begin, each once."""
    done = -1
    for token in tokens:
        if token < done:
            continue
        start, end = text.rfind("\n", 0, token) + 1, text.find("\n", token)
        done = len(text) if end < 0 else end
        yield start, done
