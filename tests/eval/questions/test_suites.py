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
    "leaking_errors_nginx/follow_paths",  # nginx writes a request into its error log as well
}
"""Questions answered otherwise than the labels say, whatever the wording; the truth is not bent to them."""

KNOWN_MISREADINGS = {
    "fast_guesses_nginx/logins_ok_ssh: Accepted passwordの行は何行?",  # taken for logins, of which one was by key
    "fast_guesses_nginx/logins_ok_ssh: count lines with Accepted password",
    "flood_single_apache/flood_others: number of lines without those of 203.0.113.111",
    "leaking_errors_nginx/fatal: count lines with PHP Fatal error",
    "leaking_errors_nginx/sqlstate: in how many lines does SQLSTATE appear?",
    "scan_then_exploit_apache/top_attackers: 攻撃件数が多い順に、IPを3つ挙げて",
}
"""Single wordings from which a condition is dropped."""


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
    assert wrong - KNOWN_MISREADINGS == set()


BARS = {"identical": 0.97, "operation_right": 0.99, "selection_right": 0.99, "values_right": 0.93}


@pytest.mark.parametrize("measure", BARS)
def test_the_bars_hold(report: QuestionReport, measure: str) -> None:
    assert float(report.totals()[measure] or 0) >= BARS[measure]


def test_gaps_are_those_of_questions(report: QuestionReport) -> None:
    wordings = {f"{score.name}: {one.wording.question}" for score in report.questions for one in score.asked}
    assert {score.name for score in report.questions} >= KNOWN_GAPS
    assert wordings >= KNOWN_MISREADINGS
