"""Dates, clock times and spans as English and log files write them."""

import re
from collections.abc import Callable

from retrieval.plan.calendar import clock_value, date_value
from retrieval.plan.piece import Kind, Piece

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_AM_PM = r"(?: ?(am|pm|a\.m\.|p\.m\.|a\.m|p\.m)(?![a-z]))"
_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple of": 2, "a couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty-five": 45, "half": 0, "half an": 0,
}  # fmt: skip
_UNITS = {"s": 1, "mi": 60, "h": 3600, "d": 86_400, "w": 604_800, "mo": 2_592_000}
_UNIT = r"(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?)(?![a-z])"
_COUNT = (
    r"(\d{1,4}|a couple of|couple of|half an|forty-five|twelve|fifteen|twenty|thirty|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|an|a|half)"
)

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(?:t(?=\d\d:))?")
_LOGGED = re.compile(rf"(\d{{1,2}})/{_MONTH}/(\d{{4}})(?!\d)")
_DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)? ?(?:of )?{_MONTH}(?:,? (\d{{4}})(?!\d))?")
_MONTH_DAY = re.compile(
    rf"{_MONTH} ?(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?!{_AM_PM})(?:,? (\d{{4}})(?![\d:]))?"
)
_MONTH_YEAR = re.compile(rf"{_MONTH} (\d{{4}})(?!\d)")
_MONTH_ALONE = re.compile(r"(january|february|april|june|july|august|september|october|november|december)(?![a-z])")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/.])")
_NTH = re.compile(r"(?:on the )?(\d{1,2})(?:st|nd|rd|th)(?![a-z])")
_CLOCK = re.compile(rf"(?:t)?(\d{{1,2}}):(\d{{2}})(?::(\d{{2}})(?:[.,]\d{{1,9}})?)?(?!\d|:\d){_AM_PM}?")
_HOUR = re.compile(rf"(\d{{1,2}})(?:{_AM_PM}| ?o'clock(?: ?(am|pm))?)")
_PART = re.compile(r"(\d{1,2})(?::(\d{2}))? (?:o'clock )?(?:in the (morning|afternoon|evening)|at (night))(?![a-z])")
_WORD_HOUR = re.compile(
    r"(?:(half past|quarter past|quarter to) )?(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?: (fifteen|thirty|forty-five))?(?: ?o'clock)?"
    r"(?: (?:in the (morning|afternoon|evening)|at (night)|(am|pm)))?(?![a-z])"
)
_MINUTES = {"half past": 30, "quarter past": 15, "quarter to": -15, "fifteen": 15, "thirty": 30, "forty-five": 45}
_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_LAST = re.compile(
    rf"(?:the )?(last|past|previous|final|latest|most recent|first|initial|opening) (?:{_COUNT} ?)?{_UNIT}(?! ago)"
)
_AGO = re.compile(rf"{_COUNT} ?{_UNIT} (ago|earlier|before the end|before the end of the log)(?![a-z])")
_FOR = re.compile(rf"(?:for )?(\d{{1,4}}) ?{_UNIT}")
_ZONE = re.compile(
    r"(utc|gmt|jst)?([+-])(\d{1,2})(?::?(\d{2}))?(?![\d:])|(utc|gmt|jst|japan time|japanese time|z)(?![a-z])"
)
_STAMP = re.compile(r"t\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?")


def english_time(text: str, at: int) -> Piece | None:
    """The time word that begins at a place of a folded text, or None; an impossible one is UNREADABLE."""
    if at and (text[at - 1].isascii() and (text[at - 1].isalnum() or text[at - 1] in "._")):
        return _clock(text, at) if text[at - 1] == "t" and text[at - 2 : at - 1].isdigit() else _zone(text, at)
    for reader in _READERS:
        found = reader(text, at)
        if found is not None:
            return found
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _date(text: str, at: int) -> Piece | None:
    if (found := _ISO.match(text, at)) is not None:
        end = found.end()
        return date_value(int(found[1]), int(found[3]), int(found[4]), at, end)
    if (found := _LOGGED.match(text, at)) is not None:
        return date_value(int(found[3]), _month(found[2]), int(found[1]), at, found.end())
    if (found := _DAY_MONTH.match(text, at)) is not None:
        return date_value(int(found[3]) if found[3] else None, _month(found[2]), int(found[1]), at, found.end())
    if (found := _MONTH_DAY.match(text, at)) is not None:
        return date_value(int(found[3]) if found[3] else None, _month(found[1]), int(found[2]), at, found.end())
    if (found := _MONTH_YEAR.match(text, at)) is not None:
        return date_value(int(found[2]), _month(found[1]), None, at, found.end())
    if (found := _MONTH_ALONE.match(text, at)) is not None:
        return date_value(None, _month(found[1]), None, at, found.end())
    return None


