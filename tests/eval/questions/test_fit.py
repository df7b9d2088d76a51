"""A planned step beside what the question asks for: the same lines, wider, or others."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.dimension import Dimension
from core.plan import ANY_ATTACK, EVERYTHING, Operation, Step
from core.selector import Selector
from core.taxonomy import AttackType, Outcome
from eval.questions.fit import Fit, fit
from eval.questions.schema import Planned

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
A, B = "203.0.113.7", "203.0.113.8"
SQLI = AttackType.SQL_INJECTION


def step(selector: Selector = EVERYTHING, **more: Any) -> Step:  # noqa: ANN401
    return Step(Operation.COUNT, selector, **more)


def asked(more: dict[str, Any] | None = None, **selector: Any) -> Planned:  # noqa: ANN401
    return Planned.model_validate({"selector": selector} | (more or {}))


CASES = [
    (asked(), step(), Fit.SAME),
    (asked(ips=[A]), step(Selector(ips=(A,))), Fit.SAME),
    (asked(ips=[A, B]), step(Selector(ips=(B, A))), Fit.SAME),
    (asked(types="any"), step(Selector(types=ANY_ATTACK)), Fit.SAME),
    (asked(types="any"), step(Selector(types=(SQLI,))), Fit.OTHER),
    (asked(since="2026-11-09T21:00:00+09:00"), step(Selector(since=NOON)), Fit.SAME),
    (asked(since="2026-11-09T21:00:00Z"), step(Selector(since=NOON)), Fit.OTHER),
    (asked(paths=["/A"]), step(Selector(url_contains=("/a",))), Fit.SAME),
    (asked(paths=["/a"]), step(Selector(paths=("/a*",))), Fit.SAME),
    (asked(agent_contains=["Googlebot"]), step(Selector(agent_contains=("googlebot",))), Fit.SAME),
    (asked(ips=[A], types=["xss"]), step(Selector(ips=(A,))), Fit.WIDER),
    (asked(ips=[A]), step(), Fit.WIDER),
    (asked(ips=[A]), step(Selector(ips=(B,))), Fit.OTHER),
    (asked(), step(Selector(ips=(A,))), Fit.OTHER),
    (asked(ips=[A], types=["xss"]), step(Selector(ips=(B,))), Fit.OTHER),
    (asked({"by": "source.ip"}), step(by=Dimension.IP), Fit.SAME),
    (asked({"by": "source.ip"}), step(), Fit.OTHER),
    (asked({"limit": 3}), step(limit=3), Fit.SAME),
    (asked({"limit": 3}), step(limit=10), Fit.OTHER),
    (asked({"limit": 3}), step(), Fit.WIDER),
    (asked({"outcomes": ["succeeded"]}), step(outcomes=(Outcome.SUCCEEDED,)), Fit.SAME),
    (asked({"outcomes": ["succeeded"]}), step(), Fit.WIDER),
    (asked({"against": {"ips": [B]}}, ips=[A]), step(Selector(ips=(A,)), against=Selector(ips=(B,))), Fit.SAME),
    (asked({"against": {"ips": [B]}}, ips=[A]), step(Selector(ips=(A,))), Fit.WIDER),
    (asked({"without": [{"ips": [A]}]}), step(Selector(without=(Selector(ips=(A,)),))), Fit.SAME),
    (asked({"without": [{"ips": [A]}]}), step(), Fit.WIDER),
    (asked({"without": [{"ips": [A]}]}), step(Selector(ips=(A,))), Fit.OTHER),
    (None, step(Selector(ips=(A,))), Fit.SAME),
]


@pytest.mark.parametrize(("planned", "got", "expected"), CASES)
def test_fit(planned: Planned | None, got: Step, expected: Fit) -> None:
    assert fit(got, planned) is expected
