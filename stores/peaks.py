"""Which addresses may have had many lines in one stretch of the clock: one pass over two columns, without the engine.

Whoever has many lines in one stretch has a good part of them in one of the few segments that share it. So a segment is
asked for its times only where it has an address with that many lines at all, and its other addresses are not counted.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import codes, integers, numbers, texts
from core.event import IP, TIME
from stores.rows import THREADS, opened
from stores.segment import SegmentRow, events_file

Ints = NDArray[np.int64]

_COLUMNS = pa.schema([pa.field(IP, pa.dictionary(pa.int32(), pa.string())), pa.field(TIME, pa.timestamp("us"))])
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_TIME = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class _Counts:
    """Lines per address and stretch in one segment: parallel arrays, `addresses` into `names`."""

    names: list[str]
    addresses: Ints
    stretches: Ints
    lines: Ints


def peaks_of(folder: Path, segments: Sequence[SegmentRow], tails: pa.Table, lines: int, stretch: timedelta) -> pa.Table:
    """Columns `key`, `at_most`: every address with at least so many lines in one aligned stretch, perhaps a few others.

    No stretch of the address holds more lines than `at_most`. `tails` are the lines that are in no stored segment.
    """
    timed = [one for one in segments if one.first_seen is not None]
    width = stretch // timedelta(microseconds=1)
    sharing = max(_most_at_once(timed, width), 1)
    least = max(1, -(-(lines - tails.num_rows) // sharing))

    def read(segment: SegmentRow) -> _Counts | None:
        with opened(folder / events_file(segment.name), _COLUMNS) as file:
            addresses = file.read(columns=[IP], use_threads=False).column(0)
            if all(_busiest(chunk) < least for chunk in addresses.chunks):
                return None
            return _counted(addresses, file.read(columns=[TIME], use_threads=False).column(0), width, least)

    with ThreadPoolExecutor(THREADS) as threads:
        found = [counts for counts in threads.map(read, timed) if counts is not None]
    if tails.num_rows:
        found.append(_counted(tails.column(IP), tails.column(TIME), width, 1))
    return _merged(found, lines, uncounted=sharing * (least - 1))


def _most_at_once(segments: Iterable[SegmentRow], width: int) -> int:
    """How many segments have lines in the same stretch, at most."""
    first = [(_stretch(one.first_seen, width), 1) for one in segments]
    last = [(_stretch(one.last_seen, width) + 1, -1) for one in segments]
    steps = sorted([*first, *last])  # at one place the ends (-1) come before the beginnings
    return int(np.cumsum([step for _, step in steps]).max(initial=0))


def _stretch(time: datetime | None, width: int) -> int:
    return 0 if time is None else (time - _EPOCH) // timedelta(microseconds=1) // width


def _busiest(addresses: pa.DictionaryArray) -> int:
    return int(np.bincount(codes(addresses) + 1, minlength=2)[1:].max(initial=0))


def _counted(addresses: pa.ChunkedArray, times: pa.ChunkedArray, width: int, least: int) -> _Counts:
    """Of the addresses with at least so many lines in the segment."""
    column = addresses.unify_dictionaries().combine_chunks()
    places, when = codes(column), integers(times, _NO_TIME)
    busy = np.append(np.bincount(places + 1, minlength=2)[1:] >= least, False)
    rows = np.flatnonzero(busy[places] & (when != _NO_TIME))
    known, address = np.unique(places[rows], return_inverse=True)
    stretches = when[rows] // width
    low = int(stretches.min(initial=0)) if len(rows) else 0
    span = int(stretches.max(initial=0)) - low + 1 if len(rows) else 1
    pairs, count = np.unique(address * span + (stretches - low), return_counts=True)
    names = column.dictionary.take(numbers(known)).to_pylist()
    return _Counts(names, pairs // span, pairs % span + low, count)


def _merged(found: Sequence[_Counts], lines: int, uncounted: int) -> pa.Table:
    known: dict[str, int] = {}
    address = [np.array([known.setdefault(name, len(known)) for name in one.names], np.int64) for one in found]
    empty: list[Ints] = [np.empty(0, np.int64)]
    addresses = np.concatenate(empty + [new[one.addresses] for new, one in zip(address, found, strict=True)])
    stretches = np.concatenate(empty + [one.stretches for one in found])
    order = np.lexsort((stretches, addresses))
    addresses, stretches = addresses[order], stretches[order]
    count = np.concatenate(empty + [one.lines for one in found])[order]
    begins = np.flatnonzero(np.diff(addresses, prepend=-1) | np.diff(stretches, prepend=_NO_TIME))
    most = np.zeros(len(known), np.int64)
    if len(begins):
        np.maximum.at(most, addresses[begins], np.add.reduceat(count, begins) + uncounted)
    names = [name for name, peak in zip(known, most.tolist(), strict=True) if peak >= lines]
    return pa.Table.from_arrays([texts(names), numbers(most[most >= lines])], names=["key", "at_most"])
