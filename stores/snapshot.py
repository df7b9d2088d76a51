"""Taking a snapshot: the registry's list, the engine on its files, and the short-lived rows in memory."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.arrow import empty
from core.errors import StorageError
from core.event import EVENT_SCHEMA, HIT_SCHEMA
from stores.engine import Engine
from stores.registry import Registry, Snapshot
from stores.relation import EVENTS, HITS, Relation
from stores.segment import complete, events_file, hits_file


def load(folder: Path) -> Relation:
    """A snapshot of the case whose segment files are in `folder`.

    Tail segments are the only files that ever go away while the case lives, so their few rows are taken into memory
    here; a writer that drops one in this very moment makes us look again, once.
    """
    try:
        return _load(folder)
    except FileNotFoundError:
        try:
            return _load(folder)
        except FileNotFoundError as fault:
            raise StorageError("segment_missing", file=Path(str(fault.filename)).name) from fault


def _load(folder: Path) -> Relation:
    registry = Registry.open(folder.parent)
    try:
        snapshot = registry.snapshot()
    finally:
        registry.close()
    tails = [segment for segment in snapshot.segments if segment.tail]
    events = _read([folder / events_file(row.name) for row in tails], EVENT_SCHEMA)
    hits = _read([folder / hits_file(row.name) for row in tails if row.hits], HIT_SCHEMA)
    engine = Engine(folder)
    engine.keep(EVENTS, events)
    engine.keep(HITS, hits)
    return Relation(folder, snapshot, engine)


def _read(paths: Sequence[Path], schema: pa.Schema) -> pa.Table:
    tables = [complete(pq.ParquetFile(path).read(), schema) for path in paths]
    return pa.concat_tables([empty(schema), *tables])


def written_files(snapshot: Snapshot, folder: Path) -> tuple[str, ...]:
    """Name, size and time of the files of all segments: files that somebody has touched are other files."""
    found = []
    for segment in snapshot.segments:
        for name in (events_file(segment.name), hits_file(segment.name)):
            with suppress(FileNotFoundError):
                about = (folder / name).stat()
                found.append(f"{name} {about.st_size} {about.st_mtime_ns}")
    return tuple(found)
