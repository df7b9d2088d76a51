"""Compiled check of addresses: nearly all stand in canonical text already, and need not be read and written again."""

import numpy as np
from numpy.typing import NDArray

from detection.compiled import compiled
from detection.index import ONE, U

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]

DOT, COLON, ZERO = 46, 58, 48


@compiled
def _is_plain_v4(data: Bytes, start: int, end: int) -> bool:
    """Dotted decimal without leading zeros."""
    at = U(start)
    dots = 0
    digits = 0
    value = 0
    while at < U(end):
        c = data[at]
        at += ONE
        if c == DOT:
            if digits == 0:
                return False
            dots += 1
            digits = 0
            value = 0
        elif 48 <= c <= 57:
            if digits > 0 and value == 0:
                return False
            value = value * 10 + int(c) - ZERO
            digits += 1
            if value > 255:
                return False
        else:
            return False
    return dots == 3 and digits > 0


@compiled
def _is_plain_v6(data: Bytes, start: int, end: int) -> bool:
    """As RFC 5952 (4.1 to 4.3) writes it; of addresses that begin with a colon nothing is said (some are IPv4)."""
    at = U(start)
    last = U(end)
    groups = 0
    gap = -1
    zeros = 0
    longest = 0
    while at < last:
        digits = 0
        first = data[at]
        while at < last and digits < 5 and (48 <= data[at] <= 57 or 97 <= data[at] <= 102):
            at += ONE
            digits += 1
        if digits == 0 or digits > 4 or (first == ZERO and digits > 1):
            return False
        zero = first == ZERO
        if zero and gap == groups:
            return False  # a zero beside the gap belongs to it
        zeros = zeros + 1 if zero else 0
        longest = max(longest, zeros)
        groups += 1
        if at == last:
            break
        if data[at] != COLON:
            return False
        at += ONE
        if at < last and data[at] == COLON:
            if gap >= 0 or zero:
                return False
            gap = groups
            at += ONE
        elif at == last:
            return False
    if gap < 0:
        return groups == 8 and longest < 2
    return 8 - groups >= 2 and longest < 8 - groups


@compiled
def plain_addresses(data: Bytes, offsets: Ints, plain: Bytes) -> None:
    """Set `plain[k]` to 1 where text k is an address in canonical text, to 0 where it is none or may be another one.

    The texts stand one behind the other; text k is `data[offsets[k]:offsets[k + 1]]`.
    """
    for k in range(len(plain)):
        start = offsets[k]
        end = offsets[k + 1]
        if 7 <= end - start <= 15 and _is_plain_v4(data, start, end):
            plain[k] = 1
        else:
            plain[k] = 1 if end - start <= 39 and _is_plain_v6(data, start, end) else 0
