"""Looking for shapes by meaning and by words, and from shapes to the chunks that have them and a selector leaves."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

import numpy as np

from core.chunk import Chunk
from core.key import Keys, join_keys
from core.line import SourceId
from core.selector import Selector
from retrieval.fuse import Fused, Ranking, fuse
from stores.chunk_columns import ANY, Picked
from stores.chunks import ChunkStore
from stores.embedding import Embedder
from stores.index.protocol import Hit, Vector
from stores.lake import Lake

DEPTH = 50
"""Shapes that each way ranks."""

DENSE_WEIGHT = 1.0
KEYWORD_WEIGHT = 0.5
"""A word that is written the same counts for less than a meaning: asked in one language, logs answer in another."""

MOST_LOOKED_AT = 400
"""Chunks whose lines are looked at for conditions that no column of chunks tells."""

_SLICE = 50


class Index(Protocol):
    """What is asked of an index here."""

    def query(self, vector: Vector, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k nearest shapes."""

    def match(self, words: str, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k shapes that say these words best."""


def picked_by(selector: Selector) -> Picked:
    """The part of a selector that columns of chunks tell."""
    return Picked(selector.ips, selector.since, selector.until, selector.types)


def only_lines_tell(selector: Selector) -> bool:
    """Whether a selector has conditions that only lines tell."""
    return replace(selector, ips=(), since=None, until=None, types=()) != Selector()


def search_shapes(index: Index, store: ChunkStore, embedder: Embedder, words: str, picked: Picked) -> tuple[Fused, ...]:
    """The shapes of chunks that `picked` leaves, by what the words mean and by the words themselves, best first.

    The scores of a fused shape are reciprocal ranks; `ranks` are (by meaning, by words). Any text is allowed.
    """
    among = None if picked == ANY else frozenset(store.shapes(picked))
    if not words.strip() or (among is not None and not among):
        return ()
    near = index.query(embedder.embed([words])[0], DEPTH, among)
    said = index.match(words, DEPTH, among)
    return fuse([Ranking(_ids(near), DENSE_WEIGHT), Ranking(_ids(said), KEYWORD_WEIGHT)])


def _ids(hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(one.id for one in hits)


def unasked(store: ChunkStore, picked: Picked, limit: int) -> Iterator[str]:
    """Ids of the first chunks that `picked` leaves when there are no words to rank them by: those with hits first."""
    for suspicious in (True, False) if picked.suspicious is None else (picked.suspicious,):
        yield from store.select(replace(picked, suspicious=suspicious), limit)


def chunks_of(store: ChunkStore, shapes: Sequence[str], picked: Picked, per_shape: int) -> Iterator[str]:
    """Ids of up to `per_shape` chunks of each shape that `picked` leaves, shape by shape, then by time."""
    for shape in shapes:
        yield from store.members(shape, picked, per_shape)


@dataclass(slots=True)
class ExactLines:
    """Leaves only chunks with a line that the selector picks; `keys` None: columns of chunks tell all it asks for.

    `cut` says that more chunks might have been found than were looked at.
    """

    keys: Keys | None
    numbers: Mapping[SourceId, int]
    looked_at: int = 0
    cut: bool = False

    @classmethod
    def of(cls, lake: Lake, selector: Selector) -> "ExactLines":
        """For the lines that the selector picks in the lake."""
        keys = lake.keys(selector) if only_lines_tell(selector) else None
        return cls(keys, {source.id: source.number for source in lake.sources})

    def among(self, store: ChunkStore, ids: Iterator[str]) -> Iterator[Chunk]:
        """The chunks of these ids that stay, in their order, fetched as they are asked for."""
        while batch := tuple(islice(ids, _SLICE)):
            if self.keys is not None and self.looked_at >= MOST_LOOKED_AT:
                self.cut = True
                return
            self.looked_at += len(batch)
            yield from (chunk for chunk in store.get(batch) if self._holds(chunk))

    def _holds(self, chunk: Chunk) -> bool:
        if self.keys is None:
            return True
        known = [(self.numbers[ref.source], ref.line) for ref in chunk.refs if ref.source in self.numbers]
        mine = np.array([join_keys(number, line) for number, line in known], np.int64)
        return bool(np.isin(mine, self.keys, kind="sort").any())
