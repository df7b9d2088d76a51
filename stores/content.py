"""The bytes of a source, put together again from its stored lines."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import StorageError
from core.event import RAW
from stores.segment import SegmentRow, events_file

_BATCH = 8192


def content_of(folder: Path, segments: Sequence[SegmentRow]) -> Iterator[bytes]:
    """Content bytes of consecutive segments, in pieces; exact unless a line was longer than the line budget."""
    for segment in segments:
        yield from _segment_content(folder / events_file(segment.name), segment.size)


def _segment_content(path: Path, size: int) -> Iterator[bytes]:
    left = size
    for lines in _raw_batches(path):
        piece = joined(lines)
        if len(piece) == left + 1:  # the last line of the content has no LF
            piece = piece[:-1]
        left -= len(piece)
        yield piece


def _raw_batches(path: Path) -> Iterator[pa.Array]:
    try:
        with pq.ParquetFile(path, memory_map=False) as file:
            for batch in file.iter_batches(batch_size=_BATCH, columns=[RAW], use_threads=False):
                yield batch.column(0)
    except (OSError, pa.ArrowException) as fault:
        raise StorageError("segment_damaged", file=path.name) from fault


def joined(lines: pa.Array) -> bytes:
    """The lines with an LF behind each, as one piece."""
    found = lines.to_pylist()
    return b"\n".join(found) + b"\n" if found else b""
