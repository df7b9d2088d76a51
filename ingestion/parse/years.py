"""The missing year of syslog stamps (`Mar  2 10:15:30`), from the file's own order and one dated anchor.

Lines of a log are in time order but for small disorder, so the year turns where the calendar falls back by more than
half a year. Counting the turns needs one fast pass over the bytes; which year the last line has then follows from the
anchor (the file's modification time: no line is younger, by more than a day of clock error). Never from "now".
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from ingestion.parse.wall_clock import DAY, MONTHS, midnight

NO_YEAR = 1972
"""The leap year in which year-less times are written until their year is known."""

_STAMP = re.compile(rb"(?:<[0-9]{1,3}>)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([ 0-3]?[0-9]) (?=[0-9]{2}:)")
_FIRST_DAY = midnight(NO_YEAR, 1, 1) or 0
_HALF_A_YEAR = 183


@dataclass(frozen=True, slots=True)
class YearPlan:
    """`year_of` a line, by absolute number (from 1); `assumed` unless the user told the year."""

    first_year: int
    turns: tuple[int, ...] = ()
    stragglers: frozenset[int] = frozenset()
    assumed: bool = True

    def year_of(self, line_number: int) -> int:
        """Year of a physical line: the first line's, plus one for each turn at or before it.

        A straggler (30 or 31 December written behind the first lines of January) is still of the old year.
        """
        return self.first_year + bisect_right(self.turns, line_number) - (line_number in self.stragglers)


def year_plan(chunks: Iterable[bytes], anchor: datetime, configured: int | None = None) -> YearPlan:
    """Read the whole content once, in any chunks, before the lines are parsed in parallel.

    `anchor` is the file's modification time in the zone of its stamps. `configured` is the year of the *first* stamped
    line (what a reader of the file's beginning knows); then the anchor is not looked at. A 29 February is put into a
    leap year: the plan moves to the latest one that fits.
    """
    survey = _Survey()
    for block, lines_before in _whole_lines(chunks):
        survey.read(block, lines_before)
    turns, stragglers = tuple(survey.turns), frozenset(survey.stragglers)
    if configured is not None:
        return YearPlan(configured, turns, stragglers, assumed=False)
    last = _latest_year(survey.last, anchor)
    return YearPlan(_fit_leap_days(last - len(turns), survey.leap_turns), turns, stragglers)


def in_year(time: int, year: int) -> int | None:
    """A time written in `NO_YEAR` moved to `year`; None for 29 February in a year that has none."""
    days, rest = divmod(time - _FIRST_DAY, DAY)
    start = _day_in_year(days, year)
    return None if start is None else start + rest


@lru_cache(maxsize=1024)
def _day_in_year(days: int, year: int) -> int | None:
    """Start of the day that `NO_YEAR` has after so many days, in another year."""
    day = date.fromordinal(date(NO_YEAR, 1, 1).toordinal() + days)
    return midnight(year, day.month, day.day)


class _Survey:
    """What one pass learns: turns, stragglers, the last (month, day), after how many turns a leap day stands."""

    def __init__(self) -> None:
        self.turns: list[int] = []
        self.stragglers: set[int] = set()
        self.last: tuple[int, int] | None = None
        self.leap_turns: set[int] = set()

    def read(self, block: bytes, lines_before: int) -> None:
        """Whole lines; the search runs from one day to the next, not from line to line."""
        at, counted, number = 0, 0, lines_before + 1
        while at < len(block):
            found = _STAMP.match(block, at)
            if found:
                number += block.count(b"\n", counted, at)
                counted = at
                self._take((MONTHS[found.group(1)], int(found.group(2))), number)
            other = _other_line(found.group() if found else b"\n").search(block, at)
            at = other.end() if other else len(block)

    def _take(self, this: tuple[int, int], number: int) -> None:
        if self.last and _back(self.last, this):
            self.turns.append(number)
        elif self.turns and self.last and this >= (12, 30) and self.last <= (1, 2):
            self.stragglers.add(number)
            return
        if this == (2, 29):
            self.leap_turns.add(len(self.turns))
        self.last = this


@lru_cache(maxsize=512)
def _other_line(start: bytes) -> re.Pattern[bytes]:
    """The line feed before a line that does not begin with `start`."""
    return re.compile(rb"\n(?!" + re.escape(start) + rb")")


def _back(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Does the calendar fall back by more than half a year?"""
    return (before[0] - after[0]) * 31 + before[1] - after[1] > _HALF_A_YEAR


def _whole_lines(chunks: Iterable[bytes]) -> Iterable[tuple[bytes, int]]:
    """Chunks cut behind line feeds, each with the number of lines before it."""
    rest, lines = b"", 0
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if not cut:
            rest += chunk
            continue
        block, rest = rest + chunk[:cut], chunk[cut:]
        yield block, lines
        lines += block.count(b"\n")
    if rest:
        yield rest, lines


def _latest_year(last: tuple[int, int] | None, anchor: datetime) -> int:
    """The latest year that puts the last stamp no more than a day after the anchor."""
    if last is None:
        return anchor.year
    limit = anchor.toordinal() + 1
    year = anchor.year + 1
    while year > anchor.year - 9:
        start = midnight(year, *last)
        if start is not None and start // DAY + date(1970, 1, 1).toordinal() <= limit:
            return year
        year -= 1
    return anchor.year


def _fit_leap_days(first: int, leap_turns: set[int]) -> int:
    """Move the first year back until every 29 February stands in a leap year."""
    for year in range(first, first - 9, -1):
        if all(midnight(year + turns, 2, 29) is not None for turns in leap_turns):
            return year
    return first
