"""Retrieval measured over a small invented case: what is found, what is not, and what is no data."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import app
from detection.ruleset import load_rules
from eval.retrieval import evaluate_retrieval
from eval.retrieval_report import RetrievalReport
from stores.embedding import BuiltIn

NOW = datetime(2026, 11, 21, tzinfo=UTC)
A, B = "203.0.113.1", "198.51.100.4"
ATTACK = f'{A} - - [01/Nov/2026:10:00:00 +0000] "GET /?id=1%27%20UNION%20SELECT%20user HTTP/1.1" 404 153 "-" "M"\n'
PAGES = ("/", "/about", "/contact", "/news.html", "/logo.png")
HONEST = "".join(
    f'{B} - - [01/Nov/2026:{10 + place // 4}:{place % 4 * 15:02}:00 +0000] "GET {page} HTTP/1.1" 200 {place} "-" "M"\n'
    for place, page in enumerate(PAGES * 8)
)


def incident(kind: str, *lines: int, ip: str = A) -> dict[str, Any]:
    return {"type": kind, "source_ips": [ip], "lines": {"a.log": list(lines)}}


def case(folder: Path, *incidents: dict[str, Any]) -> Path:
    (folder / "logs").mkdir(parents=True)
    (folder / "logs" / "a.log").write_text(HONEST + ATTACK, "utf-8")
    (folder / "truth.json").write_text(json.dumps({"incidents": incidents}), "utf-8")
    return folder


def measured(path: Path) -> RetrievalReport:
    return evaluate_retrieval(path, load_rules(), BuiltIn(), now=NOW)


def test_an_attack_is_found_in_both_languages_with_and_without_hints(tmp_path: Path) -> None:
    report = measured(case(tmp_path / "one", incident("sql_injection", 41)))
    assert [row["hybrid recall@10"] for row in report.tables()[2]] == [1.0] * 6
    assert {one.relevant for one in report.questions} == {1}
    assert report.missed() == ()


def test_what_is_no_such_thing_is_missed_and_listed(tmp_path: Path) -> None:
    """Ten honest hours are not what is found first when somebody asks for SQL injection."""
    report = measured(case(tmp_path / "one", incident("sql_injection", *range(1, 41), ip=B)))
    (plain,) = [row for row in report.tables()[2] if row["language, hint"] == "en plain"]
    assert plain["hybrid nDCG@10"] != 1.0
    assert report.missed()


def test_a_folder_without_incidents_is_no_data(tmp_path: Path) -> None:
    report = measured(case(tmp_path / "one"))
    assert (report.totals(), report.tables()[0], report.skipped) == ((), (), 0)


def test_types_without_a_name_are_counted_as_skipped(tmp_path: Path) -> None:
    report = measured(case(tmp_path / "one", incident("oot:ldap_injection", 41)))
    assert (report.questions, report.skipped) == ((), 1)


def test_the_command_prints_tables_and_json(tmp_path: Path) -> None:
    folder = str(case(tmp_path / "one", incident("sql_injection", 41)))
    printed = CliRunner().invoke(app, ["eval", folder, "--retrieval", "--json"])
    assert printed.exit_code == 0, printed.output
    assert [row["way"] for row in json.loads(printed.stdout)["totals"]] == [
        "hybrid",
        "dense",
        "keyword",
        "naive",
        "chance",
        "naive chance",
    ]
    assert "hybrid" in CliRunner().invoke(app, ["eval", folder, "--retrieval"]).output


@pytest.mark.parametrize("path", ["", "nowhere"])
def test_what_is_no_suite_is_refused(path: str, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["eval", str(tmp_path / path), "--retrieval"]).exit_code == 1
