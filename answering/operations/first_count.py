"""Figures as the lake's own queries give them: what claims state before they are counted a second time."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from answering.claims import iso
from answering.hit_lines import HitLines, hit_lines, instant
from answering.operations.inquiry import Inquiry
from answering.site import refs_of
from core.arrow import integers
from core.dimension import SECONDS, Dimension
from core.event import TIME
from core.line import LineRef
from core.selector import Selector
from stores.distinct import distinct_values
from stores.picked import count_of, picked_from

Pairs = tuple[tuple[str, int], ...]

_QUARTER = 900
"""Zones differ by whole quarters of an hour: what is counted by the quarter adds up to the days of any of them."""


def count(inquiry: Inquiry, selector: Selector) -> int:
    """How many lines."""
    return count_of(inquiry.opened.lake, selector)


def refs(inquiry: Inquiry, selector: Selector, limit: int, newest: bool = False) -> tuple[LineRef, ...]:
    """The first lines by time, or the last ones, the last of them first."""
    lake = inquiry.opened.lake
    picked = picked_from(lake, selector)
    if picked is None:
        return lake.refs(selector, limit, newest)
    return refs_of(lake, picked.keys(selector, limit, newest).tolist())


def top(inquiry: Inquiry, selector: Selector, by: Dimension, limit: int | None) -> Pairs:
    """Lines per value, most first, then by value; the `limit` most frequent ones."""
    lake = inquiry.opened.lake
    if by in SECONDS:
        return _ordered(dict(series(inquiry, selector, by)), limit)
    if by is Dimension.TYPE:
        hits = inquiry.remembered(selector, lambda: hit_lines(lake.hits(selector)))
        return _ordered(_per_name(hits, hits.types, hits.type_names), limit)
    if by is Dimension.RULE:
        return lake.per_rule(selector)[:limit]
    if by is Dimension.SOURCE:
        ids = {str(source.number): source.id for source in lake.sources}
        named = lake.top(selector, by.value, len(ids) + 1)
        return _ordered({ids[number]: lines for number, lines in named}, limit)
    picked = picked_from(lake, selector, (by.value,))
    return (lake if picked is None else picked).top(selector, by.value, limit if limit is not None else _ALL)


_ALL = 1_000_000_000


def distinct(inquiry: Inquiry, selector: Selector, by: Dimension) -> int:
    """How many different values."""
    if by in SECONDS or by in (Dimension.TYPE, Dimension.RULE, Dimension.SOURCE):
        return len(top(inquiry, selector, by, None))
    picked = picked_from(inquiry.opened.lake, selector, (by.value,))
    if picked is not None:
        return picked.distinct(selector, by.value)
    return distinct_values(inquiry.opened.lake, selector, by.value)


def span(inquiry: Inquiry, selector: Selector) -> tuple[datetime | None, datetime | None]:
    """First and last time."""
    picked = picked_from(inquiry.opened.lake, selector, (TIME,))
    return (inquiry.opened.lake if picked is None else picked).span(selector)


def series(inquiry: Inquiry, selector: Selector, by: Dimension) -> Pairs:
    """Lines per stretch of time, named by its start in ISO 8601 UTC, in order; stretches are those the log writes."""
    width, shift = SECONDS[by], inquiry.shift(by)
    table = inquiry.opened.lake.histogram(selector, width if not shift % width else min(width, _QUARTER))
    starts = integers(table.column(TIME).cast(pa.timestamp("us"))) // 1_000_000
    return _regrouped(starts, integers(table.column("lines")), width, shift)


def _regrouped(starts: NDArray[np.int64], lines: NDArray[np.int64], width: int, shift: int) -> Pairs:
    begins, place = np.unique((starts - shift) // width * width + shift, return_inverse=True)
    sums = np.zeros(len(begins), np.int64)
    np.add.at(sums, place, lines)
    return tuple((_name(begin), count) for begin, count in zip(begins.tolist(), sums.tolist(), strict=True))


def _name(seconds: int) -> str:
    return str(iso(instant(seconds * 1_000_000)))


def _ordered(counts: dict[str, int], limit: int | None) -> Pairs:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit])


def _per_name(hits: HitLines, codes: NDArray[np.int64], names: tuple[str, ...]) -> dict[str, int]:
    counted = {name: len(np.unique(hits.keys[codes == code])) for code, name in enumerate(names)}
    return {name: lines for name, lines in counted.items() if lines}


def stretch(selector: Selector, start: str, by: Dimension) -> Selector:
    """The selected lines inside one stretch of a series."""
    since = datetime.fromisoformat(start)
    until = since + timedelta(seconds=SECONDS[by])
    return replace(
        selector,
        since=since if selector.since is None else max(since, selector.since),
        until=until if selector.until is None else min(until, selector.until),
    )
