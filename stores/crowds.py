"""The lines of addresses that ask too fast: two passes over two columns, without the engine.

Whoever has many lines in a short while has half of them in one stretch of the clock, and a good part of those in one of
the few segments that share it. So a segment is asked for its times only where it has an address with that many lines at
all; the lines themselves are then looked up around the crowded stretches.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.arrow import codes, integers, numbers, texts
from core.event import IP, LINE, SOURCE, TIME
from stores.rows import THREADS, opened
from stores.segment import SegmentRow, events_file

Ints = NDArray[np.int64]

_COLUMNS = pa.schema([pa.field(IP, pa.dictionary(pa.int32(), pa.string())), pa.field(TIME, pa.timestamp("us"))])
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_TIME = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class _Lines:
    """Address and time of some lines: `places` lead into `names` (-1 = none)."""

    names: pa.Array
    places: NDArray[np.int32]
    times: Ints

    @classmethod
    def of(cls, addresses: pa.ChunkedArray, times: pa.ChunkedArray) -> "_Lines":
        """From two columns of the same length."""
        if addresses.num_chunks == 0:
            return cls(pa.nulls(0, pa.string()), np.empty(0, np.int32), np.empty(0, np.int64))
        several = addresses.num_chunks > 1
        column = addresses.unify_dictionaries().combine_chunks() if several else addresses.chunk(0)
        return cls(column.dictionary, codes(column), integers(times, _NO_TIME))


@dataclass(frozen=True, slots=True)
class _Cells:
    """Lines per address and stretch: parallel arrays, `addresses` into `names`."""

    names: list[str]
    addresses: Ints
    stretches: Ints
    lines: Ints


def crowded(
    folder: Path, segments: Sequence[SegmentRow], tails: pa.Table, lines: int, stretch: timedelta
) -> tuple[Ints, Ints]:
    """Source and line numbers of every line with so many of its address around it, and perhaps of a few others.

    Around it means: in some while no longer than the stretch. `tails` are lines that are in no stored segment, with
    `source.ip`, `@timestamp`, `log.source` and `log.line`.
    """
    timed = [one for one in segments if one.first_seen is not None]
    width = stretch // timedelta(microseconds=1)
    layout = _Layout.of(timed, width)
    least = max(1, -(-(-(-lines // 2) - tails.num_rows) // layout.most))
    tail = _Lines.of(tails.column(IP), tails.column(TIME))

    def count(segment: SegmentRow) -> _Cells | None:
        return _busy_cells(folder / events_file(segment.name), width, least)

    def find(segment: SegmentRow) -> Ints:
        span = range(_stretch(segment.first_seen, width), _stretch(segment.last_seen, width) + 1)
        return _members_in(folder / events_file(segment.name), wanted, width) if wanted.touches(span) else _NONE

    with ThreadPoolExecutor(THREADS) as threads:
        cells = [found for found in threads.map(count, timed) if found is not None]
        cells += [_cells(tail, width, 1)] * bool(tails.num_rows)
        wanted = _Wanted.of(cells, lines - tails.num_rows, least - 1, layout)
        rows = list(threads.map(find, timed)) if len(wanted.cells) else []
    own = _members(tail, wanted, width)
    sources = [np.full(len(one), segment.source, np.int64) for segment, one in zip(timed, rows, strict=False)]
    numbered = [one + segment.first_line for segment, one in zip(timed, rows, strict=False)]
    return (
        np.concatenate([*sources, integers(tails.column(SOURCE))[own]]),
        np.concatenate([*numbered, integers(tails.column(LINE))[own]]),
    )


_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Cells whose lines are looked up: `cells` are sorted numbers made of address and stretch."""

    known: dict[str, int]
    cells: Ints
    low: int
    span: int

    @classmethod
    def of(cls, found: Sequence[_Cells], lines: int, missed: int, layout: "_Layout") -> "_Wanted":
        """Cells that hold enough with a neighbour, where each segment may have `missed` lines that were not counted."""
        known: dict[str, int] = {}
        of_each = [np.array([known.setdefault(name, len(known)) for name in one.names], np.int64) for one in found]
        addresses = np.concatenate([_NONE, *(new[one.addresses] for new, one in zip(of_each, found, strict=True))])
        stretches = np.concatenate([_NONE, *(one.stretches for one in found)])
        low = int(stretches.min()) - 1 if len(stretches) else 0
        span = int(stretches.max()) - low + 2 if len(stretches) else 1
        cells, place = np.unique(addresses * span + (stretches - low), return_inverse=True)
        count = np.zeros(len(cells), np.int64)
        np.add.at(count, place, np.concatenate([_NONE, *(one.lines for one in found)]))
        chained = np.diff(cells) == 1
        following = np.append(np.where(chained, count[1:], 0), 0)[: len(cells)]
        before = np.append(0, np.where(chained, count[:-1], 0))[: len(cells)]
        at = cells % span + low
        after = count + following + missed * layout.uncounted(at, at + 1)
        earlier = count + before + missed * layout.uncounted(at, at - 1)
        enough = cells[np.maximum(after, earlier) >= lines]
        return cls(known, np.unique(np.concatenate([enough - 1, enough, enough + 1])), low, span)

    def touches(self, stretches: range) -> bool:
        """Whether any cell is in one of these stretches."""
        at = self.cells % self.span + self.low
        return bool(((at >= stretches.start) & (at < stretches.stop)).any())


