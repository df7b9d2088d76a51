"""Compiled readers of the values in an access line: request line, status code, byte count; and where spans are kept."""

import numpy as np
from numpy.typing import NDArray

from detection.compiled import compiled
from detection.index import U
from ingestion.parse.instants import two

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]

# Text spans kept for every row, in this order: start at `2 * slot`, length at `2 * slot + 1`; length -1 means absent.
SLOT_HOST, SLOT_USER, SLOT_METHOD, SLOT_URL, SLOT_REFERRER, SLOT_AGENT, SLOT_DOMAIN, SLOT_REQUEST, SLOT_QUERY = range(9)
SLOT_OTHER = 9
MAX_OTHERS = 4
SLOTS = SLOT_OTHER + MAX_OTHERS


@compiled
def put_span(spans: Ints, row: int, slot: int, start: int, end: int) -> None:
    """Note that the text of `slot` is `start:end` of the block."""
    spans[row, 2 * slot] = start
    spans[row, 2 * slot + 1] = end - start


@compiled
def split_request(data: Bytes, start: int, end: int, spans: Ints, row: int) -> None:
    """METHOD SP TARGET [SP HTTP/x]: method ends at the first space, the protocol starts behind the last one."""
    m = start
    for i in range(U(start), U(end)):
        c = data[i]
        if not (65 <= c <= 90 or c == 95 or c == 45):
            break
        m += 1
    if m == start or m >= end or data[m] != 32 or m - start > 32:
        put_span(spans, row, SLOT_REQUEST, start, end)
        return
    p = end - 1
    while p > m and data[p] != 32:
        p -= 1
    proto = p + 5 < end and data[p + 1] == 72 and data[p + 2] == 84 and data[p + 3] == 84 and data[p + 4] == 80
    stop = p if p > m and proto and data[p + 5] == 47 else end
    if stop <= m + 1:
        put_span(spans, row, SLOT_REQUEST, start, end)
        return
    put_span(spans, row, SLOT_METHOD, start, m)
    put_span(spans, row, SLOT_URL, m + 1, stop)


@compiled
def status_code(data: Bytes, start: int, end: int) -> int:
    """Three digits; `-` and `000` are 0 (none); -1 otherwise."""
    if end - start == 1 and data[start] == 45:
        return 0
    if end - start != 3:
        return -1
    high = int(data[start]) - 48
    low = two(data, start + 1)
    if high < 0 or high > 9 or low < 0:
        return -1
    return high * 100 + low


@compiled
def byte_count(data: Bytes, start: int, end: int) -> int:
    """Decimal number; `-` is NO_BYTES (-1); -2 otherwise."""
    if end - start == 1 and data[start] == 45:
        return -1
    if start >= end or end - start > 18:
        return -2
    value = 0
    for i in range(start, end):
        c = int(data[i]) - 48
        if c < 0 or c > 9:
            return -2
        value = value * 10 + c
    return value
