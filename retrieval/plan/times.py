"""Windows of time: dates, clock times, spans and the words between them become one piece per window."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from core.plan import CaseFacts
from retrieval.plan.calendar import DAY, calendar_of, midnight
from retrieval.plan.fold import is_japanese
from retrieval.plan.piece import Kind, Piece

_GLUE = frozenset(
    {
        "の",
        "at",
        "on",
        "of",
        "in",
        "the",
        "に",
        "on the",
        "of the",
        ",",
        "from",
        "during",
        "within",
        "in the",
        "で",
        "は",
        "s",
        "ちょうど",
        "中",
        "内",
        "log",
        "logs",
        "ログ",
        "a",
        "with",
        "うち",
        "just",
    }
)
_ATOMS = frozenset({Kind.DATE, Kind.DAY, Kind.CLOCK, Kind.PERIOD, Kind.SPAN})
_MARKS = {"noon": (43_200, 3600), "midnight": (0, 3600)}
_TRAILING = frozenset({"onwards", "onward", "and later", "or later", "or after", "and earlier", "or earlier", "ish"})
_BETWEEN = frozenset({"の間", "間", "の間に", "にかけて", "かけて", "間に", "間で", "間の", "にかけ"})
_SHIFT = "shift"


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


class Windows:
    """Reads the windows of one question, whose pieces are given; `about` is the day "the day before" counts from."""

    def __init__(self, pieces: Sequence[Piece], text: str, facts: CaseFacts, about: datetime | None = None) -> None:
        zones = [int(piece.value) for piece in pieces if piece.kind is Kind.ZONE]
        self.offset = zones[0] if zones else facts.offset_seconds
        self.calendar = calendar_of(facts, self.offset)
        self.pieces = _hours(pieces)
        self.text = text
        ahead = timedelta(seconds=self.offset)
        self.about = (about.astimezone(UTC) + ahead).date() if about else None

    def read(self) -> list[Piece]:
        """All pieces, those of a window made one of kind TIME, `since/until` in ISO 8601 UTC; either may be empty."""
        found: list[Piece] = []
        at = 0
        while at < len(self.pieces):
            window, end = self._window(at)
            if window is None:
                found.append(self._leftover(self.pieces[at]))
                at += 1
            else:
                first, last = self.pieces[at], self.pieces[end - 1]
                self.about = window[0].date() if window[0] else self.about
                found.append(Piece(Kind.TIME, self._written(window), first.start, last.end))
                at = end
        return found

    def _leftover(self, piece: Piece) -> Piece:
        """A time word that no window was made of was not understood; words between times are just words."""
        if piece.kind in _ATOMS:
            return piece.read_as(Kind.UNREADABLE, piece.value)
        return piece.read_as(Kind.FILLER, "any") if piece.kind in {Kind.WHEN, Kind.ZONE} else piece

    def _written(self, window: tuple[datetime | None, datetime | None]) -> str:
        ahead = timedelta(seconds=self.offset)
        return "/".join("" if one is None else (one - ahead).replace(tzinfo=UTC).isoformat() for one in window)

    def _is(self, at: int, *values: str) -> bool:
        """Whether the piece at a place may be one of these words between times."""
        return at < len(self.pieces) and bool(set(self.pieces[at].values(Kind.WHEN)) & set(values))

    def _spelled(self, at: int) -> str:
        return self.text[self.pieces[at].start : self.pieces[at].end] if at < len(self.pieces) else ""

    def _skip(self, at: int, most: int = 2) -> int:
        """Past at most two small words that may stand inside a time."""
        end = at
        while end - at < most and end < len(self.pieces) and self._spelled(end) in _GLUE:
            end += 1
        return end

    def _window(self, at: int) -> tuple[tuple[datetime | None, datetime | None] | None, int]:
        if self.calendar is None:
            return None, at
        before = self._before(at)
        begin = self._skip(at + 1) if before else at
        moment, end = self._moment(begin)
        if moment is None:
            span, end = self._span(begin)
            if span is None:
                first, second, end = self._numbers(begin) if before in {"between", "since"} else (None, None, at)
                window = self._between(first, second) if first and second else None
                return (window, self._closing(end)) if window else (None, at)
            return self._related(span, before), end
        other, other_end = self._other_end(end, before)
        if other is not None:
            return self._between(moment, other), self._closing(other_end)
        length, length_end = self._length(end)
        if length:
            start = self._resolved(moment)[0]
            return (start, start + length), length_end
        after = self._after(end)
        if after:
            return self._related(self._resolved(moment), after), self._after_end(end)
        return self._related(self._resolved(moment), before), end

    def _before(self, at: int) -> str:
        """The word in front of a time that says which side of it is meant; Japanese ones stand behind it."""
        if is_japanese(self._spelled(at)[:1] or " "):
            return ""
        following = self._skip(at + 1)
        if following < len(self.pieces):
            next_one = self.pieces[following]
            counted = next_one.kind is Kind.NUMBER and self._is(at, "between", "since")
            if next_one.kind in _ATOMS or counted:
                return next(
                    (one for one in ("between", "since", "after", "before", "until", "around") if self._is(at, one)), ""
                )
        return ""

    def _after(self, at: int) -> str:
        spelled = self._spelled(at)
        if not spelled or not (is_japanese(spelled[0]) or spelled in _TRAILING):
            return ""
        return next((one for one in ("after", "before", "until", "around", "past", "since") if self._is(at, one)), "")

    def _after_end(self, at: int) -> int:
        return self._closing(at + 1)

    def _closing(self, at: int) -> int:
        """Past what closes a window: 「まで」 and 「の間」."""
        while at < len(self.pieces) and (
            self._spelled(at) in _BETWEEN or self._spelled(at) in {"まで", "までの", "までに", "の間", "迄"}
        ):
            at += 1
        if self._spelled(at) == "の" and self._spelled(at + 1) in _BETWEEN | {"間"}:
            at += 2
        return at

    def _moment(self, at: int) -> tuple[Moment | None, int]:
        """A day with or without a clock time or a part of the day, in either order."""
        moment, end = Moment(), at
        while end < len(self.pieces):
            added = self._added(moment, self.pieces[end])
            if added is None:
                break
            moment, taken = added, end + 1
            if taken < len(self.pieces) and self.pieces[taken].kind is Kind.ZONE:
                taken += 1
            end, following = taken, self._skip(taken)
            if following < len(self.pieces) and self._added(moment, self.pieces[following]) is not None:
                end = following
        return (moment, end) if end > at else (None, at)

    def _added(self, moment: Moment, piece: Piece) -> Moment | None:
        """The moment with one more piece, or None where the piece does not belong to it."""
        calendar = self.calendar
        if calendar is None:
            return None
        if piece.kind in {Kind.DATE, Kind.DAY}:
            if moment.day is not None:
                same = piece.kind is Kind.DAY and piece.value.startswith("weekday.")  # "Saturday, 14 November"
                return moment if same else None
            day = calendar.dated(piece.value) if piece.kind is Kind.DATE else calendar.named(piece.value, self.about)
            return replace(moment, day=day) if day else None
        if piece.kind is Kind.CLOCK and moment.clock is None:
            seconds, width, half = piece.value.split(",")
            return replace(moment, clock=int(seconds), width=int(width), half=half)
        if piece.kind is Kind.PERIOD and piece.value in _MARKS and moment.clock is None:
            mark = _MARKS[piece.value]
            return replace(moment, clock=mark[0], width=mark[1], half="24")
        if piece.kind is Kind.PERIOD and piece.value not in _MARKS and not moment.period:
            return replace(moment, period=piece.value)
        return None

    def _resolved(self, moment: Moment, not_before: datetime | None = None) -> tuple[datetime, datetime]:
        """From and until of a moment; a clock time without a day is the last such at or before the log's end."""
        assert self.calendar is not None  # noqa: S101 -- `_window` returns early without one
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
        assert self.calendar is not None  # noqa: S101
        if moment.period == "last_night":
            small = (moment.clock or 0) < 43_200 and moment.half != "pm"
            late_evening = small and (moment.clock or 0) >= 6 * 3600
            return self.calendar.today - DAY if not small or late_evening else self.calendar.today
        return self.calendar.today

    def _other_end(self, at: int, before: str) -> tuple[Moment | None, int]:
        """The second moment of a range, if the words behind the first one join it to another."""
        joined = self._is(at, "range") or (
            before == "between" and self.pieces[at : at + 1] and self.pieces[at].kind is Kind.JOIN
        )
        closing_and = at < len(self.pieces) and self.pieces[at].kind is Kind.JOIN
        if not joined and not closing_and:
            return None, at
        second, end = self._moment(self._skip(at + 1))
        if second is None and joined:
            hour = self._hour(at + 1)
            second, end = (hour, at + 2) if hour else (None, at)
        if second is None or (
            not joined and self._spelled(end) not in _BETWEEN and self._spelled(end + 1) not in _BETWEEN
        ):
            return None, at
        return second, end

    def _hour(self, at: int) -> Moment | None:
        """A bare number that can only be an hour."""
        if at < len(self.pieces) and self.pieces[at].kind is Kind.NUMBER and int(self.pieces[at].value) <= 24:
            return Moment(clock=int(self.pieces[at].value) * 3600, width=3600)
        return None

    def _numbers(self, at: int) -> tuple[Moment | None, Moment | None, int]:
        """ "between 10 and 11 pm", "from 22 to 23": the first of two hours has no unit of its own."""
        first = self._hour(at)
        joined = at + 1 < len(self.pieces) and (self.pieces[at + 1].kind is Kind.JOIN or self._is(at + 1, "range"))
        if first is None or not joined:
            return None, None, at
        second, end = self._moment(at + 2)
        if second is None:
            hour = self._hour(at + 2)
            return first, hour, at + 3
        return first, (second if second.clock is not None else None), end

    def _between(self, first: Moment, second: Moment) -> tuple[datetime, datetime]:
        """From the beginning of one to the beginning of the other clock time, or the end of the other day."""
        if second.half in {"am", "pm"} and not first.half and first.clock is not None and first.clock <= 43_200:
            turned = replace(first, clock=first.clock % 43_200 + (43_200 if second.half == "pm" else 0))
            if second.clock is not None and (turned.clock or 0) >= second.clock and second.half == "pm":
                turned = first  # "from 11 to 2 pm" begins in the morning
            first = replace(turned, half=second.half)
        elif first.half == "pm" and not second.half and second.clock is not None and second.clock <= (first.clock or 0):
            if (
                second.clock + 43_200 > (first.clock or 0)
                and second.clock < 43_200
                and first.width == second.width == 3600
            ):
                second = replace(second, clock=second.clock + 43_200)
        if first.period and not second.period and not second.half and second.day is None:
            second = replace(second, period=first.period)  # "from 10 to 11 last night"
        if first.bare and not second.bare:
            first = replace(first, day=second.day, period=first.period or second.period)
        elif second.bare and not first.bare and second.clock is None and first.day:
            second = replace(second, day=first.day)
        start = self._resolved(first)[0]
        if second.clock is None:
            return start, self._resolved(second)[1]
        until = self._resolved(second, start)[0]
        if until <= start:
            until = (
                _on_or_after(until, start + timedelta(seconds=1)) if second.bare or second.day == first.day else until
            )
        return (start, until) if start <= until else (until, start)

    def _length(self, at: int) -> tuple[timedelta | None, int]:
        """「22時から10分間」, "from 22:00 for 10 minutes"."""
        at = self._skip(at)
        if self._is(at, "since"):
            at += 1
        at = self._skip(at)
        if at < len(self.pieces) and self.pieces[at].kind is Kind.SPAN and self.pieces[at].value.startswith("for,"):
            return timedelta(seconds=int(self.pieces[at].value[4:])), at + 1
        return None, at

    def _span(self, at: int) -> tuple[tuple[datetime | None, datetime | None] | None, int]:
        if at >= len(self.pieces) or self.pieces[at].kind is not Kind.SPAN or self.calendar is None:
            return None, at
        side, _, seconds = self.pieces[at].value.partition(",")
        length = timedelta(seconds=min(int(seconds), 10_000 * 86_400))
        try:
            if side == "first":
                return (None, self.calendar.first + length), at + 1
            if side == "last":
                return (self.calendar.last - length, None), at + 1
            if side == "ago":
                start = self.calendar.last - length
                unit = 3600 if int(seconds) % 3600 == 0 else 60
                after = self._after(at + 1)
                window = self._related((start, start + timedelta(seconds=unit)), after)
                return window, self._after_end(at + 1) if after else at + 1
        except OverflowError:
            return None, at
        return None, at

    def _related(
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


def _hours(pieces: Sequence[Piece]) -> list[Piece]:
    """ "22-23時", "10 to 11 pm": a bare number in front of a range to a clock time is an hour."""
    found = list(pieces)
    for at in range(len(found) - 2):
        number, joint, clock = found[at : at + 3]
        hour = number.kind is Kind.NUMBER and clock.kind is Kind.CLOCK and int(number.value) <= 24
        if hour and "range" in joint.values(Kind.WHEN):
            found[at] = number.read_as(Kind.CLOCK, f"{int(number.value) * 3600},3600,")
    return found
