"""The case's table of contents in SQLite: what is not in here does not exist for any reader."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.errors import StorageError
from core.line import SourceId
from core.source import Accounting, Source
from stores.account import COUNTS
from stores.segment import SegmentRow

FILE = "registry.sqlite"
_VERSION = 2
_SCHEMA = """
CREATE TABLE source (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, dataset TEXT NOT NULL,
  sha256 TEXT NOT NULL, size INTEGER NOT NULL, first_seen INTEGER, last_seen INTEGER, ingested_at INTEGER NOT NULL,
  zone TEXT NOT NULL, zone_source TEXT NOT NULL, year_source TEXT NOT NULL, notes TEXT NOT NULL,
  accounting TEXT NOT NULL, head BLOB
) STRICT;
CREATE TABLE segment (
  name TEXT PRIMARY KEY, source INTEGER NOT NULL REFERENCES source(number), first_line INTEGER NOT NULL,
  lines INTEGER NOT NULL, first_offset INTEGER NOT NULL, size INTEGER NOT NULL, tail INTEGER NOT NULL,
  accounting TEXT NOT NULL, first_seen INTEGER, last_seen INTEGER, hits INTEGER NOT NULL,
  notable INTEGER NOT NULL, watched TEXT NOT NULL
) STRICT;
CREATE TABLE dropped (name TEXT PRIMARY KEY, hits INTEGER NOT NULL, dropped_at INTEGER NOT NULL) STRICT;
"""
_FROM_1 = """
ALTER TABLE segment ADD COLUMN notable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE segment ADD COLUMN watched TEXT NOT NULL DEFAULT '';
"""
_INSERT_SOURCE = "INSERT INTO source VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_INSERT_SEGMENT = "INSERT INTO segment VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
_SEGMENT_ORDER = "SELECT * FROM segment ORDER BY source, first_line"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the registry says at one instant; sources by number, segments by source and line."""

    sources: tuple[Source, ...]
    segments: tuple[SegmentRow, ...]


class Registry:
    """One connection to a case's registry; not to be shared between threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, case_dir: Path) -> "Registry":
        """Opens the registry, made when the case has none yet; `StorageError` when it is damaged or newer."""
        with registry_faults():
            connection = sqlite3.connect(case_dir / FILE, timeout=30, isolation_level=None, check_same_thread=False)
            try:
                _prepare(connection)
            except BaseException:
                connection.close()
                raise
        return cls(connection)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def snapshot(self) -> Snapshot:
        """Sources and segments as of one instant."""
        with self._transaction("DEFERRED"):
            sources = tuple(_source(row) for row in self._rows("SELECT * FROM source ORDER BY number"))
            return Snapshot(sources, tuple(_segment(row) for row in self._rows(_SEGMENT_ORDER)))

    def head(self, number: int) -> bytes | None:
        """The first bytes of the source as remembered at its last commit."""
        with registry_faults():
            row = self._connection.execute("SELECT head FROM source WHERE number = ?", (number,)).fetchone()
        return row[0] if row else None

    def record(self, source: Source, segments: Sequence[SegmentRow], head: bytes | None) -> None:
        """In one transaction: the source as it is now, its new segments, and its old tail dropped."""
        now = _micros(source.ingested_at)
        with self._transaction("IMMEDIATE"):
            run = self._connection.execute
            run(
                "INSERT INTO dropped SELECT name, hits, ? FROM segment WHERE source = ? AND tail",
                (now, source.number),
            )
            run("DELETE FROM segment WHERE source = ? AND tail", (source.number,))
            run("DELETE FROM source WHERE number = ?", (source.number,))
            run(_INSERT_SOURCE, (*_source_values(source), head))
            self._connection.executemany(_INSERT_SEGMENT, [_segment_values(row) for row in segments])

    def dropped(self) -> tuple[tuple[str, datetime], ...]:
        """Segments no snapshot names any more, and when they were dropped."""
        return tuple((row["name"], _time(row["dropped_at"])) for row in self._rows("SELECT * FROM dropped"))  # type: ignore[misc]

    def forget(self, names: Sequence[str]) -> None:
        """Takes dropped segments whose files are gone off the list."""
        with self._transaction("IMMEDIATE"):
            self._connection.executemany("DELETE FROM dropped WHERE name = ?", [(name,) for name in names])

    def _rows(self, sql: str) -> list[sqlite3.Row]:
        with registry_faults():
            return self._connection.execute(sql).fetchall()

    @contextmanager
    def _transaction(self, mode: str) -> Iterator[None]:
        with registry_faults():
            self._connection.execute(f"BEGIN {mode}")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@contextmanager
def registry_faults() -> Iterator[None]:
    """Turns SQLite's errors into `StorageError` codes."""
    try:
        yield
    except sqlite3.IntegrityError as fault:
        raise StorageError("registry_conflict", reason=str(fault)) from fault
    except sqlite3.Error as fault:
        raise StorageError(_code(fault), reason=getattr(fault, "sqlite_errorname", "")) from fault


