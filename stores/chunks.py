"""The chunks of a case as of one whole state: found by address, time and type, fetched by id."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import integers
from core.chunk import Chunk
from core.errors import InputError, StorageError
from core.event import IP
from core.key import split_keys
from core.line import LineRef, SourceId
from core.taxonomy import AttackType
from stores.chunk_columns import ANY, Columns, Ids, Picked, id_numbers, id_texts, parsed_ids
from stores.chunk_files import (
    AGENTS,
    CHUNK_SCHEMA,
    COUNTS,
    FIRST,
    FOLDED,
    FOLDER,
    ID,
    KINDS,
    LAST,
    LINES,
    REFS,
    SHAPE,
    SHAPE_SCHEMA,
    SINCE,
    TEMPLATES,
    TEXT,
    TEXT_SCHEMA,
    TYPES,
    USERS,
    Built,
    Manifest,
    read_manifest,
)
from stores.chunk_rows import Rows
from stores.chunk_text import Content, chunk_text
from stores.closing import Closing

__all__ = ["ANY", "ChunkStore", "Picked"]

Places = NDArray[np.int64]


class ChunkStore(Closing):
    """One whole state, held while it is open, whatever a writer does meanwhile; `built` None: there are no chunks yet.

    Chunks are in order of their windows, those without a time last. Opening raises `StorageError("chunks_damaged")`
    when files are missing, cut short or unreadable; so may any later call.
    """

    def __init__(self, folder: Path, manifest: Manifest | None) -> None:
        self.built: Built | None = manifest.built if manifest else None
        self._chunks = Rows(folder, manifest.parts if manifest else (), CHUNK_SCHEMA)
        self._texts = Rows(folder, manifest.texts if manifest else (), TEXT_SCHEMA)
        self._shapes = Rows(folder, manifest.shapes if manifest else (), SHAPE_SCHEMA)
        self._addresses = Rows(folder, manifest.addresses if manifest else (), TEXT_SCHEMA)
        self._columns = Columns(self._chunks, self._addresses)
        self._handed_out: dict[str, int] = {}

    @classmethod
    def open(cls, case_dir: Path) -> "ChunkStore":
        """A reader on the newest whole state; a writer that replaces it in this very moment makes us look again."""
        folder = case_dir / FOLDER
        manifest = read_manifest(folder)
        while True:
            try:
                return cls(folder, manifest)
            except FileNotFoundError:
                newer = read_manifest(folder)
                if newer == manifest:
                    raise StorageError("chunks_damaged", file=FOLDER) from None
                manifest = newer

    def close(self) -> None:
        """Lets go of the files."""
        for rows in (self._chunks, self._texts, self._shapes, self._addresses):
            rows.close()

    def __len__(self) -> int:
        return self._chunks.count

    def get(self, ids: Sequence[str], most_refs: int | None = None) -> tuple[Chunk, ...]:
        """The chunks in the order asked, each with (at most so many of) its lines.

        Raises `InputError("unknown_chunk")` when one does not exist.
        """
        places = self._places_of(ids)
        table = self._chunks.take(places)
        wanted = np.unique(np.concatenate([_flat(table.column(name)) for name in (TEMPLATES, AGENTS, USERS)]))
        words = dict(zip(wanted.tolist(), self._texts.take(wanted).column(TEXT).to_pylist(), strict=True))
        rows = table.to_pylist()
        ips = self._ips({row[IP] for row in rows if row[IP] is not None})
        return tuple(self._chunk(row | {IP: ips.get(row[IP])}, words, most_refs) for row in rows)

    def _ips(self, numbered: Collection[int]) -> dict[int, str]:
        places = np.array(sorted(numbered), np.int64)
        return dict(zip(places.tolist(), self._addresses.take(places).column(TEXT).to_pylist(), strict=True))

    def select(self, picked: Picked = ANY, limit: int | None = None) -> tuple[str, ...]:
        """Ids of the chunks that the conditions pick, in their order."""
        return self._names(self._where(picked)[:limit])

    def count(self, picked: Picked = ANY) -> int:
        """How many chunks the conditions pick."""
        return len(self._where(picked))

    def shapes(self, picked: Picked = ANY) -> tuple[str, ...]:
        """Ids of the shapes that chunks picked by the conditions have, each once."""
        chosen = np.unique(self._columns.shape[self._where(picked)]) if picked != ANY else slice(None)
        return id_texts(self._shape_ids[chosen])

    def members(self, shape: str, picked: Picked = ANY, limit: int | None = None) -> tuple[str, ...]:
        """Ids of the chunks of a shape that the conditions pick, in their order; none when no chunk has it."""
        code = self._shape_codes.get(shape)
        if code is None:
            return ()
        mask = self._columns.shape == code
        chosen = np.flatnonzero(mask) if picked == ANY else np.flatnonzero(mask & self._mask(picked))
        return self._names(chosen[:limit])

    def shape_texts(self, shapes: Sequence[str] | None = None) -> Iterator[tuple[str, str]]:
        """(id, text) of these shapes, or of all: what is embedded; unknown ones are passed over."""
        known = self._shape_codes
        asked = known if shapes is None else [one for one in shapes if one in known]
        places = np.array([known[one] for one in asked], np.int64)
        for start in range(0, len(places), _SLICE):
            found = self._shapes.take(places[start : start + _SLICE])
            yield from zip(id_texts(id_numbers(found.column(ID))), found.column(TEXT).to_pylist(), strict=True)

    def lines(self) -> Iterator[tuple[str, NDArray[np.int64]]]:
        """(chunk id, keys of its lines) of every chunk."""
        for table in self._chunks.tables((ID, REFS)):
            for name, refs in zip(id_texts(id_numbers(table.column(ID))), table.column(REFS), strict=True):
                yield name, integers(pa.chunked_array([refs.values]))

    def _names(self, places: Places) -> tuple[str, ...]:
        """Ids of places; few of them are remembered, because their chunks are what is asked for next."""
        names = id_texts(id_numbers(self._chunks.take(places, (ID,)).column(ID)))
        if len(places) <= _FEW:
            if len(self._handed_out) > _MANY:
                self._handed_out.clear()
            self._handed_out.update(zip(names, places.tolist(), strict=True))
        return names

    @cached_property
    def _ids(self) -> Ids:
        return id_numbers(self._chunks.columns((ID,)).column(ID))

    @cached_property
    def _by_id(self) -> Places:
        return np.argsort(self._ids[:, 0], kind="stable")

    @cached_property
    def _shape_ids(self) -> Ids:
        return id_numbers(self._shapes.columns((ID,)).column(ID))

    @cached_property
    def _shape_codes(self) -> dict[str, int]:
        return {name: code for code, name in enumerate(id_texts(self._shape_ids))}

    def _places_of(self, ids: Sequence[str]) -> Places:
        if all(one in self._handed_out for one in ids):
            return np.array([self._handed_out[one] for one in ids], np.int64)
        asked = parsed_ids(ids)
        heads = self._ids[self._by_id, 0]
        found = np.searchsorted(heads, asked[:, 0])
        known = found < len(heads)
        places = self._by_id[np.where(known, found, 0)] if len(heads) else np.zeros(len(asked), np.int64)
        if len(heads):
            known &= (self._ids[places] == asked).all(axis=1)
        if not known.all():
            raise InputError("unknown_chunk", id=ids[int(np.argmin(known))])
        return places

    def _where(self, picked: Picked) -> Places:
        return np.arange(len(self)) if picked == ANY else np.flatnonzero(self._mask(picked))

    def _mask(self, picked: Picked) -> NDArray[np.bool_]:
        built = self.built
        names = [name for name, _ in built.types] if built else []
        return self._columns.mask(picked, names, built.seconds if built else 0)

    def _chunk(self, row: dict[str, Any], words: dict[int, str], most_refs: int | None) -> Chunk:
        built = self.built
        assert built is not None  # noqa: S101 - there is a row
        types = _named(built.types, row[TYPES])
        since = _aware(row[SINCE])
        kept = row[REFS][:most_refs]
        return Chunk(
            id=row[ID].hex(),
            shape=id_texts(self._shape_ids[row[SHAPE] : row[SHAPE] + 1])[0],
            since=since,
            until=since + timedelta(seconds=built.seconds) if since else None,
            ip=row[IP],
            first=_aware(row[FIRST]),
            last=_aware(row[LAST]),
            lines=row[LINES],
            types=tuple(AttackType(name) for name, _ in types),
            suspicious=bool(types),
            text=chunk_text(_content(row, types + _named(built.kinds, row[KINDS]), words), built.size),
            refs=tuple(LineRef(SourceId(built.sources[source]), line) for source, line in map(split_keys, kept)),
        )


_SLICE = 4096
_FEW, _MANY = 20_000, 100_000


def _content(row: dict[str, Any], bits: Sequence[tuple[str, str]], words: dict[int, str]) -> Content:
    return Content(
        tags=tuple(tag for _, tag in bits if tag),
        templates=tuple((words[code], count) for code, count in zip(row[TEMPLATES], row[COUNTS], strict=True)),
        more=row[FOLDED] - len(row[TEMPLATES]),
        agents=tuple(words[code] for code in row[AGENTS]),
        users=tuple(words[code] for code in row[USERS]),
    )


def _named(bits: Sequence[tuple[str, str]], mask: int) -> tuple[tuple[str, str], ...]:
    return tuple(bit for place, bit in enumerate(bits) if mask >> place & 1)


def _aware(time: datetime | None) -> datetime | None:
    return None if time is None else time.replace(tzinfo=UTC)


def _flat(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return integers(pa.chunked_array([chunk.flatten() for chunk in column.chunks], pa.int32()))
