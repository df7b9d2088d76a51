"""The compiled folding of a text: percent signs decoded, and all that varies from line to line made a mark.

Lines that differ only in numbers, ids, long random words and parameter values fold to the same bytes. A mark is a
control byte; control bytes of the text itself become a mark, so none is ever taken for another.
"""

import numpy as np
from numpy.typing import NDArray

from detection.compiled import compiled

Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]

NUMBER, RANDOM, VALUE, CONTROL, CUT = 1, 2, 3, 4, 5

PLAIN, PAYLOAD, SAID = 0, 1, 2
"""How a text is folded: a URL without its values, a URL whose values matter, a message."""

_LONGEST_WORD = 24
_READ = 512
"""Bytes of a text that are looked at; templates are shorter anyway."""

_KEPT = np.array([100, 200, 160], np.int64)
"""Bytes of a template for each way of folding."""

SCRATCH = _READ + 8


@compiled
def hex_digit(byte: int) -> int:
    """The value of a hexadecimal digit; -1 for any other byte."""
    if 48 <= byte <= 57:
        return byte - 48
    lower = byte | 32
    if 97 <= lower <= 102:
        return lower - 87
    return -1


@compiled
def decoded(data: Bytes, start: int, end: int, out: Bytes) -> int:
    """The bytes with percent escapes resolved, control bytes as marks; how many there are."""
    place, size = start, 0
    end = min(end, start + _READ)
    while place < end:
        byte = int(data[place])
        if byte == 37 and place + 2 < end:
            high, low = hex_digit(int(data[place + 1])), hex_digit(int(data[place + 2]))
            if high >= 0 and low >= 0:
                byte = high * 16 + low
                place += 2
        if byte < 32 or byte == 127:
            byte = CONTROL
        out[size] = byte
        size += 1
        place += 1
    return size


@compiled
def read(data: Bytes, start: int, end: int, out: Bytes) -> int:
    """The same for a text that may be encoded up to three times over."""
    size = decoded(data, start, end, out)
    for _ in range(2):
        before = size
        size = decoded(out, 0, size, out)
        if size == before:
            break
    return size


@compiled
def in_word(byte: int) -> bool:
    """Whether the byte is an ASCII letter or digit."""
    lower = byte | 32
    return (48 <= byte <= 57) or (97 <= lower <= 122)


@compiled
def mark_of(text: Bytes, start: int, end: int) -> int:
    """What stands for a whole word: NUMBER, RANDOM, or 0 when its letters are kept."""
    size, digits, hexes, changes = end - start, 0, 0, 0
    before = False
    for place in range(start, end):
        byte = int(text[place])
        digit = 48 <= byte <= 57
        digits += digit
        hexes += hex_digit(byte) >= 0
        changes += place > start and digit != before
        before = digit
    if digits == size:
        return NUMBER
    if digits == 0:
        return RANDOM if size > _LONGEST_WORD else 0
    if hexes == size and size >= 6:
        return RANDOM
    if text[start] == 48 and (text[start + 1] | 32) == 120:
        return RANDOM
    return RANDOM if size >= 16 or changes >= 4 else 0


@compiled
def put_mark(out: Bytes, size: int, mark: int) -> int:
    """Appends a mark; one that only a separator parts from another becomes one with it."""
    if size >= 2:
        byte, before = out[size - 1], out[size - 2]
        joined = byte in (46, 45, 58, 44, 95)  # . - : , _
        if joined and before in (NUMBER, RANDOM):
            out[size - 2] = max(before, mark)
            return size - 1
    if size >= 1 and out[size - 1] in (NUMBER, RANDOM):
        out[size - 1] = max(out[size - 1], mark)
        return size
    out[size] = mark
    return size + 1


@compiled
def put_word(text: Bytes, start: int, end: int, out: Bytes, size: int) -> int:
    """Appends a word, folded."""
    mark = mark_of(text, start, end)
    if mark == 0 and end - start == 4 and size >= 2 and out[size - 1] == 45 and out[size - 2] == RANDOM:
        hexes = 0
        for place in range(start, end):
            hexes += hex_digit(int(text[place])) >= 0
        mark = RANDOM if hexes == 4 else 0  # a part of a UUID that happens to have no digit
    if mark:
        return put_mark(out, size, mark)
    place = start
    while place < end:
        byte = text[place]
        if 48 <= byte <= 57:
            size = put_mark(out, size, NUMBER)
            while place < end and 48 <= text[place] <= 57:
                place += 1
        else:
            out[size] = byte
            size += 1
            place += 1
    return size


@compiled
def folded(text: Bytes, length: int, how: int, out: Bytes) -> int:
    """Folds decoded bytes; how many bytes there are then."""
    place, size, limit = 0, 0, _KEPT[how]
    query = False
    while place < length:
        if size >= limit:
            out[size] = CUT
            return size + 1
        byte = int(text[place])
        if in_word(byte):
            end = place + 1
            while end < length and in_word(int(text[end])):
                end += 1
            size = put_word(text, place, min(end, place + limit + 1), out, size)
            place = end
            continue
        out[size] = byte
        size += 1
        place += 1
        query = query or byte == 63
        if how == PLAIN and query and byte == 61:
            start = place
            while place < length and text[place] != 38 and text[place] != 59:
                place += 1
            if place > start:
                out[size] = VALUE
                size += 1
    return size


@compiled
def _hash_all(
    data: Bytes, offsets: NDArray[np.int64], hows: Bytes, seed: np.uint64, found: Hashes, text: Bytes, out: Bytes
) -> None:
    for row in range(len(found)):
        how = int(hows[row])
        size = folded(text, read(data, offsets[row], offsets[row + 1], text), how, out)
        value = seed
        for place in range(size):
            value = (value ^ np.uint64(out[place])) * np.uint64(0x100000001B3)
            value ^= value >> np.uint64(29)
        value *= np.uint64(0xBF58476D1CE4E5B9)
        found[row] = value ^ (value >> np.uint64(32)) ^ np.uint64(how)


@compiled
def _fold(data: Bytes, start: int, end: int, how: int, text: Bytes, out: Bytes) -> int:
    return folded(text, read(data, start, end, text), how, out)


def fold_hashes(data: Bytes, offsets: NDArray[np.int64], hows: Bytes, seed: int) -> Hashes:
    """One hash a text, equal for texts that fold alike; `offsets` has one element more than there are texts.

    The seed is drawn anew for each job: nobody can write lines that collide with others.
    """
    found = np.empty(len(offsets) - 1, np.uint64)
    _hash_all(data, offsets, hows, np.uint64(seed), found, *_room())
    return found


def fold_text(data: Bytes, start: int, end: int, how: int) -> Bytes:
    """The folded bytes of one text."""
    text, out = _room()
    return out[: _fold(data, start, end, how, text, out)]


def _room() -> tuple[Bytes, Bytes]:
    return np.empty(SCRATCH, np.uint8), np.empty(2 * SCRATCH, np.uint8)
