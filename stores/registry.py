"""The case's table of contents in SQLite: what is not in here does not exist for any reader."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.line import SourceId
from core.source import Accounting, Source
from stores.account import COUNTS
from stores.closing import Closing
from stores.database import Database, Layout, micros_of, time_of
from stores.segment import SegmentRow

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
LAYOUT = Layout(
    "registry.sqlite",
    2,
    _SCHEMA,
    damaged="registry_damaged",
    busy="registry_busy",
    newer="newer_case",
    conflict="registry_conflict",
    upgrades={1: _FROM_1},
)
_INSERT_SOURCE = "INSERT INTO source VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_INSERT_SEGMENT = "INSERT INTO segment VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
_SEGMENT_ORDER = "SELECT * FROM segment ORDER BY source, first_line"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the registry says at one instant; sources by number, segments by source and line."""

    sources: tuple[Source, ...]
    segments: tuple[SegmentRow, ...]


class Registry(Closing):
    """One connection to a case's registry; not to be used by two threads at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, case_dir: Path) -> "Registry":
        """Opens the registry, made when the case has none yet; `StorageError` when it is damaged or newer."""
        return cls(Database.open(case_dir, LAYOUT, any_thread=True))

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    def snapshot(self) -> Snapshot:
        """Sources and segments as of one instant."""
        with self._database.transaction("DEFERRED"):
            sources = tuple(_source(row) for row in self._database.rows("SELECT * FROM source ORDER BY number"))
            return Snapshot(sources, tuple(_segment(row) for row in self._database.rows(_SEGMENT_ORDER)))

    def head(self, number: int) -> bytes | None:
        """The first bytes of the source as remembered at its last commit."""
        rows = self._database.rows("SELECT head FROM source WHERE number = ?", number)
        return rows[0][0] if rows else None

    def record(self, source: Source, segments: Sequence[SegmentRow], head: bytes | None) -> None:
        """In one transaction: the source as it is now, its new segments, and its old tail dropped."""
        now = micros_of(source.ingested_at)
        with self._database.transaction("IMMEDIATE"):
            run = self._database.run
            run(
                "INSERT INTO dropped SELECT name, hits, ? FROM segment WHERE source = ? AND tail",
                *(now, source.number),
            )
            run("DELETE FROM segment WHERE source = ? AND tail", source.number)
            run("DELETE FROM source WHERE number = ?", source.number)
            run(_INSERT_SOURCE, *_source_values(source), head)
            self._database.run_each(_INSERT_SEGMENT, [_segment_values(row) for row in segments])

    def dropped(self) -> tuple[tuple[str, datetime], ...]:
        """Segments no snapshot names any more, and when they were dropped."""
        return tuple((row["name"], _time(row["dropped_at"])) for row in self._database.rows("SELECT * FROM dropped"))  # type: ignore[misc]

    def forget(self, names: Sequence[str]) -> None:
        """Takes dropped segments whose files are gone off the list."""
        with self._database.transaction("IMMEDIATE"):
            self._database.run_each("DELETE FROM dropped WHERE name = ?", [(name,) for name in names])


def _micros_or_none(time: datetime | None) -> int | None:
    return None if time is None else micros_of(time)


def _time(micros: int | None) -> datetime | None:
    return None if micros is None else time_of(micros)


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
        micros_of(source.ingested_at),
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
