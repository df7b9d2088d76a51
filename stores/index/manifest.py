"""What an index is made of, in one SQLite file: entries with their words, shards, and what the writer noted."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.errors import CaseError, StorageError
from stores.index.keywords import SCHEMA as WORDS
from stores.index.shard import ShardRow

FILE = "manifest.sqlite"
_VERSION = 1
_SCHEMA = f"""{WORDS}
CREATE TABLE place (id TEXT PRIMARY KEY, shard TEXT NOT NULL, row INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE shard (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, graph INTEGER NOT NULL, files TEXT NOT NULL) STRICT;
CREATE TABLE about (
  embedder TEXT NOT NULL, dimensions INTEGER NOT NULL, stamp TEXT NOT NULL
) STRICT;
"""

Place = tuple[str, str, int]
"""Id, shard, and row in the shard's file of vectors."""


class Manifest:
    """One connection to the file; callers take care that one thread uses it at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @classmethod
    def create(cls, folder: Path, embedder: str, dimensions: int) -> "Manifest":
        """A new file in a folder that has none."""
        with manifest_faults():
            manifest = cls(_connect(folder / FILE))
            manifest.connection.execute("PRAGMA journal_mode=WAL")
            manifest.connection.execute("PRAGMA synchronous=FULL")
            manifest.connection.executescript(_SCHEMA)
            manifest.connection.execute("INSERT INTO about VALUES (?, ?, '{}')", (embedder, dimensions))
            manifest.connection.execute(f"PRAGMA user_version={_VERSION}")
        return manifest

    @classmethod
    def open(cls, folder: Path) -> "Manifest":
        """An existing file; `FileNotFoundError`, `StorageError("index_damaged")` when it cannot be read."""
        if not (folder / FILE).is_file():
            raise FileNotFoundError(folder / FILE)
        with manifest_faults():
            manifest = cls(_connect(folder / FILE))
            try:
                (version,) = manifest.connection.execute("PRAGMA user_version").fetchone()
                if version != _VERSION:
                    raise StorageError("index_damaged", reason=f"version {version}")
                manifest.connection.execute("PRAGMA synchronous=FULL")
                manifest.about()
            except BaseException:
                manifest.close()
                raise
        return manifest

    def about(self) -> tuple[str, int, Mapping[str, str]]:
        """The embedder's name, the dimensions of its vectors, and the stamp of the last commit."""
        row = self.connection.execute("SELECT embedder, dimensions, stamp FROM about").fetchone()
        if row is None:
            raise StorageError("index_damaged", reason=FILE)
        return row[0], row[1], json.loads(row[2])

    def stamp(self, stamp: Mapping[str, str]) -> None:
        """Notes what the writer says of this state."""
        self.connection.execute("UPDATE about SET stamp = ?", (json.dumps(dict(stamp)),))

    def shards(self) -> tuple[ShardRow, ...]:
        """All shards by name."""
        rows = self.connection.execute("SELECT name, rows, graph, files FROM shard ORDER BY name").fetchall()
        return tuple(ShardRow(name, count, bool(graph), json.loads(files)) for name, count, graph, files in rows)

    def add_shard(self, row: ShardRow) -> None:
        """Names a shard that is on the disk."""
        values = (row.name, row.rows, int(row.graph), json.dumps(dict(row.files)))
        self.connection.execute("INSERT INTO shard VALUES (?, ?, ?, ?)", values)

    def drop_shard(self, name: str) -> None:
        """The shard is no part of the index any more."""
        self.connection.execute("DELETE FROM shard WHERE name = ?", (name,))

    def places(self) -> list[Place]:
        """Where every id's vector is, by id."""
        return self.connection.execute("SELECT id, shard, row FROM place ORDER BY id").fetchall()

    def put(self, places: Iterable[Place]) -> None:
        """Notes where vectors are, in place of what was noted before."""
        self.connection.executemany("INSERT OR REPLACE INTO place VALUES (?, ?, ?)", places)

    def drop(self, ids: Iterable[str]) -> None:
        """Takes ids out."""
        self.connection.executemany("DELETE FROM place WHERE id = ?", [(one,) for one in ids])

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
        return StorageError("write_failed", path=FILE, reason=reason)
    return StorageError("disk_full" if number == sqlite3.SQLITE_FULL else "index_damaged", path=FILE, reason=reason)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
