"""SHA-256 of content while it is read, in a thread beside the parser, with the state at chosen sizes."""

import hashlib
import queue
import threading
from collections.abc import Iterable, Mapping


class Digest:
    """Running SHA-256; hashlib lets go of the interpreter lock, so hashing runs beside everything else.

    `snapshots` tells the digest of the first `size` bytes for every asked size the content has reached: it shows
    whether a file begins with content that is known already.
    """

    def __init__(self, sizes: Iterable[int] = ()) -> None:
        self._sizes = sorted(set(sizes), reverse=True)
        self._hash = hashlib.sha256()
        self._snapshots: dict[int, str] = {}
        self._queue: queue.Queue[bytes | None] = queue.Queue(2)
        self._thread: threading.Thread | None = None
        self.size = 0

    def update(self, data: bytes) -> None:
        """Hash `data` behind what came before; returns at once unless two pieces wait already."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="digest", daemon=True)
            self._thread.start()
        self._queue.put(data)

    def finish(self) -> str:
        """Hexadecimal digest of everything given so far; `size` and `snapshots` are complete."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        self._snapshot()
        return self._hash.hexdigest()

    @property
    def snapshots(self) -> Mapping[int, str]:
        """Digest of the first `size` bytes, by size."""
        return self._snapshots

    def _work(self) -> None:
        while (data := self._queue.get()) is not None:
            self._add(memoryview(data))

    def _add(self, data: memoryview) -> None:
        while len(data):
            self._snapshot()
            step = min(len(data), self._sizes[-1] - self.size) if self._sizes else len(data)
            self._hash.update(data[:step])
            self.size += step
            data = data[step:]
        self._snapshot()

    def _snapshot(self) -> None:
        while self._sizes and self._sizes[-1] <= self.size:
            self._snapshots[self._sizes.pop()] = self._hash.hexdigest()
