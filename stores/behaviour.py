"""Runs, bursts and sequences of selected lines, as behaviours ask for them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from core.arrow import empty
from core.event import IP
from core.selector import Selector
from stores.asked_lines import AskedLines
from stores.crowd import SCHEMA, Busy, Crowd, Lines, Rows, joined, take
from stores.crowds import BusyCells, busy_cells, crowded
from stores.kept_lines import KeptLines, kept_at, kept_for
from stores.notable import Watched
from stores.part import can_look
from stores.relation import MANY_LINES, Relation
from stores.windows import Ints, Mask, bursts, meanwhile, members, sequence, sessions, stretches, variety, weigh

CROWD_LINES = 120
CROWD_SECONDS = 60
"""Floods of at least so many lines of one address in at most so many seconds can be looked for among all lines."""


class Behaviours:
    """What behaviours ask of one snapshot; few enough lines are kept in memory from the first question on."""

    def __init__(self, relation: Relation) -> None:
        self._relation = relation
        self._asked = AskedLines(relation)
        self._kept: dict[Selector, KeptLines | None] = {}
        self._room = MANY_LINES

    def prepare(self, selectors: Iterable[Selector]) -> None:
        """Makes several selections in one pass instead of one each."""
        new = [one for one in Watched.of(selectors).selectors if one not in self._kept and can_look(one)]
        found = kept_for(self._relation, new, self._room) if new else None
        if found is not None:  # several together may be too many where each alone is not
            self._room -= len(found)
            self._kept |= dict.fromkeys(new, found)

    def sessions(self, selector: Selector, key: str, gap_seconds: float, crowd: Crowd) -> pa.Table:
        """Rows (`SCHEMA`) of the lines in qualifying sessions, by source and line."""
        lines = self._lines(selector, crowd.relief)
        busy = lines.busy(selector, key, crowd)
        rows = _in_order(lines.rows(selector, key, crowd, busy))
        groups = sessions(rows.keys, rows.times, _micros(gap_seconds))
        return _found(lines, rows, groups, _relief(lines, rows, groups, key, busy, crowd), crowd)

    def bursts(self, selector: Selector, key: str, window_seconds: float, crowd: Crowd) -> pa.Table:
        """Rows (`SCHEMA`) of the lines in qualifying bursts, by source and line."""
        flood = crowd.flood and key == IP and window_seconds <= CROWD_SECONDS and crowd.lines >= CROWD_LINES
        lines = (self._crowded() if flood and crowd.relief is None else None) or self._lines(selector, crowd.relief)
        busy = lines.busy(selector, key, crowd)
        rows = _in_order(lines.rows(selector, key, crowd, busy))
        width = _micros(window_seconds)
        groups = stretches(rows.keys, rows.times, width, bursts(rows.keys, rows.times, width, crowd.lines))
        return _found(lines, rows, groups, _relief(lines, rows, groups, key, busy, crowd), crowd)

    def sequence(
        self, failures: Selector, successes: Selector, key: str, within_seconds: float, crowd: Crowd
    ) -> pa.Table:
        """Rows (`SCHEMA`) of the success lines with enough failures before them, by source and line."""
        lines = self._lines(failures, successes)
        busy = lines.busy(failures, key, crowd)
        succeeded = lines.rows(successes, key, _alone(crowd), busy)
        both = joined((succeeded, failed := lines.rows(failures, key, crowd, busy)))
        role: Mask = np.repeat((False, True), (len(succeeded.times), len(failed.times)))
        order = np.lexsort((role, both.places, both.times, both.keys))
        both, role = take(both, order), role[order]
        mask = sequence(both.keys, both.times, role, _micros(within_seconds), crowd.lines, both.weights, crowd.share)
        return _table(lines, both.places[mask])

    def _lines(self, *selectors: Selector | None) -> Lines[Any]:
        """Lines kept in memory where those of all selectors are, else what the engine finds each time."""
        asked = [one for one in selectors if one is not None]
        self.prepare(asked)
        found = [self._kept.setdefault(one, None) for one in asked]
        first = found[0]
        return first if first is not None and all(one is first for one in found) else self._asked

    def _crowded(self) -> KeptLines | None:
        """All lines that have many of their address around them; None if too many have."""
        return self._relation.remembered(("crowded",), self._find_crowded)

    def _find_crowded(self) -> KeptLines | None:
        found = crowded(self._relation, CROWD_LINES, timedelta(seconds=CROWD_SECONDS))
        return None if len(found) > MANY_LINES else kept_at(self._relation, found)


def flood_cells(relation: Relation) -> BusyCells:
    """What is asked of every line to find floods."""
    return busy_cells(relation, CROWD_LINES, timedelta(seconds=CROWD_SECONDS))


def _in_order(rows: Rows) -> Rows:
    return take(rows, np.lexsort((rows.places, rows.times, rows.keys)))


def _relief(lines: Lines[Busy], rows: Rows, groups: Ints, key: str, busy: Busy, crowd: Crowd) -> Ints:
    """How many relieving lines each group has in its time."""
    if crowd.relief is None or not len(groups):
        return np.zeros(int(groups.max(initial=-1)) + 1, dtype=np.int64)
    others = lines.rows(crowd.relief, key, _alone(crowd), busy)
    return meanwhile(rows.keys, rows.times, groups, others.keys, others.times)


def _alone(crowd: Crowd) -> Crowd:
    """The same of lines that no other type explains away."""
    return replace(crowd, besides=(), mixed=())


def _found(lines: Lines[Any], rows: Rows, groups: Ints, relief: Ints, crowd: Crowd) -> pa.Table:
    return _table(lines, rows.places[_in_crowd(rows, groups, relief, crowd)])


def _table(lines: Lines[Any], places: Ints) -> pa.Table:
    return lines.table(np.unique(places)) if len(places) else empty(SCHEMA)


def _in_crowd(rows: Rows, groups: Ints, relief: Ints, crowd: Crowd) -> Mask:
    """Lines of the groups that are enough; `relief` are the relieving lines of each group."""
    events = weigh(groups, rows.weights, ~rows.aside)
    enough = (events >= crowd.lines) & (relief <= crowd.share * events)
    if crowd.distinct is not None:
        values = variety(groups, rows.values, ~rows.aside)
        enough &= (values >= crowd.values) & (events >= crowd.repeats * values)
        if crowd.tries:
            enough &= events <= crowd.tries * values
    mixed = enough & (weigh(groups, rows.weights, rows.aside) < events)
    return members(groups, enough) & ~rows.aside | members(groups, mixed)


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
