"""Places in time as a question writes them, and the stretches they are on the log's own calendar."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from retrieval.plan.calendar import DAY, Calendar, midnight

Window = tuple[datetime | None, datetime | None]
"""From and until on the log's wall clock; None: open."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in time as written: a day or days, a part of a day, a clock time of some width in seconds."""

    day: tuple[date, int] | None = None
    clock: int | None = None
    width: int = 0
    half: str = ""
    period: str = ""

    @property
    def bare(self) -> bool:
        """Whether no day was named."""
        return self.day is None and self.period not in {"last_night", "tonight"} and not self.period.startswith("this_")


@dataclass(frozen=True, slots=True)
class Resolver:
    """Makes stretches of moments."""

    calendar: Calendar

    def resolved(self, moment: Moment, not_before: datetime | None = None) -> tuple[datetime, datetime]:
        """From and until of a moment; a clock time without a day is the last such at or before the log's end."""
        if moment.clock is None:
            if moment.period:
                return self.calendar.period(moment.period, moment.day[0] if moment.day else None)
            first, days = moment.day or (self.calendar.today, 1)
            return midnight(first), midnight(first) + days * DAY
        day = moment.day[0] if moment.day else self._day_of(moment)
        start = midnight(day) + timedelta(seconds=_turned(moment))
        if moment.bare:
            if not_before is not None:
                start = _on_or_after(start, not_before)
            elif start > self.calendar.last:
                start -= DAY
        return start, start + timedelta(seconds=moment.width)

    def _day_of(self, moment: Moment) -> date:
        """The day of a clock time that only has a part of the day: "at 2 last night" is today."""
        if moment.period == "last_night":
            small = (moment.clock or 0) < 43_200 and moment.half != "pm"
            late_evening = small and (moment.clock or 0) >= 6 * 3600
            return self.calendar.today - DAY if not small or late_evening else self.calendar.today
        return self.calendar.today

    def between(self, first: Moment, second: Moment) -> tuple[datetime, datetime]:
        """From the beginning of one to the beginning of the other clock time, or the end of the other day."""
        if second.half in {"am", "pm"} and not first.half and first.clock is not None and first.clock <= 43_200:
            turned = replace(first, clock=first.clock % 43_200 + (43_200 if second.half == "pm" else 0))
            if second.clock is not None and (turned.clock or 0) >= second.clock and second.half == "pm":
                turned = first  # "from 11 to 2 pm" begins in the morning
            first = replace(turned, half=second.half)
        elif first.half == "pm" and not second.half and _evening_too(first, second):
            second = replace(second, clock=(second.clock or 0) + 43_200)
        if first.period and not second.period and not second.half and second.day is None:
            second = replace(second, period=first.period)  # "from 10 to 11 last night"
        if first.bare and not second.bare:
            first = replace(first, day=second.day, period=first.period or second.period)
        elif second.bare and not first.bare and second.clock is None and first.day:
            second = replace(second, day=first.day)
        start = self.resolved(first)[0]
        if second.clock is None:
            return start, self.resolved(second)[1]
        until = self.resolved(second, start)[0]
        if until <= start:
            until = (
                _on_or_after(until, start + timedelta(seconds=1)) if second.bare or second.day == first.day else until
            )
        return (start, until) if start <= until else (until, start)

    def related(
        self, window: tuple[datetime | None, datetime | None], word: str
    ) -> tuple[datetime | None, datetime | None]:
        """What "since", "before", "around" … make of a moment's own window."""
        start, until = window
        if start is None or until is None or word in {"", "between"}:
            return window
        whole_days = start == datetime.combine(start.date(), datetime.min.time()) and until - start >= DAY
        if word == "since":
            return start, None
        if word == "after":
            return (until if whole_days else start), None
        if word == "before":
            return None, start
        if word == "until":
            return None, until if whole_days else start
        if word == "past":
            return start, start + timedelta(hours=1)
        slack = DAY if whole_days else timedelta(minutes=30 if until - start >= timedelta(hours=1) else 15)
        return start - slack, (start + slack if not whole_days else until + slack)


def _evening_too(first: Moment, second: Moment) -> bool:
    """Whether the bare end of 「午後10時から11時」 is as late as its beginning."""
    start, end = first.clock or 0, second.clock
    hours = first.width == second.width == 3600
    return hours and end is not None and end < 43_200 and end <= start < end + 43_200


def _turned(moment: Moment) -> int:
    """Seconds of the day, with the half of the day that a part of it implies: "yesterday evening at 10"."""
    seconds = moment.clock or 0
    if not moment.half and seconds <= 43_200:
        late = moment.period in {"evening", "afternoon", "this_evening", "this_afternoon", "dusk"}
        night = moment.period in {"night", "last_night", "tonight", "deep_night"} and seconds >= 6 * 3600
        if (late or night) and seconds < 43_200:
            return seconds + 43_200
    return seconds


def _on_or_after(moment: datetime, bound: datetime) -> datetime:
    """The same clock time on the first day that is not before a bound."""
    days = (bound.date() - moment.date()).days
    moment += days * DAY
    return moment if moment >= bound else moment + DAY
