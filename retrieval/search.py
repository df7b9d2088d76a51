"""Looking for shapes by meaning and by words, and from shapes to the chunks that have them and a selector leaves."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from retrieval.fuse import Fused, Ranking, fuse
from stores.chunk_columns import ANY, Picked
from stores.chunks import ChunkStore
from stores.embedding import Embedder
from stores.index.protocol import Hit, HybridIndex, Vector

DEPTH = 50
"""Shapes that each way ranks."""

DENSE_WEIGHT = 1.0
KEYWORD_WEIGHT = 0.5
"""A word that is written the same counts for less than a meaning: asked in one language, logs answer in another."""
HYBRID_WEIGHT = 1.0
"""Of an index that also ranks by both at once with means of its own (a semantic ranker)."""


class Index(Protocol):
    """What is asked of an index here."""

    def query(self, vector: Vector, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k nearest shapes."""

    def match(self, words: str, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k shapes that say these words best."""


def search_shapes(index: Index, store: ChunkStore, embedder: Embedder, words: str, picked: Picked) -> tuple[Fused, ...]:
    """The shapes of chunks that `picked` leaves, by what the words mean and by the words themselves, best first.

    The scores of a fused shape are reciprocal ranks; `ranks` are (by meaning, by words), then by both at once where the
    index does that. Any text is allowed.
    """
    among = None if picked == ANY else frozenset(store.shapes(picked))
    if not words.strip() or (among is not None and not among):
        return ()
    vector = embedder.embed([words])[0]
    near = index.query(vector, DEPTH, among)
    said = index.match(words, DEPTH, among)
    ways = [Ranking(_ids(near), DENSE_WEIGHT), Ranking(_ids(said), KEYWORD_WEIGHT)]
    if isinstance(index, HybridIndex):
        ways.append(Ranking(_ids(index.hybrid(words, vector, DEPTH, among)), HYBRID_WEIGHT))
    return fuse(ways)


def _ids(hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(one.id for one in hits)


def unasked(store: ChunkStore, picked: Picked, limit: int) -> Iterator[str]:
    """Ids of the first chunks that `picked` leaves when there are no words to rank them by: those with hits first."""
    for suspicious in (True, False) if picked.suspicious is None else (picked.suspicious,):
        yield from store.select(replace(picked, suspicious=suspicious), limit)


@dataclass(slots=True)
class Members:
    """Up to `most` chunks of a shape that `picked` leaves, looked up once."""

    store: ChunkStore
    picked: Picked
    most: int
    _known: dict[str, tuple[tuple[str, ...], bool]] = field(default_factory=dict)

    def of(self, shape: str) -> tuple[tuple[str, ...], bool]:
        """Their ids by time, and whether they have hits."""
        if shape not in self._known:
            suspicious = self.store.members(shape, replace(self.picked, suspicious=True), self.most)
            self._known[shape] = (suspicious or self.store.members(shape, self.picked, self.most), bool(suspicious))
        return self._known[shape]


def chunks_of(members: Members, shapes: Sequence[str], per_shape: int) -> Iterator[str]:
    """Ids of up to `per_shape` chunks of each shape, shape by shape, then by time.

    Of a shape without hits one chunk stands for all, and the others follow when every shape has been seen: they read
    the same, and a thousand quiet minutes must not hide the attack that ranks next.
    """
    others: list[tuple[str, ...]] = []
    for shape in shapes:
        found, suspicious = members.of(shape)
        first = per_shape if suspicious else 1
        yield from found[:first]
        others.append(found[first:per_shape])
    for rest in others:
        yield from rest
