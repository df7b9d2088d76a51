"""Wall-clock times of message logs to UTC instants."""

from datetime import UTC, datetime, timedelta, tzinfo

from core.event import TimeSource
from ingestion.parse.wall_clock import SECOND

_HOUR = 3600 * SECOND
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (wall clock: no zone yet)


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
