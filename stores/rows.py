"""Single lines out of stored segments: a segment holds consecutive lines in order, so a line number is a row number."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.arrow import numbers
from core.errors import StorageError
from core.event import EVENT_SCHEMA
from stores.segment import SegmentRow, complete, events_file

THREADS = 2
"""Reading lets go of the interpreter lock: two files are unpacked at once."""

_DICTIONARIES = [field.name for field in EVENT_SCHEMA if pa.types.is_dictionary(field.type)]


def rows_at(
    folder: Path, segments: Sequence[SegmentRow], lines: Sequence[NDArray[np.int64]], columns: Sequence[str]
) -> list[pa.Table]:
    """For each segment its rows with these line numbers (sorted), with these columns of `EVENT_SCHEMA`."""

    def read(segment: SegmentRow, wanted: NDArray[np.int64]) -> pa.Table:
        return _rows(folder / events_file(segment.name), wanted - segment.first_line, columns)

    if len(segments) < THREADS:
        return [read(segment, wanted) for segment, wanted in zip(segments, lines, strict=True)]
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(read, segments, lines))


def _rows(path: Path, places: NDArray[np.int64], columns: Sequence[str]) -> pa.Table:
    schema = pa.schema([field for field in EVENT_SCHEMA if field.name in columns])
    dictionaries = [name for name in _DICTIONARIES if name in columns]
    try:
        with pq.ParquetFile(path, read_dictionary=dictionaries) as file:
            parts = list(_groups(file, places, schema.names))
    except FileNotFoundError as fault:
        raise StorageError("segment_missing", file=path.name) from fault
    except (OSError, pa.ArrowException) as fault:
        raise StorageError("segment_damaged", file=path.name) from fault
    return complete(pa.concat_tables(parts), schema)


def _groups(file: pq.ParquetFile, places: NDArray[np.int64], columns: list[str]) -> Iterator[pa.Table]:
    """The rows out of the row groups that hold any of them, one group unpacked at a time."""
    start = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        low, high = np.searchsorted(places, (start, start + rows))
        if low < high:
            table = file.read_row_group(group, columns=columns, use_threads=False)
            yield table.take(numbers(places[low:high] - start))
        start += rows
