"""The lines of addresses that ask too fast: two looks at two columns, without the engine.

Whoever has many lines in a short while has half of them in one stretch of the clock, and a good part of those in one of
the few segments that share it. So a segment is asked for its times only where it has an address with that many lines at
all; the lines themselves are then looked up around the crowded stretches.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.arrow import integers, numbers, texts
from core.event import IP, LINE, TIME
from core.key import Keys
from stores.part import NO_NUMBER, Ints, Part
from stores.relation import Relation
from stores.segment import SegmentRow
from stores.survey import frequencies

_NO_NUMBERS = pa.schema([])
"""Addresses read as texts, not as numbers for texts: few of them are looked at."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Lines per address and stretch: parallel arrays, `addresses` into `names`."""

    names: list[str]
    addresses: Ints
    stretches: Ints
    lines: Ints


@dataclass(frozen=True, slots=True)
class BusyCells:
    """In which stretches of the clock an address has many lines of a segment (`least`), or any of those in none."""

    width: int
    least: int

    def look(self, part: Part) -> _Cells | None:
        """Of the addresses with enough lines; None where nobody has."""
        least = self.least if part.stored else 1
        places = part.named(IP).places
        busiest = int(np.bincount(places + 1, minlength=2)[1:].max(initial=0))
        return None if busiest < least else _cells(part, self.width, least)


def busy_cells(relation: Relation, lines: int, stretch: timedelta) -> BusyCells:
    """What is asked of every line to find those with so many of their address around them."""
    width = stretch // timedelta(microseconds=1)
    most = _Layout.of(_timed(relation), width).most
    return BusyCells(width, max(1, -(-(-(-lines // 2) - len(relation.tails((LINE,)))) // most)))


def crowded(relation: Relation, lines: int, stretch: timedelta) -> Keys:
    """The key of every line with so many of its address around it, and perhaps of a few others.

    Around it means: in some while no longer than the stretch.
    """
    asked = busy_cells(relation, lines, stretch)
    timed, layout = _timed(relation), _Layout.of(_timed(relation), asked.width)
    tails = len(relation.tails((LINE,)))
    cells = [one for one in relation.survey.ask(asked) if one is not None]
    wanted = _Wanted.of(cells, lines - tails, asked.least - 1, layout)
    if not len(wanted.cells):
        return _NONE
    near = [one for one in timed if wanted.touches(_span(one, asked.width))]
    found = relation.survey.among(near, _NO_NUMBERS, lambda part: _members(part, wanted, asked.width))
    return np.concatenate([_NONE, *found])


def _timed(relation: Relation) -> list[SegmentRow]:
    return [one for one in relation.segments if one.first_seen is not None]


def _span(segment: SegmentRow, width: int) -> range:
    return range(_stretch(segment.first_seen, width), _stretch(segment.last_seen, width) + 1)


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


def _cells(part: Part, width: int, least: int) -> _Cells:
    """Of the addresses with at least so many lines."""
    known, times = part.named(IP), part.integers(TIME)
    busy = np.append(np.bincount(known.places + 1, minlength=2)[1:] >= least, False)
    rows = np.flatnonzero(busy[known.places] & (times != NO_NUMBER))
    seen, narrow = np.flatnonzero(busy), np.cumsum(busy) - 1
    stretches = times[rows] // width
    low = int(stretches.min()) if len(rows) else 0
    span = int(stretches.max()) - low + 1 if len(rows) else 1
    pairs, count = frequencies(narrow[known.places[rows]] * span + (stretches - low), len(seen) * span)
    kept = _worth_keeping(pairs, count, pairs % span, span, least)
    named, address = np.unique(pairs[kept] // span, return_inverse=True)
    names = known.names.take(numbers(seen[named])).to_pylist()
    return _Cells(names, address, pairs[kept] % span + low, count[kept])


def _worth_keeping(pairs: Ints, count: Ints, stretches: Ints, span: int, least: int) -> NDArray[np.bool_]:
    """Cells with enough lines to be half of a crowd, their neighbours, and those at the segment's ends."""
    seeds = pairs[count >= least]
    near = np.isin(pairs, np.concatenate([seeds - 1, seeds, seeds + 1]))
    return np.asarray(near | (stretches == 0) | (stretches == span - 1))


def _members(part: Part, wanted: _Wanted, width: int) -> Keys:
    """Keys of the lines that lie in a wanted cell; addresses are looked at where the time is right."""
    times = part.integers(TIME)
    at = times // width - wanted.low
    rows = np.flatnonzero((times != NO_NUMBER) & np.isin(at, np.unique(wanted.cells % wanted.span)))
    ips = part.column(IP).take(numbers(rows)).cast(pa.string())
    address = integers(pc.index_in(ips, value_set=texts(list(wanted.known))), -1)
    inside = (address >= 0) & np.isin(address * wanted.span + at[rows], wanted.cells)
    return part.keys[rows[inside]]
