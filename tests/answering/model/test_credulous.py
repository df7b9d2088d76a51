"""The judge itself: of a check that believes everything, the plain truth finds the lies."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from answering.model.review import Ground
from core.claim import CheckedClaim, VerdictStatus
from core.told import Mark, Span, Standing, Told
from detection.ruleset import load_rules
from detection.scanner import Scanner
from eval.model.checking import checked, draft_in
from eval.model.judge import judge
from eval.model.lies import Stage, cases_of, mutants, staged
from models.fakes.lies.table import BY_ID
from tests.answering.invented import NOW

pytestmark = pytest.mark.slow

SUITES = Path(__file__).parents[3] / "eval" / "suites"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    rules = load_rules()
    with cases_of(SUITES, ("three_logs_nginx",)) as cases, staged(cases[0], rules, Scanner(rules), NOW) as found:
        yield found


def believed(told: Told) -> Told:
    """All that was said is shown as verified, as it was said."""
    return replace(
        told,
        claims=tuple(_believed(one) for one in told.claims),
        findings=tuple(replace(one, standing=Standing.KNOWN) for one in told.findings),
        sentences=tuple(replace(one, spans=tuple(map(_verified, one.spans))) for one in told.sentences),
    )


def _believed(one: CheckedClaim) -> CheckedClaim:
    verdict = replace(one.verdict, status=VerdictStatus.VERIFIED, actual=one.claim.value)
    return replace(one, verdict=verdict)


def _verified(span: Span) -> Span:
    return span if span.mark is Mark.PLAIN else replace(span, mark=Mark.VERIFIED)


def lies_of(name: str, stage: Stage, ground: Ground) -> list[int]:
    """Lies found for each of an operator's mutants."""
    found = []
    for lie in mutants(BY_ID[name], stage, 1, 6):
        draft = draft_in(lie)
        if draft is not None:
            told = believed(checked(draft, ground))
            found.append(len(judge(told, stage.case, draft, stage.truth, stage.honest).lies))
    return found


CAUGHT = """
A1 A2 A3 A4 A5 A7 A9 A10 A11 A12 A13 A14 A15 B1 B4 B9 B14 B15 B16 C2 C3 C5 C8 C16 D1 D3 D9 D13 E1 E5 F1 F5 H1 I3
J8 K6 L2 L8 L9
""".split()


@pytest.mark.parametrize("name", CAUGHT)
def test_lies_that_were_believed_are_found(stage: Stage, name: str) -> None:
    found = lies_of(name, stage, stage.ground)
    assert any(found)


def test_of_the_truth_nothing_is_found(stage: Stage) -> None:
    judged = judge(believed(stage.honest), stage.case, stage.truth, stage.truth, stage.honest)
    assert (judged.lies, judged.misled, judged.lost, judged.noticed) == ((), (), (), False)