def _code(fault: sqlite3.Error) -> str:
    number = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    codes = {sqlite3.SQLITE_FULL: "disk_full", sqlite3.SQLITE_BUSY: "registry_busy"}
    codes |= dict.fromkeys((sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN), "write_failed")
    return codes.get(number, "registry_damaged")


def _prepare(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        raise StorageError("newer_case", version=version)
    if version < _VERSION:
        connection.execute("PRAGMA journal_mode=WAL")
        _create(connection)
    connection.execute("PRAGMA synchronous=FULL")  # a commit survives a power cut


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version < _VERSION:  # another process may have been faster
        for statement in filter(str.strip, (_FROM_1 if version else _SCHEMA).split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={_VERSION}")
    connection.execute("COMMIT")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _micros(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)


def _micros_or_none(time: datetime | None) -> int | None:
    return None if time is None else _micros(time)


def _time(micros: int | None) -> datetime | None:
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def _accounting_text(accounting: Accounting) -> str:
    counts = {name: getattr(accounting, name) for name in COUNTS}
    return json.dumps(counts | {"reasons": None if accounting.reasons is None else dict(accounting.reasons)})


def _accounting(text: str) -> Accounting:
    return Accounting(**json.loads(text))


def _source_values(source: Source) -> tuple[object, ...]:
    return (
        source.number,
        source.id,
        source.name,
        source.dataset,
        source.sha256,
        source.size,
        _micros_or_none(source.first_seen),
        _micros_or_none(source.last_seen),
        _micros(source.ingested_at),
        source.zone,
        source.zone_source,
        source.year_source,
        json.dumps(source.notes),
        _accounting_text(source.accounting),
    )


def _source(row: sqlite3.Row) -> Source:
    values = {name: row[name] for name in row.keys() if name != "head"}  # noqa: SIM118 - a Row iterates over values
    values |= {name: _time(row[name]) for name in ("first_seen", "last_seen", "ingested_at")}
    values |= {"notes": tuple(json.loads(row["notes"])), "accounting": _accounting(row["accounting"])}
    return Source(**values | {"id": SourceId(row["id"])})


def _segment_values(row: SegmentRow) -> tuple[object, ...]:
    return (
        row.name,
        row.source,
        row.first_line,
        row.lines,
        row.first_offset,
        row.size,
        int(row.tail),
        _accounting_text(row.accounting),
        _micros_or_none(row.first_seen),
        _micros_or_none(row.last_seen),
        row.hits,
        row.notable,
        row.watched,
    )


def _segment(row: sqlite3.Row) -> SegmentRow:
    values = {name: row[name] for name in row.keys()}  # noqa: SIM118 - a Row iterates over values
    values |= {name: _time(row[name]) for name in ("first_seen", "last_seen")}
    return SegmentRow(**values | {"tail": bool(row["tail"]), "accounting": _accounting(row["accounting"])})
