"""An index in memory: the twin that shows what the one on disk must answer."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from stores.index.batch import check_batch
from stores.index.keywords import Keywords
from stores.index.protocol import Hit, Vector, Vectors
from stores.index.ranking import nearest


class MemoryIndex:
    """Reader and writer in one; what is added is seen at `commit`."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._seen: dict[str, tuple[str, Vector]] = {}
        self._next: dict[str, tuple[str, Vector]] = {}
        self._stamp: Mapping[str, str] = {}
        self._keywords = Keywords.in_memory()

    @property
    def stamp(self) -> Mapping[str, str]:
        """What was noted at the last commit."""
        return self._stamp

    def count(self) -> int:
        """How many ids readers see."""
        return len(self._seen)

    def ids(self) -> frozenset[str]:
        """All ids, those not committed yet as well."""
        return frozenset(self._next)

    def query(self, vector: Vector, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k nearest by cosine."""
        ids = [one for one in (self._seen if among is None else set(among)) if one in self._seen]
        return nearest(vector, ids, self.vectors(ids), k)

    def match(self, words: str, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k texts that say these words best."""
        return self._keywords.match(words, k, among)

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """One row an id; zeros for an unknown one."""
        rows = np.zeros((len(ids), self._dimensions), np.float32)
        for place, one in enumerate(ids):
            if one in self._seen:
                rows[place] = self._seen[one][1]
        return rows

    def close(self) -> None:
        """Lets go of the words."""
        self._keywords.close()

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Vectors) -> None:
        """New ids with text and vector."""
        check_batch(ids, texts, vectors, self._next.keys(), self._dimensions)
        self._next |= {one: (text, row.copy()) for one, text, row in zip(ids, texts, vectors, strict=True)}

    def remove(self, ids: Collection[str]) -> None:
        """Takes ids out."""
        for one in ids:
            self._next.pop(one, None)

    def commit(self, stamp: Mapping[str, str]) -> None:
        """Shows readers what was added and removed."""
        self._keywords.remove([one for one, entry in self._seen.items() if self._next.get(one) is not entry])
        new = [one for one, entry in self._next.items() if self._seen.get(one) is not entry]
        self._keywords.add(new, [self._next[one][0] for one in new])
        self._seen, self._stamp = dict(self._next), dict(stamp)
