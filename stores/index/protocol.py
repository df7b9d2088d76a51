"""What an index of chunks is, whoever keeps it: found by vector, found by words, written by one at a time."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""One row of unit length."""

Vectors = NDArray[np.float32]
"""One row an id."""


class Hit(NamedTuple):
    """An id and how well it fits: best first, equal scores by id."""

    id: str
    score: float


class VectorIndex(Protocol):
    """An index open for reading; every answer is of one committed state, never of half of one."""

    @property
    def stamp(self) -> Mapping[str, str]:
        """What the writer noted at the last commit (the lake's state, the rules' version …); empty before the first."""

    def count(self) -> int:
        """How many ids there are."""

    def ids(self) -> frozenset[str]:
        """All of them."""

    def query(self, vector: Vector, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k nearest by cosine (-1 to 1), of the ids in `among` only when it is given; unknown ids are left out."""

    def match(self, words: str, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k texts that say these words best (BM25, above 0); any text is allowed, and is only ever words."""

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """(ids, dimensions) in order; zeros for an id that is not there."""

    def close(self) -> None:
        """Lets go of files and memory; the index cannot be asked afterwards."""


@runtime_checkable
class HybridIndex(Protocol):
    """What some indexes can do besides: rank by words and vector at once, with means of their own."""

    def hybrid(self, words: str, vector: Vector, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k that fit both best, in the index's own order; scores fall with the rank and mean nothing else.

        Any text is allowed. May be empty where `query` and `match` are not.
        """


class IndexWriter(Protocol):
    """The one writer of an index; nothing is seen by readers before `commit`."""

    def ids(self) -> frozenset[str]:
        """What the index holds, with what was added and without what was removed since the last commit."""

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Vectors) -> None:
        """Ids (unique, none that is held already) with the text of each and its row of `vectors`."""

    def remove(self, ids: Collection[str]) -> None:
        """Takes ids out; unknown ones are left alone."""

    def commit(self, stamp: Mapping[str, str]) -> None:
        """Everything since the last commit becomes what readers see, at one instant and for good."""
