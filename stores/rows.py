"""Single lines out of stored segments: a segment holds consecutive lines in order, so a line number is a row number."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.arrow import codes, integers, numbers, values
from core.errors import StorageError
from core.event import EVENT_SCHEMA, LINE, SOURCE
from stores.segment import NOTABLE_SCHEMA, SegmentRow, complete, events_file, notable_file

THREADS = 2
"""Reading lets go of the interpreter lock: two files are unpacked at once."""

Ints = NDArray[np.int64]

_DICTIONARIES = [field.name for field in EVENT_SCHEMA if pa.types.is_dictionary(field.type)]


def rows_at(
    folder: Path, segments: Sequence[SegmentRow], lines: Sequence[Ints], columns: Sequence[str]
) -> list[pa.Table]:
    """The rows of each segment with these line numbers (sorted), with these columns of `EVENT_SCHEMA`, in no order."""
    schema = pa.schema([field for field in EVENT_SCHEMA if field.name in columns])

    def read(segment: SegmentRow, wanted: Ints) -> list[pa.Table]:
        return list(_segment_rows(folder, segment, wanted, schema))

    if len(segments) < THREADS:
        parts = [read(segment, wanted) for segment, wanted in zip(segments, lines, strict=True)]
    else:
        with ThreadPoolExecutor(THREADS) as threads:
            parts = list(threads.map(read, segments, lines))
    return [table for part in parts for table in part]


def _segment_rows(folder: Path, segment: SegmentRow, wanted: Ints, schema: pa.Schema) -> Iterator[pa.Table]:
    """Notable lines out of their small file where that has the columns, the others out of all lines."""
    if segment.notable and set(schema.names) <= set(NOTABLE_SCHEMA.names):
        with opened(folder / notable_file(segment.name), schema) as file:
            lines = values(file.read(columns=[LINE], use_threads=False).column(0))
            places, known = _places(lines, wanted)
            if len(places):
                table = file.read(columns=schema.names, use_threads=False)
                yield complete(table.take(numbers(places)), schema)
        wanted = wanted[~known]
    if len(wanted):
        with opened(folder / events_file(segment.name), schema) as file:
            yield from _from_groups(file, wanted - segment.first_line, schema)


def _places(lines: NDArray[np.generic], wanted: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Where the wanted lines stand among the sorted `lines`, and which of them do."""
    places = np.searchsorted(lines, wanted)
    known = places < len(lines)
    known[known] = lines[places[known]] == wanted[known]
    return places[known], known


def _from_groups(file: pq.ParquetFile, places: Ints, schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows out of the row groups that hold any of them, one group unpacked at a time."""
    start = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        low, high = np.searchsorted(places, (start, start + rows))
        if low < high:
            table = file.read_row_group(group, columns=schema.names, use_threads=False)
            yield complete(table.take(numbers(places[low:high] - start)), schema)
        start += rows


@contextmanager
def opened(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetFile]:
    """A file of a segment, texts to be read as dictionaries; `StorageError` when it is missing or damaged."""
    try:
        with pq.ParquetFile(path, read_dictionary=[name for name in _DICTIONARIES if name in schema.names]) as file:
            yield file
    except FileNotFoundError as fault:
        raise StorageError("segment_missing", file=path.name) from fault
    except (OSError, pa.ArrowException) as fault:
        raise StorageError("segment_damaged", file=path.name) from fault


def hits_in_order(hits: pa.Table) -> pa.Table:
    """Hits by source, line, rule and field; sorted here, because a sort in the engine needs more than it may have."""
    if not hits.num_rows:
        return hits
    rules = hits.column("rule.id").unify_dictionaries().combine_chunks()
    names = np.array(rules.dictionary.to_pylist())
    rank = np.empty(len(names), np.int64)
    rank[np.argsort(names)] = np.arange(len(names))
    within = rank[codes(rules)] << 8 | integers(hits.column("akashi.field"))
    order = np.lexsort((within, integers(hits.column(LINE)), integers(hits.column(SOURCE))))
    return hits.take(numbers(order))
