"""The heart of ingestion: a range of a source's bytes in, events and rule hits out; pure, runs in any worker."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core import event
from core.arrow import numbers, values
from core.event import ParseStatus, Reason, TimeSource
from core.source import Accounting
from detection.hit_table import hit_table
from detection.records import Hits
from detection.scanner import Scanner
from detection.stored import records_of
from ingestion.fetch.blocks import Block
from ingestion.parse.access import AccessSegment
from ingestion.parse.dictionary import joined
from ingestion.parse.messages import Calendar, events, read_lines
from ingestion.parse.table import FORMATS, Format

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Plan:
    """How one source is to be read."""

    source: int
    format: Format
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Segment:
    """What a range became: tables ready for the lake, and where every line went."""

    events: pa.Table
    hits: pa.Table
    accounting: Accounting
    first_seen: datetime | None
    last_seen: datetime | None
    zone_sources: frozenset[TimeSource]
    year_sources: frozenset[TimeSource]


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines of a block that one format has read: `rows` are their places in the block."""

    rows: NDArray[np.int64]
    table: pa.Table
    hits: Hits


@dataclass(frozen=True, slots=True)
class Around:
    """Lines (without LF) before and behind a block: a forgery in a message log shows only beside its neighbours."""

    before: tuple[bytes, ...] = ()
    behind: tuple[bytes, ...] = ()


NOTHING_AROUND = Around()


def build(block: Block, plan: Plan, scanner: Scanner, around: Around = NOTHING_AROUND) -> Segment:
    """Read, scan and account for every line of the block."""
    table, hits = _read(block, plan, scanner, around)
    table = _located(table, block, plan.source)
    return Segment(
        table,
        hit_table(scanner.settle(hits), table, scanner.ruleset.rules),
        _account(table),
        *_span(table),
        *_origins(table),
    )


def _read(block: Block, plan: Plan, scanner: Scanner, around: Around) -> tuple[pa.Table, Hits]:
    """The block by its own format; what that leaves over, by the others."""
    if plan.format.message is not None:
        whole = _by_message(_lines(block), np.arange(block.lines), plan.format, block, plan, scanner, around)
        return whole.table, whole.hits
    program = plan.format.program or FORMATS[0].program
    assert program is not None  # noqa: S101  # the table begins with a compiled format
    segment = AccessSegment(block.data, block.lines, program, scanner)
    segment.run(skip=len(_BOM) if block.bom else 0)
    own = _Part(np.arange(block.lines), segment.events(plan.format.dataset), segment.hits())
    left = segment.unparsed()
    others = list(_by_others({int(row): segment.line(int(row)) for row in left}, block, plan, scanner))
    return (_woven(own, others), _all_hits(own, others)) if others else (own.table, own.hits)


def _by_others(left: dict[int, bytes], block: Block, plan: Plan, scanner: Scanner) -> Iterator[_Part]:
    """Lines (by row) that the file's own format does not know, read by the first other format that knows them.

    Only access logs get here: their servers escape line ends, so a line of another format is really another line.
    In an error log such a line may be a forgery, and is left alone.
    """
    rows = [row for row, line in left.items() if line.strip()]
    for other in FORMATS:
        if other is plan.format or not rows:
            continue
        known = other.understood([left[row] for row in rows])
        if not known.any():
            continue
        chosen = np.array(rows)[known]
        lines = [left[row] for row in chosen.tolist()]
        if other.message is not None:
            yield _by_message(lines, chosen, other, block, plan, scanner)
        elif other.program is not None:
            segment = AccessSegment(b"\n".join(lines), len(lines), other.program, scanner)
            segment.run()
            yield _Part(chosen, segment.events(other.dataset), segment.hits())
        rows = [row for row, taken in zip(rows, known, strict=True) if not taken]


def _by_message(
    lines: list[bytes],
    rows: NDArray[np.int64],
    own: Format,
    block: Block,
    plan: Plan,
    scanner: Scanner,
    around: Around = NOTHING_AROUND,
) -> _Part:
    assert own.message is not None  # noqa: S101  # the caller has looked
    bare = [lines[0].removeprefix(_BOM), *lines[1:]] if block.bom and len(rows) and rows[0] == 0 else lines
    first = len(around.before)
    parsed = read_lines(own.message, [*around.before, *bare, *around.behind])[first : first + len(bare)]
    table = events(own.dataset, lines, parsed, (rows + block.first_line).tolist(), plan.calendar)
    return _Part(rows, table, scanner.scan(*records_of(table)))


def _lines(block: Block) -> list[bytes]:
    return block.data.split(b"\n")[: block.lines]


def _all_hits(own: _Part, others: list[_Part]) -> Hits:
    """Hits of all parts by row of the block (a line that another format took has none from its own)."""
    parts = [own, *others]
    return Hits(
        np.concatenate([part.rows[part.hits.rows] for part in parts]).astype(np.int32),
        np.concatenate([part.hits.rules for part in parts]),
        np.concatenate([part.hits.fields for part in parts]),
    )


