"""All lines of a snapshot in bounded batches, for jobs that look at every one of them."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from core.errors import StorageError
from core.event import EVENT_SCHEMA
from stores.lake import Lake
from stores.rows import opened
from stores.segment import SegmentRow, complete, events_file

AHEAD = 2
"""Segments read while one is worked on."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of some lines. No line of a later batch has a time before `settled` (None: there is none with a time)."""

    table: pa.Table
    settled: datetime | None


def batches(lake: Lake, columns: Sequence[str]) -> Iterator[Batch]:
    """Every line of the snapshot in one batch, batches by their earliest time; columns of `EVENT_SCHEMA`.

    A batch has at most about 12 MiB of raw lines. Raises `StorageError` for a segment that is missing or damaged.
    """
    relation = lake._relation  # same room
    schema = pa.schema([field for field in EVENT_SCHEMA if field.name in columns])
    segments = sorted(relation.segments, key=_first)
    settled = _settled(segments)
    if tails := relation.tails(columns):
        yield Batch(tails, settled[0])
    with ThreadPoolExecutor(AHEAD) as threads:
        for table, since in zip(_ahead(threads, relation.folder, segments, schema), settled[1:], strict=True):
            yield Batch(table, since)


def _ahead(
    threads: ThreadPoolExecutor, folder: Path, segments: Sequence[SegmentRow], schema: pa.Schema
) -> Iterator[pa.Table]:
    waiting: list[Future[pa.Table]] = []
    for segment in segments:
        waiting.append(threads.submit(_read, folder, segment, schema))
        if len(waiting) > AHEAD:
            yield waiting.pop(0).result()
    for one in waiting:
        yield one.result()


def _read(folder: Path, segment: SegmentRow, schema: pa.Schema) -> pa.Table:
    with opened(folder / events_file(segment.name), schema) as file:
        try:
            return complete(file.read(columns=schema.names, use_threads=False), schema)
        except (OSError, pa.ArrowException) as fault:
            raise StorageError("segment_damaged", file=events_file(segment.name)) from fault


def _first(segment: SegmentRow) -> tuple[bool, datetime | None, int, int]:
    return (segment.first_seen is not None, segment.first_seen, segment.source, segment.first_line)


def _settled(segments: Sequence[SegmentRow]) -> list[datetime | None]:
    """The earliest time from each segment on, and behind the last."""
    found: list[datetime | None] = [None]
    for segment in reversed(segments):
        known = [time for time in (segment.first_seen, found[-1]) if time is not None]
        found.append(min(known, default=None))
    return found[::-1]
