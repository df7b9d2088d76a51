"""The index of a case open for reading: the shards of one manifest, looked at anew whenever a writer has committed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from core.errors import StorageError
from stores.embedding.protocol import Embedder
from stores.index.commit_file import manifest_faults
from stores.index.keywords import Keywords
from stores.index.lock import FOLDER, Lease
from stores.index.manifest import Manifest
from stores.index.protocol import Hit, Vector, Vectors
from stores.index.ranking import nearest, worth_a_look
from stores.index.shard import Shard

CURRENT = "current"
_TRIES = 10

Entries = NDArray[np.int64]


def current_folder(root: Path) -> Path | None:
    """The folder below `root` whose manifest counts; None before the first commit."""
    try:
        name = (root / CURRENT).read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except (UnicodeDecodeError, NotADirectoryError) as fault:
        raise StorageError("index_damaged", reason=CURRENT) from fault
    if not name.isalnum():  # also a name that leads elsewhere
        raise StorageError("index_damaged", reason=CURRENT)
    return root / name


def check_embedder(manifest: Manifest, embedder: Embedder) -> None:
    """`StorageError("index_embedder_mismatch")` when another embedder made the vectors."""
    name, dimensions, _ = manifest.about()
    if (name, dimensions) != (embedder.name, embedder.dimensions):
        raise StorageError("index_embedder_mismatch", index=name, now=embedder.name)


class _State:
    """Everything of one commit: entry n is `ids[n]`, and its vector is row `rows[n]` of shard `owners[n]`."""

    def __init__(self, folder: Path, manifest: Manifest, kept: Mapping[str, Shard]) -> None:
        with manifest.reading():
            self.changes = manifest.changes()
            _, self.dimensions, self.stamp = manifest.about()
            shards = manifest.shards()
            places = manifest.places()
        number = {row.name: place for place, row in enumerate(shards)}
        sizes = np.array([row.rows for row in shards], np.int64)
        self.ids = [one for one, _, _ in places]
        self.entry_of = {one: entry for entry, one in enumerate(self.ids)}
        self.owners = np.array([number.get(name, -1) for _, name, _ in places], np.int64)
        self.rows = np.array([row for _, _, row in places], np.int64)
        if len(places) and ((self.owners < 0) | (self.rows < 0) | (self.rows >= sizes[self.owners])).any():
            raise StorageError("index_damaged", reason="an id without a row")
        self.shards: list[Shard] = []
        try:
            for row in shards:
                self.shards.append(kept.get(row.name) or Shard(folder / row.name, row))
        except BaseException:
            _close_all(shard for shard in self.shards if shard.row.name not in kept)
            raise

    def near(self, vector: Vector, k: int) -> Entries:
        """Entries worth ranking for the k nearest of all."""
        found, scores = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
        for owner, shard in enumerate(self.shards):
            mine = np.flatnonzero(self.owners == owner)
            dead = shard.row.rows - len(np.unique(self.rows[mine]))
            places = shard.near(vector, k + dead)
            if places is not None:
                mine = mine[np.isin(self.rows[mine], places)]
            found.append(mine)
            scores.append(shard.scores(vector, places)[self.rows[mine]])
        return np.concatenate(found)[worth_a_look(np.concatenate(scores), k)]

    def entries(self, ids: Iterable[str]) -> Entries:
        """The entries of those ids that there are."""
        return np.array([self.entry_of[one] for one in ids if one in self.entry_of], np.int64)

    def vectors(self, entries: Entries) -> Vectors:
        """One row an entry."""
        found = np.zeros((len(entries), self.dimensions), np.float32)
        for owner, shard in enumerate(self.shards):
            mine = self.owners[entries] == owner
            found[mine] = shard.rows[self.rows[entries[mine]]]
        return found


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
            return len(state.ids) if state else 0

    def ids(self) -> frozenset[str]:
        """All of them."""
        with self._guard:
            state = self._refresh()
            return frozenset(state.ids) if state else frozenset()

    def query(self, vector: Vector, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k nearest: exact among given ids, else what Chroma finds in large shards and all of the small ones."""
        with self._guard:
            state = self._refresh()
            if state is None or k <= 0:
                return []
            entries = state.near(vector, k) if among is None else state.entries(set(among))
            return nearest(vector, [state.ids[entry] for entry in entries.tolist()], state.vectors(entries), k)

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
            found = np.zeros((len(ids), self._embedder.dimensions), np.float32)
            if state is not None:
                known = [place for place, one in enumerate(ids) if one in state.entry_of]
                found[known] = state.vectors(state.entries(ids))
            return found

    def close(self) -> None:
        """Lets go of files and memory."""
        with self._guard:
            if self._state is not None:
                _close_all(self._state.shards)
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
        folder = current_folder(self._case_dir / FOLDER)
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
        old = {shard.row.name: shard for shard in self._state.shards} if self._state else {}
        self._state = _State(folder, manifest, old)
        used = {shard.row.name for shard in self._state.shards}
        _close_all(shard for name, shard in old.items() if name not in used)


def _close_all(shards: Iterable[Shard]) -> None:
    for shard in shards:
        shard.close()
