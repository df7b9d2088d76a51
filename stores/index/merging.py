"""Too many small shards, or one with many rows that nobody names any more, are written anew as one."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex

import numpy as np

from core.errors import StorageError
from stores.index.manifest import Manifest, Place
from stores.index.shard import Shard, ShardRow, write_shard

MOST_SHARDS = 8
MOST_DEAD = 0.25
"""Share of rows without an id from which a shard is written anew."""

_GROWTH = 2


def merge(folder: Path, manifest: Manifest) -> None:
    """Brings the shards of the open transaction into order; the old folders are swept after its commit."""
    shards = manifest.shards()
    places = manifest.places()
    alive: Counter[str] = Counter(shard for shard, _ in {(shard, row) for _, shard, row in places})
    chosen = {row.name for row in shards if alive[row.name] < row.rows * (1 - MOST_DEAD)}
    if len(shards) - len(chosen) > MOST_SHARDS:
        chosen |= _smallest(shards)
    if not chosen:
        return
    moved = [place for place in places if place[1] in chosen]
    if moved:
        _rewrite(folder, manifest, [row for row in shards if row.name in chosen], moved)
    for name in chosen:
        manifest.drop_shard(name)


def _smallest(shards: Sequence[ShardRow]) -> set[str]:
    """From the smallest up, as long as a shard is not much larger than all before it: each row is moved seldom."""
    chosen: set[str] = set()
    total = 0
    for row in sorted(shards, key=lambda row: (row.rows, row.name)):
        if len(chosen) > 1 and row.rows > _GROWTH * total:
            break
        chosen.add(row.name)
        total += row.rows
    return chosen


def _rewrite(folder: Path, manifest: Manifest, old: Sequence[ShardRow], moved: Sequence[Place]) -> None:
    found = np.concatenate([_rows(folder, row, moved) for row in old])
    ids = [one for row in old for one, shard, _ in moved if shard == row.name]
    different, row_of = np.unique(found, axis=0, return_inverse=True)
    shard = write_shard(folder / token_hex(8), different)
    manifest.add_shard(shard)
    manifest.put(zip(ids, [shard.name] * len(ids), row_of.tolist(), strict=True))


def _rows(folder: Path, row: ShardRow, moved: Sequence[Place]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    try:
        shard = Shard(folder / row.name, row)
    except FileNotFoundError as fault:
        raise StorageError("index_damaged", reason=row.name) from fault
    try:
        return np.array(shard.rows[[place for _, name, place in moved if name == row.name]], np.float32)
    finally:
        shard.close()
