"""What was read, and what it cannot show."""

from collections.abc import Callable

import pytest

from core.report import Report
from core.selector import Selector
from tests.answering.invented import line

A = "203.0.113.1"
AUTH = "Nov  1 10:00:01 web sshd[99]: Accepted publickey for ann from 198.51.100.4 port 4000 ssh2\n"
ERROR = (
    '2026/11/01 10:00:00 [error] 7#7: *1 open() "/srv/x" failed (2: No such file or directory), '
    'client: 198.51.100.4, server: a, request: "GET /x HTTP/1.1", host: "a"\n'
)
WEB = {"no_request_bodies", "no_other_headers", "no_response_bodies"}

SPOTS = [
    ({"a_log": line(A, 0, "/")}, WEB | {"no_error_log", "no_auth_log"}),
    ({"a_log": line(A, 0, "/"), "e_log": ERROR, "auth_log": AUTH}, WEB | {"zone_assumed", "year_assumed"}),
    ({"auth_log": AUTH}, {"no_access_log", "zone_assumed", "year_assumed"}),
    ({"a_log": line(A, 0, "/") * 3 + "garbage\n"}, WEB | {"no_error_log", "no_auth_log", "unparsed_lines"}),
    (
        {"a_log": '203.0.113.1 - - [01/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5\n'},
        WEB | {"no_error_log", "no_auth_log", "no_user_agents"},
    ),
    (
        {"a_log": "".join(line(A, n, "/") for n in range(1000))},
        WEB | {"no_error_log", "no_auth_log", "address_may_be_proxy"},
    ),
    ({}, set()),
]


@pytest.mark.parametrize(("files", "expected"), SPOTS)
def test_blind_spots(report_of: Callable[..., Report], files: dict[str, str], expected: set[str]) -> None:
    assert set(report_of(**files).coverage.blind_spots) == expected


def test_a_narrower_question_says_so(report_of: Callable[..., Report]) -> None:
    assert "window_asked" in report_of(Selector(ips=(A,)), a_log=line(A, 0, "/")).coverage.blind_spots


def test_lines_are_accounted_for(report_of: Callable[..., Report]) -> None:
    coverage = report_of(a_log=line(A, 0, "/") + "garbage\n", b_log=line(A, 9, "/b")).coverage
    assert (coverage.lines, coverage.parsed, len(coverage.sources)) == (3, 2, 2)


def steady(*stretches: tuple[int, int]) -> str:
    """A request a minute inside each (first, last) minute."""
    return "".join(line(A, 60 * minute, "/") for low, high in stretches for minute in range(low, high))


GAPS = [
    (steady((0, 60), (61, 90)), 0),  # a pause of a minute
    (steady((0, 60), (175, 200)), 0),  # just under two hours
    (steady((0, 60), (300, 330)), 1),
    (steady((0, 5), (300, 305)), 0),  # too few lines to know what is usual
    (steady(*((hour * 60, hour * 60 + 1) for hour in range(13)), (780, 830)), 0),
]


@pytest.mark.parametrize(("log", "gaps"), GAPS)
def test_silent_stretches(report_of: Callable[..., Report], log: str, gaps: int) -> None:
    coverage = report_of(a_log=log).coverage
    assert len(coverage.gaps) == gaps
    assert ("silent_stretches" in coverage.blind_spots) == bool(gaps)
