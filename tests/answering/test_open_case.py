"""A case opened again finds what was worked out before, and says the same."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from answering.open_case import OpenCase
from core.key import keys_of
from core.report import Report
from core.selector import Selector
from core.taxonomy import AttackType
from core.wire import from_json, to_json
from detection.scanner import Scanner
from stores.derived import FOLDER
from tests.answering.invented import NOW, lake_in

GUESSES = "".join(
    f'203.0.113.9 - - [14/Nov/2026:22:00:{second:02d} +0900] "POST /login HTTP/1.1" 401 9 "-" "x"\n'
    for second in range(0, 60, 2)
)
LOG = GUESSES + '198.51.100.7 - - [14/Nov/2026:22:05:00 +0900] "GET /?q=1+union+select+2 HTTP/1.1" 200 9 "-" "x"\n'


@pytest.fixture
def case_dir(tmp_path: Path, production: Scanner) -> Path:
    with lake_in(tmp_path, production, {"access_log": LOG}):
        pass
    return next(tmp_path.rglob("registry.sqlite")).parent


@pytest.fixture
def opened(case_dir: Path, production: Scanner) -> Iterator[OpenCase]:
    with again(case_dir, production) as first:
        assert first.facts
        yield first


def again(case_dir: Path, scanner: Scanner) -> OpenCase:
    return OpenCase.open(case_dir, scanner.ruleset, scanner, case="case", now=NOW)


def test_the_second_time_says_the_same(opened: OpenCase, case_dir: Path, production: Scanner) -> None:
    kept = sorted(path.name.split("-")[0] for path in (case_dir / FOLDER).rglob("*.*"))
    assert kept == ["behaviours.parquet", "facts", "report", "second_count.parquet"]
    with again(case_dir, production) as second:
        assert second.report() == opened.report()
        assert second.facts == opened.facts
        scope = Selector(ips=("203.0.113.9",))
        assert second.report(scope) == opened.report(scope)
        hits = [one.lake.hits(Selector()) for one in (opened, second)]
        assert sorted(keys_of(hits[0]).tolist()) == sorted(keys_of(hits[1]).tolist())


def test_a_report_of_a_part_is_verified_and_has_that_part_only(opened: OpenCase) -> None:
    part = opened.report(Selector(ips=("198.51.100.7",)))
    assert [(finding.type, finding.count) for finding in part.findings] == [(AttackType.SQL_INJECTION, 1)]
    assert {one.verdict.status for one in part.claims} == {"verified"}


def test_damage_is_worked_out_again(opened: OpenCase, case_dir: Path, production: Scanner) -> None:
    for path in (case_dir / FOLDER).rglob("*.*"):
        path.write_bytes(b"damaged")
    with again(case_dir, production) as second:
        assert second.report() == opened.report()


def test_facts_know_the_zone_the_log_writes(opened: OpenCase) -> None:
    assert opened.facts.offset_seconds == 9 * 3600
    assert opened.facts.attackers == ("203.0.113.9", "198.51.100.7")


def test_a_report_is_the_same_after_json(opened: OpenCase) -> None:
    report = opened.report()
    assert from_json(Report, to_json(Report, report)) == report
    with pytest.raises(ValueError, match="cases"):
        from_json(Report, to_json(Report, replace(report, case="x")).replace(b'"case"', b'"cases"'))


def test_touched_lines_are_counted_again(opened: OpenCase, case_dir: Path, production: Scanner) -> None:
    (events,) = (case_dir / "segments").glob("*.events.parquet")
    os.utime(events, ns=(1, 1))
    with again(case_dir, production) as second:
        assert second.report() == opened.report()
    assert len(list((case_dir / FOLDER).iterdir())) == 2
