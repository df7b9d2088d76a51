"""Which texts of an Arrow array hold a part, found in the array's own bytes: how the second count looks for words."""

from bisect import bisect_right
from collections.abc import Collection

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

_MANY = 8
"""Where more than one text in so many holds the part, asking each text by itself is quicker than jumping to finds."""


def needles_of(parts: Collection[str]) -> tuple[bytes, ...]:
    """The parts as bytes in lower case (ASCII letters only); a part with a lone surrogate is in no stored text."""
    known = [part for part in parts if not any("\ud800" <= character <= "\udfff" for character in part)]
    return tuple(dict.fromkeys(part.encode().lower() for part in known))


def holding(texts: pa.Array, needles: Collection[bytes]) -> Mask:
    """Which rows of a string or binary array hold one of the needles, ASCII letters in either case; a null holds none.

    Folding bytes is exact for UTF-8: no byte of a longer character is an ASCII letter.
    """
    rows = len(texts)
    found = np.zeros(rows, np.bool_)
    if not rows:
        return found
    valid, offsets, content = texts.buffers()
    starts = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + rows + 1].astype(np.int64)
    data = bytes(memoryview(content)[int(starts[0]) : int(starts[-1])]).lower() if content is not None else b""
    starts -= starts[0]
    for needle in needles:
        _mark(found, data, starts.tolist(), needle)
    if valid is not None and texts.null_count:
        bits = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")
        found &= bits[texts.offset : texts.offset + rows].astype(np.bool_)
    return found


def _mark(found: Mask, data: bytes, starts: list[int], needle: bytes) -> None:
    """Jump from find to find; a find that crosses the end of its row is none."""
    if not needle:
        found[:] = True
        return
    left = len(found) // _MANY + 1
    place = data.find(needle)
    while place >= 0:
        row = bisect_right(starts, place) - 1
        within = place + len(needle) <= starts[row + 1]
        found[row] |= within
        place = data.find(needle, starts[row + 1] if within else place + 1)
        left -= 1
        if not left:
            _mark_rest(found, data, starts, needle, row)
            return


def _mark_rest(found: Mask, data: bytes, starts: list[int], needle: bytes, first: int) -> None:
    for row in range(first, len(found)):
        if not found[row] and data.find(needle, starts[row], starts[row + 1]) >= 0:
            found[row] = True
