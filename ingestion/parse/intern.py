"""Compiled interning and gathering: repeated texts become numbers, texts become one Arrow buffer."""

import numpy as np
from numpy.typing import NDArray

from detection.compiled import compiled
from detection.index import ONE, WORD, U, signed, word

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]


@compiled
def _hash(data: Bytes, start: int, size: int) -> np.uint64:
    """FNV-1a widened to words; a collision costs a comparison, never a wrong answer."""
    h = U(0xCBF29CE484222325)
    at = U(start)
    end = at + U(size)
    while at + WORD <= end:
        h = (h ^ word(data, at)) * U(0x9E3779B97F4A7C15)
        h ^= h >> U(32)
        at += WORD
    while at < end:
        h = (h ^ U(data[at])) * U(0x100000001B3)
        at += ONE
    return h ^ (h >> U(29))


@compiled
def _same(data: Bytes, left: int, right: int, size: int) -> bool:
    a = U(left)
    b = U(right)
    end = a + U(size)
    while a + WORD <= end:
        if word(data, a) != word(data, b):
            return False
        a += WORD
        b += WORD
    while a < end:
        if data[a] != data[b]:
            return False
        a += ONE
        b += ONE
    return True


@compiled
def intern(
    data: Bytes,
    spans: Ints,
    slot: int,
    first: int,
    last: int,
    table: Ints,
    codes: Ints,
    places: Ints,
    lengths: Ints,
    known: int,
) -> int:
    """Give rows `first:last` the number of their text in `slot` (-1 = absent); gives how many texts are known now.

    `table` is an open-addressing hash table (a power of two long, -1 = free) of numbers; `places`/`lengths` say where
    in `data` each known text stands.
    """
    mask = U(len(table) - 1)
    for row in range(first, last):
        size = spans[row, 2 * slot + 1]
        if size < 0:
            codes[row] = -1
            continue
        start = spans[row, 2 * slot]
        if row > first and size == spans[row - 1, 2 * slot + 1] and _same(data, spans[row - 1, 2 * slot], start, size):
            codes[row] = codes[row - 1]
            continue
        at = _hash(data, start, size) & mask
        while True:
            number = table[at]
            if number < 0:
                table[at] = known
                places[known] = start
                lengths[known] = size
                codes[row] = known
                known += 1
                break
            if lengths[number] == size and _same(data, places[number], start, size):
                codes[row] = number
                break
            at = (at + ONE) & mask
    return known


@compiled
def gather(data: Bytes, places: Ints, lengths: Ints, count: int, out: Bytes, offsets: Ints) -> int:
    """Copy `count` texts one behind the other into `out`; `offsets` (count + 1) as Arrow wants them; absent = empty."""
    o = U(0)
    offsets[0] = 0
    for k in range(count):
        start = U(places[k])
        size = U(max(lengths[k], 0))
        for i in range(size):
            out[o + i] = data[start + i]
        o += size
        offsets[k + 1] = np.int32(o)
    return signed(o)
