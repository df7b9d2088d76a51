"""A shard: rows that were written together, in Chroma, and beside it as the file that exact ranking reads."""

import shutil
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import StorageError
from stores.disk import disk_faults, flush
from stores.index.chroma import DATABASE, Graph, write_graph
from stores.index.lock import Lease
from stores.index.protocol import Vector, Vectors

GRAPH_FROM = 2
"""Rows from which Chroma keeps a shard: it cannot search among fewer."""

CLOSE = 0.8
"""Cosine from which on the k-th row that the graph finds shows that it searched in the right place."""

_VECTORS = "vectors.npy"
_GRAPH = "chroma"
BREADTH, LEAST = 4, 64
"""So many times the rows that are wanted are taken from the graph, and ranked exactly."""

_SAMPLE = 64
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class ShardRow:
    """A shard as the manifest names it; `files` are the CRC-32 of those that never change."""

    name: str
    rows: int
    graph: bool
    files: Mapping[str, int]


def write_shard(folder: Path, rows: Vectors) -> ShardRow:
    """Writes different rows of unit length into a new folder; all of it is on the disk when this returns.

    A graph that does not find its own rows is thrown away: then all rows are read, as in a small shard.
    """
    with disk_faults(folder):
        folder.mkdir(mode=0o700)
        np.save(folder / _VECTORS, np.ascontiguousarray(rows, np.float32), allow_pickle=False)
    graph = len(rows) >= GRAPH_FROM
    if graph:
        write_graph(folder / _GRAPH, rows)
        graph = _finds_itself(folder / _GRAPH, rows)
    with disk_faults(folder):
        if not graph and (folder / _GRAPH).exists():
            shutil.rmtree(folder / _GRAPH)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        for path in (*paths, *{path.parent for path in paths}, folder.parent):
            flush(path)
        files = {str(path.relative_to(folder)): _crc(path) for path in paths if path.name != DATABASE}
    return ShardRow(folder.name, len(rows), graph, files)


def _finds_itself(folder: Path, rows: Vectors) -> bool:
    """Whether a sample of the rows is found by the graph; `StorageError("write_failed")` when it is not even held.

    Chroma's files are written by code that does not notice a full disk; and among many rows that are nearly the same
    HNSW loses some.
    """
    sample = np.unique(np.linspace(0, len(rows) - 1, _SAMPLE).astype(np.int64))
    graph = Graph(folder, len(rows))
    try:
        if not np.allclose(graph.rows(sample), rows[sample], atol=1e-5):
            raise StorageError("write_failed", path=str(folder), reason="rows are not held")
        return all(place in graph.nearest(rows[place], LEAST) for place in sample.tolist())
    finally:
        graph.close()


class Shard:
    """A shard open for reading: its folder stays while this is open.

    Raises `FileNotFoundError` when the folder is gone, `StorageError("index_damaged")` when a file is not as written.
    """

    def __init__(self, folder: Path, row: ShardRow) -> None:
        self.row = row
        self._folder = folder
        self._graph: Graph | None = None
        self._lease = Lease(folder)
        try:
            self._check(_VECTORS)
            self.rows: Vectors = np.load(folder / _VECTORS, mmap_mode="r", allow_pickle=False)
        except BaseException:
            self._lease.end()
            raise

    def near(self, vector: Vector, k: int) -> NDArray[np.int64] | None:
        """The rows worth ranking for the k nearest, as the graph finds them; None: all of them.

        The graph is believed only when what it found is close: a question is far from every text of a log, and there
        HNSW misses even the best.
        """
        wanted = max(BREADTH * k, LEAST)
        if not self.row.graph or wanted * 2 > self.row.rows:
            return None
        if self._graph is None:
            for name in self.row.files:
                self._check(name)
            self._graph = Graph(self._folder / _GRAPH, self.row.rows)
        places = self._graph.nearest(vector, wanted)
        return places if np.sort(self.rows[places] @ vector)[-min(k, len(places)) :].min(initial=1) >= CLOSE else None

    def scores(self, vector: Vector, places: NDArray[np.int64] | None) -> NDArray[np.float32]:
        """Cosines by row, of these places only unless it is None (0 elsewhere)."""
        if places is None:
            return np.asarray(self.rows @ vector, np.float32)
        found = np.zeros(self.row.rows, np.float32)
        found[places] = self.rows[places] @ vector
        return found

    def close(self) -> None:
        """Lets go of the files."""
        if self._graph is not None:
            self._graph.close()
            self._graph = None
        self._lease.end()

    def _check(self, name: str) -> None:
        path = self._folder / name
        if not path.is_file() or _crc(path) != self.row.files.get(name):
            raise StorageError("index_damaged", reason=f"{self.row.name}/{path.name}")


def _crc(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found = zlib.crc32(piece, found)
    return found
