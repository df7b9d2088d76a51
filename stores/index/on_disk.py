"""The index of a case open for reading: the shards of one manifest, looked at anew whenever a writer has committed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from threading import RLock

import numpy as np

from core.errors import StorageError
from stores.embedding.protocol import Embedder
from stores.index.keywords import Keywords
from stores.index.lock import FOLDER, Lease
from stores.index.manifest import Manifest, manifest_faults
from stores.index.protocol import Hit, Vector, Vectors
from stores.index.ranking import nearest
from stores.index.shard import Shard

CURRENT = "current"
_TRIES = 10


def current_folder(case_dir: Path) -> Path | None:
    """The folder of the manifest that counts; None before the first commit."""
    try:
        name = (case_dir / FOLDER / CURRENT).read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except (UnicodeDecodeError, NotADirectoryError) as fault:
        raise StorageError("index_damaged", reason=CURRENT) from fault
    if not name.isalnum():  # also a name that leads elsewhere
        raise StorageError("index_damaged", reason=CURRENT)
    return case_dir / FOLDER / name


def check_embedder(manifest: Manifest, embedder: Embedder) -> None:
    """`StorageError("index_embedder_mismatch")` when another embedder made the vectors."""
    name, dimensions, _ = manifest.about()
    if (name, dimensions) != (embedder.name, embedder.dimensions):
        raise StorageError("index_embedder_mismatch", index=name, now=embedder.name)


class _State:
    """Everything of one commit."""

    def __init__(self, folder: Path, manifest: Manifest, kept: Mapping[str, Shard]) -> None:
        with manifest.reading():
            self.changes = manifest.changes()
            _, self.dimensions, self.stamp = manifest.about()
            rows = {row.name: row for row in manifest.shards()}
            places = manifest.places()
        self.places = {one: (shard, row) for one, shard, row in places}
        self.shards: dict[str, Shard] = {}
        try:
            for name, row in rows.items():
                self.shards[name] = kept.get(name) or Shard(folder / name, row)
        except BaseException:
            _close_all(shard for name, shard in self.shards.items() if name not in kept)
            raise
        self.ids_at: dict[str, dict[int, list[str]]] = {name: {} for name in rows}
        for one, shard, place in places:
            if shard not in rows or not 0 <= place < rows[shard].rows:
                raise StorageError("index_damaged", reason="an id without a row")
            self.ids_at[shard].setdefault(place, []).append(one)


class DiskIndex:
    """Safe to share between threads; never stale: every question first looks whether something was committed.

    Any question may raise `StorageError("index_damaged")`: then the index is to be rebuilt from the lake.
    """

    def __init__(self, case_dir: Path, embedder: Embedder) -> None:
        self._case_dir = case_dir
        self._embedder = embedder
        self._guard = RLock()
        self._folder: Path | None = None
        self._lease: Lease | None = None
        self._manifest: Manifest | None = None
        self._state: _State | None = None
        self._refresh()

    @property
    def stamp(self) -> Mapping[str, str]:
        """What the writer noted at the last commit; empty without an index."""
        with self._guard:
            state = self._refresh()
            return state.stamp if state else {}

    def count(self) -> int:
        """How many ids there are."""
        with self._guard:
            state = self._refresh()
            return len(state.places) if state else 0

    def ids(self) -> frozenset[str]:
        """All of them."""
        with self._guard:
            state = self._refresh()
            return frozenset(state.places) if state else frozenset()

    def query(self, vector: Vector, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k nearest: exact among given ids, else what Chroma finds in large shards and all of the small ones."""
        with self._guard:
            state = self._refresh()
            if state is None or k <= 0:
                return []
            if among is None:
                ids = [one for shard in state.shards.values() for one in _near(state, shard, vector, k)]
            else:
                ids = [one for one in set(among) if one in state.places]
            return nearest(vector, ids, _rows(state, ids), k)

    def match(self, words: str, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k texts that say these words best."""
        with self._guard:
            if self._refresh() is None or self._manifest is None:
                return []
            with manifest_faults():
                return Keywords(self._manifest.connection).match(words, k, among)

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """(ids, dimensions) in order; zeros for an id that is not there."""
        with self._guard:
            state = self._refresh()
            return _rows(state, ids) if state else np.zeros((len(ids), self._embedder.dimensions), np.float32)

    def close(self) -> None:
        """Lets go of files and memory."""
        with self._guard:
            if self._state is not None:
                _close_all(self._state.shards.values())
            if self._manifest is not None:
                self._manifest.close()
            if self._lease is not None:
                self._lease.end()
            self._state = self._manifest = self._lease = self._folder = None

    def _refresh(self) -> _State | None:
        """The state that counts now. A writer may replace it while we look: then we look again."""
        for _ in range(_TRIES):
            try:
                return self._look()
            except FileNotFoundError:
                self.close()
        raise StorageError("index_damaged", reason="files are missing")

    def _look(self) -> _State | None:
        folder = current_folder(self._case_dir)
        if folder != self._folder or (folder is not None and not folder.is_dir()):
            self.close()
        if folder is None:
            return None
        if self._manifest is None:
            self._lease = Lease(folder)
            self._folder, self._manifest = folder, Manifest.open(folder)
            with manifest_faults():
                check_embedder(self._manifest, self._embedder)
        with manifest_faults():
            if self._state is None or self._manifest.changes() != self._state.changes:
                self._renew(folder, self._manifest)
        return self._state

    def _renew(self, folder: Path, manifest: Manifest) -> None:
        old = self._state.shards if self._state else {}
        self._state = _State(folder, manifest, old)
        _close_all(shard for name, shard in old.items() if name not in self._state.shards)


def _near(state: _State, shard: Shard, vector: Vector, k: int) -> list[str]:
    ids = state.ids_at[shard.row.name]
    dead = shard.row.rows - len(ids)
    return [one for row in shard.near(vector, k + dead).tolist() for one in ids.get(row, ())]


def _rows(state: _State, ids: Sequence[str]) -> Vectors:
    found = np.zeros((len(ids), state.dimensions), np.float32)
    wanted: dict[str, list[tuple[int, int]]] = {}
    for place, one in enumerate(ids):
        if one in state.places:
            shard, row = state.places[one]
            wanted.setdefault(shard, []).append((place, row))
    for shard, pairs in wanted.items():
        where = np.array(pairs, np.int64)
        found[where[:, 0]] = state.shards[shard].rows[where[:, 1]]
    return found


def _close_all(shards: Iterable[Shard]) -> None:
    for shard in shards:
        shard.close()
