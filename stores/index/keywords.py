"""Texts found by the words they say: SQLite's full-text index with words of our own making, ranked by BM25."""

import sqlite3
import zlib
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from stores.index.protocol import Hit
from stores.index.ranking import DECIMALS, best
from stores.index.words import PUNCTUATION, indexed_words, match_expression

SCHEMA = f"""
CREATE TABLE entry (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, text BLOB NOT NULL) STRICT;
CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize="ascii tokenchars '{PUNCTUATION}'");
"""
# The full-text table keeps no text of its own; to take an entry out of it, the very words that went in are needed.
_ADD_ENTRY = "INSERT INTO entry (id, text) VALUES (?, ?) RETURNING number"
_ADD_WORDS = "INSERT INTO words (rowid, text) VALUES (?, ?)"
_DROP_WORDS = "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)"
_FIND = "SELECT id, -bm25(words) FROM words JOIN entry ON entry.number = words.rowid WHERE words MATCH ?"
_BEST = f"""SELECT id, round(-bm25(words), {DECIMALS}) AS score
FROM words JOIN entry ON entry.number = words.rowid WHERE words MATCH ? ORDER BY score DESC, id LIMIT ?"""  # noqa: S608 - a number of our own


class Keywords:
    """The two tables in one SQLite connection; transactions and errors are the caller's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def in_memory(cls) -> "Keywords":
        """Empty tables that live as long as the object."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.executescript(SCHEMA)
        return cls(connection)

    def add(self, ids: Sequence[str], texts: Sequence[str]) -> None:
        """Ids that are not held yet, with the text of each."""
        for one, text in zip(ids, texts, strict=True):
            words = indexed_words(text)
            (number,) = self._connection.execute(_ADD_ENTRY, (one, zlib.compress(words.encode(), 1))).fetchone()
            self._connection.execute(_ADD_WORDS, (number, words))

    def remove(self, ids: Iterable[str]) -> None:
        """Takes ids out; unknown ones are left alone."""
        for one in ids:
            row = self._connection.execute("DELETE FROM entry WHERE id = ? RETURNING number, text", (one,)).fetchone()
            if row:
                self._connection.execute(_DROP_WORDS, (row[0], zlib.decompress(row[1]).decode()))

    def ids(self) -> frozenset[str]:
        """All that is held."""
        return frozenset(one for (one,) in self._connection.execute("SELECT id FROM entry"))

    def match(self, words: str, k: int, among: Collection[str] | None) -> list[Hit]:
        """The k entries that say these words best, of `among` only when it is given."""
        expression = match_expression(words)
        if not expression or k <= 0:
            return []
        if among is None:
            return [Hit(*row) for row in self._connection.execute(_BEST, (expression, k))]
        wanted = frozenset(among)
        found = [row for row in self._connection.execute(_FIND, (expression,)) if row[0] in wanted]
        return best([one for one, _ in found], np.array([score for _, score in found], np.float64), k)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()
