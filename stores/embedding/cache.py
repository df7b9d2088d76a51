"""Vectors that were paid for once: kept in the case's folder by the embedder's name and the text's hash."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import numpy as np

from stores.embedding.protocol import Embedder, Vectors

FILE = "embeddings.sqlite"
_ASKED_AT_ONCE = 500
_SCHEMA = "CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, row BLOB NOT NULL) STRICT, WITHOUT ROWID"


class Cached:
    """An embedder that asks another one only for texts it has not seen yet.

    Worth it where embedding costs money or time; the built-in embedder is quicker than this. A cache that cannot be
    read or written is no cache: then the other embedder is asked.
    """

    def __init__(self, inner: Embedder, case_dir: Path) -> None:
        self._inner = inner
        self._path = case_dir / FILE

    @property
    def name(self) -> str:
        """That of the other embedder: the vectors are the same."""
        return self._inner.name

    @property
    def dimensions(self) -> int:
        """Columns of the vectors."""
        return self._inner.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions), rows of unit length; every different text is asked for once at most."""
        keys = [self._key(text) for text in texts]
        known = self._known(list(dict.fromkeys(keys)))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            made = np.asarray(self._inner.embed(list(missing.values())), np.float32)
            new = dict(zip(missing, made, strict=True))
            self._keep({key: row.tobytes() for key, row in new.items()})
            known |= new
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for place, key in enumerate(keys):
            found[place] = known[key]
        return found

    def _key(self, text: str) -> bytes:
        name = blake2b(self.name.encode(), digest_size=32).digest()
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=name).digest()

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        try:
            with closing(self._connect()) as connection:
                for start in range(0, len(keys), _ASKED_AT_ONCE):
                    some = keys[start : start + _ASKED_AT_ONCE]
                    sql = f"SELECT key, row FROM vector WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608 - marks
                    rows = connection.execute(sql, some)
                    found |= {key: np.frombuffer(row, "<f4") for key, row in rows if len(row) == 4 * self.dimensions}
        except sqlite3.DatabaseError as fault:
            self._broken(fault)
        return found

    def _keep(self, rows: dict[bytes, bytes]) -> None:
        try:
            with closing(self._connect()) as connection, connection:
                connection.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", list(rows.items()))
        except sqlite3.DatabaseError as fault:
            self._broken(fault)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=5)
        try:
            connection.execute(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        return connection

    def _broken(self, fault: sqlite3.DatabaseError) -> None:
        """A file that is no cache makes room for one; whatever else is wrong, texts are embedded all the same."""
        if getattr(fault, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            self._path.unlink(missing_ok=True)
