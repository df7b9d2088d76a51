"""Chunks, texts and shapes as the tables that the store keeps."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import numbers, texts, validity
from ingestion.chunk.lines import NO_TIME, NOBODY
from ingestion.chunk.shapes import Shapes
from ingestion.chunk.windows import Chunks, Listed
from stores.chunk_files import CHUNK_SCHEMA, SHAPE_SCHEMA, TEXT_SCHEMA

_SLICE = 200_000


def chunk_rows(chunks: Chunks, shapes: NDArray[np.int32]) -> pa.Table:
    """CHUNK_SCHEMA rows."""
    columns = [
        _binary(chunks.ids),
        numbers(shapes),
        _times(chunks.since),
        numbers(chunks.ips, chunks.ips == NOBODY),
        _times(chunks.first),
        _times(chunks.last),
        numbers(np.diff(chunks.starts)),
        numbers(chunks.types),
        numbers(chunks.kinds),
        _lists(chunks.templates.starts, chunks.templates.codes),
        _lists(chunks.templates.starts, chunks.templates.counts),
        numbers(chunks.templates.total),
        _names(chunks.agents),
        _names(chunks.users),
        _lists(chunks.starts, chunks.keys),
    ]
    return pa.Table.from_arrays(columns, schema=CHUNK_SCHEMA)


def text_rows(words: Sequence[str]) -> Iterator[pa.Table]:
    """TEXT_SCHEMA rows, a bounded number at a time."""
    for start in range(0, len(words), _SLICE):
        yield pa.Table.from_arrays([texts(words[start : start + _SLICE])], schema=TEXT_SCHEMA)


def shape_rows(shapes: Shapes) -> Iterator[pa.Table]:
    """SHAPE_SCHEMA rows, a bounded number at a time."""
    for start in range(0, len(shapes.ids), _SLICE):
        chosen = slice(start, start + _SLICE)
        ids = np.frombuffer(b"".join(shapes.ids[chosen]), np.uint8)
        yield pa.Table.from_arrays([_binary(ids.reshape(-1, 16)), texts(shapes.texts[chosen])], schema=SHAPE_SCHEMA)


def _binary(ids: NDArray[np.uint8]) -> pa.Array:
    return pa.Array.from_buffers(pa.binary(16), len(ids), [None, pa.py_buffer(np.ascontiguousarray(ids))])


def _times(times: NDArray[np.int64]) -> pa.Array:
    content = pa.py_buffer(np.ascontiguousarray(times))
    return pa.Array.from_buffers(pa.timestamp("us"), len(times), [validity(times == NO_TIME), content])


def _names(listed: Listed) -> pa.Array:
    return _lists(listed.starts, listed.codes)


def _lists(starts: NDArray[np.int64], found: NDArray[np.generic]) -> pa.Array:
    return pa.ListArray.from_arrays(numbers(starts.astype(np.int32)), numbers(found))
