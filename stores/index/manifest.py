"""What an index is made of, in one SQLite file: entries with their words, shards, and what the writer noted."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from core.errors import StorageError
from stores.index.commit_file import CommitFile
from stores.index.keywords import SCHEMA as WORDS
from stores.index.shard import ShardRow

_SCHEMA = f"""{WORDS}
CREATE TABLE place (id TEXT PRIMARY KEY, shard TEXT NOT NULL, row INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE shard (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, graph INTEGER NOT NULL, files TEXT NOT NULL) STRICT;
CREATE TABLE about (
  embedder TEXT NOT NULL, dimensions INTEGER NOT NULL, stamp TEXT NOT NULL
) STRICT;
"""

Place = tuple[str, str, int]
"""Id, shard, and row in the shard's file of vectors."""


class Manifest(CommitFile):
    """That of an index on this disk."""

    FILE = "manifest.sqlite"
    SCHEMA = _SCHEMA

    @classmethod
    def create(cls, folder: Path, embedder: str, dimensions: int) -> "Manifest":
        """A new file in a folder that has none."""
        return cls.made(folder, (embedder, dimensions, "{}"))

    def about(self) -> tuple[str, int, Mapping[str, str]]:
        """The embedder's name, the dimensions of its vectors, and the stamp of the last commit."""
        row = self.connection.execute("SELECT embedder, dimensions, stamp FROM about").fetchone()
        if row is None:
            raise StorageError("index_damaged", reason=self.FILE)
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
