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
def _zeros(value: np.uint64) -> np.uint64:
    """A bit for the first of the eight bytes that is zero, nothing when none is (bits above the first may be wrong)."""
    return (value - _LOW) & ~value & _HIGH


@compiled
def _first(bits: np.uint64) -> np.uint64:
    """Which byte the lowest of `bits` stands in: the low bits of the bytes up to it, added up by one product."""
    return (((bits - ONE) & _LOW) * _LOW >> U(56)) - ONE


@compiled
def find_byte(data: Bytes, at: int, end: int, byte: int) -> int:
    """First place of `byte` in `data[at:end]`, or `end`."""
    i = U(at)
    last = U(end)
    pattern = U(byte) * _LOW
    while i + WORD <= last:
        found = _zeros(word(data, i) ^ pattern)
        if found:
            return signed(i + _first(found))
        i += WORD
    while i < last and data[i] != byte:
        i += ONE
    return signed(i)


@compiled
def find_quote(data: Bytes, at: int, end: int) -> int:
    """Place of the quote that closes a field opened before `at`; a backslash escapes the next byte. -1: none."""
    i = U(at)
    last = U(end)
    while i + WORD <= last:
        w = word(data, i)
        found = _zeros(w ^ _QUOTES) | _zeros(w ^ _SLASHES)
        if found:
            i += _first(found)
            if data[i] == 34:
                return signed(i)
            i += ONE + ONE
        else:
            i += WORD
    while i < last:
        c = data[i]
        if c == 34:
            return signed(i)
        if c == 92:
            i += ONE
        i += ONE
    return -1
