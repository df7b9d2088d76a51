"""Crawlers are named, never excused."""

from collections.abc import Callable

import pytest

from core.finding import IpCount
from core.report import BenignActivity, Report
from core.taxonomy import AttackType
from tests.answering.invented import line

INSIDE, OUTSIDE = "192.0.2.5", "203.0.113.5"
NICE = "Mozilla/5.0 (compatible; Nicebot/2.1)"

TABLE = [
    (line(INSIDE, 0, "/", agent=NICE), [BenignActivity("Nicebot", 1, (IpCount(INSIDE, 1),), verified=True)]),
    (line(OUTSIDE, 0, "/", agent=NICE), [BenignActivity("Nicebot", 1, (IpCount(OUTSIDE, 1),), verified=False)]),
    (
        line(INSIDE, 0, "/", agent=NICE) + line(OUTSIDE, 1, "/a", agent=NICE),
        [BenignActivity("Nicebot", 2, (IpCount(INSIDE, 1), IpCount(OUTSIDE, 1)), verified=False)],
    ),
    (
        line(INSIDE, 0, "/", agent="checker 1") + line(INSIDE, 0, "/", agent="checker 10"),
        [BenignActivity("Checker", 2, (IpCount(INSIDE, 2),), verified=False)],
    ),
    (line(INSIDE, 0, "/", agent="Mozilla/5.0"), []),
]


@pytest.mark.parametrize(("log", "expected"), TABLE)
def test_benign_activity(report_of: Callable[..., Report], log: str, expected: list[BenignActivity]) -> None:
    assert list(report_of(a_log=log).benign) == expected


def test_an_attack_by_a_named_crawler_is_an_attack(report_of: Callable[..., Report]) -> None:
    report = report_of(a_log=line(INSIDE, 0, "/?q=<script>", agent=NICE))
    assert [finding.type for finding in report.findings] == [AttackType.XSS]
    assert [one.name for one in report.benign] == ["Nicebot"]
