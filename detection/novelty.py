"""Which records have to be scanned at all: log fields repeat, and what was clean once is clean again.

A direct-mapped table per thread remembers 64-bit keyed hashes of clean (field, bytes) pairs. The key is random per
table, so a log cannot be written to collide with what the table knows.
"""

import secrets

import numpy as np
from numpy.typing import NDArray

from detection.compiled import compiled
from detection.index import ONE, WORD, U, word

SLOTS = 1 << 17
_PRIME_A = np.uint64(0x9E3779B97F4A7C15)
_PRIME_B = np.uint64(0xC2B2AE3D27D4EB4F)


@compiled
def keyed_hash(data: NDArray[np.uint8], start: int, end: int, seed: np.uint64) -> np.uint64:
    """64 bits of `data[start:end]` that nobody can predict without the seed."""
    value = seed ^ (np.uint64(end - start) * _PRIME_B)
    i = U(start)
    last = U(end)
    while i + WORD <= last:
        value = (value ^ word(data, i)) * _PRIME_A
        value ^= value >> np.uint64(29)
        i += WORD
    while i < last:
        value = (value ^ np.uint64(data[i])) * _PRIME_B
        value ^= value >> np.uint64(31)
        i += ONE
    value = (value ^ (value >> np.uint64(32))) * _PRIME_A
    return value ^ (value >> np.uint64(29))


@compiled
def pick_unknown(
    data: NDArray[np.uint8],
    ends: NDArray[np.int64],
    fields: NDArray[np.uint8],
    table: NDArray[np.uint64],
    seed: np.uint64,
    target: NDArray[np.uint8],
    target_ends: NDArray[np.int64],
    picked: NDArray[np.int64],
    hashes: NDArray[np.uint64],
) -> tuple[int, int]:
    """Copy the records the table does not know to `target`; gives (records, bytes) copied.

    `picked[k]` is the record number of the k-th copied record, `hashes[k]` its hash. A record that repeats inside the
    call is copied each time: it is not known to be clean yet.
    """
    mask = np.uint64(len(table) - 1)
    count = 0
    size = 0
    start = 0
    for i in range(len(ends)):
        end = ends[i]
        value = keyed_hash(data, start, end, seed ^ (np.uint64(fields[i]) * _PRIME_A))
        if table[value & mask] != value:
            to = U(size)
            for j in range(U(start), U(end)):
                target[to] = data[j]
                to += ONE
            size += end - start
            target_ends[count] = size
            picked[count] = i
            hashes[count] = value
            count += 1
        start = end
    return count, size


@compiled
def remember(table: NDArray[np.uint64], hashes: NDArray[np.uint64], clean: NDArray[np.bool_]) -> None:
    """Note the clean ones of the scanned records."""
    mask = np.uint64(len(table) - 1)
    for i in range(len(hashes)):
        if clean[i]:
            table[hashes[i] & mask] = hashes[i]


def new_table(slots: int = SLOTS) -> tuple[NDArray[np.uint64], np.uint64]:
    """An empty table (`slots` is a power of two) and its key."""
    return np.zeros(slots, np.uint64), np.uint64(secrets.randbits(64))
