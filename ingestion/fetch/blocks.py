"""The one splitter: content into blocks that end behind an LF, numbered as `sed -n` and `wc -l` count."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ingestion.fetch.ahead import ahead
from ingestion.fetch.budget import MIB
from ingestion.fetch.digest import Digest
from ingestion.fetch.reader import Reader

BLOCK = 8 * MIB
"""Below glibc's 32 MiB limit a freed block is used again; above it every block costs its page faults (4 times)."""

_NEARLY = 1 << 17  # a plain file ends its reads behind an LF, a little short of the block
_CACHED = 1 << 18
_LF = 10
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Oversize:
    """A line longer than the line budget: only its head is in the block.

    `row` is its 0-based row in the block, `length` its true length and `kept` the length of its head (bytes, both
    without LF); `sha256` is over the whole line without LF.
    """

    row: int
    length: int
    kept: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of one input.

    `data` ends with LF, except when `terminated` is False: then it is the end of the content and its last line has no
    LF. Lines in `oversize` are cut to their head, so row r of the block begins in the content at
    `first_offset` + its offset in `data` + sum(o.length - o.kept for o in oversize if o.row < r).
    `first_line` counts from 1. A UTF-8 byte order mark stays in `data` (`bom` tells; the parser steps over it).
    """

    data: bytes
    first_line: int
    first_offset: int
    lines: int
    terminated: bool
    oversize: tuple[Oversize, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of content that the block covers."""
        return len(self.data) + sum(line.length - line.kept for line in self.oversize)

    @property
    def bom(self) -> bool:
        """Does the content begin here with a UTF-8 byte order mark?"""
        return self.first_offset == 0 and self.data.startswith(_BOM)


def blocks(
    reader: Reader,
    size: int = BLOCK,
    line_budget: int = MIB,
    *,
    start_line: int = 1,
    start_offset: int = 0,
    digest: Digest | None = None,
) -> Iterator[Block]:
    """Read `reader` to its end, two blocks ahead of the consumer, in a thread of its own.

    Memory stays below about four blocks and one line budget, whatever the content. Reading begins at `start_offset`,
    which must be the start of line `start_line`. A `digest` covers the content from its first byte, also then.
    """
    return ahead(_split(reader, size, line_budget, start_line, start_offset, digest), depth=2)


def _split(
    reader: Reader, size: int, line_budget: int, start_line: int, start_offset: int, digest: Digest | None
) -> Iterator[Block]:
    if digest is None:
        reader.skip(start_offset)
    else:
        while reader.position < start_offset and (piece := reader.read(min(MIB, start_offset - reader.position))):
            digest.update(piece)
    yield from _Splitter(reader, size, line_budget, start_line, reader.position, digest).blocks()


class _Splitter:
    """Cuts content into blocks; `carry` is the beginning of a line whose end has not been read yet."""

    def __init__(
        self, reader: Reader, size: int, line_budget: int, line: int, offset: int, digest: Digest | None
    ) -> None:
        self._reader = reader
        self._size = size
        self._budget = line_budget
        self._line = line
        self._offset = offset
        self._digest = digest

    def blocks(self) -> Iterator[Block]:
        carry, ended = b"", False
        while not ended:
            long, carry = self._long_line(carry) if len(carry) > self._budget else (None, carry)
            data, carry, ended = self._gather(carry)
            if data or long:
                yield self._block(data, long)

    def _read(self, size: int) -> bytes:
        piece = self._reader.read(size)
        if piece and self._digest is not None:
            self._digest.update(piece)
        return piece

    def _gather(self, carry: bytes) -> tuple[bytes, bytes, bool]:
        """Whole lines of about one block, the beginning of the next line, and whether the content has ended."""
        parts, filled = [carry], len(carry)
        while True:
            piece = self._read(self._size - filled if filled < self._size else self._size)
            if not piece:
                return b"".join(parts), b"", True
            parts.append(piece)
            filled += len(piece)
            if filled >= self._size or (piece.endswith(b"\n") and filled >= self._size - _NEARLY):
                return *_cut(parts), False

    def _long_line(self, start: bytes) -> tuple[tuple[bytes, Oversize], bytes]:
        """Read to the end of a line that begins with `start`: its head, and what was read behind it."""
        whole, length = hashlib.sha256(start), len(start)
        rest, end = b"", b""
        while piece := self._read(MIB):
            newline = piece.find(b"\n")
            inside = piece if newline < 0 else piece[:newline]
            whole.update(inside)
            length += len(inside)
            if newline >= 0:
                rest, end = piece[newline + 1 :], b"\n"
                break
        oversize = Oversize(0, length, self._budget, whole.hexdigest())
        return (start[: self._budget] + end, oversize), rest

    def _block(self, data: bytes, long: tuple[bytes, Oversize] | None) -> Block:
        data, oversize = _shorten(data, self._budget)
        if long is not None:
            data = long[0] + data
            oversize = (long[1], *(replace(line, row=line.row + 1) for line in oversize))
        terminated = data.endswith(b"\n")
        lines = _newlines(data) + (not terminated)
        block = Block(data, self._line, self._offset, lines, terminated, oversize)
        self._line += lines
        self._offset += block.size
        return block


def _newlines(data: bytes) -> int:
    """Number of LF bytes, counted in pieces that stay in the cache: three times as fast as bytes.count."""
    view = np.frombuffer(data, np.uint8)
    return sum(int(np.count_nonzero(view[at : at + _CACHED] == _LF)) for at in range(0, len(view), _CACHED))


def _cut(parts: list[bytes]) -> tuple[bytes, bytes]:
    """Joined parts up to their last LF, and the rest; the last part is cut first, so that most bytes move once."""
    if newline := parts[-1].rfind(b"\n") + 1:
        *earlier, last = parts
        return b"".join((*earlier, memoryview(last)[:newline])), last[newline:]
    data = b"".join(parts)
    newline = data.rfind(b"\n") + 1
    return data[:newline], data[newline:]


def _shorten(data: bytes, budget: int) -> tuple[bytes, tuple[Oversize, ...]]:
    """Cut every line longer than `budget` to its head."""
    parts: list[bytes] = []
    oversize: list[Oversize] = []
    done = row = 0
    for start, end in _long_lines(data, budget):
        row += data.count(b"\n", done, start)
        parts.append(data[done : start + budget])
        oversize.append(Oversize(row, end - start, budget, hashlib.sha256(data[start:end]).hexdigest()))
        done = end
    return (b"".join((*parts, data[done:])) if parts else data), tuple(oversize)


def _long_lines(data: bytes, budget: int) -> Iterator[tuple[int, int]]:
    """Start and end of lines longer than `budget`; looks at a few bytes per budget, not at every line."""
    start = 0
    while len(data) - start > budget:
        newline = data.rfind(b"\n", start, start + budget + 1)
        if newline >= 0:
            start = newline + 1
            continue
        end = data.find(b"\n", start + budget + 1)
        end = len(data) if end < 0 else end
        yield start, end
        start = end + 1
