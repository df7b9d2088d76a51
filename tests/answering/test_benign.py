"""Crawlers are named, never excused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from answering.pipeline import investigate
from core.claim import VerdictStatus
from core.finding import IpCount
from core.report import BenignActivity, Report, Standing
from core.taxonomy import AttackType
from detection.ruleset import load_rules
from detection.scanner import Scanner
from tests.answering.invented import NOW, lake_in, line

INSIDE, OUTSIDE = "192.0.2.5", "203.0.113.5"
NICE = "Mozilla/5.0 (compatible; Nicebot/2.1)"

TABLE = [
    (line(INSIDE, 0, "/", agent=NICE), [BenignActivity("Nicebot", 1, (IpCount(INSIDE, 1),), Standing.VERIFIED)]),
    (line(OUTSIDE, 0, "/", agent=NICE), [BenignActivity("Nicebot", 1, (IpCount(OUTSIDE, 1),), Standing.CLAIMED)]),
    (
        line(INSIDE, 0, "/", agent=NICE) + line(OUTSIDE, 1, "/a", agent=NICE),
        [
            BenignActivity("Nicebot", 1, (IpCount(OUTSIDE, 1),), Standing.CLAIMED),
            BenignActivity("Nicebot", 1, (IpCount(INSIDE, 1),), Standing.VERIFIED),
        ],
    ),
    (
        line(INSIDE, 0, "/", agent="checker 1") + line(INSIDE, 0, "/", agent="checker 10"),
        [BenignActivity("Checker", 2, (IpCount(INSIDE, 2),), Standing.CLAIMED)],
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


CLIENTS = """
[[client]]
name = "Nicebot"
agent = "nicebot/"
source = "test"

[[client]]
name = "Our scanner"
networks = ["198.51.100.0/28"]
source = "test"
"""
RANGES = """
source = "test"
date = 2026-10-01
licence = "own"
[[ranges]]
name = "Nicebot"
networks = ["192.0.2.0/24"]
"""
OWN_SCANNER = "198.51.100.3"


def test_impostors_are_bad_bots_and_own_machines_are_named(tmp_path: Path) -> None:
    (tmp_path / "clients.toml").write_text(CLIENTS)
    (tmp_path / "ranges.toml").write_text(RANGES)
    rules = load_rules(tmp_path)
    scanner = Scanner(rules)
    log = line(INSIDE, 0, "/", agent=NICE) + line(OUTSIDE, 1, "/", agent=NICE) * 2 + line(OWN_SCANNER, 2, "/") * 3
    with lake_in(tmp_path, scanner, {"a_log": log}) as lake:
        report = investigate(lake, rules, scanner, case="case", now=NOW)
    assert [(one.type, one.count, one.source_ips[0].ip) for one in report.findings] == [
        (AttackType.BAD_BOT, 2, OUTSIDE)
    ]
    assert {one.verdict.status for one in report.claims} == {VerdictStatus.VERIFIED}
    assert [(one.name, one.lines, one.standing) for one in report.benign] == [
        ("Our scanner", 3, Standing.VERIFIED),
        ("Nicebot", 2, Standing.IMPOSTOR),
        ("Nicebot", 1, Standing.VERIFIED),
    ]
