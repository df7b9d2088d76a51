"""The production pipeline over small invented suites."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError
from detection.ruleset import load_rules
from eval.__main__ import main
from eval.report import EvalReport
from eval.run import evaluate

NOW = datetime(2026, 11, 21, tzinfo=UTC)
A = "203.0.113.1"


def line(target: str, ip: str = A, status: int = 404) -> str:
    return f'{ip} - - [01/Nov/2026:10:00:00 +0000] "GET {target} HTTP/1.1" {status} 153 "-" "Mozilla/5.0"\n'


ATTACK = line("/?id=1%27%20UNION%20SELECT%20user,password%20FROM%20users--")
HONEST = line("/about", "198.51.100.4", 200)


def suite(folder: Path, truth: dict[str, Any], **logs: str) -> Path:
    (folder / "logs").mkdir(parents=True)
    for name, text in logs.items():
        (folder / "logs" / name.replace("_", ".")).write_text(text, encoding="utf-8")
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return folder


def measured(path: Path) -> EvalReport:
    return evaluate(path, load_rules(), now=NOW)


def sqli(**lines: list[int]) -> dict[str, Any]:
    named = {name.replace("_", "."): numbers for name, numbers in lines.items()}
    count = sum(len(numbers) for numbers in named.values())
    incident = {"type": "sql_injection", "source_ips": [A], "lines": named, "count": count, "outcome": "failed"}
    return {"incidents": [incident], "unlabelled": "benign"}


def test_a_perfect_case(tmp_path: Path) -> None:
    totals = measured(suite(tmp_path / "one", sqli(a_log=[2]), a_log=HONEST + ATTACK)).totals()
    shares = ("recall", "pair_f1", "counts_exact", "count_ratio", "outcomes_right")
    assert [totals[name] for name in shares] == [1.0] * 5
    assert (totals["read"], totals["lines"], totals["benign"], totals["wrongly_flagged"]) == (2, 1, 1, 0)


def test_a_false_alarm_and_a_miss(tmp_path: Path) -> None:
    totals = measured(suite(tmp_path / "one", sqli(a_log=[1]), a_log=HONEST + ATTACK)).totals()
    assert (totals["found"], totals["missed"], totals["wrongly_flagged"]) == (0, 1, 1)


def test_lines_are_known_by_file_and_number(tmp_path: Path) -> None:
    truth = sqli(a_log=[1], b_log=[2])
    report = measured(suite(tmp_path / "one", truth, a_log=ATTACK + HONEST, b_log=HONEST + HONEST + ATTACK))
    (row,) = [row for row in report.types() if row["type"] == "sql_injection"]
    assert (row["found"], row["missed"], row["wrongly_flagged"]) == (1, 1, 1)


def test_the_same_file_twice_counts_for_both_names(tmp_path: Path) -> None:
    totals = measured(suite(tmp_path / "one", sqli(a_log=[1], b_log=[1]), a_log=ATTACK, b_log=ATTACK)).totals()
    assert (totals["read"], totals["lines"], totals["found"]) == (2, 2, 2)


def test_a_folder_of_cases_is_told_case_by_case(tmp_path: Path) -> None:
    suite(tmp_path / "a", sqli(a_log=[1]), a_log=ATTACK)
    suite(tmp_path / "b", {"unlabelled": "unknown"}, a_log=HONEST)
    heard: list[tuple[str, int, int]] = []
    report = evaluate(tmp_path, load_rules(), now=NOW, on_case=lambda *told: heard.append(told))
    assert heard == [("a", 0, 2), ("b", 1, 2)]
    assert [(row["case"], row["recall"]) for row in report.case_rows()] == [("a", 1.0), ("b", None)]


def test_a_case_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    folder = suite(tmp_path / "one", {"unlabelled": "benign"}, a_zip="PK\x05\x06" + "\0" * 18)
    with pytest.raises(InputError, match="case_unreadable"):
        measured(folder)


def test_the_command_prints_json_and_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = suite(tmp_path / "one", sqli(a_log=[1]), a_log=ATTACK)
    assert main([str(folder)]) == 0
    assert json.loads(capsys.readouterr().out)["totals"]["found"] == 1
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "unknown_path" in capsys.readouterr().err
