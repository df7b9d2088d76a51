"""One run of consecutive lines of one source as two Parquet files: its events and its rule hits."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

import pyarrow as pa
import pyarrow.parquet as pq

from core.event import (
    BODY_BYTES,
    EVENT_SCHEMA,
    HIT_SCHEMA,
    LINE,
    OFFSET,
    RAW,
    STATUS,
    STATUS_CODE,
    TIME,
    URL,
)
from core.source import Accounting
from stores.disk import disk_faults

ROW_GROUP = 131_072


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment as the registry knows it.

    It covers `lines` physical lines from `first_line` and `size` content bytes from `first_offset`. A `tail` holds
    only an unterminated last line and is replaced when its source grows. `hits` is the number of hit rows.
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


def events_file(name: str) -> str:
    """File name of a segment's events."""
    return f"{name}.events.parquet"


def hits_file(name: str) -> str:
    """File name of a segment's hits; a segment without hits has no such file."""
    return f"{name}.hits.parquet"


def files_of(row: SegmentRow) -> tuple[str, ...]:
    """The files that make up the segment."""
    return (events_file(row.name), hits_file(row.name)) if row.hits else (events_file(row.name),)


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
) -> SegmentRow:
    """Writes both files into `staging`, where no reader looks; safe to call from several threads at once.

    `events` has the columns of `EVENT_SCHEMA`, of which nullable ones may be missing; `hits` those of `HIT_SCHEMA`.
    Raises `StorageError` when the disk refuses, and then leaves neither file behind.
    """
    name = f"{source:06d}-{first_line:012d}-{token_hex(4)}"
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
    )
    try:
        with disk_faults(staging):
            _write(events, EVENT_SCHEMA, staging / events_file(name))
            if hits.num_rows:
                _write(hits, HIT_SCHEMA, staging / hits_file(name))
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
_BULK = (RAW, URL)
"""Nearly all bytes are in these two: LZ4 packs them in half of zstd's time, into one and a half times its room."""

_STATISTICS = [LINE, TIME, STATUS_CODE, STATUS]


def _write(table: pa.Table, schema: pa.Schema, path: Path) -> None:
    names = set(schema.names)
    pq.write_table(
        complete(table, schema),
        path,
        row_group_size=ROW_GROUP,
        compression={name: "snappy" if name in _BULK else "zstd" for name in schema.names},
        compression_level={name: 1 for name in schema.names if name not in _BULK},
        use_dictionary=[name for name in _DICTIONARY if name in names],
        column_encoding={name: encoding for name, encoding in _DELTA.items() if name in names},
        write_statistics=[name for name in _STATISTICS if name in names],
        store_schema=False,
        data_page_size=65_536,
    )


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
