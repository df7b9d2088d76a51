"""Answers beside the truth: right, silent, misread, and wrong with a badge on it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.answer import Answer
from core.claim import CheckedClaim, Claim, ClaimKind, ClaimValue, Proof, Verdict, VerdictStatus
from core.dimension import Dimension
from core.part import Backtest, BlockRule, Certificate, Part, Sight
from core.plan import Operation, Plan, Step
from core.selector import Selector
from core.taxonomy import AttackType
from eval.questions.judge import Judgement, judge
from eval.questions.schema import Expected

NOW = datetime(2026, 11, 9, tzinfo=UTC)
A, B = "203.0.113.7", "203.0.113.8"
ONE, OTHER = Selector(ips=(A,)), Selector(ips=(B,))
SQLI = AttackType.SQL_INJECTION
KIND, STATUS = ClaimKind, VerdictStatus


def claim(kind: ClaimKind, value: ClaimValue, selector: Selector = ONE, **more: Any) -> CheckedClaim:  # noqa: ANN401
    status = more.pop("status", STATUS.VERIFIED)
    made = Claim("one", kind, more.pop("type", None), selector, value, **more)
    return CheckedClaim(made, Verdict(status, value, Proof(selector, 0, "")))


def part(*claims: CheckedClaim, selector: Selector = ONE, operation: Operation = Operation.COUNT, **more: Any) -> Part:  # noqa: ANN401
    return Part(Step(operation, selector), "code", claims=claims, **more)


def answer(*parts: Part) -> Answer:
    plan = Plan(tuple(one.step for one in parts))
    return Answer("?", plan, parts, (), case="case", state="", rules_version="", answered_at=NOW)


def expected(operation: str = "count", *, about: dict[str, Any] | None = None, **more: Any) -> Expected:  # noqa: ANN401
    selector = {"ips": [A]} if about is None else about
    return Expected.model_validate({"operation": operation, "plan": {"selector": selector}} | more)


def judged(given: Expected, *parts: Part) -> Judgement:
    return judge(answer(*parts), given).judgement


TWELVE = expected(values={"count": 12})
COUNTS = [
    ("right", part(claim(KIND.COUNT, 12)), Judgement.RIGHT),
    ("wrong", part(claim(KIND.COUNT, 13)), Judgement.WRONG),
    ("no such claim", part(), Judgement.SILENT),
    ("not verified", part(claim(KIND.COUNT, 13, status=STATUS.UNVERIFIABLE)), Judgement.SILENT),
    (
        "about other lines",
        part(claim(KIND.COUNT, 13, OTHER), selector=OTHER),
        Judgement.MISREAD,
    ),
    ("a condition dropped", part(claim(KIND.COUNT, 99, Selector()), selector=Selector()), Judgement.WRONG),
    ("dropped without effect", part(claim(KIND.COUNT, 12, Selector()), selector=Selector()), Judgement.RIGHT),
    ("another operation", part(claim(KIND.COUNT, 13), operation=Operation.TOP), Judgement.SILENT),
    ("the headline counts", part(claim(KIND.COUNT, 12), claim(KIND.COUNT, 3, Selector(ips=(B,)))), Judgement.RIGHT),
]


@pytest.mark.parametrize(("given", "judgement"), [one[1:] for one in COUNTS], ids=[one[0] for one in COUNTS])
def test_a_count(given: Part, judgement: Judgement) -> None:
    assert judged(TWELVE, given) is judgement


def test_two_parts_that_disagree_are_wrong() -> None:
    assert judged(TWELVE, part(claim(KIND.COUNT, 12)), part(claim(KIND.COUNT, 13))) is Judgement.WRONG


TOP = (("a", 5), ("b", 3), ("c", 1))
SERIES = (("2026-11-09T00:00:00Z", 1), ("2026-11-09T01:00:00Z", 4))
FACTS: list[tuple[dict[str, Any], CheckedClaim, bool]] = [
    ({"count": 0}, claim(KIND.ABSENCE, 0), True),
    ({"distinct": 3}, claim(KIND.DISTINCT, 3), True),
    ({"distinct": 3}, claim(KIND.DISTINCT, 4), False),
    ({"distinct": 2}, claim(KIND.SET, (A, B)), True),
    ({"distinct": 0}, claim(KIND.ABSENCE, 0), True),
    ({"top": [["a", 5], ["b", 3]]}, claim(KIND.TOP, TOP), True),
    ({"top": [["b", 3], ["a", 5]]}, claim(KIND.TOP, TOP), False),
    ({"top": [["a", 5], ["b", 3], ["c", 1], ["d", 1]]}, claim(KIND.TOP, TOP), False),
    ({"first": "2026-11-09T09:00:00+09:00"}, claim(KIND.FIRST, "2026-11-09T00:00:00Z"), True),
    ({"first": "2026-11-09T09:00:00Z"}, claim(KIND.FIRST, "2026-11-09T00:00:00Z"), False),
    ({"last": "2026-11-09T09:00:00+09:00"}, claim(KIND.LAST, "2026-11-09T00:00:00+00:00"), True),
    ({"compare": [5, 3]}, claim(KIND.COMPARISON, (("", 5), ("against", 3))), True),
    ({"compare": [3, 5]}, claim(KIND.COMPARISON, (("", 5), ("against", 3))), False),
    ({"ips": [B, A]}, claim(KIND.SET, (A, B)), True),
    ({"ips": [A]}, claim(KIND.PER_IP, ((A, 2), (B, 1))), False),
    ({"ips": [A, B]}, claim(KIND.TOP, ((A, 2), (B, 1)), by=Dimension.IP), True),
    ({"types": ["sql_injection"]}, claim(KIND.TYPE, "sql_injection", type=SQLI), True),
    ({"types": ["xss"]}, claim(KIND.TYPE, "sql_injection", type=SQLI), False),
    ({"types": [["xss", "sql_injection"]]}, claim(KIND.TYPE, "sql_injection", type=SQLI), True),
    ({"types": ["xss", "sql_injection"]}, claim(KIND.TYPE, "sql_injection", type=SQLI), False),
    ({"counts": {"sql_injection": 2}}, claim(KIND.COUNT, 2, type=SQLI), True),
    ({"outcome": {"sql_injection": "failed"}}, claim(KIND.OUTCOME, "failed", type=SQLI), True),
    ({"outcome": {"sql_injection": "failed"}}, claim(KIND.OUTCOME, "succeeded", type=SQLI), False),
    ({"busiest": ["2026-11-09T01:00:00Z", 4]}, claim(KIND.SERIES, SERIES), True),
]


@pytest.mark.parametrize(("values", "given", "right"), FACTS)
def test_facts(values: dict[str, Any], given: CheckedClaim, right: bool) -> None:
    assert judged(expected(values=values), part(given)) is (Judgement.RIGHT if right else Judgement.WRONG)


def test_an_undecided_outcome_is_no_wrong_one() -> None:
    given = expected(values={"outcome": {"sql_injection": "failed"}})
    assert judged(given, part(claim(KIND.OUTCOME, "unknown", type=SQLI))) is Judgement.SILENT


def test_block_rules() -> None:
    rule = BlockRule("nginx", "deny", (A,), ONE, Backtest(1, 0, 1.0))
    given = part(operation=Operation.RESPOND, block_rules=(rule,))
    assert judged(expected("respond", values={"blocked": [A]}), given) is Judgement.RIGHT
    assert judged(expected("respond", values={"blocked": [A, B]}), given) is Judgement.WRONG


def certificate(sight: Sight) -> Certificate:
    return Certificate(sight, (), 0, 0, 0, (), (), 0, 0, ())


SIGHTS: list[tuple[object, Sight, Judgement]] = [
    (True, Sight.ABSENT, Judgement.RIGHT),
    (True, Sight.UNKNOWN, Judgement.SILENT),
    (True, Sight.PRESENT, Judgement.WRONG),
    ("unknown", Sight.UNKNOWN, Judgement.RIGHT),
    ("unknown", Sight.ABSENT, Judgement.WRONG),
]


@pytest.mark.parametrize(("absent", "sight", "judgement"), SIGHTS)
def test_absence(absent: object, sight: Sight, judgement: Judgement) -> None:
    assert judged(expected(absent=absent), part(certificate=certificate(sight))) is judgement


NONSENSE = Expected(not_understood=True)


def test_nonsense_is_right_without_a_plan_or_with_the_help() -> None:
    assert judged(NONSENSE) is Judgement.RIGHT
    assert judged(NONSENSE, part(operation=Operation.HELP)) is Judgement.RIGHT


def test_nonsense_with_a_verified_number_is_wrong() -> None:
    assert judged(NONSENSE, part(claim(KIND.COUNT, 12))) is Judgement.WRONG


def test_what_is_measured_beside_the_judgement() -> None:
    got = judge(answer(part(claim(KIND.COUNT, 12))), TWELVE)
    assert (got.operation, got.selection, got.values, got.planned) == (True, True, True, (Step(Operation.COUNT, ONE),))
    other = judge(answer(part(claim(KIND.COUNT, 12), operation=Operation.TOP)), TWELVE)
    assert (other.operation, other.selection, other.values) == (False, False, False)


def test_equal_numbers_have_equal_fingerprints_whatever_the_quotes() -> None:
    one = part(claim(KIND.COUNT, 12), claim(KIND.QUOTE, "aa"))
    two = part(replace(claim(KIND.COUNT, 12), claim=replace(claim(KIND.COUNT, 12).claim, id="two")))
    three = part(claim(KIND.COUNT, 13))
    prints = [judge(answer(given), TWELVE).fingerprint for given in (one, two, three)]
    assert prints[0] == prints[1] != prints[2]
