"""What many judged answers amount to; no data is None, never 0."""

from typing import Any

import pytest

from core.plan import ANY_ATTACK, Operation, Step
from core.selector import Selector
from eval.questions.facts import Fingerprint
from eval.questions.judge import Judged, Judgement
from eval.questions.schema import Language, Question, Wording
from eval.questions.scores import Asked, QuestionReport, QuestionScore

TWO: Fingerprint = frozenset({("count", "", "", 2)})
THREE: Fingerprint = frozenset({("count", "", "", 3)})
NOTHING: Fingerprint = frozenset()
COUNT = Step(Operation.COUNT, Selector(ips=("203.0.113.7",), types=ANY_ATTACK), limit=3)
COUNTED = {"operation": "count", "values": {"count": 2}}
R, S, M, W = Judgement.RIGHT, Judgement.SILENT, Judgement.MISREAD, Judgement.WRONG


def one(judgement: Judgement = R, numbers: Fingerprint = TWO, language: Language = "en", **more: Any) -> Asked:  # noqa: ANN401
    values = more.get("values", judgement is R)
    planned = more.get("planned", (COUNT,))
    judged = Judged(judgement, COUNT in planned, more.get("selection"), values, planned, {}, numbers)
    return Asked(Wording(language=language, question="?"), judged, more.get("seconds", 0.1))


def score(*asked: Asked, expect: dict[str, Any] | None = None) -> QuestionScore:
    question = Question(
        id="one",
        language="en",
        question="?",
        paraphrases=tuple(each.wording for each in asked[1:]),
        expect=expect or COUNTED,  # type: ignore[arg-type]
    )
    return QuestionScore("case", question, asked)


def totals(*scores: QuestionScore) -> dict[str, object]:
    return dict(QuestionReport("suite", scores).totals())


AGREEMENT = [
    ([one(), one(), one()], 3),
    ([one(), one(numbers=THREE), one(numbers=THREE)], 2),
    ([one(), one(numbers=NOTHING)], 1),
    ([one(numbers=NOTHING), one(numbers=NOTHING)], 0),
]


@pytest.mark.parametrize(("asked", "agreeing"), AGREEMENT)
def test_wordings_agree_with_most(asked: list[Asked], agreeing: int | None) -> None:
    assert score(*asked).agreeing == agreeing


def test_a_question_without_numbers_is_not_compared() -> None:
    assert score(one(), one(numbers=NOTHING), expect={"operation": "explain"}).agreeing is None


def test_totals() -> None:
    got = totals(score(one(), one(W, THREE), one(M), one(S, NOTHING, planned=())))
    assert (got["questions"], got["wordings"], got["operation_right"]) == (1, 4, 0.75)
    assert (got["values_right"], got["identical"], got["median_ms"]) == (0.25, 0.5, 100.0)
    assert (got["wrong_as_verified"], got["misread"], got["unplanned"]) == (1, 1, 1)


def test_no_data_is_not_zero() -> None:
    got = totals(score(one(values=None), expect={"operation": "explain"}))
    assert (got["values_right"], got["identical"], got["selection_right"]) == (None, None, None)
    assert totals()["median_ms"] is None


def test_nonsense_is_not_unplanned() -> None:
    refused = score(one(planned=(), values=None, numbers=NOTHING), expect={"not_understood": True})
    assert totals(refused)["unplanned"] == 0
    assert refused.operation == "not_understood"


def test_rows_by_operation_and_language() -> None:
    report = QuestionReport("suite", (score(one(), one(language="ja")), score(one(), expect={"operation": "top"})))
    assert [row["operation"] for row in report.operations()] == ["count", "top"]
    assert [(row["language"], row["wordings"]) for row in report.languages()] == [("en", 2), ("ja", 1)]


def test_failures_name_the_wording_and_what_was_said() -> None:
    report = QuestionReport("suite", (score(one(), one(W, THREE), one(selection=False)),))
    assert [row["judgement"] for row in report.failures()] == ["wrong", "right"]
    assert {row["planned"] for row in report.failures()} == {"count selector=(ips=203.0.113.7 types=any) limit=3"}
    assert [row["judgement"] for row in report.disagreeing()] == ["wrong"]
