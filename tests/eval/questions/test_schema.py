"""Question files: what is read, and what is refused with its place named."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import ContentError
from core.plan import Operation
from eval.dataset import load_cases
from eval.questions.schema import FILE, Question, load_questions, parse_questions
from eval.stories.__main__ import SUITES

QUESTION: dict[str, Any] = {
    "id": "sqli_count",
    "language": "ja",
    "question": "SQLインジェクションは何件?",
    "paraphrases": [{"language": "en", "question": "How many SQL injections?"}],
    "history": ["What happened?"],
    "expect": {
        "operation": "count",
        "plan": {"selector": {"types": ["sql_injection"], "ips": ["203.0.113.7"]}, "by": "source.ip"},
        "values": {"count": 12, "first": "2026-11-09T02:30:00+09:00", "top": [["203.0.113.7", 40]]},
        "absent": "unknown",
    },
}


def lines(*questions: object) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in questions)


def test_a_question_with_its_wordings() -> None:
    (read,) = parse_questions(lines(QUESTION), "case")
    assert [one.question for one in read.wordings] == ["SQLインジェクションは何件?", "How many SQL injections?"]
    assert (read.expect.operation, read.expect.values.count, read.expect.absent) == ((Operation.COUNT,), 12, "unknown")


def test_several_operations_may_be_right() -> None:
    (read,) = parse_questions(lines(QUESTION | {"expect": {"operation": ["search", "lines"]}}), "case")
    assert read.expect.operation == (Operation.SEARCH, Operation.LINES)


def test_a_case_without_the_file_has_no_questions(tmp_path: Path) -> None:
    assert load_questions(tmp_path, "case") == ()


def test_blank_lines_are_no_questions(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\n" + lines(QUESTION) + b" \n")
    assert [one.id for one in load_questions(tmp_path, "case")] == ["sqli_count"]


EXPECT = QUESTION["expect"]
BAD: list[tuple[object, str]] = [
    (QUESTION | {"colour": "red"}, "colour"),
    (QUESTION | {"id": "With Spaces"}, "id"),
    (QUESTION | {"language": "fr"}, "language"),
    (QUESTION | {"question": ""}, "question"),
    (QUESTION | {"paraphrases": [{"language": "en"}]}, "paraphrases.0.question"),
    (QUESTION | {"expect": {"operation": "guess"}}, "expect.operation"),
    (QUESTION | {"expect": {}}, "either an operation, or not_understood"),
    (QUESTION | {"expect": {"operation": "count", "not_understood": True}}, "either an operation, or not_understood"),
    (QUESTION | {"expect": EXPECT | {"absent": False}}, "expect.absent"),
    (QUESTION | {"expect": EXPECT | {"values": {"amount": 1}}}, "expect.values.amount"),
    (QUESTION | {"expect": EXPECT | {"values": {"first": "2026-11-09T02:30:00"}}}, "expect.values.first"),
    (QUESTION | {"expect": EXPECT | {"plan": {"selector": {"types": ["sqli"]}}}}, "expect.plan.selector.types"),
    (QUESTION | {"expect": EXPECT | {"plan": {"selector": {"sql": "1=1"}}}}, "expect.plan.selector.sql"),
    ([], "Input should be an object"),
]


@pytest.mark.parametrize(("bad", "problem"), BAD, ids=[problem for _, problem in BAD])
def test_a_bad_question_is_refused_with_its_place(bad: object, problem: str) -> None:
    with pytest.raises(ContentError, match="bad_questions") as refused:
        parse_questions(lines(QUESTION, bad), "one")
    assert (refused.value.facts["case"], refused.value.facts["line"]) == ("one", 2)
    assert problem in str(refused.value.facts["problem"])


def test_an_id_occurs_once() -> None:
    with pytest.raises(ContentError, match="occurs twice"):
        parse_questions(lines(QUESTION, QUESTION), "one")


ASKED = {case.name: load_questions(SUITES / case.name, case.name) for case in load_cases(SUITES)}
QUESTIONS = [question for questions in ASKED.values() for question in questions]


def test_the_suites_ask_enough() -> None:
    assert len(QUESTIONS) >= 150
    assert sum(bool(questions) for questions in ASKED.values()) >= 10
    assert {operation for one in QUESTIONS for operation in one.expect.operation} == set(Operation)


def _asked_unseen(question: Question) -> bool:
    """One of those written for a single unseen measurement: more of them, in fewer wordings each."""
    return question.id.startswith("asked_")


def test_every_question_has_enough_wordings_in_both_languages() -> None:
    few = [
        one.id
        for one in QUESTIONS
        if len(one.paraphrases) < (3 if _asked_unseen(one) else 6)
        or min(sum(wording.language == language for wording in one.wordings) for language in ("ja", "en"))
        < (2 if _asked_unseen(one) else 3)
    ]
    assert few == []


def test_no_wording_is_written_twice() -> None:
    assert [one.id for one in QUESTIONS if len({w.question for w in one.wordings}) != len(one.wordings)] == []