def _slashed(text: str, at: int) -> Piece | None:
    found = _SLASHED.match(text, at)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[2]), int(found[3]) if found[3] else None
    month, day = (second, first) if first > 12 else (first, second)
    return date_value(year, month, day, at, found.end()) if month <= 31 and day <= 31 else None


def _nth(text: str, at: int) -> Piece | None:
    found = _NTH.match(text, at)
    if found is None or (int(found[1]) <= 5 and not found[0].startswith("on")):
        return None
    return date_value(None, None, int(found[1]), at, found.end())


def _clock(text: str, at: int) -> Piece | None:
    if (found := _PART.match(text, at)) is not None:
        half = "am" if found[3] == "morning" else "pm"
        if found[4] and int(found[1]) < 5:
            half = "am"
        return clock_value(int(found[1]), int(found[2] or 0), None, half, at, found.end(), bool(found[2]))
    if (found := _CLOCK.match(text, at)) is not None:
        seconds = int(found[3]) if found[3] else None
        return clock_value(int(found[1]), int(found[2]), seconds, _half(found[4]), at, found.end(), True)
    if (found := _HOUR.match(text, at)) is not None:
        return clock_value(int(found[1]), 0, None, _half(found[2] or found[3]), at, found.end(), False)
    return _in_words(text, at)


def _in_words(text: str, at: int) -> Piece | None:
    """ "Half past two", "three in the morning": a number word alone is a number."""
    found = _WORD_HOUR.match(text, at)
    part = None if found is None else found[4] or found[5] or found[6]
    if found is None or not (found[1] or part or "o'clock" in found[0]):
        return None
    minutes = (_HOURS.index(found[2]) + 1) * 60 + _MINUTES.get(found[1] or found[3] or "", 0)
    half = {"morning": "am", "am": "am", None: ""}.get(part, "pm")
    return clock_value(minutes // 60, minutes % 60, None, half, at, found.end(), bool(minutes % 60))


def _half(written: str | None) -> str:
    return (written or "").replace(".", "")


def _seconds(count: str | None, unit: str) -> int:
    size = _UNITS[unit[:2] if unit[:1] == "m" else unit[:1]]
    if count is None:
        return size
    if count in {"half", "half an"}:
        return size // 2
    return size * (int(count) if count.isdigit() else _WORDS[count])


def _span(text: str, at: int) -> Piece | None:
    if (found := _LAST.match(text, at)) is not None:
        side = "first" if found[1] in {"first", "initial", "opening"} else "last"
        if found[2] is None and found[1] in {"last", "previous"} and found[3][0] in "w" + "m" and found[3][:2] != "mi":
            return None  # "last week" is the calendar's
        if found[2] is None and found[1] == "previous":
            return Piece(Kind.SPAN, f"shift,{_seconds(None, found[3])}", at, found.end())
        return Piece(Kind.SPAN, f"{side},{_seconds(found[2], found[3])}", at, found.end())
    if (found := _AGO.match(text, at)) is not None:
        seconds = _seconds(found[1], found[2])
        if seconds % 86_400 == 0:
            return Piece(Kind.DAY, str(-(seconds // 86_400)), at, found.end())
        return Piece(Kind.SPAN, f"ago,{seconds}", at, found.end())
    if (found := _FOR.match(text, at)) is not None:
        return Piece(Kind.SPAN, f"for,{_seconds(found[1], found[2])}", at, found.end())
    return None


def _zone(text: str, at: int) -> Piece | None:
    """ "UTC", "JST", "+09:00" behind a clock time; "22:00-03:00" is a range unless it is a whole time stamp's."""
    found = _ZONE.match(text, at)
    if found is None:
        return None
    if found[5] is not None:
        known = found[5] != "z" or text[at - 1 : at].isdigit()
        return Piece(Kind.ZONE, "32400" if found[5][0] == "j" else "0", at, found.end()) if known else None
    stamped = any(_STAMP.fullmatch(text, start, at) for start in range(max(at - 19, 0), at))
    hours, minutes = int(found[3]), int(found[4] or 0)
    if hours > 14 or minutes > 59 or not (found[1] or stamped or (found[2] == "+" and text[at - 1 : at].isdigit())):
        return None
    seconds = hours * 3600 + minutes * 60
    return Piece(Kind.ZONE, str(-seconds if found[2] == "-" else seconds), at, found.end())


_READERS: tuple[Callable[[str, int], Piece | None], ...] = (_span, _clock, _date, _slashed, _nth, _zone)
