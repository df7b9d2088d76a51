"""The content of one input as a stream of bytes, with what is worth knowing about it afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial

from ingestion.fetch.budget import MIB, Account
from ingestion.fetch.inflate import Layer, Read
from ingestion.fetch.span import Slice


class Reader:
    """Inflated bytes of one input; used by one thread at a time.

    `position` counts inflated bytes, `compressed_position` bytes taken from disk (for progress). `notes` are complete
    when `read` has returned b"": `truncated_archive`, `corrupt_archive`, `trailing_garbage`, `multi_member`,
    `crc_mismatch`, `size_mismatch`, `budget_exceeded`, `read_error`, `file_shrank`, and the notes of the input itself.
    """

    def __init__(self, source: Slice, layers: Sequence[Layer], account: Account, notes: Sequence[str] = ()) -> None:
        self._source = source
        self._account = account
        self._notes = dict.fromkeys(notes)
        self._plain = not layers
        self._pull: Read = source.read_lines if self._plain else source.read
        for layer in layers:
            self._pull = _Pieces(layer(_Packed(self._pull, account).read, self._note)).read
        self.position = 0
        self._ended = False

    @property
    def notes(self) -> tuple[str, ...]:
        """Codes in the order in which they came up."""
        return tuple(self._notes)

    @property
    def compressed_position(self) -> int:
        """Bytes taken from disk so far."""
        return self._source.position

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, b"" at the end; damage ends the content and leaves a note, it never raises."""
        if self._ended or size <= 0:
            return b""
        granted = self._account.grant(self.position, size)
        data = self._guarded(granted or 1)
        if not data:
            self._finish()
        elif granted == 0:
            self._ended = True
            self._note("budget_exceeded")
            return b""
        self.position += len(data)
        self._account.pay(self.position)
        return data

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """Fill (a part of) `buffer`; the number of bytes written, 0 at the end."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def skip(self, size: int) -> None:
        """Go `size` bytes forward: plain content seeks, compressed content is inflated and dropped."""
        if self._plain:
            step = min(size, self._source.length - self._source.position)
            self._source.position += step
            self.position += step
            return
        for _ in iter(partial(self._skip_piece, self.position + size), 0):
            pass

    def _skip_piece(self, target: int) -> int:
        return len(self.read(min(MIB, target - self.position)))

    def _guarded(self, size: int) -> bytes:
        try:
            return self._pull(size)
        except (OSError, _Stop) as error:
            self._note(error.code if isinstance(error, _Stop) else "read_error")
            return b""

    def _finish(self) -> None:
        self._ended = True
        with suppress(OSError):  # a file that can be read no more has its note already
            if self._source.shrunk:
                self._note("file_shrank")

    def _note(self, code: str) -> None:
        self._notes[code] = None


class _Stop(Exception):  # noqa: N818 - it ends the content; it is no error of ours
    """Ends the content from below a decompressor, which would call it damage of the archive."""

    def __init__(self, code: str) -> None:
        self.code = code


class _Packed:
    """Packed bytes on their way to a decompressor, under the budget too: they may inflate to nothing, for ever."""

    def __init__(self, read: Read, account: Account) -> None:
        self._read = read
        self._account = account
        self._position = 0

    def read(self, size: int) -> bytes:
        if self._account.meter.over or self._position >= self._account.meter.budget.input_bytes:
            raise _Stop("budget_exceeded")
        try:
            data = self._read(size)
        except OSError as error:
            raise _Stop("read_error") from error
        self._position += len(data)
        return data


class _Pieces:
    """Pieces of any size, handed out in the size asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int) -> bytes:
        data = self._rest or next(self._pieces, b"")
        self._rest = data[size:]
        return data if len(data) <= size else data[:size]
