"""Which request targets have to be scanned at all: most were seen before and were clean.

The same idea as `detection.novelty`, one step earlier: a target that is known is not even split and decoded again. The
hash has a random key, so no log can be written to collide with what is known.
"""

import threading

import numpy as np
from numpy.typing import NDArray

from detection.compiled import compiled
from detection.novelty import keyed_hash, new_table, remember
from detection.scanner import Scanner
from ingestion.parse.values import SLOT_QUERY, SLOT_URL

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]

SLOTS = 1 << 19
"""Targets a thread remembers (8 bytes each); a later one takes the place of an earlier one."""

_NEVER = np.uint64(0)


@compiled
def _pick(
    data: Bytes,
    spans: Ints,
    methods: Bytes,
    plain: int,
    first: int,
    last: int,
    table: NDArray[np.uint64],
    seed: np.uint64,
    picked: Ints,
    hashes: NDArray[np.uint64],
) -> int:
    """Rows of `first:last` with anything unknown to scan; gives their number. Only a plain target can be known."""
    mask = np.uint64(len(table) - 1)
    count = 0
    for row in range(first, last):
        size = spans[row, 2 * SLOT_URL + 1]
        value = np.uint64(0)
        if size >= 0 and methods[row] < plain and spans[row, 2 * SLOT_QUERY + 1] < 0:
            start = spans[row, 2 * SLOT_URL]
            value = keyed_hash(data, start, start + size, seed)
            if table[value & mask] == value:
                continue
        picked[count] = row
        hashes[count] = value
        count += 1
    return count


class Memory:
    """What one thread knows to be clean by the rules of one scanner."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self._table, self._seed = new_table(SLOTS)

    def pick(
        self, data: Bytes, spans: Ints, methods: Bytes, plain: int, first: int, last: int
    ) -> tuple[Ints, NDArray[np.uint64]]:
        """Rows to scan, ascending, and what `keep` needs of them."""
        picked = np.empty(last - first, np.int32)
        hashes = np.empty(last - first, np.uint64)
        count = _pick(data, spans, methods, plain, first, last, self._table, self._seed, picked, hashes)
        return picked[:count], hashes[:count]

    def keep(self, picked: Ints, hashes: NDArray[np.uint64], hit: Ints) -> None:
        """Remember the picked rows that no rule matches, whatever their method and status."""
        clean = (hashes != _NEVER) & ~np.isin(picked, hit)
        remember(self._table, hashes, clean)


_LOCAL = threading.local()


def memory_of(scanner: Scanner) -> Memory:
    """This thread's memory; another scanner starts with nothing."""
    known: Memory | None = getattr(_LOCAL, "memory", None)
    if known is None or known.scanner is not scanner:
        known = _LOCAL.memory = Memory(scanner)
    return known