def _woven(own: _Part, others: list[_Part]) -> pa.Table:
    """The block's table with the rows that others have read in place of its own.

    Every row has its bytes from the block itself, whoever reads it: that column, most of the table, is not moved.
    """
    tables = _alike([part.table.drop_columns(event.RAW) for part in (own, *others)])
    owner = np.zeros(len(own.rows), np.int64)
    place = own.rows.copy()
    for number, part in enumerate(others, 1):
        owner[part.rows] = number
        place[part.rows] = np.arange(len(part.rows))
    breaks = np.flatnonzero((np.diff(owner) != 0) | (np.diff(place) != 1)) + 1
    starts = np.concatenate([[0], breaks])
    sizes = np.diff(np.concatenate([starts, [len(owner)]]))
    runs = zip(starts.tolist(), sizes.tolist(), strict=True)
    slices = [tables[owner[start]].slice(place[start], size) for start, size in runs]
    return pa.concat_tables(slices).combine_chunks().append_column(event.RAW, own.table.column(event.RAW))


def _alike(tables: list[pa.Table]) -> list[pa.Table]:
    """The tables with the same columns, and with one dictionary a column."""
    names = list(dict.fromkeys(name for table in tables for name in table.column_names))
    columns = {name: _column_alike([_column(table, name) for table in tables]) for name in names}
    return [pa.Table.from_arrays([columns[name][i] for name in names], names=names) for i in range(len(tables))]


def _column(table: pa.Table, name: str) -> pa.Array:
    if name not in table.column_names:
        return pa.nulls(table.num_rows, event.EVENT_SCHEMA.field(name).type)
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _column_alike(columns: list[pa.Array]) -> list[pa.Array]:
    if not isinstance(columns[0], pa.DictionaryArray):
        return columns
    merged, places = columns[0].dictionary, []
    for column in columns[1:]:
        merged, of_column = joined(merged, column.dictionary) if len(column.dictionary) else (merged, column.indices)
        places.append(of_column.take(column.indices) if len(column.dictionary) else column.indices)
    indices = (columns[0].indices, *places)
    return [pa.DictionaryArray.from_arrays(of_column, merged) for of_column in indices]


def _located(table: pa.Table, block: Block, source: int) -> pa.Table:
    """Add where each line stands, and mark the lines whose end was cut off."""
    count = table.num_rows
    sizes = values(pc.binary_length(table.column(event.RAW))).astype(np.int64) + 1
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]]) + block.first_offset if count else np.empty(0, np.int64)
    for line in block.oversize:
        offsets[line.row + 1 :] += line.length - line.kept
    table = _with_special(table, [line.row for line in block.oversize])
    located = {
        event.SOURCE: numbers(np.full(count, source, np.int32)),
        event.LINE: numbers(np.arange(block.first_line, block.first_line + count, dtype=np.int64)),
        event.OFFSET: numbers(offsets),
    }
    for name, column in located.items():
        table = table.append_column(name, column)
    return table


def _with_special(table: pa.Table, oversize: list[int]) -> pa.Table:
    """Oversize lines, comment headers (`#Fields: …`) and binary junk get their own status and reason."""
    status = values(table.column(event.STATUS))
    reason = values(table.column(event.REASON))
    raw = table.column(event.RAW)
    for row in np.flatnonzero(status == ParseStatus.UNPARSED).tolist():
        line = raw[row].as_py()
        if line.startswith(b"#"):
            status[row], reason[row] = ParseStatus.HEADER, Reason.NONE
        elif b"\0" in line:
            reason[row] = Reason.BINARY
    for row in oversize:
        status[row], reason[row] = ParseStatus.OVERSIZE, Reason.TOO_LONG
    for name, codes in ((event.STATUS, status), (event.REASON, reason)):
        table = table.set_column(table.column_names.index(name), name, numbers(codes))
    return table


def _account(table: pa.Table) -> Accounting:
    status = values(table.column(event.STATUS))
    reasons = values(table.column(event.REASON))[status == ParseStatus.UNPARSED]
    counts = np.bincount(status, minlength=len(ParseStatus))
    names, sizes = np.unique(reasons, return_counts=True)
    return Accounting(
        lines=table.num_rows,
        **{kind.name.lower(): int(counts[kind]) for kind in ParseStatus},
        reasons={Reason(int(name)).name.lower(): int(size) for name, size in zip(names, sizes, strict=True)},
    )


def _span(table: pa.Table) -> tuple[datetime | None, datetime | None]:
    ends = pc.min_max(table.column(event.TIME)).as_py()
    first, last = ends["min"], ends["max"]
    return (first and first.replace(tzinfo=UTC), last and last.replace(tzinfo=UTC))


def _origins(table: pa.Table) -> tuple[frozenset[TimeSource], frozenset[TimeSource]]:
    """Where zones and years of the lines come from, each way that occurs."""
    zones, years = (np.unique(values(table.column(name))).tolist() for name in (event.ZONE_SOURCE, event.YEAR_SOURCE))
    return frozenset(map(TimeSource, zones)), frozenset(map(TimeSource, years))
