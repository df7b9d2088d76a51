"""Operators: each class of the taxonomy has one, each makes lies that say something else, the same ones each time."""

import re
from pathlib import Path
from random import Random

import pytest

from core.draft import Draft, DraftFinding, DraftSentence, Evidence, Statement, StatementKind, ValueCount
from core.draft_selector import draft_of
from core.selector import Selector
from core.taxonomy import AttackType, Outcome
from models.fakes.lies.lie import Decidable, LogFacts, Operator
from models.fakes.lies.table import BY_ID, NOT_EXPRESSIBLE, OPERATORS

# How many classes of each letter the taxonomy has, and those that cannot be decided by counting lines alone.
CLASSES = dict(zip("ABCDEFGHIJKL", (16, 19, 16, 17, 12, 10, 10, 9, 8, 8, 6, 12), strict=True))
CONFIGURED = {"B5", "B6", "D4", "D5", "D6", "D10", "E2", "E4", "E9", "F3", "F10", "H3", "H8", "K2"}
UNDECIDABLE = {"B17", "B18", "F7", "F9", "I5", "I6", "I7", "J2", "J3"}
EVERY = [f"{letter}{number}" for letter, count in CLASSES.items() for number in range(1, count + 1)]


def of_class(name: str) -> Decidable:
    return Decidable.C if name in CONFIGURED else Decidable.U if name in UNDECIDABLE else Decidable.D


def test_reasons_name_tests_that_exist() -> None:
    folder = Path(__file__).parents[2]
    written = "".join((folder / name).read_text() for name in ("stores/test_lake.py", "ingestion/test_pipeline.py"))
    named = [name for reason in NOT_EXPRESSIBLE.values() for name in re.findall(r"test_\w+", reason)]
    assert named
    assert [name for name in named if f"def {name}(" not in written] == []


def test_every_class_has_an_operator_or_a_reason() -> None:
    assert [one.id for one in OPERATORS] == [name for name in EVERY if name not in NOT_EXPRESSIBLE]
    assert sum(of_class(name) is Decidable.D for name in EVERY) == 120


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda one: one.id)
def test_an_operator_says_who_can_decide(operator: Operator) -> None:
    assert operator.decidable is of_class(operator.id)
    assert re.fullmatch(r"[^.]+", operator.title)


LINES = tuple(f'203.0.113.{n % 3 + 7} - - [09/Nov/2026:03:0{n}:00 +0900] "GET /?q={n}"'.encode() for n in range(9))
WHOLE = draft_of(Selector(types=(AttackType.XSS,)), {})


def statement(at: int, kind: StatementKind, **given: object) -> Statement:
    fields = dict.fromkeys(Statement.model_fields) | {
        "id": f"s{at}",
        "kind": kind,
        "selector": WHOLE,
        "comparator": "exactly",
        "values": [],
        "complete": False,
    }
    return Statement.model_validate(fields | given)


DRAFT = Draft(
    findings=[
        DraftFinding(
            id="f1",
            type=AttackType.XSS,
            title="xss",
            selector=WHOLE,
            count=9,
            source_ips=[ValueCount(value=f"203.0.113.{n}", count=3) for n in (7, 8, 9)],
            first_seen="2026-11-08T18:00:00+00:00",
            last_seen="2026-11-08T18:08:00+00:00",
            outcome=Outcome.FAILED,
            level=None,
            evidence=[Evidence(source="access.log", line=1, quote=LINES[0].decode())],
            reason="It matches in 9 lines.",
        )
    ],
    statements=[
        statement(1, StatementKind.COUNT, number=9),
        statement(2, StatementKind.DISTINCT, by="source.ip", number=3),
        statement(3, StatementKind.NETWORK, name="203.0.113.0/28"),
    ],
    benign=[],
    answer=[DraftSentence(text="xss: 9 lines.", refers=["f1"])],
)
FACTS = LogFacts(lines={"access.log": LINES}, strangers=("198.51.100.9",), earlier=(("xss.count", 9),))


@pytest.mark.parametrize(
    "name", ["A1", "A14", "A15", "B1", "B9", "C3", "C16", "D3", "E6", "F1", "G1", "J8", "L1", "L12"]
)
def test_lies_differ_from_the_truth_and_come_again(name: str) -> None:
    lies = BY_ID[name].apply(DRAFT, FACTS, Random(3))
    assert DRAFT not in lies
    assert lies == BY_ID[name].apply(DRAFT, FACTS, Random(3))


@pytest.mark.parametrize(
    ("name", "fewest"), [("A1", 8), ("B1", 8), ("C3", 3), ("D1", 3), ("E6", 5), ("G2", 1), ("L3", 6)]
)
def test_so_many_lies_at_least(name: str, fewest: int) -> None:
    assert len(BY_ID[name].apply(DRAFT, FACTS, Random(3))) >= fewest


def test_a_compound_lie_adds_up() -> None:
    """The count, the first address and the sentence tell the same wrong number."""
    lies = [one for one in BY_ID["A1"].apply(DRAFT, FACTS, Random(3)) if isinstance(one, Draft)]
    whole = [
        one for one in lies if sum(each.count for each in one.findings[0].source_ips) == one.findings[0].count != 9
    ]
    assert [str(one.findings[0].count) in one.answer[0].text for one in whole] == [True]


def test_nothing_to_lie_about_makes_no_finding() -> None:
    empty = Draft(findings=[], statements=[], benign=[], answer=[])
    made = {one.id: one.apply(empty, LogFacts(lines={"a.log": ()}), Random(1)) for one in OPERATORS}
    findings = {name: one for name, lies in made.items() for one in lies if isinstance(one, Draft) and one.findings}
    assert findings == {}
