"""What dates and clock times of a question mean in the log's own calendar."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.plan import CaseFacts
from retrieval.plan.piece import Kind, Piece

DAY = timedelta(days=1)

# Hours at which parts of a day begin, and how long they last: the Japan Meteorological Agency's words for times of
# day (朝, 夕方, 夜: https://www.jma.go.jp/jma/kishou/know/yougo_hp/toki.html) made wider where everyday speech is;
# 深夜 are the hours that labour law calls so, 22 to 5 o'clock.
_PERIODS = {
    "night": (18, 12), "deep_night": (22, 7), "before_dawn": (0, 6), "morning": (6, 6), "afternoon": (12, 6),
    "evening": (18, 6), "dusk": (15, 4),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calendar:
    """The log's first and last instant as its own wall clock shows them."""

    first: datetime
    last: datetime

    @property
    def today(self) -> date:
        """The day of the last line."""
        return self.last.date()

    def named(self, word: str, about: date | None) -> tuple[date, int] | None:
        """First day and number of days of a lexicon word; `about` is the day that "the day before" counts from."""
        today = self.today
        if word.startswith("weekday."):
            return today - timedelta(days=(today.weekday() - int(word[8:])) % 7), 1
        monday = today - timedelta(days=today.weekday())
        first = today.replace(day=1)
        known = {
            "previous": ((about or today) - DAY, 1),
            "next": ((about or today) + DAY, 1),
            "week": (monday, 7),
            "last_week": (monday - 7 * DAY, 7),
            "month": (first, monthrange(first.year, first.month)[1]),
            "last_month": ((first - DAY).replace(day=1), (first - DAY).day),
            "weekend": (today - timedelta(days=(today.weekday() - 5) % 7), 2),
        }
        if word in known:
            return known[word]
        try:
            return today + timedelta(days=int(word)), 1
        except (OverflowError, ValueError):
            return None

    def dated(self, value: str) -> tuple[date, int] | None:
        """First day and number of days of a `date_value`; a missing year or month is the last that fits the log."""
        year, month, day = (int(part) if part else None for part in value.split("."))
        if month is None:
            return self._day_of_month(day or 1)
        years = (year,) if year else (self.last.year, self.last.year - 1, self.last.year - 2, self.last.year - 4)
        for each in years:
            found = _span_of(each, month, day)
            if found and (year or found[0] <= self.today):
                return found
        return None

    def _day_of_month(self, day: int) -> tuple[date, int] | None:
        month = self.today.replace(day=1)
        for _ in range(4):
            found = _span_of(month.year, month.month, day)
            if found and found[0] <= self.today:
                return found
            month = (month - DAY).replace(day=1)
        return None

    def period(self, word: str, on: date | None) -> tuple[datetime, datetime]:
        """From and until of a part of a day; without a day, of the last one that has begun."""
        if word == "last_night":
            on, word = (on or self.today - DAY), "night"
        elif word.startswith("this_") or word == "tonight":
            on, word = self.today, "night" if word == "tonight" else word[5:]
        hour, length = _PERIODS[word]
        if on is None:
            on = self.today
            if midnight(on) + timedelta(hours=hour) > self.last:
                on -= DAY
        begin = midnight(on) + timedelta(hours=hour)
        return begin, begin + timedelta(hours=length)


def midnight(day: date) -> datetime:
    """The first instant of a day, on the wall clock."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- the log's wall clock


def _span_of(year: int, month: int, day: int | None) -> tuple[date, int] | None:
    try:
        return (date(year, month, day), 1) if day else (date(year, month, 1), monthrange(year, month)[1])
    except ValueError:
        return None


def calendar_of(facts: CaseFacts, offset_seconds: int) -> Calendar | None:
    """The calendar of a case on a wall clock so many seconds east of UTC; None where no line has a time."""
    if facts.last_seen is None:
        return None
    ahead = timedelta(seconds=offset_seconds)
    first = facts.first_seen or facts.last_seen
    try:
        return Calendar(*((one.astimezone(UTC) + ahead).replace(tzinfo=None) for one in (first, facts.last_seen)))
    except OverflowError:
        return None


def date_value(year: int | None, month: int | None, day: int | None, at: int, end: int) -> Piece:
    """A DATE piece `year.month.day` with empty parts where none is written; UNREADABLE where no calendar has it."""
    written = ".".join("" if part is None else str(part) for part in (year, month, day))
    # 2028 is a leap year: 29 February without a year is a day.
    possible = _span_of(2028 if year is None else year, 1 if month is None else month, day) if day != 0 else None
    if possible is None or (year is not None and not 1970 <= year <= 2200):
        return Piece(Kind.UNREADABLE, written, at, end)
    return Piece(Kind.DATE, written, at, end)


def clock_value(hour: int, minute: int, second: int | None, half: str, at: int, end: int, minutes: bool) -> Piece:
    """A CLOCK piece `second of the day,width in seconds,half`; hours up to 29 belong to the night before."""
    if half and hour > 12:
        half = ""
    impossible = hour > 29 or minute > 59 or (second or 0) > 60 or (bool(half) and hour > 12)
    if impossible:
        return Piece(Kind.UNREADABLE, f"{hour}:{minute}", at, end)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    width = 1 if second is not None else 60 if minutes else 3600
    value = f"{hour * 3600 + minute * 60 + (second or 0)},{width},{half}"
    return Piece(Kind.CLOCK, value, at, end)
