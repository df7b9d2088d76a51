"""What means the same is the same: one spelling of every step."""

import pytest

from core.dimension import Dimension
from core.plan import ANY_ATTACK, Operation, Step
from core.selector import Selector
from core.taxonomy import AttackType, Outcome
from retrieval.plan import canonical

XSS, SQLI = AttackType.XSS, AttackType.SQL_INJECTION


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        (Step(Operation.REPORT, Selector(types=ANY_ATTACK)), Step(Operation.REPORT)),
        (Step(Operation.COUNT, Selector(types=(XSS, SQLI, XSS))), Step(Operation.COUNT, Selector(types=(SQLI, XSS)))),
        (Step(Operation.COUNT, Selector(ips=("10.0.0.9/24", "::ffff:10.0.0.1"))),
         Step(Operation.COUNT, Selector(ips=("10.0.0.0/24", "10.0.0.1")))),
        (Step(Operation.COUNT, Selector(ips=("nonsense",))), Step(Operation.COUNT, Selector(ips=("nonsense",)))),
        (Step(Operation.COUNT, Selector(status_codes=((500, 599), (400, 499)))),
         Step(Operation.COUNT, Selector(status_codes=((400, 599),)))),
        (Step(Operation.COUNT, Selector(methods=("post", "GET"))),
         Step(Operation.COUNT, Selector(methods=("GET", "POST")))),
        (Step(Operation.COUNT, limit=7), Step(Operation.COUNT)),
        (Step(Operation.TOP), Step(Operation.TOP, by=Dimension.IP, limit=10)),
        (Step(Operation.TOP, by=Dimension.TYPE), Step(Operation.TOP, Selector(types=ANY_ATTACK), Dimension.TYPE, 10)),
        (Step(Operation.LINES, limit=5000), Step(Operation.LINES, limit=1000)),
        (Step(Operation.LINES, limit=-1), Step(Operation.LINES, limit=1)),
        (Step(Operation.FIRST, by=Dimension.IP, newest=True, words="x"), Step(Operation.FIRST)),
        (Step(Operation.OUTCOME, outcomes=(Outcome.SUCCEEDED, Outcome.BLOCKED)),
         Step(Operation.OUTCOME, outcomes=(Outcome.BLOCKED, Outcome.SUCCEEDED))),
        (Step(Operation.PROFILE, outcomes=(Outcome.BLOCKED,)), Step(Operation.PROFILE)),
        (Step(Operation.REPORT, Selector(without=(Selector(), Selector(ips=("10.0.0.1", "10.0.0.1"))))),
         Step(Operation.REPORT, Selector(without=(Selector(ips=("10.0.0.1",)),)))),
        (Step(Operation.COUNT, against=Selector(ips=("10.0.0.1",))), Step(Operation.COUNT)),
    ],
)  # fmt: skip
def test_one_spelling(step: Step, wanted: Step) -> None:
    assert canonical(step) == wanted
    assert canonical(wanted) == wanted
