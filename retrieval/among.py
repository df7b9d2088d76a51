"""The chunks that a selector leaves: by their columns, and where those do not tell, by their lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import numpy as np

from core.chunk import Chunk
from core.event import IP, TIME
from core.key import Keys, join_keys
from core.line import SourceId
from core.selector import Selector
from stores.chunk_columns import Picked
from stores.chunks import ChunkStore
from stores.lake import Lake

MOST_LOOKED_AT = 200
"""Chunks whose lines are looked at for conditions that no column of chunks tells."""

FEW_LINES = 50_000
"""Lines up to which their own addresses and times narrow what is looked at: of more, most chunks have one anyway."""

_FEW_ADDRESSES = 1_000
_SLICE = 20
_INSTANT = timedelta(microseconds=1)


@dataclass(slots=True)
class Among:
    """Chunks that `picked` leaves and that have a line of `keys`; None: their columns tell all that is asked for.

    `cut` says that more chunks might have been found than were looked at.
    """

    picked: Picked
    keys: Keys | None
    numbers: Mapping[SourceId, int]
    cut: bool = False
    _seen: dict[str, Chunk | None] = field(default_factory=dict)

    @classmethod
    def of(cls, lake: Lake, selector: Selector) -> "Among":
        """For the lines that the selector picks in the lake."""
        picked = Picked(selector.ips, selector.since, selector.until, selector.types)
        numbers = {source.id: source.number for source in lake.sources}
        if replace(selector, ips=(), since=None, until=None, types=()) == Selector():
            return cls(picked, None, numbers)
        keys = lake.keys(selector)
        return cls(_narrowed(lake, keys, picked) if len(keys) <= FEW_LINES else picked, keys, numbers)

    def most(self, wanted: int) -> int:
        """How many chunks of a shape to ask for so that `wanted` may stay."""
        return wanted if self.keys is None else MOST_LOOKED_AT + 1

    def chunks(self, store: ChunkStore, ids: Iterator[str]) -> Iterator[Chunk]:
        """The chunks of these ids (that `picked` leaves) that stay, in their order, fetched as they are asked for."""
        looked_at = 0
        while batch := tuple(islice(ids, _SLICE)):
            if self.keys is not None and looked_at >= MOST_LOOKED_AT:
                self.cut = True
                return
            looked_at += len(batch)
            new = [one for one in batch if one not in self._seen]
            self._seen |= {chunk.id: chunk if self._holds(chunk) else None for chunk in store.get(new)}
            yield from (chunk for one in batch if (chunk := self._seen[one]) is not None)

    def _holds(self, chunk: Chunk) -> bool:
        if self.keys is None:
            return True
        known = [(self.numbers[ref.source], ref.line) for ref in chunk.refs if ref.source in self.numbers]
        mine = np.array([join_keys(number, line) for number, line in known], np.int64)
        return bool((np.searchsorted(self.keys, mine) < np.searchsorted(self.keys, mine, side="right")).any())


def _narrowed(lake: Lake, keys: Keys, picked: Picked) -> Picked:
    """To the addresses and the stretch of time of these lines; a line without one is in none, so it narrows nothing."""
    table = lake.rows(keys, (IP, TIME))
    ips = frozenset(table.column(IP).to_pylist())
    times: list[datetime | None] = table.column(TIME).to_pylist()
    known = [time.replace(tzinfo=UTC) for time in times if time is not None]
    if known and len(known) == len(times):
        picked = replace(picked, since=min(known), until=max(known) + _INSTANT)
    if ips and None not in ips and len(ips) <= _FEW_ADDRESSES:
        picked = replace(picked, ips=tuple(sorted(ips)))
    return picked
