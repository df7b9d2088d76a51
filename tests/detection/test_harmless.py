"""Requests that look dangerous to a string matcher and are not: no rule may fire on any of them."""

from datetime import UTC
from pathlib import Path

import pytest

from core.event import TimeSource
from detection.ruleset import load_rules
from detection.scanner import Scanner
from ingestion.fetch.blocks import Block
from ingestion.parse.messages import Calendar
from ingestion.parse.table import recognise
from ingestion.parse.zones import LocalTime
from ingestion.segment import Plan, build

TARGETS = (Path(__file__).parent / "harmless.txt").read_text(encoding="utf-8").split("\n")[:-1]
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
SCANNER = Scanner(load_rules())


def hits(line: str) -> list[str]:
    data = line.encode() + b"\n"
    plan = Plan(0, recognise(data), Calendar(LocalTime(UTC, TimeSource.ASSUMED)))
    return list(build(Block(data, 1, 0, 1, True), plan, SCANNER).hits.column("rule.id").to_pylist())


@pytest.mark.parametrize("target", TARGETS)
def test_no_rule_fires_on_a_harmless_target(target: str) -> None:
    line = f'192.0.2.9 - - [10/Oct/2026:13:55:36 +0000] "GET {target} HTTP/1.1" 200 512 "-" "{AGENT}"'
    assert hits(line) == []


@pytest.mark.parametrize("target", TARGETS)
def test_no_rule_fires_on_a_harmless_referrer(target: str) -> None:
    page = f"https://www.example.org{target}"
    line = f'192.0.2.9 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 512 "{page}" "{AGENT}"'
    assert hits(line) == []
