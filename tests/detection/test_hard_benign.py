"""The hand-written benign requests, in every encoding and as referrers: nothing new may alarm on them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from core import event
from core.event import TimeSource
from detection.ruleset import load_rules
from detection.scanner import Scanner
from eval.stories.access_log import nginx_access
from eval.stories.agents import BROWSERS
from eval.stories.hard_benign import START, entries, request
from ingestion.fetch.blocks import Block
from ingestion.parse.messages import Calendar
from ingestion.parse.table import recognise
from ingestion.parse.zones import LocalTime
from ingestion.segment import Plan, build

pytestmark = pytest.mark.slow

ENCODINGS = 4
KNOWN = (Path(__file__).parent / "hard_benign_alarms.txt").read_text(encoding="utf-8").split("\n")[1:-1]
"""Entries that still alarm in one encoding or another: work to do, never a licence."""


def lines_of(entry: str) -> Iterator[bytes]:
    """The entry as a request, and its target as the page that a visitor comes from."""
    for way in range(ENCODINGS):
        asked = request(entry, way, START, "198.51.100.9", BROWSERS[0])
        yield nginx_access(asked)
        if asked.method == "GET" and asked.referrer == "-":
            yield nginx_access(
                replace(asked, target="/", status=200, referrer=f"https://www.example.org{asked.target}")
            )


def alarming() -> dict[str, set[str]]:
    """Entries with the rules that fire on them."""
    told = {line: entry for entry in entries() for line in lines_of(entry)}
    lines = list(told)
    data = b"".join(line + b"\n" for line in lines)
    plan = Plan(0, recognise(data[:60_000]), Calendar(LocalTime(UTC, TimeSource.ASSUMED)))
    hits = build(Block(data, 1, 0, len(lines), True), plan, Scanner(load_rules())).hits
    found: dict[str, set[str]] = {}
    for number, rule in zip(hits.column(event.LINE).to_pylist(), hits.column("rule.id").to_pylist(), strict=True):
        found.setdefault(told[lines[number - 1]], set()).add(rule)
    return found


def test_nothing_new_alarms_on_hard_benign_requests() -> None:
    assert {entry: rules for entry, rules in alarming().items() if entry not in KNOWN} == {}


def test_known_alarms_are_entries() -> None:
    assert set(KNOWN) - set(entries()) == set()


def test_there_are_many_of_them() -> None:
    assert len(list(entries())) >= 600
