"""Writing an index: new shards and a transaction over the manifest; killed at any instant, the old state stands."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import numpy as np

from core.errors import StorageError
from stores.disk import disk_faults, flush
from stores.embedding.protocol import Embedder
from stores.index.batch import check_batch
from stores.index.commit_file import manifest_faults
from stores.index.keywords import Keywords
from stores.index.lock import FOLDER, IndexLock, sweep
from stores.index.manifest import Manifest
from stores.index.merging import merge
from stores.index.on_disk import CURRENT, check_embedder, current_folder
from stores.index.protocol import Vectors
from stores.index.shard import ShardRow, write_shard

FULL = 50_000
"""Rows after which a shard is written, so that memory stays bounded."""


@contextmanager
def disk_writer(case_dir: Path, embedder: Embedder, *, rebuild: bool = False) -> Iterator["DiskWriter"]:
    """The one writer of a case's index on this disk; what was not committed at the end is forgotten.

    With `rebuild` it starts from nothing, and readers keep the old index until the first commit. Raises
    `CaseError("index_busy")`, `StorageError("index_damaged")` and `StorageError("index_embedder_mismatch")`; a rebuild
    raises neither of the latter two.
    """
    with IndexLock(case_dir) as lock:
        writer = DiskWriter(case_dir, embedder, lock, rebuild=rebuild)
        try:
            yield writer
        finally:
            writer.close()


class DiskWriter:
    """Made by `disk_writer`."""

    def __init__(self, case_dir: Path, embedder: Embedder, lock: IndexLock, *, rebuild: bool) -> None:
        self._root = case_dir / FOLDER
        self._lock = lock
        self._dimensions = embedder.dimensions
        folder = None if rebuild else current_folder(self._root)
        self._new = folder is None
        self._folder = folder or self._root / token_hex(8)
        self._manifest = self._started(embedder) if self._new else self._reopened(embedder)
        self._keywords = Keywords(self._manifest.connection)
        self._waiting: list[tuple[Sequence[str], Vectors]] = []
        self._rows = 0
        with manifest_faults():
            self._ids = set() if self._new else {one for one, _, _ in self._manifest.places()}

    def _started(self, embedder: Embedder) -> Manifest:
        with disk_faults(self._folder):
            self._folder.mkdir(mode=0o700)
        return Manifest.create(self._folder, embedder.name, embedder.dimensions)

    def _reopened(self, embedder: Embedder) -> Manifest:
        try:
            manifest = Manifest.open(self._folder)
        except FileNotFoundError as fault:
            raise StorageError("index_damaged", reason="files are missing") from fault
        try:
            with manifest_faults():
                check_embedder(manifest, embedder)
        except BaseException:
            manifest.close()
            raise
        return manifest

    def ids(self) -> frozenset[str]:
        """What the index holds with everything added and removed so far."""
        return frozenset(self._ids)

    def shards(self) -> tuple[ShardRow, ...]:
        """What the index is made of by now."""
        with manifest_faults():
            return self._manifest.shards()

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Vectors) -> None:
        """Ids that are not held yet, with the text and the row of each."""
        check_batch(ids, texts, vectors, self._ids, self._dimensions)
        if not ids:
            return
        with manifest_faults():
            self._begin()
            self._keywords.add(ids, texts)
        self._ids |= set(ids)
        self._waiting.append((tuple(ids), np.array(vectors, np.float32)))
        self._rows += len(ids)
        if self._rows >= FULL:
            self._flush()

    def remove(self, ids: Collection[str]) -> None:
        """Takes ids out; unknown ones are left alone."""
        gone = sorted(self._ids.intersection(ids))
        if not gone:
            return
        self._flush()  # so that what waits can be removed like anything else
        with manifest_faults():
            self._begin()
            self._keywords.remove(gone)
            self._manifest.drop(gone)
        self._ids -= set(gone)

    def commit(self, stamp: Mapping[str, str]) -> None:
        """What was added and removed, and the stamp, become what readers see."""
        self._flush()
        with manifest_faults():
            self._begin()
            merge(self._folder, self._manifest)
            self._manifest.stamp(stamp)
            self._lock.check()
            self._manifest.connection.execute("COMMIT")
        if self._new:
            self._publish()
        self._sweep()

    def close(self) -> None:
        """Forgets what was not committed."""
        if self._manifest.connection.in_transaction:
            self._manifest.connection.execute("ROLLBACK")
        self._manifest.close()

    def _begin(self) -> None:
        if not self._manifest.connection.in_transaction:
            self._manifest.connection.execute("BEGIN IMMEDIATE")

    def _flush(self) -> None:
        """Writes what waits as one shard; equal vectors share a row."""
        if not self._rows:
            return
        ids = [one for each, _ in self._waiting for one in each]
        rows = np.concatenate([vectors for _, vectors in self._waiting])
        self._waiting, self._rows = [], 0
        different, row_of = np.unique(rows, axis=0, return_inverse=True)
        shard = write_shard(self._folder / token_hex(8), different)
        with manifest_faults():
            self._manifest.add_shard(shard)
            self._manifest.put(zip(ids, [shard.name] * len(ids), row_of.tolist(), strict=True))

    def _publish(self) -> None:
        """One rename makes this manifest the one that counts."""
        with disk_faults(self._root):
            flush(self._folder)
            aside = self._root / f"{CURRENT}.new"
            aside.write_text(self._folder.name, encoding="ascii")
            flush(aside)
            aside.rename(self._root / CURRENT)
            flush(self._root)
        self._new = False

    def _sweep(self) -> None:
        """Removes what no manifest names and nobody reads."""
        named = {row.name for row in self.shards()}
        with disk_faults(self._root):
            for folder in self._root.iterdir():
                if folder.is_dir() and folder != self._folder:
                    sweep(folder)
            for folder in self._folder.iterdir():
                if folder.is_dir() and folder.name not in named:
                    sweep(folder)
