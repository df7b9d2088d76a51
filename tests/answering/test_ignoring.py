"""The ignore list: what an entry takes out, what it leaves, and that a report says so and still counts true."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from answering.pipeline import investigate
from core.claim import VerdictStatus
from core.report import Conclusion, Report
from core.selector import Selector
from core.taxonomy import AttackType
from detection.scanner import Scanner
from stores.ignore_file import checked_entry
from stores.lake import Lake
from tests.answering.invented import NOW, RULES, line

OWN, FOE = "203.0.113.5", "198.51.100.7"
LOG = "".join(
    [
        line(OWN, 0, "/?q=<script>", agent="probebot"),
        line(OWN, 1, "/?q=<script>"),
        line(FOE, 2, "/?q=<script>"),
        line(FOE, 3, "/health?q=<script>"),
        line(FOE, 4, "/healthier?q=<script>", agent="probebot"),
        *(line(OWN, 10 + second, "/login", 401, method="POST") for second in range(4)),
        *(line(FOE, 20 + second, "/login", 401, method="POST") for second in range(3)),
        line(FOE, 30, "/login", 302, method="POST"),
    ]
)
TODAY = NOW.date()
ALL = {"xss": 5, "vulnerability_scan": 2, "brute_force": 7, "login_after_failures": 1}


def report_with(lake: Lake, scanner: Scanner, *selectors: Selector, expires: date = TODAY) -> Report:
    entries = [checked_entry(selector, "tested", "", expires) for selector in selectors]
    return investigate(lake, RULES, scanner, case="case", now=NOW, ignores=entries)


TABLE: list[tuple[Selector, int, dict[str, int]]] = [
    (Selector(ips=(OWN,)), 6, {"xss": 3, "vulnerability_scan": 1, "brute_force": 3, "login_after_failures": 1}),
    (Selector(ips=("203.0.113.0/24",), types=(AttackType.XSS,)), 2, ALL | {"xss": 3}),
    (Selector(types=(AttackType.XSS,), paths=("/health",)), 1, ALL | {"xss": 4}),
    (Selector(types=(AttackType.XSS,), paths=("/health*",)), 2, ALL | {"xss": 3}),
    (Selector(rules=("scanner",)), 2, {name: count for name, count in ALL.items() if name != "vulnerability_scan"}),
    (Selector(ips=(OWN,), agent_contains=("ProbeBot",)), 1, ALL | {"xss": 4, "vulnerability_scan": 1}),
    (Selector(rules=("ssh-brute",)), 0, ALL),
    (Selector(ips=("192.0.2.1",)), 0, ALL),
]


@pytest.mark.parametrize(("selector", "lines", "left"), TABLE)
def test_an_entry_takes_out_its_lines_and_no_other(
    lake_of: Callable[..., Lake], scanner: Scanner, selector: Selector, lines: int, left: dict[str, int]
) -> None:
    with lake_of(a_log=LOG) as lake:
        report = report_with(lake, scanner, selector)
        assert {one.type.value: one.count for one in report.findings} == left
        assert [(one.lines, one.expired) for one in report.ignored] == [(lines, False)]
        assert {one.verdict.status for one in report.claims} == {VerdictStatus.VERIFIED}
        for finding in report.findings:
            assert lake.count(finding.selector) == finding.count


def test_an_entry_that_has_expired_is_named_and_not_applied(lake_of: Callable[..., Lake], scanner: Scanner) -> None:
    report = report_with(lake_of(a_log=LOG), scanner, Selector(ips=(OWN,)), expires=TODAY - timedelta(days=1))
    assert {one.type.value: one.count for one in report.findings} == ALL
    assert [(one.lines, one.expired) for one in report.ignored] == [(0, True)]


def test_two_entries_count_each_for_itself(lake_of: Callable[..., Lake], scanner: Scanner) -> None:
    selectors = Selector(ips=(OWN,)), Selector(types=(AttackType.XSS,))
    report = report_with(lake_of(a_log=LOG), scanner, *selectors)
    assert [one.lines for one in report.ignored] == [6, 5]
    assert {one.type.value for one in report.findings} == {"brute_force", "login_after_failures", "vulnerability_scan"}


def test_a_report_without_the_list_is_whole_again(lake_of: Callable[..., Lake], scanner: Scanner) -> None:
    lake = lake_of(a_log=LOG)
    assert report_with(lake, scanner, Selector(ips=(OWN,))).totals.lines == 7
    assert {one.type.value: one.count for one in report_with(lake, scanner).findings} == ALL


def test_everything_ignored_is_no_attack_found(lake_of: Callable[..., Lake], scanner: Scanner) -> None:
    lake = lake_of(a_log=LOG)
    report = report_with(lake, scanner, Selector(types=tuple(AttackType)))
    assert (report.conclusion, report.ignored[0].lines) == (Conclusion.NO_ATTACK_FOUND, 13)
    assert report_with(lake, scanner, Selector(types=tuple(AttackType))).ignored[0].lines == 13
