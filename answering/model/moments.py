"""Times as they are written in prose, and whether an instant is the one that is meant."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_CLOCK = (
    r"(?P<h{0}>\d{{1,2}}):(?P<m{0}>\d\d)(?::(?P<s{0}>\d\d)(?:[.,](?P<f{0}>\d{{1,6}}))?)?\s?(?P<p{0}>[ap]\.?m\b\.?)?"
)
_YEAR = r"(?:,?\s(?P<{0}>\d{{4}})\b)?"
_TH = r"(?:st|nd|rd|th)?"
_ZONE = r"(?:\s?(?P<z{0}>Z\b|(?:UTC|GMT|JST)(?:[+-]\d{{1,2}}(?::?\d\d)?)?|[+-]\d\d:?\d\d\b))?"
_JA_CLOCK = r"(?P<a{0}>午前|午後)?\s?(?P<h{0}>\d{{1,2}})時(?!間)(?:(?P<m{0}>\d{{1,2}})分(?:(?P<s{0}>\d{{1,2}})秒)?)?"


def _dated(number: int, date: str, glue: str, clock: str = _CLOCK) -> str:
    return date + rf"(?:{glue}{clock.format(number)}{_ZONE.format(number)})?"


PATTERNS = tuple(
    re.compile(text, re.IGNORECASE | re.ASCII)
    for text in (
        _dated(1, r"(?<!\d)(?P<Y1>\d{4})-(?P<M1>\d\d)-(?P<D1>\d\d)(?!\d)", r"(?:T|\s?)"),
        _dated(2, r"(?<![\d/])(?P<Y2>\d{4})/(?P<M2>\d{1,2})/(?P<D2>\d{1,2})(?![\d/])", r"\s"),
        _dated(3, rf"(?<!\d)(?P<D3>\d\d)/{_MONTH.format('N3')}/(?P<Y3>\d{{4}})", ":"),
        _dated(4, r"(?:(?P<Y4>\d{4})年)?(?P<M4>\d{1,2})月(?P<D4>\d{1,2})日", r"(?:の|\s)?", _JA_CLOCK),
        _dated(5, r"(?:(?P<Y5>\d{4})年)?(?P<M5>\d{1,2})月(?P<D5>\d{1,2})日", r"(?:の|\s)?"),
        _dated(6, rf"\b{_MONTH.format('N6')}\s(?P<D6>\d{{1,2}}){_TH}\b{_YEAR.format('Y6')}", r",?\s(?:at\s)?"),
        _dated(7, rf"\b(?P<D7>\d{{1,2}}){_TH}\s(?:of\s)?{_MONTH.format('N7')}\b{_YEAR.format('Y7')}", r",?\s(?:at\s)?"),
        r"(?<![\d:.])" + _CLOCK.format(8) + r"(?![\d:])" + _ZONE.format(8),
        _JA_CLOCK.format(9),
        r"(?P<Y10>\d{4})年(?:(?P<M10>\d{1,2})月)?",
        r"(?<!\d)(?P<h11>\d{1,2})\s?(?P<p11>[ap]\.?m\b\.?)" + _ZONE.format(11),
    )
)
"""Written times, the longer ways before the shorter ones."""

UNSURE = re.compile(
    r"(?<![\d/])\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|[月火水木金土日]曜日?"
    r"|\b(?:yesterday|today|tonight|tomorrow|midnight|noon|last (?:night|week|month|year))\b"
    r"|昨日|一昨日|今日|本日|昨夜|深夜|未明|早朝|正午|先週|先月|去年|昨年",
    re.IGNORECASE | re.ASCII,
)
"""Times that mean an instant only to somebody who knows more: never verified."""

_ZONES = {"z": 0, "utc": 0, "gmt": 0, "jst": 9 * 3600}


@dataclass(frozen=True, slots=True)
class Moment:
    """What of a time is written; `offset` seconds east of UTC where it says a zone."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    micro: int | None = None
    offset: int | None = None

    def is_of(self, instant: datetime, offset: int) -> bool:
        """Whether all that is written is so of the instant; clocks without a zone are those `offset` east of UTC.

        What is written to the minute means the minute in which it was.
        """
        east = timezone(timedelta(seconds=self.offset if self.offset is not None else offset))
        local = instant.astimezone(east)
        written = (self.year, self.month, self.day, self.hour, self.minute, self.second, self.micro)
        parts = (local.year, local.month, local.day, local.hour, local.minute, local.second, local.microsecond)
        return all(one is None or one == part for one, part in zip(written, parts, strict=True))


def moment_of(found: re.Match[str]) -> Moment | None:
    """The time that a match of one of `PATTERNS` writes; None where there is no such time."""
    known = {name[0]: value for name, value in found.groupdict().items() if value is not None}
    try:
        month = _MONTHS.index(known["N"][:3].lower()) + 1 if "N" in known else _number(known, "M")
        hour = _hour(known)
        made = Moment(
            _number(known, "Y"),
            month,
            _number(known, "D"),
            hour,
            _number(known, "m") if hour is not None else None,
            _number(known, "s"),
            int(known["f"].ljust(6, "0")) if "f" in known else None,
            _offset(known.get("z")),
        )
        datetime(
            made.year or 2000,
            made.month or 1,
            made.day or 1,
            made.hour or 0,
            made.minute or 0,
            made.second or 0,
            tzinfo=UTC,
        )
    except ValueError:
        return None
    return made


def instant_of(text: str) -> datetime | None:
    """A time of a claim."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _number(known: dict[str, str], name: str) -> int | None:
    return int(known[name]) if name in known else None


def _hour(known: dict[str, str]) -> int | None:
    if "h" not in known:
        return None
    hour = int(known["h"])
    half = known.get("p", known.get("a", "")).lower()
    if half:
        if not 0 <= hour <= 12 or (half[0] in "ap" and hour == 0):
            raise ValueError(half)
        return hour % 12 + (12 if half.startswith(("p", "午後")) else 0)
    return hour


def _offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    name = re.match(r"[a-z]*", zone.lower())
    base = _ZONES.get(name[0] if name else "", 0)
    signed = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", zone)
    if signed is None:
        return base
    return base + (-1 if signed[1] == "-" else 1) * (int(signed[2]) * 3600 + int(signed[3] or 0) * 60)
