"""Wall-clock times as written in logs, in microseconds since 1970-01-01 and with no zone applied."""

from datetime import date

MONTHS = {
    name: number
    for number, name in enumerate(
        (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"), start=1
    )
}
SECOND = 1_000_000
DAY = 86_400 * SECOND
_EPOCH = date(1970, 1, 1).toordinal()


def midnight(year: int, month: int, day: int) -> int | None:
    """Start of a day, or None for a date no calendar has."""
    try:
        return (date(year, month, day).toordinal() - _EPOCH) * DAY
    except ValueError:
        return None


def time_of_day(clock: bytes) -> int | None:
    """`hh:mm:ss` (ASCII digits, already tested) in µs; a leap second counts as :59; None for hour 24 and the like."""
    hour, minute, second = int(clock[:2]), int(clock[3:5]), int(clock[6:8])
    if hour > 23 or minute > 59 or second > 60:
        return None
    return (hour * 3600 + minute * 60 + min(second, 59)) * SECOND


def wall_time(year: int, month: int, day: int, clock: bytes, fraction: bytes = b"") -> int | None:
    """Date and `hh:mm:ss`, with the digits of a decimal fraction of a second; None when impossible."""
    start, offset = midnight(year, month, day), time_of_day(clock)
    if start is None or offset is None:
        return None
    return start + offset + int(fraction[:6].ljust(6, b"0"))


def zone_minutes(zone: bytes) -> int | None:
    """Minutes east of UTC of `Z`, `+hh:mm` or `+hhmm` (shape already tested); None for offsets no clock has."""
    if zone in (b"Z", b"z"):
        return 0
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 15 or minutes > 59:
        return None
    total = hours * 60 + minutes
    return -total if zone[:1] == b"-" else total
