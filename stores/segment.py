"""One run of consecutive lines of one source as Parquet files: its events, its rule hits, its notable lines."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.arrow import numbers
from core.event import (
    BODY_BYTES,
    EVENT_SCHEMA,
    FLAGS,
    HIT_SCHEMA,
    LEVEL,
    LINE,
    OFFSET,
    PROCESS,
    RAW,
    REASON,
    STATUS,
    STATUS_CODE,
    TIME,
    YEAR_SOURCE,
    ZONE_SOURCE,
)
from core.source import Accounting
from stores.disk import disk_faults
from stores.notable import Watched, notable_rows

ROW_GROUP = 131_072
NOTHING = Watched()

_ONCE = (RAW, OFFSET, REASON, FLAGS, ZONE_SOURCE, YEAR_SOURCE, LEVEL, PROCESS)
NOTABLE_SCHEMA = pa.schema([field for field in EVENT_SCHEMA if field.name not in _ONCE])
"""Columns of notable lines: what selectors and scans look at. The exact bytes are kept once."""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment as the registry knows it.

    It covers `lines` physical lines from `first_line` and `size` content bytes from `first_offset`. A `tail` holds
    only an unterminated last line and is replaced when its source grows. `hits` is the number of hit rows. `notable`
    lines are kept a second time for the selectors of the fingerprint `watched` ("" = they are not).
    """

    name: str
    source: int
    first_line: int
    lines: int
    first_offset: int
    size: int
    tail: bool
    accounting: Accounting
    first_seen: datetime | None
    last_seen: datetime | None
    hits: int
    notable: int = 0
    watched: str = ""


def events_file(name: str) -> str:
    """File name of a segment's events."""
    return f"{name}.events.parquet"


def hits_file(name: str) -> str:
    """File name of a segment's hits; a segment without hits has no such file."""
    return f"{name}.hits.parquet"


def notable_file(name: str) -> str:
    """File name of a segment's notable lines; a segment without any, or with too many, has no such file."""
    return f"{name}.notable.parquet"


def files_of(row: SegmentRow) -> tuple[str, ...]:
    """The files that make up the segment."""
    files = [events_file(row.name)]
    files += [hits_file(row.name)] * bool(row.hits)
    files += [notable_file(row.name)] * bool(row.notable)
    return tuple(files)


def all_files(name: str) -> tuple[str, ...]:
    """Every file that a segment of this name may have."""
    return events_file(name), hits_file(name), notable_file(name)


def write_segment(
    staging: Path,
    events: pa.Table,
    hits: pa.Table,
    *,
    source: int,
    first_line: int,
    first_offset: int,
    size: int,
    tail: bool,
    accounting: Accounting,
    first_seen: datetime | None,
    last_seen: datetime | None,
    watched: Watched = NOTHING,
) -> SegmentRow:
    """Writes its files into `staging`, where no reader looks; safe to call from several threads at once.

    `events` has the columns of `EVENT_SCHEMA`, of which nullable ones may be missing; `hits` those of `HIT_SCHEMA`.
    Raises `StorageError` when the disk refuses, and then leaves no file behind.
    """
    name = f"{source:06d}-{first_line:012d}-{token_hex(4)}"
    rows = None if tail else notable_rows(events, hits, watched)
    row = SegmentRow(
        name,
        source,
        first_line,
        events.num_rows,
        first_offset,
        size,
        tail,
        accounting,
        first_seen,
        last_seen,
        hits.num_rows,
        0 if rows is None else len(rows),
        "" if rows is None else watched.fingerprint,
    )
    try:
        with disk_faults(staging):
            _write(complete(events, EVENT_SCHEMA), staging / events_file(name))
            if hits.num_rows:
                _write(_few(complete(hits, HIT_SCHEMA)), staging / hits_file(name))
            if rows is not None and len(rows):
                _write(_notable(events, rows), staging / notable_file(name))
    except BaseException:
        for path in files_of(row):
            (staging / path).unlink(missing_ok=True)
        raise
    return row


_DICTIONARY = [field.name for field in EVENT_SCHEMA if pa.types.is_dictionary(field.type)] + [
    "rule.id",
    "akashi.type",
    STATUS_CODE,
]
_DELTA = dict.fromkeys((LINE, OFFSET, TIME, BODY_BYTES), "DELTA_BINARY_PACKED")

_PAGE = 65_536
"""Bytes of a page before packing: what is just encoded is still near the processor."""

_STATISTICS = [LINE, TIME, STATUS_CODE, STATUS]


def _write(table: pa.Table, path: Path) -> None:
    """Snappy takes half of zstd's time and a little more room; nothing is spent on columns in which nothing stands."""
    full = {
        name for name, column in zip(table.column_names, table.columns, strict=True) if column.null_count < len(table)
    }
    pq.write_table(
        table,
        path,
        row_group_size=ROW_GROUP,
        compression={name: "snappy" if name in full else "none" for name in table.column_names},
        use_dictionary=[name for name in _DICTIONARY if name in full],
        column_encoding={name: encoding for name, encoding in _DELTA.items() if name in full},
        write_statistics=[name for name in _STATISTICS if name in full],
        store_schema=False,
        data_page_size=_PAGE,
    )


def _notable(events: pa.Table, rows: NDArray[np.int64]) -> pa.Table:
    kept = [name for name in NOTABLE_SCHEMA.names if name in events.column_names]
    return _few(complete(events.select(kept).take(numbers(rows)), NOTABLE_SCHEMA))


def _few(table: pa.Table) -> pa.Table:
    """A few rows taken out of many, their texts written out: else each would bring along every text of the segment."""
    columns = [one.cast(one.type.value_type) if pa.types.is_dictionary(one.type) else one for one in table.columns]
    return pa.Table.from_arrays(columns, names=table.column_names)


def complete(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with exactly the columns and types of `schema`; missing nullable columns become null."""
    columns = [
        _typed(table.column(field.name), field.type)
        if field.name in table.column_names
        else _nulls(field, table.num_rows)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _typed(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return column if column.type == kind else column.cast(kind)


def _nulls(field: pa.Field, rows: int) -> pa.Array:
    if not field.nullable:
        raise ValueError(f"column {field.name} is missing")
    return pa.nulls(rows, field.type)
