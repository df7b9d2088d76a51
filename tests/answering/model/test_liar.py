"""The lying model: of every class no lie is shown as verified, what is true is shown, and no true claim is struck."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.claim import VerdictStatus
from core.told import Mark, Standing
from detection.ruleset import load_rules
from detection.scanner import Scanner
from eval.model.checking import checked
from eval.model.judge import noticed
from eval.model.lies import TORN, Stage, cases_of, measure, staged
from models.fakes.lies.lie import Decidable, Operator
from models.fakes.lies.table import OPERATORS
from models.fakes.lies.wordings import worded
from tests.answering.invented import NOW

pytestmark = pytest.mark.slow

SUITES = Path(__file__).parents[3] / "eval" / "suites"
EVERYDAY = ("forged_lines_apache", "three_logs_nginx")
MORE = (
    "basic_auth_nginx",
    "credential_stuffing_apache",
    "injections_nginx",
    "success_after_failures_apache",
    "upload_then_shell_apache",
)
WORDS_ALONE = {"F9", "F10", "H8", "I5", "I6", "J2", "L5", "F7", "B18"}
"""Classes that can be nothing but words: they stay plain, and plain is never shown as verified."""


@pytest.fixture(scope="module")
def stages() -> Iterator[Sequence[Stage]]:
    """Each case read once: two suites and a torn one."""
    rules = load_rules()
    scanner = Scanner(rules)
    with ExitStack() as stack:
        cases = stack.enter_context(cases_of(SUITES, EVERYDAY))
        yield [stack.enter_context(staged(case, rules, scanner, NOW)) for case in cases]


def test_three_cases(stages: Sequence[Stage]) -> None:
    assert [one.case.name for one in stages] == [*sorted(EVERYDAY), f"{TORN}_torn"]


def test_the_truth_is_not_struck(stages: Sequence[Stage]) -> None:
    """Every claim of a truthful draft is verified, no word of it is doubted, nothing is missed."""
    doubts = [
        (stage.case.name, one)
        for stage in stages
        for one in (
            *stage.honest.struck,
            *stage.honest.omitted,
            *(item for item in stage.honest.claims if item.verdict.status is not VerdictStatus.VERIFIED),
            *(one for one in stage.honest.findings if one.standing is not Standing.KNOWN),
            *(
                span
                for each in stage.honest.sentences
                for span in each.spans
                if span.mark in (Mark.WRONG, Mark.UNKNOWN)
            ),
        )
    ]
    assert doubts == []


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda one: one.id)
def test_no_lie_is_shown_as_verified(stages: Sequence[Stage], operator: Operator) -> None:
    row = measure(operator, stages, seeds=(1,), most=1)
    assert row.mutants
    assert (row.lies, row.misled, row.lost) == ([], [], [])
    assert row.unnoticed == [] or row.id in WORDS_ALONE


def test_words_around_true_numbers(stages: Sequence[Stage]) -> None:
    """The number holds; what the sentence makes of it does not, and some piece of it says so."""
    passed = {
        (name, sentence)
        for stage in stages
        for name, sentence, draft in worded(stage.truth, stage.facts)
        if not noticed(checked(draft, stage.ground))
    }
    assert passed == set()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_lie_of_many(language: str) -> None:
    rules = load_rules()
    scanner = Scanner(rules)
    with ExitStack() as stack:
        cases = stack.enter_context(cases_of(SUITES, (*EVERYDAY, *MORE)))
        many = [stack.enter_context(staged(case, rules, scanner, NOW, language)) for case in cases]
        rows = [measure(operator, many, seeds=(1,), most=2) for operator in OPERATORS]
    assert [one for row in rows for one in (*row.lies, *row.misled, *row.lost)] == []
    assert {row.id for row in rows if row.unnoticed and row.decidable is Decidable.D} <= WORDS_ALONE
    assert {row.id for row in rows if not row.mutants} == set()
