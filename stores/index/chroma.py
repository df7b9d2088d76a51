"""Chroma in process: the neighbours of a vector among the rows of one shard, written once and then only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import StorageError
from stores.index.protocol import Vector, Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

DATABASE = "chroma.sqlite3"
"""The one file that Chroma writes to whenever it opens the folder."""

_NAME = "vectors"
_BATCH = 5_000
"""Chroma takes 5,461 rows at a time at most."""

_LINKS, _CARE, _BREADTH = 32, 200, 500
"""HNSW's M, ef_construction and ef_search: with 16, 100, 200 some of 30,000 chunk texts did not find themselves."""

_CLIENTS = Lock()
"""Chroma shares a client per folder and counts who uses it; the counting is not safe between threads."""


def write_graph(folder: Path, rows: Vectors) -> None:
    """Writes the rows (unit length, at least 2, all different) into a folder that does not exist yet.

    The graph goes to its files in one go, with the last row: what is opened again needs no replay.
    """
    from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration

    hnsw = CreateHNSWConfiguration(
        space="ip",
        max_neighbors=_LINKS,
        ef_construction=_CARE,
        ef_search=_BREADTH,
        sync_threshold=len(rows),
        batch_size=len(rows),
    )
    with _faults("write_failed"):
        client = _client(folder)
        try:
            settings = CreateCollectionConfiguration(hnsw=hnsw)
            collection = client.create_collection(_NAME, embedding_function=None, configuration=settings)
            for start in range(0, len(rows), _BATCH):
                batch = rows[start : start + _BATCH]
                collection.add(ids=[str(start + place) for place in range(len(batch))], embeddings=batch)
        finally:
            _close(client)


class Graph:
    """A folder of `write_graph`, open for reading; Chroma notes in its database that it was opened, nothing else.

    The caller has checked the other files of the folder: Chroma itself crashes on some that are damaged.
    """

    def __init__(self, folder: Path, rows: int) -> None:
        if not (folder / DATABASE).is_file():  # Chroma would make an empty one
            raise StorageError("index_damaged", reason=f"{DATABASE} is missing")
        self._rows = rows
        with _faults("index_damaged"):
            self._client = _client(folder)
            try:
                self._collection: Collection = self._client.get_collection(_NAME, embedding_function=None)
                if self._collection.count() != rows:
                    raise StorageError("index_damaged", reason="rows are missing")
            except BaseException:
                _close(self._client)
                raise

    def nearest(self, vector: Vector, count: int) -> NDArray[np.int64]:
        """Places of the `count` rows that are nearest, as good as HNSW finds them."""
        with _faults("index_damaged"):
            found = self._collection.query(
                query_embeddings=vector[None, :], n_results=min(count, self._rows), include=[]
            )
            places = np.array([int(one) for one in found["ids"][0]], np.int64)
        if len(places) and not (places.min() >= 0 and places.max() < self._rows):
            raise StorageError("index_damaged", reason="a row that was never written")
        return places

    def rows(self, places: NDArray[np.int64]) -> Vectors:
        """The rows as Chroma holds them, in order of the places."""
        with _faults("index_damaged"):
            found = self._collection.get(ids=[str(place) for place in places.tolist()], include=["embeddings"])
            held = dict(zip(found["ids"], np.asarray(found["embeddings"], np.float32), strict=True))
            return np.array([held[str(place)] for place in places.tolist()], np.float32)

    def close(self) -> None:
        """Lets go of the folder's files and of the graph in memory."""
        _close(self._client)


def _client(folder: Path) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings

    with _CLIENTS:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _close(client: "ClientAPI") -> None:
    with _CLIENTS:
        client.close()  # type: ignore[attr-defined]


@contextmanager
def _faults(code: str) -> Iterator[None]:
    """Whatever Chroma raises becomes a `StorageError`: its own errors, and panics of its compiled part."""
    try:
        yield
    except (StorageError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as fault:
        full = any(sign in str(fault) for sign in ("disk is full", "No space left"))
        raise StorageError("disk_full" if full else code, reason=type(fault).__name__) from fault
