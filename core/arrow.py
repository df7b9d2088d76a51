"""Arrow arrays straight from their buffers.

`pyarrow.array` imports pandas to see whether it was given a pandas object: a third of a second at every start. These
functions say what they are given.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def numbers(values: NDArray[np.generic], absent: NDArray[np.bool_] | None = None) -> pa.Array:
    """A number column of the array's own type, null where `absent`; the memory is shared, not copied."""
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [validity(absent), pa.py_buffer(np.ascontiguousarray(values))])


def texts(values: Sequence[str | None]) -> pa.Array:
    """A string column."""
    return _variable(pa.string(), [None if value is None else value.encode() for value in values])


def blobs(values: Sequence[bytes | None]) -> pa.Array:
    """A binary column."""
    return _variable(pa.binary(), values)


def _variable(kind: pa.DataType, values: Sequence[bytes | None]) -> pa.Array:
    sizes = np.array([0 if value is None else len(value) for value in values], np.int64)
    offsets = np.zeros(len(values) + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    absent = np.array([value is None for value in values], np.bool_)
    data = pa.py_buffer(b"".join(value for value in values if value is not None))
    return pa.Array.from_buffers(kind, len(values), [validity(absent), pa.py_buffer(offsets), data])


def validity(absent: NDArray[np.bool_] | None) -> pa.Buffer | None:
    """The bitmap of an Arrow array; None when nothing is absent."""
    if absent is None or not absent.any():
        return None
    return pa.py_buffer(np.packbits(~absent, bitorder="little"))


def codes(column: pa.DictionaryArray) -> NDArray[np.int32]:
    """Places in the dictionary, -1 where null (a copy)."""
    return values(pa.chunked_array([column.indices]), -1).astype(np.int32, copy=False)


def values(column: pa.ChunkedArray, missing: int | None = None) -> NDArray[np.generic]:
    """A number column as a NumPy array (a copy), `missing` where it is null (else what stands there is not defined)."""
    kind = _plain(column.type).to_pandas_dtype()
    parts = [_chunk(chunk, kind, missing) for chunk in column.chunks if len(chunk)]
    return np.concatenate(parts) if parts else np.empty(0, kind)


def integers(column: pa.ChunkedArray, missing: int = 0) -> NDArray[np.int64]:
    """Whole numbers (or microseconds of a time) as 64-bit integers, `missing` where the column is null."""
    return values(column.cast(pa.int64()), missing).astype(np.int64, copy=False)


def masked(chosen: NDArray[np.bool_]) -> pa.Array:
    """A bool column, for `filter`."""
    bits = pa.py_buffer(np.packbits(chosen, bitorder="little"))
    return pa.Array.from_buffers(pa.bool_(), len(chosen), [None, bits])


def empty(schema: pa.Schema) -> pa.Table:
    """No rows."""
    return pa.Table.from_arrays([pa.nulls(0, field.type) for field in schema], schema=schema)


def _chunk(chunk: pa.Array, kind: type[np.generic], missing: int | None) -> NDArray[np.generic]:
    found = np.frombuffer(chunk.buffers()[1], kind)[chunk.offset : chunk.offset + len(chunk)]
    if missing is None or not chunk.null_count:
        return found
    valid = np.unpackbits(np.frombuffer(chunk.buffers()[0], np.uint8), bitorder="little")
    return np.where(valid[chunk.offset : chunk.offset + len(chunk)] == 0, np.asarray(missing, kind), found)


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.int64() if pa.types.is_timestamp(kind) else kind
