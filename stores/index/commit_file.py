"""The SQLite file that says what an index is made of, wherever the rest of it lies: its commits are the index's."""

import sqlite3
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Self

from core.errors import CaseError, StorageError
from stores.closing import Closing

VERSION = 1


class CommitFile(Closing):
    """One connection to the file; callers take care that one thread uses it at a time."""

    FILE: ClassVar[str]
    SCHEMA: ClassVar[str]

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @abstractmethod
    def about(self) -> tuple[object, ...]:
        """What was noted at the last commit; `StorageError("index_damaged")` when nothing was."""

    @classmethod
    def made(cls, folder: Path, about: tuple[object, ...]) -> Self:
        """A new file in a folder that has none, with its first row of `about`."""
        with manifest_faults():
            made = cls(_connect(folder / cls.FILE))
            made.connection.execute("PRAGMA journal_mode=WAL")
            made.connection.execute("PRAGMA synchronous=FULL")
            made.connection.executescript(cls.SCHEMA)
            made.connection.execute(f"INSERT INTO about VALUES ({', '.join('?' * len(about))})", about)  # noqa: S608 - marks
            made.connection.execute(f"PRAGMA user_version={VERSION}")
        return made

    @classmethod
    def open(cls, folder: Path) -> Self:
        """An existing file; `FileNotFoundError`, `StorageError("index_damaged")` when it cannot be read."""
        if not (folder / cls.FILE).is_file():
            raise FileNotFoundError(folder / cls.FILE)
        with manifest_faults():
            found = cls(_connect(folder / cls.FILE))
            try:
                (version,) = found.connection.execute("PRAGMA user_version").fetchone()
                if version != VERSION:
                    raise StorageError("index_damaged", reason=f"version {version}")
                found.connection.execute("PRAGMA synchronous=FULL")
                found.about()
            except BaseException:
                found.close()
                raise
        return found

    def changes(self) -> int:
        """A number that is another one when somebody else has committed since it was asked for."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read inside is of one state."""
        with manifest_faults():
            self.connection.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")

    def close(self) -> None:
        """Ends the connection."""
        self.connection.close()


@contextmanager
def manifest_faults() -> Iterator[None]:
    """Turns SQLite's errors into typed ones; an index that cannot be read is damaged, whatever the reason."""
    try:
        yield
    except sqlite3.OperationalError as fault:
        raise _refusal(fault) from fault
    except (sqlite3.Error, ValueError, TypeError) as fault:
        raise StorageError("index_damaged", reason=type(fault).__name__) from fault


def _refusal(fault: sqlite3.Error) -> Exception:
    reason = getattr(fault, "sqlite_errorname", "")
    number = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    if number in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return CaseError("index_busy", case="")
    if number in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return StorageError("write_failed", reason=reason)
    return StorageError("disk_full" if number == sqlite3.SQLITE_FULL else "index_damaged", reason=reason)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
