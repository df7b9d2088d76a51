"""Compiled writer of scan records: every field once raw and, where it differs, once decoded."""

import numpy as np
from numpy.typing import NDArray

from core.field import Field
from detection.compiled import compiled
from detection.decode import decode_into
from detection.index import U
from ingestion.parse.search import find_byte
from ingestion.parse.values import SLOT_METHOD, SLOT_QUERY, SLOT_REQUEST, SLOT_URL

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

_METHOD = int(Field.METHOD)
_PATH = int(Field.PATH)
_QUERY = int(Field.QUERY)
_REQUEST = int(Field.REQUEST)


@compiled
def emit_text(
    data: Bytes,
    start: int,
    stop: int,
    field: int,
    row: int,
    out: Bytes,
    ends: Longs,
    rows: Ints,
    fields: Bytes,
    state: Longs,
    scratch: Bytes,
) -> None:
    """Append `data[start:stop]` raw and decoded; `state` is (bytes written, records written)."""
    o = state[0]
    n = state[1]
    shift = U(o) - U(start)
    special = np.uint8(0)
    plus = np.uint8(43) if field == _QUERY else np.uint8(37)
    for i in range(U(start), U(stop)):  # a field is inside one line: it holds no LF
        c = data[i]
        out[i + shift] = c
        special |= np.uint8(c == 37) | np.uint8(c == 92) | np.uint8(c == 38) | np.uint8(c >= 192) | np.uint8(c == plus)
    o += stop - start
    out[o] = 10
    o += 1
    ends[n] = o
    rows[n] = row
    fields[n] = field
    n += 1
    if special:  # what `needs_decoding` asks, in the same pass
        size = decode_into(data, start, stop, field, out, o, scratch)
        if size >= 0:
            o += size
            out[o] = 10
            o += 1
            ends[n] = o
            rows[n] = row
            fields[n] = field
            n += 1
    state[0] = o
    state[1] = n


@compiled
def emit_requests(
    data: Bytes,
    spans: Ints,
    methods: Bytes,
    plain: int,
    picked: Ints,
    out: Bytes,
    ends: Longs,
    rows: Ints,
    fields: Bytes,
    state: Longs,
    scratch: Bytes,
) -> None:
    """Append path, query, malformed request line and unusual method (code >= `plain`) of the picked rows."""
    for k in range(len(picked)):
        row = picked[k]
        size = spans[row, 2 * SLOT_URL + 1]
        if size >= 0:
            start = spans[row, 2 * SLOT_URL]
            stop = start + size
            cut = find_byte(data, start, stop, 63)
            emit_text(data, start, cut, _PATH, row, out, ends, rows, fields, state, scratch)
            if cut + 1 < stop:
                emit_text(data, cut + 1, stop, _QUERY, row, out, ends, rows, fields, state, scratch)
        size = spans[row, 2 * SLOT_QUERY + 1]
        if size > 0:
            start = spans[row, 2 * SLOT_QUERY]
            if data[start] == 63:
                start += 1
                size -= 1
            emit_text(data, start, start + size, _QUERY, row, out, ends, rows, fields, state, scratch)
        size = spans[row, 2 * SLOT_REQUEST + 1]
        if size >= 0:
            start = spans[row, 2 * SLOT_REQUEST]
            emit_text(data, start, start + size, _REQUEST, row, out, ends, rows, fields, state, scratch)
        if methods[row] >= plain and spans[row, 2 * SLOT_METHOD + 1] > 0:
            start = spans[row, 2 * SLOT_METHOD]
            stop = start + spans[row, 2 * SLOT_METHOD + 1]
            emit_text(data, start, stop, _METHOD, row, out, ends, rows, fields, state, scratch)


@compiled
def emit_texts(
    data: Bytes,
    places: Ints,
    lengths: Ints,
    count: int,
    field: int,
    out: Bytes,
    ends: Longs,
    rows: Ints,
    fields: Bytes,
    state: Longs,
    scratch: Bytes,
) -> None:
    """Append `count` distinct texts as records of one field; the record's row is the number of the text."""
    for k in range(count):
        start = places[k]
        emit_text(data, start, start + lengths[k], field, k, out, ends, rows, fields, state, scratch)
