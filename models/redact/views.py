"""A text as it reads once decoded, each view with the way back: what is found in it is hidden where it was written.

One step of decoding is one view; `models.redact.scan` looks at views of views. Escapes (percent, JSON, C, HTML) are
undone together, line by line. Base64 and hex are tried at every alignment, because a run of such letters need not begin
where the encoded text began.
"""

import binascii
import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

_ESCAPE = re.compile(  # begins with a class of three characters, as the engine skips to those
    r"[%\\&](?:(?<=%)(?:[0-7][0-9A-Fa-f]|[89A-Fa-f][0-9A-Fa-f](?:%[89A-Fa-f][0-9A-Fa-f])*|u[0-9A-Fa-f]{4})"
    r"|(?<=\\)(?:x[0-7][0-9A-Fa-f]|x[89A-Fa-f][0-9A-Fa-f](?:\\x[89A-Fa-f][0-9A-Fa-f])*|[\"'/\\nrtbf&=:]|u[0-9A-Fa-f]{4}|[0-3][0-7]{2})"
    r"|(?<=&)(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});)"
)
_LINE_END = re.compile(r"\r?\n")
_REST = re.compile(r"\r?\n[A-Za-z0-9+/_-]{1,10}(?![A-Za-z0-9+/_-])")
_WRAPPED = range(60, 77)
"""Letters of a line of wrapped base64."""
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

# Base64 of two groups of three printable bytes: each place of four letters can hold only some of the 64.
_PACKED = re.compile(r"(?:[I-Za-f][C-HS-Xi-nyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){2}")
_PLAIN_LETTERS = str.maketrans("-_", "+/")
_HEX = re.compile(r"(?:[2-7][0-9A-Fa-f]){7}")
_HEX_RUN = re.compile(r"[0-9A-Fa-f]{14,}")
_SHORTEST = 8
"""Characters of the shortest secret that is looked for where it is encoded."""
_RUN = re.compile(r"[A-Za-z0-9+/_-]{11,}")
Run = tuple[int, int]
_READABLE = re.compile(rb"[ -~\t\r\n]{6,}")


