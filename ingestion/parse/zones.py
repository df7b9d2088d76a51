"""Wall-clock times of message logs to UTC instants, and the zones they are read in."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from core.event import TimeSource
from ingestion.parse.wall_clock import SECOND

_HOUR = 3600 * SECOND
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (wall clock: no zone yet)

_LINES = 64
_WRITTEN = re.compile(
    rb"(?:\[\d\d/[A-Z][a-z]{2}/\d{4}:|\d{4}-\d\d-\d\dT)\d\d:\d\d:\d\d(?:[.,]\d{1,9})? ?([+-])(\d\d):?([0-5]\d)\b"
)
"""The zone behind a written time: `[21/Nov/2026:22:04:05 +0900]`, `2026-11-21T22:04:05.123+09:00`."""

_OFFSET = re.compile(r"([+-])(\d\d):([0-5]\d)")


def zone_named(text: str) -> tzinfo | None:
    """The zone of an IANA name (`Asia/Tokyo`) or an offset (`+09:00`, less than a day); None when it is neither."""
    offset = _OFFSET.fullmatch(text)
    try:
        return _zone(offset.group(1), int(offset.group(2)), int(offset.group(3))) if offset else ZoneInfo(text)
    except (ValueError, KeyError, OSError):
        return None


def zone_text(zone: tzinfo) -> str:
    """What `zone_named` reads: `Asia/Tokyo`, `+09:00`, `UTC`."""
    offset = zone.utcoffset(None)
    if isinstance(zone, ZoneInfo) or offset is None or not offset:
        return str(zone)
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{'-' if offset < timedelta(0) else '+'}{hours:02d}:{minutes:02d}"


def zone_written(sample: bytes) -> tzinfo | None:
    """The zone that most of the first lines write behind their times; None when they write none."""
    found = Counter(match.groups() for line in sample.split(b"\n")[:_LINES] if (match := _WRITTEN.search(line[:256])))
    for sign, hours, minutes in (groups for groups, _ in found.most_common(1)):
        if int(hours) < 24:
            return _zone(sign.decode(), int(hours), int(minutes))
    return None


def _zone(sign: str, hours: int, minutes: int) -> tzinfo:
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign == "-" else offset) if offset else UTC


class LocalTime:
    """Times of one source in one zone; the offset is looked up once for every hour of the log.

    In the hour that a zone repeats in autumn the first (summer-time) reading is taken; times in the hour it skips in
    spring are read with the offset before the jump (PEP 495, fold=0). Zones change at whole quarter hours, so each
    quarter is looked up by itself.
    """

    def __init__(self, zone: tzinfo, source: TimeSource) -> None:
        self._zone = zone
        self._source = source
        self._offsets: dict[int, int] = {}

    def resolve(self, local: int, zone_minutes: int | None) -> tuple[int, TimeSource]:
        """(µs UTC, where the zone comes from); an offset written in the line wins."""
        if zone_minutes is not None:
            return local - zone_minutes * 60 * SECOND, TimeSource.EXPLICIT
        quarter = local // (_HOUR // 4)
        offset = self._offsets.get(quarter)
        if offset is None:
            offset = self._offsets[quarter] = self._offset(quarter * (_HOUR // 4))
        return local - offset, self._source

    def _offset(self, local: int) -> int:
        wall = (_EPOCH + timedelta(microseconds=local)).replace(tzinfo=self._zone)
        gap = wall.utcoffset() or timedelta(0)
        return gap // timedelta(microseconds=1)


def resolve(local: int, zone_minutes: int | None, zone: tzinfo | None) -> tuple[int, TimeSource]:
    """One time; without a zone UTC is assumed."""
    source = TimeSource.ASSUMED if zone is None else TimeSource.CONFIGURED
    return LocalTime(zone or UTC, source).resolve(local, zone_minutes)
