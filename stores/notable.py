"""Which lines of a segment are notable: those with a hit, and those that a behaviour may ask for.

Reports look at these few lines again and again, while all others only count. Kept a second time in a small file of
their own, they are read without unpacking the whole segment.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.arrow import codes, numbers, values
from core.event import ACTION, AGENT, DATASET, LINE, METHOD, STATUS_CODE, URL, USER
from core.match import contains
from core.selector import Selector
from stores.selector_sql import pattern_of

SHARE = 8
"""A file of notable lines is kept when they are at most one in so many; more are no quicker to read than all."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Watched:
    """Selectors whose lines are kept apart; `fingerprint` names the set, whatever its order."""

    selectors: tuple[Selector, ...] = ()

    @classmethod
    def of(cls, selectors: Iterable[Selector]) -> "Watched":
        """The selectors that can be watched: those that pick by hits cannot, nor can one that picks everything."""
        return cls(tuple(dict.fromkeys(one for one in selectors if can_be_watched(one))))

    @property
    def fingerprint(self) -> str:
        """Same fingerprint, same lines kept; never empty."""
        return hashlib.sha256("\n".join(sorted(map(repr, self.selectors))).encode()).hexdigest()[:16]


def can_be_watched(selector: Selector) -> bool:
    """Hits may still grow, and everything is too much."""
    return not (selector.picks_by_hits or selector == Selector(sources=selector.sources))


def notable_rows(events: pa.Table, hits: pa.Table, watched: Watched) -> NDArray[np.int64] | None:
    """Rows of the segment's notable lines, in order; None when they are too many to be kept apart.

    A row may be chosen that no selector picks (conditions on time, address, source and parse status are not looked at),
    but every row that one picks is chosen.
    """
    columns = _Columns(events)
    chosen = np.zeros(events.num_rows, np.bool_)
    if hits.num_rows:
        chosen[values(hits.column(LINE)) - events.column(LINE)[0].as_py()] = True
    by_url: dict[tuple[str, ...], Mask] = {}
    for selector in watched.selectors:  # those that look for the same texts in the URL do so together
        picked = columns.picked(selector)
        by_url[selector.url_contains] = picked | by_url.get(selector.url_contains, False)
    for parts, mask in by_url.items():
        chosen |= columns.with_url(mask, parts) if parts else mask
    rows = np.flatnonzero(chosen)
    return rows if len(rows) * SHARE <= events.num_rows else None


_TEXTS = ((METHOD, "methods"), (ACTION, "actions"), (DATASET, "datasets"))
_CONTAINS = ((AGENT, "agent_contains"), (USER, "user_contains"))


class _Columns:
    """The columns that selectors look at, each made ready once."""

    def __init__(self, events: pa.Table) -> None:
        self._events = events
        self._none = np.zeros(events.num_rows, np.bool_)
        self._ready: dict[str, list[tuple[NDArray[np.int32], list[str]]]] = {}

    def picked(self, selector: Selector) -> Mask:
        """Rows that meet every condition but the one on the URL."""
        mask = ~self._none
        for column, name in _TEXTS:
            if allowed := getattr(selector, name):
                mask &= self._where(column, allowed.__contains__)
        for column, name in _CONTAINS:
            if parts := getattr(selector, name):
                mask &= self._where(column, partial(contains, parts))
        if selector.status_codes and mask.any():
            mask &= self._in_ranges(selector.status_codes)
        return mask

    def with_url(self, mask: Mask, parts: Collection[str]) -> Mask:
        """The rows of the mask whose URL holds one of the parts."""
        rows = np.flatnonzero(mask)
        found = self._none.copy()
        pattern = pattern_of(parts)
        if len(rows) and pattern is not None and URL in self._events.column_names:
            urls = self._events.column(URL).take(numbers(rows))
            found[rows] = values(pc.match_substring_regex(urls, pattern).cast(pa.uint8())).astype(np.bool_)
        return found

    def _where(self, column: str, wanted: Callable[[str], bool]) -> Mask:
        """Rows whose text is wanted, asked once a distinct text; a row without one is not."""
        asked = [(places, [*map(wanted, dictionary), False]) for places, dictionary in self._coded(column)]
        if not any(any(answers) for _, answers in asked):
            return self._none
        return np.concatenate([np.array(answers, np.bool_)[places] for places, answers in asked])

    def _coded(self, column: str) -> list[tuple[NDArray[np.int32], list[str]]]:
        if column not in self._ready:
            present = self._events.column(column).chunks if column in self._events.column_names else []
            self._ready[column] = [(codes(chunk), chunk.dictionary.to_pylist()) for chunk in present]
        return self._ready[column]

    def _in_ranges(self, ranges: Collection[tuple[int, int]]) -> Mask:
        mask = self._none.copy()
        for low, high in ranges:
            mask |= (self._status >= low) & (self._status <= high)
        return mask

    @cached_property
    def _status(self) -> NDArray[np.uint16]:
        if STATUS_CODE not in self._events.column_names:
            return np.zeros(self._events.num_rows, np.uint16)
        return values(self._events.column(STATUS_CODE)).astype(np.uint16)
