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


def values(column: pa.ChunkedArray) -> NDArray[np.generic]:
    """A number column without nulls as a NumPy array (a copy)."""
    kind = column.type.to_pandas_dtype()
    parts = [
        np.frombuffer(chunk.buffers()[1], kind)[chunk.offset : chunk.offset + len(chunk)]
        for chunk in column.chunks
        if len(chunk)
    ]
    return np.concatenate(parts) if parts else np.empty(0, kind)
