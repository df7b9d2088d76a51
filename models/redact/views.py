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

_ESCAPE = re.compile(
    r"(?:%[89A-Fa-f][0-9A-Fa-f])+|%[0-7][0-9A-Fa-f]|[\\%]u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[0-3][0-7]{2}"
    r"|\\[\"'/\\nrtbf&=:]|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

# Base64 of two groups of three printable bytes: each place of four letters can hold only some of the 64.
_PACKED = re.compile(r"(?:[I-Za-f][C-HS-Xi-nyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){2}")
_PACKED_RUN = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_PACKED_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_PLAIN_LETTERS = str.maketrans("-_", "+/")
_HEX = re.compile(r"(?:[2-7][0-9A-Fa-f]){7}")
_HEX_RUN = re.compile(r"[0-9A-Fa-f]+")
_HEX_LETTERS = "0123456789ABCDEFabcdef"
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


def views(text: str) -> Iterator[View]:
    """Every way to decode a text, or parts of it, by one step."""
    yield from unescaped(text)
    for start, end in _runs(text, _PACKED, _PACKED_RUN, _PACKED_LETTERS):
        yield from _unpacked(text, start, end)
    for start, end in _runs(text, _HEX, _HEX_RUN, _HEX_LETTERS):
        yield from _unhexed(text, start, end)


def unescaped(text: str) -> Iterator[View]:
    """Each line that holds an escape, without it."""
    done = 0
    while escape := _ESCAPE.search(text, done):
        start = text.rfind("\n", done, escape.start()) + 1 or done
        end = text.find("\n", escape.end())
        done = len(text) if end < 0 else end
        yield _unescaped_line(text, start, done)


def _unescaped_line(text: str, start: int, end: int) -> View:
    parts: list[str] = []
    view = View("", start, end)
    here, written = 0, start
    for escape in _ESCAPE.finditer(text, start, end):
        for piece, at, is_escape in (
            (text[written : escape.start()], written, False),
            (_meaning(escape[0]), escape.start(), True),
        ):
            if piece:
                parts.append(piece)
                view.here.append(here)
                view.there.append(at)
                view.escaped.append(is_escape)
                here += len(piece)
        written = escape.end()
    view.here.append(here)
    view.there.append(written)
    view.escaped.append(False)
    return View("".join((*parts, text[written:end])), start, end, None, view.here, view.there, view.escaped)


def _meaning(escape: str) -> str:
    """What an escape stands for."""
    if escape[0] == "&":
        return html.unescape(escape)
    if escape[1] in "ux":
        return chr(int(f"0x{escape[2:]}", 0))
    if escape[0] == "%":
        return bytes.fromhex(escape.replace("%", "")).decode("utf-8", "replace")
    if escape[1] in "0123":
        return chr(int(escape[1:], 8))
    return _NAMED.get(escape[1], escape[1])


def _runs(text: str, core: re.Pattern[str], run: re.Pattern[str], letters: str) -> Iterator[tuple[int, int]]:
    """The whole runs of letters around each place that looks encoded."""
    done = 0
    while found := core.search(text, done):
        start = done + len(text[done : found.start()].rstrip(letters))
        whole = run.match(text, found.end())
        end = whole.end() if whole else found.end()
        yield start, end
        done = end


def _unpacked(text: str, start: int, end: int) -> Iterator[View]:
    letters = text[start:end].rstrip("=").translate(_PLAIN_LETTERS)
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
