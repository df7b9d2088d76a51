"""What of the service's documents is the case's index: one SQLite file in the case, and the point of every commit."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from core.errors import StorageError
from stores.index.commit_file import CommitFile
from stores.index.keywords import SCHEMA as WORDS_SCHEMA

ROOT = "search"
"""Beside `index`, whose folders the writer of the index on this disk sweeps."""

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


class Ledger(CommitFile):
    """That of an index in the service."""

    FILE = "ledger.sqlite"
    SCHEMA = _SCHEMA

    @classmethod
    def create(cls, folder: Path, about: About) -> "Ledger":
        """A new file in a folder that has none."""
        return cls.made(folder, (*about[:-1], json.dumps(dict(about.stamp))))

    def about(self) -> About:
        """What was noted at the last commit."""
        row = self.connection.execute("SELECT * FROM about").fetchone()
        if row is None:
            raise StorageError("index_damaged", reason=self.FILE)
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
