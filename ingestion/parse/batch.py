"""From parsed columns to an Arrow table of events: distinct texts become dictionaries, spans become strings."""

import re
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import numbers, texts, validity
from core.event import TimeSource
from ingestion.parse.address import plain_addresses
from ingestion.parse.columns import Bytes, Columns, Ints, Texts
from ingestion.parse.dictionary import joined
from ingestion.parse.intern import gather
from ingestion.parse.kernel import NO_TIME
from ingestion.parse.message import canonical_ip, text
from ingestion.parse.values import SLOT_QUERY, SLOT_REQUEST, SLOT_URL

_HOST_NAME = re.compile(rb"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?\Z")


def _strings(data: Bytes, places: Ints, lengths: Ints, valid: NDArray[np.bool_] | None = None) -> pa.Array:
    """The texts as an Arrow string array; what is not UTF-8 appears as `\\xHH`."""
    count = len(places)
    out = np.empty(int(np.maximum(lengths, 0).sum()), np.uint8)
    offsets = np.empty(count + 1, np.int32)
    gather(data, np.ascontiguousarray(places), np.ascontiguousarray(lengths), count, out, offsets)
    mask = None if valid is None else validity(~valid)
    buffers = [mask, pa.py_buffer(offsets), pa.py_buffer(out)]
    if not len(out) or int(out.max()) < 128:
        return pa.Array.from_buffers(pa.string(), count, buffers)
    raw = pa.Array.from_buffers(pa.binary(), count, buffers)
    try:
        return raw.cast(pa.string())
    except pa.ArrowInvalid:
        return texts([None if v is None else text(v) for v in raw.to_pylist()])


def dictionary(data: Bytes, known: Texts) -> pa.DictionaryArray:
    """The slot's texts, dictionary encoded; null where a row has none."""
    values = _strings(data, known.places[: known.known], known.lengths[: known.known])
    return _encoded(known.codes, values)


def _encoded(codes: Ints, values: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(numbers(codes, codes < 0), values)


@lru_cache(maxsize=1 << 16)
def address(raw: bytes) -> str | None:
    """Canonical address, or the host name as logged in lower case; None for sockets, `-` and nonsense."""
    found = canonical_ip(raw)
    if found is not None:
        return found
    if not _HOST_NAME.match(raw) or not any(65 <= c <= 122 for c in raw):
        return None
    return raw.decode("ascii").lower()


def addresses(data: Bytes, known: Texts) -> pa.DictionaryArray:
    """`source.ip` from the client column: canonical text, null where the text is no address and no host name."""
    values = _strings(data, known.places[: known.known], known.lengths[: known.known])
    plain = np.empty(known.known, np.uint8)
    _, offsets, content = values.buffers()
    plain_addresses(np.frombuffer(content or b"", np.uint8), np.frombuffer(offsets, np.int32), plain)
    changed: dict[int, str | None] = {}
    for number in np.flatnonzero(plain == 0).tolist():
        raw = known.text(data, number)
        if (found := address(raw)) is None or found.encode() != raw:
            changed[number] = found
    return _corrected(known.codes, values, changed) if changed else _encoded(known.codes, values)


def _corrected(codes: Ints, values: pa.Array, changed: dict[int, str | None]) -> pa.DictionaryArray:
    """The codes of changed texts lead to their new value, or to null: few change, so none of the others is copied."""
    written = {number: found for number, found in changed.items() if found is not None}
    values, places = joined(values, texts(list(written.values())))
    new = np.arange(len(values) + 1, dtype=np.int32)
    new[list(changed)] = -1
    new[list(written)] = places.to_numpy()
    new[-1] = -1  # a row without a text
    return _encoded(new[codes], values)


def urls(data: Bytes, spans: Ints) -> pa.Array:
    """`url.original`: the target; else the whole request line (then there is no method); path and query joined."""
    start = spans[:, 2 * SLOT_URL].copy()
    size = spans[:, 2 * SLOT_URL + 1].copy()
    request = (size < 0) & (spans[:, 2 * SLOT_REQUEST + 1] >= 0)
    start[request] = spans[request, 2 * SLOT_REQUEST]
    size[request] = spans[request, 2 * SLOT_REQUEST + 1]
    start[size < 0] = 0
    found = _strings(data, start, size, size >= 0)
    queries = spans[:, 2 * SLOT_QUERY + 1] > 0
    return _with_queries(data, spans, found, queries) if queries.any() else found


def _with_queries(data: Bytes, spans: Ints, paths: pa.Array, queries: NDArray[np.bool_]) -> pa.Array:
    joined = paths.to_pylist()
    for row in np.flatnonzero(queries).tolist():
        start, size = spans[row, 2 * SLOT_QUERY], spans[row, 2 * SLOT_QUERY + 1]
        query = text(data[start : start + size].tobytes())
        joined[row] = f"{joined[row] or ''}?{query.removeprefix('?')}"
    return texts(joined)


def raw_lines(data: Bytes, columns: Columns) -> pa.Array:
    """`event.original`: every line's bytes without its LF."""
    sizes = columns.ends - columns.starts
    out = np.empty(int(sizes.sum()), np.uint8)
    offsets = np.empty(columns.rows + 1, np.int32)
    gather(data, columns.starts, sizes, columns.rows, out, offsets)
    return pa.Array.from_buffers(pa.binary(), columns.rows, [None, pa.py_buffer(offsets), pa.py_buffer(out)])


def times(values: NDArray[np.int64]) -> tuple[pa.Array, NDArray[np.uint8]]:
    """`@timestamp` and where its zone comes from (access logs write it)."""
    missing = values == NO_TIME
    source = np.where(missing, np.uint8(TimeSource.NONE), np.uint8(TimeSource.EXPLICIT)).astype(np.uint8)
    return numbers(values, missing).cast(pa.timestamp("us")), source
