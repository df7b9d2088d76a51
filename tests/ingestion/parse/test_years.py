"""Years for stamps without one, and zones for wall clocks."""

# ruff: noqa: E501  (tables are wide)

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.event import TimeSource
from ingestion.parse.syslog import SyslogAuth
from ingestion.parse.years import NO_YEAR, in_year, year_plan
from ingestion.parse.zones import LocalTime, resolve, zone_named, zone_text, zone_written

ANCHOR = datetime(2026, 1, 5, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def log(*days: str) -> bytes:
    return b"".join(f"{day} 10:15:30 web sshd[1]: x\n".encode() for day in days)


@pytest.mark.parametrize(
    ("content", "anchor", "configured", "years"),
    [
        (log("Jan  2", "Jan  4"), ANCHOR, None, [2026, 2026]),
        (log("Jan  5", "Jan  6"), ANCHOR, None, [2026, 2026]),  # a day of clock error
        (log("Jan  5", "Jan  7"), ANCHOR, None, [2025, 2025]),
        (log("Mar  2", "Mar  3"), ANCHOR, None, [2025, 2025]),
        (log("Dec 31", "Jan  1"), ANCHOR, None, [2025, 2026]),
        (log("Nov 30", "Dec 31", "Jan  1", "Jun  1", "Dec 31", "Jan  2"), ANCHOR, None, [2024, 2024, 2025, 2025, 2025, 2026]),
        (log("Dec 31", "Jan  1", "Dec 31", "Jan  1", "Jan  2"), ANCHOR, None, [2025, 2026, 2025, 2026, 2026]),
        (log("Mar  3", "Mar  2", "Feb 27", "Mar  4"), ANCHOR, None, [2025] * 4),  # small disorder
        (log("Feb 29", "Mar  1"), ANCHOR, None, [2024, 2024]),
        (log("Feb 29", "Dec 31", "Jan  1"), ANCHOR, None, [2024, 2024, 2025]),
        (log("Dec 31", "Feb 29"), ANCHOR, None, [2023, 2024]),
        (log("Dec 31", "Jan  1"), ANCHOR, 2019, [2019, 2020]),
        (b"<38>" + log("Dec 31") + b"<38>" + log("Jan  1"), ANCHOR, None, [2025, 2026]),
        (b"noise\n" + log("Dec 31") + b"\n  more\n" + log("Jan  1"), ANCHOR, None, [2025, 2025, 2025, 2025, 2026]),
        (b"nothing stamped\n", ANCHOR, None, [2026]),
        (b"", ANCHOR, None, []),
    ],
)  # fmt: skip
def test_years(content: bytes, anchor: datetime, configured: int | None, years: list[int]) -> None:
    plan = year_plan([content], anchor, configured)
    assert [plan.year_of(number) for number in range(1, len(years) + 1)] == years
    assert plan.assumed is (configured is None)


@given(st.integers(1, 60))
def test_chunks_may_be_cut_anywhere(size: int) -> None:
    content = b"head\n" + log("Nov 30", "Dec 31", "Jan  1", "Dec 31", "Jun  1", "Jan  2") + b"Jan  3 10:15:30 open end"
    chunks: Iterable[bytes] = (content[at : at + size] for at in range(0, len(content), size))
    assert year_plan(chunks, ANCHOR) == year_plan([content], ANCHOR)


@pytest.mark.parametrize(
    ("day", "year", "expected"),
    [
        ("Mar  2", 2026, datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)),
        ("Feb 29", 2024, datetime(2024, 2, 29, 10, 15, 30, tzinfo=UTC)),
        ("Dec 31", 1999, datetime(1999, 12, 31, 10, 15, 30, tzinfo=UTC)),
        ("Jan  1", NO_YEAR, datetime(NO_YEAR, 1, 1, 10, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_time_moves_to_its_year(day: str, year: int, expected: datetime) -> None:
    one = SyslogAuth().parse(log(day).rstrip(b"\n"))
    assert not isinstance(one, int)
    assert EPOCH + timedelta(microseconds=in_year(one.time or 0, year) or 0) == expected


def test_29_february_fits_no_other_year() -> None:
    one = SyslogAuth().parse(log("Feb 29").rstrip(b"\n"))
    assert not isinstance(one, int)
    assert in_year(one.time or 0, 2026) is None


def at(*parts: int) -> int:
    return int((datetime(*parts, tzinfo=UTC) - EPOCH) / timedelta(microseconds=1))  # type: ignore[arg-type,misc]


TOKYO, BERLIN, LORD_HOWE = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")


@pytest.mark.parametrize(
    ("local", "minutes", "zone", "utc", "source"),
    [
        (at(2026, 3, 2, 10), 540, BERLIN, at(2026, 3, 2, 1), TimeSource.EXPLICIT),
        (at(2026, 3, 2, 10), -210, None, at(2026, 3, 2, 13, 30), TimeSource.EXPLICIT),
        (at(2026, 3, 2, 10), None, None, at(2026, 3, 2, 10), TimeSource.ASSUMED),
        (at(2026, 3, 2, 10), None, TOKYO, at(2026, 3, 2, 1), TimeSource.CONFIGURED),
        (at(2026, 3, 2, 10), None, timezone(timedelta(minutes=345)), at(2026, 3, 2, 4, 15), TimeSource.CONFIGURED),
        (at(2026, 3, 29, 1, 59, 59), None, BERLIN, at(2026, 3, 29, 0, 59, 59), TimeSource.CONFIGURED),
        (at(2026, 3, 29, 2, 30), None, BERLIN, at(2026, 3, 29, 1, 30), TimeSource.CONFIGURED),  # skipped hour
        (at(2026, 3, 29, 3), None, BERLIN, at(2026, 3, 29, 1), TimeSource.CONFIGURED),
        (at(2026, 10, 25, 2, 30), None, BERLIN, at(2026, 10, 25, 0, 30), TimeSource.CONFIGURED),  # repeated hour
        (at(2026, 10, 25, 3), None, BERLIN, at(2026, 10, 25, 2), TimeSource.CONFIGURED),
        (at(2026, 4, 5, 1, 45), None, LORD_HOWE, at(2026, 4, 4, 14, 45), TimeSource.CONFIGURED),  # half an hour back
        (at(1960, 1, 1), None, TOKYO, at(1959, 12, 31, 15), TimeSource.CONFIGURED),
    ],
)  # fmt: skip
def test_zones(local: int, minutes: int | None, zone: ZoneInfo | None, utc: int, source: TimeSource) -> None:
    assert resolve(local, minutes, zone) == (utc, source)


@given(st.lists(st.integers(at(2025, 1, 1), at(2027, 1, 1)), max_size=40), st.sampled_from([BERLIN, LORD_HOWE, TOKYO]))
def test_remembered_offsets_change_nothing(times: list[int], zone: ZoneInfo) -> None:
    clock = LocalTime(zone, TimeSource.CONFIGURED)
    for local in times:
        wall = (EPOCH + timedelta(microseconds=local)).replace(tzinfo=zone)
        assert clock.resolve(local, None) == (
            (wall.astimezone(UTC) - EPOCH) // timedelta(microseconds=1),
            TimeSource.CONFIGURED,
        )


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        (b'1.2.3.4 - - [21/Nov/2026:22:04:05 +0900] "GET / HTTP/1.1" 200 1\n', "+09:00"),
        (b"2026-11-21T22:04:05.123456-03:30 web sshd[1]: x\n", "-03:30"),
        (b"2026-11-21T22:04:05+00:00 web sshd[1]: x\n", "UTC"),
    ],
)
def test_the_zone_that_lines_write_has_a_name_that_can_be_read(sample: bytes, name: str) -> None:
    zone = zone_written(sample * 3 + b"Nov 21 22:04:05 web sshd[1]: +0100\n")
    assert zone is not None
    assert zone_text(zone) == name
    read = zone_named(name)
    assert read is not None
    assert read.utcoffset(datetime(2026, 1, 1)) == zone.utcoffset(None)  # noqa: DTZ001 - a wall clock


@pytest.mark.parametrize("sample", [b"", b"Nov 21 22:04:05 web x: 12 +0900\n", b"2026/11/21 22:04:05 [error] 1#1: x\n"])
def test_lines_without_a_zone_write_none(sample: bytes) -> None:
    assert zone_written(sample) is None


@pytest.mark.parametrize("name", ["", "+25:00", "+9:00", "JST-9", "../etc/passwd", "+09:60"])
def test_what_is_no_zone(name: str) -> None:
    assert zone_named(name) is None
