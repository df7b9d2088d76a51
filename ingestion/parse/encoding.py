"""Compiled check of one line's encoding."""

import numpy as np
from numpy.typing import NDArray

from core.event import Flag
from detection.compiled import compiled

CONTROL_BYTES = int(Flag.CONTROL_BYTES)
INVALID_UTF8 = int(Flag.INVALID_UTF8)


@compiled
def utf8_flags(data: NDArray[np.uint8], at: int, end: int) -> int:
    """INVALID_UTF8 unless `data[at:end]` is well-formed (RFC 3629, table 3-7 of Unicode), CONTROL_BYTES for C1."""
    flags = 0
    i = at
    while i < end:
        lead = int(data[i])
        i += 1
        if lead < 0x80:
            continue
        low, high = 0x80, 0xBF
        if 0xC2 <= lead <= 0xDF:
            more = 1
        elif 0xE0 <= lead <= 0xEF:
            more = 2
            if lead == 0xE0:
                low = 0xA0
            elif lead == 0xED:
                high = 0x9F
        elif 0xF0 <= lead <= 0xF4:
            more = 3
            if lead == 0xF0:
                low = 0x90
            elif lead == 0xF4:
                high = 0x8F
        else:
            return flags | INVALID_UTF8
        if lead == 0xC2 and i < end and data[i] <= 0x9F:
            flags |= CONTROL_BYTES
        for _ in range(more):
            if i >= end or data[i] < low or data[i] > high:
                return flags | INVALID_UTF8
            low, high = 0x80, 0xBF
            i += 1
    return flags
