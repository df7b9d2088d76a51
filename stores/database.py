"""One small SQLite file of a case: made or brought up to date when it is opened, with faults as codes of ours."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.errors import StorageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REFUSED = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


@dataclass(frozen=True, slots=True)
class Layout:
    """What is in a file: `schema` makes `version` from nothing, `upgrades[n]` from the older version n.

    `damaged`, `busy` (another process writes for too long), `newer` (a newer version of the program wrote it) and
    `conflict` (what is to be stored contradicts what is there) are the codes of its `StorageError`s.
    """

    file: str
    version: int
    schema: str
    damaged: str
    busy: str
    newer: str
    conflict: str
    upgrades: Mapping[int, str] = field(default_factory=dict)


class Database:
    """One connection; not to be used by two threads at once. Whatever SQLite refuses is a `StorageError`."""

    def __init__(self, connection: sqlite3.Connection, layout: Layout) -> None:
        self._connection = connection
        self._layout = layout

    @classmethod
    def open(cls, folder: Path, layout: Layout, *, any_thread: bool = False) -> "Database":
        """The file in the folder; one that is not there is made. With `any_thread` threads may take turns."""
        with _faults(layout):
            connection = sqlite3.connect(
                folder / layout.file, timeout=30, isolation_level=None, check_same_thread=not any_thread
            )
            try:
                _prepare(connection, layout)
            except BaseException:
                connection.close()
                raise
        return cls(connection, layout)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        with _faults(self._layout):
            return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: object) -> sqlite3.Cursor:
        """One statement, inside a transaction."""
        return self._connection.execute(sql, values)

    def run_each(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """One statement for each row of values, inside a transaction."""
        self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self, mode: str = "IMMEDIATE") -> Iterator[None]:
        """All or nothing of what is run inside."""
        with _faults(self._layout):
            self._connection.execute(f"BEGIN {mode}")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def micros_of(time: datetime) -> int:
    """Microseconds since 1970."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def time_of(micros: object) -> datetime:
    """The aware UTC time of them."""
    return _EPOCH + timedelta(microseconds=int(str(micros)))


def _prepare(connection: sqlite3.Connection, layout: Layout) -> None:
    connection.row_factory = sqlite3.Row
    if _version(connection, layout) < layout.version:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        found = _version(connection, layout)
        if found < layout.version:  # another process may have been faster
            for statement in filter(str.strip, (layout.upgrades[found] if found else layout.schema).split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={layout.version}")
        connection.execute("COMMIT")
    connection.execute("PRAGMA synchronous=FULL")  # what was committed survives a power cut


def _version(connection: sqlite3.Connection, layout: Layout) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > layout.version:
        raise StorageError(layout.newer, name=layout.file, version=version)
    return version


@contextmanager
def _faults(layout: Layout) -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as fault:
        raise StorageError(layout.conflict, name=layout.file, reason=str(fault)) from fault
    except sqlite3.Error as fault:
        reason = getattr(fault, "sqlite_errorname", "")
        raise StorageError(_code(fault, layout), name=layout.file, reason=reason) from fault


def _code(fault: sqlite3.Error, layout: Layout) -> str:
    number = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    codes = {sqlite3.SQLITE_FULL: "disk_full", sqlite3.SQLITE_BUSY: layout.busy}
    return (codes | dict.fromkeys(_REFUSED, "write_failed")).get(number, layout.damaged)
