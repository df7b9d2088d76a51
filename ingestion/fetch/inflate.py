"""Compressed streams to content, a bounded piece at a time; damage is noted and what came before it is kept."""

import bz2
import lzma
from collections.abc import Callable, Generator, Iterator
from typing import Protocol, cast

import zstandard
from isal import igzip_lib

from ingestion.fetch.budget import MIB
from ingestion.fetch.magic import BZIP2_MAGIC, GZIP_MAGIC, XZ_MAGIC, ZSTD_MAGIC, ZSTD_SKIPPABLE, Kind

Read = Callable[[int], bytes]
Note = Callable[[str], None]
Layer = Callable[[Read, Note], Iterator[bytes]]

PIECE = MIB // 4
_FEED = 1 << 16
_LZMA_MEMORY = 256 * MIB
_ZSTD_WINDOW = 128 * MIB
_ISAL_ERROR = cast("type[Exception]", igzip_lib.IsalError)  # its type stub tells an instance
_DAMAGE = (OSError, EOFError, ValueError, lzma.LZMAError, _ISAL_ERROR, zstandard.ZstdError)


class Engine(Protocol):
    """What the decompressors of bz2, lzma and isal have in common."""

    @property
    def eof(self) -> bool: ...  # noqa: D102
    @property
    def needs_input(self) -> bool: ...  # noqa: D102
    @property
    def unused_data(self) -> bytes: ...  # noqa: D102

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...  # noqa: D102


def gunzip(read: Read, note: Note) -> Iterator[bytes]:
    """Gzip, any number of members (RFC 1952)."""
    return _members(read, note, lambda: igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP), GZIP_MAGIC)


def bunzip(read: Read, note: Note) -> Iterator[bytes]:
    """Bzip2, any number of streams."""
    return _members(read, note, bz2.BZ2Decompressor, BZIP2_MAGIC)


def unxz(read: Read, note: Note) -> Iterator[bytes]:
    """Xz, any number of streams, with or without stream padding."""
    return _members(read, note, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY), XZ_MAGIC)


def stored(read: Read, note: Note) -> Iterator[bytes]:  # noqa: ARG001 - a layer that has nothing to note
    """Content as it is."""
    return iter(lambda: read(PIECE), b"")


def inflate_raw(read: Read, note: Note) -> Iterator[bytes]:
    """One raw deflate stream, as zip members hold it."""
    yield from _member(_Feed(read), note, igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE))


def bunzip_raw(read: Read, note: Note) -> Iterator[bytes]:
    """One bzip2 stream, as zip members hold it."""
    yield from _member(_Feed(read), note, bz2.BZ2Decompressor())


class _Feed:
    """Compressed bytes not yet given to an engine."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self.data = b""

    def take(self) -> bytes:
        data, self.data = self.data or self._read(_FEED), b""
        return data

    def peek(self, size: int) -> bytes:
        while len(self.data) < size and (more := self._read(_FEED)):
            self.data += more
        return self.data[:size]

    def exactly(self, size: int) -> bytes:
        """The next `size` bytes, or what is left of them."""
        data = self.peek(size)
        self.data = self.data[size:]
        return data

    def skip(self, size: int) -> bool:
        while size > 0:
            data = self.take()
            if not data:
                return False
            self.data = data[size:]
            size -= len(data)
        return True

    def skip_padding(self) -> None:
        while self.peek(1) == b"\x00":
            self.data = self.data.lstrip(b"\x00")


def _members(read: Read, note: Note, new: Callable[[], Engine], magic: bytes) -> Iterator[bytes]:
    feed = _Feed(read)
    while (yield from _member(feed, note, new())):
        feed.skip_padding()
        if not feed.peek(1):
            return
        if feed.peek(len(magic)) != magic:
            note("trailing_garbage")
            return
        note("multi_member")


def _member(feed: _Feed, note: Note, engine: Engine) -> Generator[bytes, None, bool]:
    """Yield one member; True when it is whole."""
    try:
        while not engine.eof:
            data = feed.take() if engine.needs_input else b""
            if engine.needs_input and not data:
                note("truncated_archive")
                return False
            if piece := engine.decompress(data, PIECE):
                yield piece
    except _DAMAGE as damage:
        note(_code(damage))
        return False
    feed.data = engine.unused_data
    return True


def unzstd(read: Read, note: Note) -> Iterator[bytes]:
    """Zstandard, any number of frames (RFC 8878).

    The frames are walked here, block by block (a block inflates to 128 KiB at most): the library's own readers stop
    after one frame or do not tell a truncated stream from a whole one.
    """
    feed = _Feed(read)
    frames = 0
    while magic := feed.exactly(4):
        if magic[1:] == ZSTD_SKIPPABLE and 0x50 <= magic[0] <= 0x5F:
            if not feed.skip(int.from_bytes(feed.exactly(4), "little")):
                return note("truncated_archive")
        elif magic == ZSTD_MAGIC:
            frames += 1
            if frames == 2:
                note("multi_member")
            if not (yield from _frame(feed, note)):
                return None
        else:
            return note("truncated_archive" if ZSTD_MAGIC.startswith(magic) else "trailing_garbage")
    return None


def _frame(feed: _Feed, note: Note) -> Generator[bytes, None, bool]:
    engine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
    part = ZSTD_MAGIC + _frame_header(feed)
    last = False
    try:
        while True:
            if piece := engine.decompress(part):
                yield piece
            if engine.eof:
                return True
            part, last = (feed.exactly(4), last) if last else _block(feed)  # four bytes of checksum end the frame
            if not part:
                note("truncated_archive")
                return False
    except _DAMAGE as damage:
        note(_code(damage))
        return False


def _code(damage: Exception) -> str:
    """A stream that wants a larger window than we give it is over budget, not damaged."""
    return "budget_exceeded" if "memory" in str(damage).lower() else "corrupt_archive"


def _frame_header(feed: _Feed) -> bytes:
    """Descriptor, window, dictionary id and content size (RFC 8878, 3.1.1.1)."""
    descriptor = feed.exactly(1)
    if not descriptor:
        return b""
    single = descriptor[0] >> 5 & 1
    content_size = (1 if single else 0, 2, 4, 8)[descriptor[0] >> 6]
    return descriptor + feed.exactly((1 - single) + (0, 1, 2, 4)[descriptor[0] & 3] + content_size)


def _block(feed: _Feed) -> tuple[bytes, bool]:
    """A block with its header, and whether it is the last of its frame (RFC 8878, 3.1.1.2)."""
    header = feed.exactly(3)
    if len(header) < 3:
        return b"", False
    bits = int.from_bytes(header, "little")
    size = 1 if bits >> 1 & 3 == 1 else bits >> 3  # a run-length block holds one byte
    return header + feed.exactly(size), bool(bits & 1)


UNPACK: dict[Kind, Layer] = {Kind.GZIP: gunzip, Kind.BZIP2: bunzip, Kind.XZ: unxz, Kind.ZSTD: unzstd}