@dataclass(frozen=True, slots=True)
class _Layout:
    """First and last stretches of the segments that have times, each sorted."""

    first: Ints
    last: Ints
    most: int
    """So many segments share one stretch, at most (1 when there is none)."""

    @classmethod
    def of(cls, segments: Iterable[SegmentRow], width: int) -> "_Layout":
        spans = [(_stretch(one.first_seen, width), _stretch(one.last_seen, width)) for one in segments]
        first = np.sort(np.array([begin for begin, _ in spans], np.int64))
        last = np.sort(np.array([end for _, end in spans], np.int64))
        layout = cls(first, last, 1)
        return cls(first, last, int(layout.sharing(first).max(initial=1)))

    def sharing(self, stretches: Ints) -> Ints:
        """How many segments each stretch belongs to."""
        begun = np.searchsorted(self.first, stretches, "right")
        return np.asarray(begun - np.searchsorted(self.last, stretches, "left"))

    def uncounted(self, stretches: Ints, neighbours: Ints) -> Ints:
        """How many segments may hold lines of a pair of stretches without counting them.

        None where both are inside one and the same segment: an address that is counted there at all is counted wholly.
        """
        low, high = np.minimum(stretches, neighbours), np.maximum(stretches, neighbours)
        alone = (self.sharing(low) == 1) & (self.sharing(high) == 1)
        unbroken = alone & ~np.isin(low, self.last)
        return np.where(unbroken, 0, self.sharing(low) + self.sharing(high))


def _stretch(time: datetime | None, width: int) -> int:
    return 0 if time is None else (time - _EPOCH) // timedelta(microseconds=1) // width


def _busy_cells(path: Path, width: int, least: int) -> _Cells | None:
    with opened(path, _COLUMNS) as file:
        addresses = file.read(columns=[IP], use_threads=False).column(0)
        busiest = [int(np.bincount(codes(chunk) + 1, minlength=2)[1:].max(initial=0)) for chunk in addresses.chunks]
        if sum(busiest) < least:  # whatever the chunks are: nobody has more lines than that
            return None
        return _cells(_Lines.of(addresses, file.read(columns=[TIME], use_threads=False).column(0)), width, least)


def _cells(lines: _Lines, width: int, least: int) -> _Cells:
    """Of the addresses with at least so many lines."""
    busy = np.append(np.bincount(lines.places + 1, minlength=2)[1:] >= least, False)
    rows = np.flatnonzero(busy[lines.places] & (lines.times != _NO_TIME))
    known, address = np.unique(lines.places[rows], return_inverse=True)
    stretches = lines.times[rows] // width
    low = int(stretches.min()) if len(rows) else 0
    span = int(stretches.max()) - low + 1 if len(rows) else 1
    pairs, count = np.unique(address * span + (stretches - low), return_counts=True)
    kept = _worth_keeping(pairs, count, pairs % span, span, least)
    named, address = np.unique(pairs[kept] // span, return_inverse=True)
    names = lines.names.take(numbers(known[named])).to_pylist()
    return _Cells(names, address, pairs[kept] % span + low, count[kept])


def _worth_keeping(pairs: Ints, count: Ints, stretches: Ints, span: int, least: int) -> NDArray[np.bool_]:
    """Cells with enough lines to be half of a crowd, their neighbours, and those at the segment's ends."""
    seeds = pairs[count >= least]
    near = np.isin(pairs, np.concatenate([seeds - 1, seeds, seeds + 1]))
    return np.asarray(near | (stretches == 0) | (stretches == span - 1))


def _members_in(path: Path, wanted: _Wanted, width: int) -> Ints:
    with opened(path, _COLUMNS) as file:
        table = file.read(use_threads=False, columns=_COLUMNS.names)
    return _members(_Lines.of(table.column(IP), table.column(TIME)), wanted, width)


def _members(lines: _Lines, wanted: _Wanted, width: int) -> Ints:
    """Rows that lie in a wanted cell."""
    known = integers(pa.chunked_array([pc.index_in(lines.names, value_set=texts(list(wanted.known)))]), -1)
    address = np.append(known, -1)[lines.places]
    rows = np.flatnonzero((address >= 0) & (lines.times != _NO_TIME))
    at = lines.times[rows] // width - wanted.low
    inside = (at >= 0) & (at < wanted.span)
    rows, at = rows[inside], at[inside]
    return rows[np.isin(address[rows] * wanted.span + at, wanted.cells)]
