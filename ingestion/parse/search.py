"""Compiled searches that look at eight bytes at a time."""

import numpy as np
from numpy.typing import NDArray

from detection.compiled import compiled
from detection.index import ONE, WORD, U, signed, word

Bytes = NDArray[np.uint8]

_LOW = U(0x0101010101010101)
_HIGH = U(0x8080808080808080)
_QUOTES = U(0x2222222222222222)
_SLASHES = U(0x5C5C5C5C5C5C5C5C)


@compiled
def _has_zero(value: np.uint64) -> bool:
    """Whether any of the eight bytes is zero (the classic carry trick; it may also say yes for a 0x80 above a zero)."""
    return bool(((value - _LOW) & ~value & _HIGH) != U(0))


@compiled
def find_byte(data: Bytes, at: int, end: int, byte: int) -> int:
    """First place of `byte` in `data[at:end]`, or `end`."""
    i = U(at)
    last = U(end)
    pattern = U(byte) * _LOW
    while i + WORD <= last and not _has_zero(word(data, i) ^ pattern):
        i += WORD
    while i < last and data[i] != byte:
        i += ONE
    return signed(i)


@compiled
def find_quote(data: Bytes, at: int, end: int) -> int:
    """Place of the quote that closes a field opened before `at`; a backslash escapes the next byte. -1: none."""
    i = U(at)
    last = U(end)
    while i < last:
        while i + WORD <= last:
            w = word(data, i)
            if _has_zero(w ^ _QUOTES) or _has_zero(w ^ _SLASHES):
                break
            i += WORD
        stop = min(i + WORD, last)
        while i < stop:
            c = data[i]
            if c == 34:
                return signed(i)
            if c == 92:
                i += ONE
            i += ONE
    return -1
