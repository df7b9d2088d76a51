"""One thing to read: a file, an archive member or a spooled stream; it can be opened again and again."""

import errno
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.errors import InputError
from ingestion.fetch.budget import Account
from ingestion.fetch.inflate import Layer
from ingestion.fetch.magic import HEAD, Kind, looks_binary, utf16_of
from ingestion.fetch.reader import Reader
from ingestion.fetch.span import Span


@dataclass(frozen=True, slots=True)
class Input:
    """`name` is for people only and never used as a path; an archive member is called `archive.zip:member`.

    `path` is the file on disk (None for streams), `size_hint` the bytes to be read from disk, `modified` the aware UTC
    time of the file or member. `notes` are codes known before reading: `binary`, and `utf16_text` (the bytes are kept
    as they are, so that its lines are counted but hardly understood; iconv makes it readable).
    """

    name: str
    path: Path | None
    size_hint: int | None
    modified: datetime | None
    kind: Kind
    span: Span
    layers: tuple[Layer, ...]
    account: Account
    notes: tuple[str, ...] = ()

    @contextmanager
    def open(self) -> Iterator[Reader]:
        """Open for reading from the start.

        Raises InputError: `missing_path` when the file has gone, `unreadable` when it may not or cannot be read.
        """
        with ExitStack() as stack:
            try:
                source = stack.enter_context(self.span.open())
            except OSError as error:
                raise refusal(error, self.name) from error
            yield Reader(source, self.layers, self.account, self.notes)

    def peek(self) -> tuple[bytes, tuple[str, ...]]:
        """First 4 KiB of the content (or all), and the notes of reading that far; costs no budget."""
        with self.open() as reader:
            data = b""
            while len(data) < HEAD and (piece := reader.read(HEAD - len(data))):
                data += piece
            self.account.forget()
            return data, reader.notes


def refusal(error: OSError | ValueError, name: str) -> InputError:
    """A file that cannot be opened, as a refusal (ValueError: a NUL in its name)."""
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return InputError("missing_path", name=name)
    return InputError("unreadable", name=name, reason=errno.errorcode.get(error.errno or 0, ""))


def notes_of(head: bytes) -> tuple[str, ...]:
    """What the first bytes of the content tell about it."""
    if utf16_of(head):
        return ("utf16_text",)
    return ("binary",) if looks_binary(head) else ()
