"""Compiled readers of the timestamps that access logs write; all give microseconds since the epoch, UTC."""

import numpy as np
from numpy.typing import NDArray

from detection.compiled import compiled
from detection.index import U, signed, word

Bytes = NDArray[np.uint8]
Longs = NDArray[np.int64]

NO_DAY = -(2**40)
IMPOSSIBLE = -(2**62)
"""What a reader gives for text that is no possible instant."""


@compiled
def two(data: Bytes, at: int) -> int:
    """Value of two ASCII digits, or -1."""
    tens = data[at] - 48
    ones = data[at + 1] - 48
    if tens < 0 or tens > 9 or ones < 0 or ones > 9:
        return -1
    return int(tens * 10 + ones)


_MONTHS = np.frombuffer(b"JanFebMarAprMayJunJulAugSepOctNovDec", np.uint8).copy()


@compiled
def _month(a: int, b: int, c: int) -> int:
    """English month abbreviation to 1-12, or 0."""
    for k in range(12):
        if _MONTHS[3 * k + 2] == c and _MONTHS[3 * k + 1] == b and _MONTHS[3 * k] == a:
            return k + 1
    return 0


@compiled
def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar, or a huge negative number for impossible dates."""
    if month < 1 or month > 12 or day < 1 or day > 31:
        return NO_DAY
    if day > 28:
        if month == 2:
            leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
            if day > 29 or not leap:
                return NO_DAY
        elif day == 31 and (month == 4 or month == 6 or month == 9 or month == 11):
            return NO_DAY
    y = year - 1 if month <= 2 else year
    era = y // 400
    yoe = y - era * 400
    shifted = month - 3 if month > 2 else month + 9
    doy = (153 * shifted + 2) // 5 + day - 1
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468


@compiled
def _instant(days: int, hour: int, minute: int, second: int) -> int:
    """Microseconds since the epoch; IMPOSSIBLE when a part is impossible (a leap second counts as :59)."""
    if days < -(2**39) or hour < 0 or hour > 23 or minute < 0 or minute > 59 or second < 0 or second > 60:
        return IMPOSSIBLE
    second = min(second, 59)
    return (days * 86400 + hour * 3600 + minute * 60 + second) * 1_000_000


@compiled
def looks_clf(data: Bytes, at: int, end: int) -> bool:
    """Cheap shape test of `10/Oct/2000:13:55:36 -0700` at `at`."""
    return at + 26 <= end and data[at + 2] == 47 and data[at + 6] == 47 and data[at + 11] == 58 and data[at + 20] == 32


@compiled
def _day_of(data: Bytes, at: int, memo: Longs) -> int:
    """Days since the epoch of `10/Oct/2000`; `memo` holds the text of the last one and its days: lines share days."""
    left = signed(word(data, U(at)))
    right = signed(word(data, U(at + 3)))
    if memo[0] == left and memo[1] == right:
        return int(memo[2])
    month = _month(int(data[at + 3]), int(data[at + 4]), int(data[at + 5]))
    century = two(data, at + 7)
    years = two(data, at + 9)
    days = _days(century * 100 + years, month, two(data, at)) if century >= 0 and years >= 0 else NO_DAY
    memo[0] = left
    memo[1] = right
    memo[2] = days
    return days


@compiled
def clf(data: Bytes, at: int, memo: Longs) -> int:
    """Instant of `10/Oct/2000:13:55:36 -0700` (26 bytes, shape already tested), IMPOSSIBLE when impossible."""
    off_h = two(data, at + 22)
    off_m = two(data, at + 24)
    sign = data[at + 21]
    if off_h < 0 or off_m < 0 or off_h > 15 or off_m > 59 or (sign != 43 and sign != 45):
        return IMPOSSIBLE
    instant = _instant(_day_of(data, at, memo), two(data, at + 12), two(data, at + 15), two(data, at + 18))
    if instant == IMPOSSIBLE:
        return instant
    offset = (off_h * 3600 + off_m * 60) * 1_000_000
    return instant + offset if sign == 45 else instant - offset


@compiled
def iso(data: Bytes, at: int, end: int) -> int:
    """Instant of `2026-03-02T00:00:44[.fff][Z|+09:00|+0900]` filling `at:end`, IMPOSSIBLE when it does not."""
    if end - at < 20 or data[at + 4] != 45 or data[at + 7] != 45 or data[at + 13] != 58 or data[at + 16] != 58:
        return IMPOSSIBLE
    century = two(data, at)
    years = two(data, at + 2)
    if century < 0 or years < 0:
        return IMPOSSIBLE
    days = _days(century * 100 + years, two(data, at + 5), two(data, at + 8))
    instant = _instant(days, two(data, at + 11), two(data, at + 14), two(data, at + 17))
    if instant == IMPOSSIBLE:
        return instant
    i = at + 19
    if data[i] == 46 or data[i] == 44:
        i += 1
        scale = 100_000
        while i < end and 48 <= data[i] <= 57:
            instant += (int(data[i]) - 48) * scale
            scale //= 10
            i += 1
    if i + 1 == end and data[i] == 90:
        return instant
    if i + 5 > end or (data[i] != 43 and data[i] != 45):
        return IMPOSSIBLE
    off_h = two(data, i + 1)
    j = i + 4 if data[i + 3] == 58 else i + 3
    if j + 2 != end:
        return IMPOSSIBLE
    off_m = two(data, j)
    if off_h < 0 or off_m < 0:
        return IMPOSSIBLE
    offset = (off_h * 3600 + off_m * 60) * 1_000_000
    return instant + offset if data[i] == 45 else instant - offset


@compiled
def decimal(data: Bytes, at: int, end: int, unit: int) -> int:
    """Microseconds of a decimal number of `unit` microseconds filling `at:end`, IMPOSSIBLE when it is none."""
    if at >= end or end - at > 20:
        return IMPOSSIBLE
    value = 0
    i = at
    while i < end and 48 <= data[i] <= 57:
        value = value * 10 + (int(data[i]) - 48)
        i += 1
    if i == at or i - at > 16:
        return IMPOSSIBLE
    value *= unit
    if i < end and data[i] == 46:
        i += 1
        while i < end and 48 <= data[i] <= 57:
            unit //= 10
            value += (int(data[i]) - 48) * unit
            i += 1
    return value if i == end else IMPOSSIBLE
