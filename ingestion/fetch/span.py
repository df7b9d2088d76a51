"""A stretch of bytes on disk: a whole file, the payload of an archive member, or a spooled stream."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ingestion.fetch.budget import MIB

_TAIL = 1 << 16


class Slice:
    """Reads `[start, start + length)` of an open file; every reader has a position of its own."""

    def __init__(self, descriptor: int, start: int, length: int) -> None:
        self._descriptor = descriptor
        self._start = start
        self.length = length
        self.position = 0

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty at the end, or where the file has become shorter than it was."""
        size = min(size, self.length - self.position)
        data = os.pread(self._descriptor, size, self._start + self.position) if size > 0 else b""
        self.position += len(data)
        return data

    def read_lines(self, size: int) -> bytes:
        """Like `read`, but ends behind an LF where the last 64 KiB hold one: the block needs no second copy."""
        size = min(size, self.length - self.position)
        if size > _TAIL and size < self.length - self.position:
            end = self._start + self.position + size
            newline = os.pread(self._descriptor, _TAIL, end - _TAIL).rfind(b"\n")
            size -= _TAIL - newline - 1 if newline >= 0 else 0
        return self.read(size)

    def at(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes at `offset` of the slice; the position stays."""
        size = min(size, self.length - offset)
        return os.pread(self._descriptor, size, self._start + offset) if size > 0 <= offset else b""

    def close(self) -> None:
        """Later reads fail: a thread that reads on must not read what its descriptor stands for next."""
        self._descriptor = -1

    @property
    def shrunk(self) -> bool:
        """Is the file shorter now than it was when it was opened (copytruncate)?"""
        return os.fstat(self._descriptor).st_size < self._start + self.length


class Spool:
    """A stream kept in an unnamed temporary file, so that it can be read again; nothing stays behind."""

    def __init__(self, folder: Path | None) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - lives as long as the expansion
        self.size = 0

    def fill(self, stream: BinaryIO, limit: int) -> bool:
        """Copy up to `limit` bytes; False when the stream has more."""
        while data := stream.read(min(MIB, limit + 1 - self.size)):
            if self.size + len(data) > limit:
                self._file.write(data[: limit - self.size])
                self.size = limit
                self._file.flush()
                return False
            self._file.write(data)
            self.size += len(data)
        self._file.flush()
        return True

    def descriptor(self) -> int:
        """A new descriptor of the file, owned by the caller."""
        return os.dup(self._file.fileno())

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Span:
    """Where bytes lie; `length` None means to the end of the file as it is when opened."""

    file: Path | Spool
    start: int = 0
    length: int | None = None

    @contextmanager
    def open(self) -> Iterator[Slice]:
        """Open for reading; OSError as the operating system gives it."""
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # a FIFO put in place of the file must not hang us
        descriptor = self.file.descriptor() if isinstance(self.file, Spool) else os.open(self.file, flags)
        with ExitStack() as stack:
            stack.callback(os.close, descriptor)
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(f"not a regular file: {self.file}")
            length = max(0, status.st_size - self.start) if self.length is None else self.length
            source = Slice(descriptor, self.start, length)
            stack.callback(source.close)
            yield source
