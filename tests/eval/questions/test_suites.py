"""The committed questions in all their wordings through the production path: the bars, and what falls short."""

from datetime import UTC, datetime

import pytest

from detection.ruleset import load_rules
from eval.questions.judge import Judgement
from eval.questions.run import ask_suite
from eval.questions.scores import QuestionReport
from eval.stories.__main__ import SUITES

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, tzinfo=UTC)

KNOWN_GAPS = {
    "bots_apache/bot_ips",  # crawlers in name only are not found
    "credential_stuffing_apache/stuffing_ips",  # an honest address among seventy-one
    "flood_distributed_apache/flood_lines",  # the first requests of each address are not counted
}
"""Questions answered otherwise than the labels say, whatever the wording; the truth is not bent to them."""


@pytest.fixture(scope="module")
def report() -> QuestionReport:
    return ask_suite(SUITES, load_rules(), now=NOW)


def test_nothing_wrong_is_shown_as_verified(report: QuestionReport) -> None:
    wrong = {
        f"{score.name}: {one.wording.question}"
        for score in report.questions
        for one in score.asked
        if one.judged.judgement is Judgement.WRONG and score.name not in KNOWN_GAPS
    }
    assert wrong == set()


BARS = {"identical": 0.97, "operation_right": 0.99, "selection_right": 0.99, "values_right": 0.95}


@pytest.mark.parametrize("measure", BARS)
def test_the_bars_hold(report: QuestionReport, measure: str) -> None:
    assert float(report.totals()[measure] or 0) >= BARS[measure]


def test_gaps_are_those_of_questions(report: QuestionReport) -> None:
    assert {score.name for score in report.questions} >= KNOWN_GAPS
