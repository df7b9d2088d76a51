"""Windows of time: dates, clock times, spans and the words between them become one piece per window."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.plan import CaseFacts
from retrieval.plan.calendar import Calendar, calendar_of
from retrieval.plan.fold import is_japanese
from retrieval.plan.moment import Moment, Resolver, Window
from retrieval.plan.piece import Kind, Piece

_GLUE = frozenset({
    "の", "at", "on", "of", "in", "the", "に", "on the", "of the", ",", "from", "during", "within", "in the", "で",
    "は", "s", "ちょうど", "中", "内", "log", "logs", "ログ", "a", "with", "うち", "just",
})  # fmt: skip
_ATOMS = frozenset({Kind.DATE, Kind.DAY, Kind.CLOCK, Kind.PERIOD, Kind.SPAN})
_MARKS = {"noon": (43_200, 3600), "midnight": (0, 3600)}
_PLAIN = frozenset({"morning", "night", "evening", "afternoon"})
_TRAILING = frozenset({"onwards", "onward", "and later", "or later", "or after", "and earlier", "or earlier", "ish"})
_BETWEEN = frozenset({"の間", "間", "の間に", "にかけて", "かけて", "間に", "間で", "間の", "にかけ"})


def in_time(pieces: Sequence[Piece], text: str, facts: CaseFacts, about: datetime | None = None) -> list[Piece]:
    """All pieces, those of a window made one of kind TIME: `since/until` in ISO 8601 UTC, either of them may be empty.

    `about` is the time that "the day before" counts from: that of the question before. A case without times has no
    calendar: what is said of times there cannot be read.
    """
    zones = [int(piece.value) for piece in pieces if piece.kind is Kind.ZONE]
    offset = zones[0] if zones else facts.offset_seconds
    calendar = calendar_of(facts, offset)
    if calendar is None:
        return [_leftover(piece) for piece in pieces]
    return list(_Windows(pieces, text, calendar, offset, about).read())


def _leftover(piece: Piece) -> Piece:
    """A time word that no window was made of was not understood; words between times are just words."""
    if piece.kind in _ATOMS:
        return piece.read_as(Kind.UNREADABLE, piece.value)
    return piece.read_as(Kind.FILLER, "any") if piece.kind in {Kind.WHEN, Kind.ZONE} else piece


class _Windows:
    """Reads the windows of one question from its pieces, left to right."""

    def __init__(
        self, pieces: Sequence[Piece], text: str, calendar: Calendar, offset: int, about: datetime | None
    ) -> None:
        self.pieces = _hours(pieces)
        self.text = text
        self.calendar = calendar
        self.resolver = Resolver(calendar)
        self.ahead = timedelta(seconds=offset)
        self.about = (about.astimezone(UTC) + self.ahead).date() if about else None

    def read(self) -> Iterator[Piece]:
        """The pieces with windows in place of the times."""
        at = 0
        while at < len(self.pieces):
            window, end = self._window(at)
            if window is None:
                yield _leftover(self.pieces[at])
                at += 1
            else:
                first, last = self.pieces[at], self.pieces[end - 1]
                self.about = window[0].date() if window[0] else self.about
                yield Piece(Kind.TIME, self._written(window), first.start, last.end)
                at = end

    def _written(self, window: Window) -> str:
        return "/".join("" if one is None else (one - self.ahead).replace(tzinfo=UTC).isoformat() for one in window)

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

    def _window(self, at: int) -> tuple[Window | None, int]:
        before = self._before(at)
        begin = self._skip(at + 1) if before else at
        moment, end = self._moment(begin)
        if moment is None:
            span, end = self._beside(begin)
            if span is None:
                span, end = self._span(begin)
            if span is None:
                first, second, end = self._numbers(begin) if before in {"between", "since"} else (None, None, at)
                window = self.resolver.between(first, second) if first and second else None
                return (window, self._closing(end)) if window else (None, at)
            return self.resolver.related(span, before), end
        other, other_end = self._other_end(end, before)
        if other is not None:
            return self.resolver.between(moment, other), self._closing(other_end)
        length, length_end = self._length(end)
        if length:
            start = self.resolver.resolved(moment)[0]
            return (start, start + length), length_end
        after = self._after(end)
        if after:
            return self.resolver.related(self.resolver.resolved(moment), after), self._after_end(end)
        if self._spelled(at) == "from" and moment.clock is None:
            before = ""  # "attacks from yesterday" are those of yesterday
        noun = end < len(self.pieces) and self.pieces[end].kind is Kind.UNKNOWN
        if noun and moment.period in _PLAIN and moment == Moment(period=moment.period):
            return None, at  # "the morning meeting"
        return self.resolver.related(self.resolver.resolved(moment), before), end

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

    def _length(self, at: int) -> tuple[timedelta | None, int]:
        """「22時から10分間」, "from 22:00 for 10 minutes"."""
        at = self._skip(at)
        if self._is(at, "since"):
            at += 1
        at = self._skip(at)
        if at < len(self.pieces) and self.pieces[at].kind is Kind.SPAN and self.pieces[at].value.startswith("for,"):
            return timedelta(seconds=int(self.pieces[at].value[4:])), at + 1
        return None, at

    def _beside(self, at: int) -> tuple[Window | None, int]:
        """ "The 10 minutes after 22:00", "2 hours before midnight"."""
        piece = self.pieces[at] if at < len(self.pieces) else None
        word = next((one for one in ("after", "before", "since") if self._is(at + 1, one)), "")
        if piece is None or not word or piece.kind is not Kind.SPAN or not piece.value.startswith("for,"):
            return None, at
        moment, end = self._moment(self._skip(at + 2))
        if moment is None:
            return None, at
        length, start = timedelta(seconds=int(piece.value[4:])), self.resolver.resolved(moment)[0]
        return ((start - length, start) if word == "before" else (start, start + length)), end

    def _span(self, at: int) -> tuple[Window | None, int]:
        if at >= len(self.pieces) or self.pieces[at].kind is not Kind.SPAN:
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
                window = self.resolver.related((start, start + timedelta(seconds=unit)), after)
                return window, self._after_end(at + 1) if after else at + 1
        except OverflowError:
            return None, at
        return None, at


def _hours(pieces: Sequence[Piece]) -> list[Piece]:
    """ "22-23時", "10 to 11 pm": a bare number in front of a range to a clock time is an hour."""
    found = list(pieces)
    for at in range(len(found) - 2):
        number, joint, clock = found[at : at + 3]
        hour = number.kind is Kind.NUMBER and clock.kind is Kind.CLOCK and int(number.value) <= 24
        if hour and "range" in joint.values(Kind.WHEN):
            found[at] = number.read_as(Kind.CLOCK, f"{int(number.value) * 3600},3600,")
    return found