@dataclass(frozen=True, slots=True)
class View:
    """Decoded text; `groups` of (characters there, characters here) for base64 and hex, else `pieces` of escapes."""

    text: str
    start: int
    end: int
    group: tuple[int, int] | None = None
    here: list[int] = field(default_factory=list)
    there: list[int] = field(default_factory=list)
    escaped: list[bool] = field(default_factory=list)

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the view was written: whole escapes, whole groups."""
        if self.group:
            written, read = self.group
            start, end = self._bytes(start), self._bytes(end)
            first, last = self.start + start // read * written, self.start + -(-end // read) * written
            return first, min(last, self.end)
        return self._written(start, bisect_right(self.here, start) - 1), self._written_end(end)

    def _bytes(self, at: int) -> int:
        return at if self.text.isascii() else len(self.text[:at].encode("utf-8", "surrogateescape"))

    def _written(self, at: int, piece: int) -> int:
        return self.there[piece] + (0 if self.escaped[piece] else at - self.here[piece])

    def _written_end(self, end: int) -> int:
        piece = bisect_left(self.here, end) - 1
        if self.escaped[piece]:
            return self.there[piece + 1] if piece + 1 < len(self.there) else self.end
        return self.there[piece] + end - self.here[piece]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text: decoded by each view of `chain` after the other; the first has none."""

    text: str
    runs: list[Run]
    chain: tuple[View, ...] = ()

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of this reading was written in the text that was given."""
        for view in reversed(self.chain):
            start, end = view.back(start, end)
        return start, end


def readings(text: str, depth: int, chain: tuple[View, ...] = ()) -> Iterator[Reading]:
    """The text as it stands, and every way to read it, or parts of it, that takes up to `depth` steps of decoding."""
    reading = Reading(text, runs_of(text), chain)
    yield reading
    if depth:
        for view in views(text, reading.runs):
            yield from readings(view.text, depth - 1, (*chain, view))


def runs_of(text: str) -> list[Run]:
    """Every run of letters that base64, hex and tokens are written with, if it is long enough to hold one."""
    return [run.span() for run in _RUN.finditer(text)]


def views(text: str, runs: list[Run]) -> Iterator[View]:
    """Every way to decode a text, or parts of it, by one step."""
    yield from unescaped(text)
    for start, end in _wrapped(text, runs):
        yield _without(text, start, end, _LINE_END)
    for start, end in runs:
        if _PACKED.search(text, start, end):
            yield from _unpacked(text, start, end)
        if end - start >= 2 * _SHORTEST and _HEX.search(text, start, end):
            for run in _HEX_RUN.finditer(text, start, end):
                yield from _unhexed(text, *run.span())


def unescaped(text: str) -> Iterator[View]:
    """Each line that holds an escape, without it."""
    done = 0
    while escape := _ESCAPE.search(text, done):
        start = text.rfind("\n", done, escape.start()) + 1 or done
        end = text.find("\n", escape.end())
        done = len(text) if end < 0 else end
        yield _without(text, start, done, _ESCAPE)


def _wrapped(text: str, runs: list[Run]) -> Iterator[Run]:
    """Runs over several lines, as base64 is wrapped in mail (RFC 2045) and in PEM (RFC 7468)."""
    first: int | None = None
    for (start, end), (after, _) in pairwise([*runs, (0, 0)]):
        first = start if first is None else first
        if end - start in _WRAPPED:
            if text[end:after] in {"\n", "\r\n"}:
                continue
            rest = _REST.match(text, end)
            end = rest.end() if rest else end
        if "\n" in text[first:end]:
            yield first, end
        first = None


def _without(text: str, start: int, end: int, escapes: re.Pattern[str]) -> View:
    """A stretch of the text with what its escapes mean."""
    parts: list[str] = []
    here, there, escaped = [], [], []
    length, written = 0, start
    for escape in escapes.finditer(text, start, end):
        begin, after = escape.span()
        if begin > written:
            parts.append(text[written:begin])
            here.append(length)
            there.append(written)
            escaped.append(False)
            length += begin - written
        meant = _meaning(escape[0])
        if meant:
            parts.append(meant)
            here.append(length)
            there.append(begin)
            escaped.append(True)
            length += len(meant)
        written = after
    parts.append(text[written:end])
    return View("".join(parts), start, end, None, [*here, length], [*there, written], [*escaped, False])


@lru_cache(maxsize=4096)
def _meaning(escape: str) -> str:
    """What an escape stands for."""
    if escape[-1] == "\n":
        return ""
    if escape[0] == "&":
        return html.unescape(escape)
    if escape[1] == "u":
        return chr(int(f"0x{escape[2:]}", 0))
    if escape[0] == "%" or escape[1] == "x":
        return bytes.fromhex(escape.replace("%", "").replace("\\x", "")).decode("utf-8", "replace")
    if escape[1] in "0123":
        return chr(int(escape[1:], 8))
    return _NAMED.get(escape[1], escape[1])


def _unpacked(text: str, start: int, end: int) -> Iterator[View]:
    letters = text[start:end].translate(_PLAIN_LETTERS)
    for skip in range(4):
        part = letters[skip:]
        part = part[:-1] if len(part) % 4 == 1 else part
        read = binascii.a2b_base64(part + "=" * (-len(part) % 4))
        if _READABLE.search(read):
            yield View(read.decode("utf-8", "surrogateescape"), start + skip, end, (4, 3))


def _unhexed(text: str, start: int, end: int) -> Iterator[View]:
    for skip in range(2):
        length = (end - start - skip) // 2 * 2
        read = bytes.fromhex(text[start + skip : start + skip + length])
        if _READABLE.search(read):
            yield View(read.decode("utf-8", "surrogateescape"), start + skip, end, (2, 1))
