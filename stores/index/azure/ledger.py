"""What of the service's documents is the case's index: one SQLite file in the case, and the point of every commit."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from core.errors import StorageError
from stores.index.keywords import SCHEMA as WORDS_SCHEMA
from stores.index.manifest import manifest_faults

ROOT = "search"
"""Beside `index`, whose folders the writer of the index on this disk sweeps."""

FILE = "ledger.sqlite"
_VERSION = 1
_SCHEMA = f"""{WORDS_SCHEMA}
CREATE TABLE document (id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
CREATE TABLE dead (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE about (
  place TEXT NOT NULL, name TEXT NOT NULL, embedder TEXT NOT NULL, dimensions INTEGER NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, stamp TEXT NOT NULL
) STRICT;
"""


class About(NamedTuple):
    """Where the documents are (endpoint and index), the case's name there, and whose documents count: those born
    from `first` to `last`; what the writer noted."""

    place: str
    case: str
    embedder: str
    dimensions: int
    first: int
    last: int
    stamp: Mapping[str, str]


class Ledger:
    """One connection to the file; callers take care that one thread uses it at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @classmethod
    def create(cls, folder: Path, about: About) -> "Ledger":
        """A new file in a folder that has none."""
        with manifest_faults():
            ledger = cls(_connect(folder / FILE))
            ledger.connection.execute("PRAGMA journal_mode=WAL")
            ledger.connection.execute("PRAGMA synchronous=FULL")
            ledger.connection.executescript(_SCHEMA)
            values = (*about[:-1], json.dumps(dict(about.stamp)))
            ledger.connection.execute("INSERT INTO about VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            ledger.connection.execute(f"PRAGMA user_version={_VERSION}")
        return ledger

    @classmethod
    def open(cls, folder: Path) -> "Ledger":
        """An existing file; `FileNotFoundError`, `StorageError("index_damaged")` when it cannot be read."""
        if not (folder / FILE).is_file():
            raise FileNotFoundError(folder / FILE)
        with manifest_faults():
            ledger = cls(_connect(folder / FILE))
            try:
                (version,) = ledger.connection.execute("PRAGMA user_version").fetchone()
                if version != _VERSION:
                    raise StorageError("index_damaged", reason=f"version {version}")
                ledger.connection.execute("PRAGMA synchronous=FULL")
                ledger.about()
            except BaseException:
                ledger.close()
                raise
        return ledger

    def about(self) -> About:
        """What was noted at the last commit."""
        row = self.connection.execute("SELECT * FROM about").fetchone()
        if row is None:
            raise StorageError("index_damaged", reason=FILE)
        place, case, embedder, dimensions, first, last, stamp = row
        return About(place, case, embedder, dimensions, first, last, json.loads(stamp))

    def note(self, last: int, stamp: Mapping[str, str]) -> None:
        """What this writer uploaded counts from the commit on."""
        self.connection.execute("UPDATE about SET last = ?, stamp = ?", (last, json.dumps(dict(stamp))))

    def documents(self) -> dict[str, str]:
        """Id → key."""
        return dict(self.connection.execute("SELECT id, key FROM document ORDER BY id"))

    def put(self, documents: Iterable[tuple[str, str]]) -> None:
        """New ids with their keys."""
        self.connection.executemany("INSERT INTO document VALUES (?, ?)", documents)

    def drop(self, ids: Iterable[str]) -> None:
        """Takes ids out; their documents are to be deleted once that is committed."""
        for one in ids:
            row = self.connection.execute("DELETE FROM document WHERE id = ? RETURNING key", (one,)).fetchone()
            if row:
                self.connection.execute("INSERT INTO dead VALUES (?)", row)

    def dead(self) -> list[str]:
        """Keys of documents that are to be deleted."""
        return [key for (key,) in self.connection.execute("SELECT key FROM dead ORDER BY key")]

    def buried(self) -> None:
        """They are deleted."""
        self.connection.execute("DELETE FROM dead")

    def changes(self) -> int:
        """A number that is another one when somebody else has committed since it was asked for."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read inside is of one state."""
        self.connection.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK")

    def close(self) -> None:
        """Ends the connection."""
        self.connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
