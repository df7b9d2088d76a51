"""Questions over small invented cases through the production path."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError
from detection.ruleset import load_rules
from eval.questions.judge import Judgement
from eval.questions.run import ask_suite
from eval.questions.schema import FILE
from eval.questions.scores import QuestionReport

NOW = datetime(2026, 11, 21, tzinfo=UTC)
A, B = "203.0.113.1", "198.51.100.4"


def line(ip: str, minute: int) -> str:
    return f'{ip} - - [01/Nov/2026:10:{minute:02}:00 +0000] "GET /about HTTP/1.1" 200 153 "-" "Mozilla/5.0"\n'


def question(name: str, expect: dict[str, Any], *wordings: str, history: tuple[str, ...] = ()) -> dict[str, Any]:
    first, *others = ({"language": "en", "question": wording} for wording in wordings)
    return {"id": name, **first, "paraphrases": others, "history": list(history), "expect": expect}


def suite(folder: Path, *questions: dict[str, Any]) -> Path:
    (folder / "logs").mkdir(parents=True)
    (folder / "logs" / "access.log").write_text(line(A, 1) + line(B, 2) + line(A, 3), encoding="utf-8")
    (folder / "truth.json").write_text('{"unlabelled": "benign"}', encoding="utf-8")
    if questions:
        (folder / FILE).write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
    return folder


def watch() -> Iterator[float]:
    """Two seconds pass between any two looks."""
    return (2.0 * tick for tick in count())


def asked(path: Path) -> QuestionReport:
    ticks = watch()
    return ask_suite(path, load_rules(), now=NOW, watch=lambda: next(ticks))


LINES = {"operation": "count", "plan": {"selector": {"ips": [A]}}, "values": {"count": 2}}
LAST = {"operation": "last", "plan": {"selector": {"ips": [A]}}, "values": {"last": "2026-11-01T10:03:00Z"}}


def test_right_and_wrong_answers(tmp_path: Path) -> None:
    many, few = LINES, LINES | {"values": {"count": 3}}
    wordings = (f"How many lines are from {A}?", f"{A} line count")
    report = asked(suite(tmp_path, question("right", many, *wordings), question("wrong", few, wordings[0])))
    assert [[one.judged.judgement for one in score.asked] for score in report.questions] == [
        [Judgement.RIGHT, Judgement.RIGHT],
        [Judgement.WRONG],
    ]
    assert (report.totals()["wrong_as_verified"], report.totals()["median_ms"]) == (1, 2000.0)


def test_earlier_questions_are_asked_first(tmp_path: Path) -> None:
    followed = question("follow", LAST, "When was it last seen?", history=(f"What did {A} do?",))
    assert asked(suite(tmp_path, followed)).totals()["values_right"] == 1.0


def test_cases_without_questions_are_left_out(tmp_path: Path) -> None:
    suite(tmp_path / "one")
    suite(tmp_path / "two", question("lines", LINES, f"How many lines are from {A}?"))
    assert [score.name for score in asked(tmp_path).questions] == ["two/lines"]


def test_a_suite_that_asks_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no_questions"):
        asked(suite(tmp_path))
