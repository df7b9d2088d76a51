"""Chunks and index of a case, kept open between questions: opening them takes as long as asking them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from stores.chunk_files import FOLDER, Manifest, read_manifest
from stores.chunks import ChunkStore
from stores.embedding import Embedder
from stores.index import IndexChoice, VectorIndex, open_index

Key = tuple[Path, str, IndexChoice | None]
"""A case's folder, the name of the embedder, and where the index is (None: on this disk)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Chunks of one state, and the index, which looks itself whether something was committed."""

    store: ChunkStore
    index: VectorIndex
    manifest: Manifest | None

    def close(self) -> None:
        """Lets go of all files."""
        self.store.close()
        self.index.close()


class Held:
    """Safe for threads: whoever asks has chunks and index for himself until he is done; `most` of them stay open idle.

    What another process has replaced meanwhile is opened anew, and what turned out to be damaged is not kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: list[tuple[Key, Opened]] = []
        self._guard = Lock()

    @contextmanager
    def opened(self, case_dir: Path, embedder: Embedder, where: IndexChoice | None = None) -> Iterator[Opened]:
        """The newest state; raises as `ChunkStore.open` and `open_index` do."""
        key = (case_dir.resolve(), embedder.name, where)
        found = self._fresh(key) or _open(case_dir, embedder, where)
        try:
            yield found
        except BaseException:
            found.close()
            raise
        self._keep(key, found)

    def close(self) -> None:
        """Closes what is idle; what is being asked is closed when it is done."""
        with self._guard:
            idle, self._idle, self._most = self._idle, [], 0
        for _, one in idle:
            one.close()

    def _fresh(self, key: Key) -> Opened | None:
        with self._guard:
            place = next((place for place, (held, _) in enumerate(self._idle) if held == key), None)
            if place is None:
                return None
            _, found = self._idle.pop(place)
        try:
            if read_manifest(key[0] / FOLDER) == found.manifest:
                return found
        except BaseException:
            found.close()
            raise
        found.close()
        return None

    def _keep(self, key: Key, found: Opened) -> None:
        with self._guard:
            self._idle.append((key, found))
            dropped = [self._idle.pop(0) for _ in range(len(self._idle) - self._most)]
        for _, one in dropped:
            one.close()


def _open(case_dir: Path, embedder: Embedder, where: IndexChoice | None) -> Opened:
    """The manifest is read first: if it is replaced in this very moment, the next question opens once more."""
    manifest = read_manifest(case_dir / FOLDER)
    store = ChunkStore.open(case_dir)
    try:
        return Opened(store, open_index(case_dir, embedder, where), manifest)
    except BaseException:
        store.close()
        raise
