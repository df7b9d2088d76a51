"""A request that an access log and an error log both tell of counts once, and whoever asks for lines gets them all."""

from collections.abc import Iterator

import pytest

from answering.ask import ask
from answering.open_case import OpenCase
from core.claim import VerdictStatus
from core.dimension import Dimension
from core.part import Note, Part
from core.plan import Operation, Plan, Step
from core.selector import Selector
from detection.scanner import Scanner
from tests.answering.invented import NOW, RULES, lake_in

IP = "203.0.113.5"
ACCESS = """\
203.0.113.5 - - [01/Nov/2026:10:00:01 +0000] "GET /a HTTP/1.1" 500 10 "-" "Mozilla/5.0"
203.0.113.5 - - [01/Nov/2026:10:00:02 +0000] "GET /a HTTP/1.1" 200 10 "-" "Mozilla/5.0"
203.0.113.5 - - [01/Nov/2026:10:00:03 +0000] "GET /b HTTP/1.1" 200 10 "-" "Mozilla/5.0"
"""
_ERROR = """\
2026/11/01 10:00:0{second} [error] 1#1: *1 failed, client: 203.0.113.5, server: x, request: "GET {path} HTTP/1.1"
"""
ERROR = _ERROR.format(second=1, path="/a") + _ERROR.format(second=4, path="/only-there")
BOTH = {"access.log": ACCESS, "error.log": ERROR}
MINE, A, ONLY = Selector(ips=(IP,)), Selector(paths=("/a",)), Selector(paths=("/only-there",))
IN_ERRORS = Selector(paths=("/a",), datasets=("nginx.error",))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, scanner: Scanner) -> Iterator[OpenCase]:
    lake = lake_in(tmp_path_factory.mktemp("case"), scanner, BOTH)
    with OpenCase(lake, RULES, scanner, case="case", now=NOW) as opened:
        yield opened


def part_of(case: OpenCase, step: Step) -> Part:
    (part,) = ask("", case, plan=Plan((step,))).parts
    return part


STEPS: list[tuple[Step, int, bool]] = [
    (Step(Operation.TOP, by=Dimension.PATH), 3, True),
    (Step(Operation.TOP, MINE, by=Dimension.METHOD), 3, True),
    (Step(Operation.TOP, by=Dimension.STATUS), 5, False),
    (Step(Operation.TOP, by=Dimension.IP), 5, False),
    (Step(Operation.COUNT), 5, False),
    (Step(Operation.COUNT, A), 2, True),
    (Step(Operation.COUNT, by=Dimension.PATH), 3, True),
    (Step(Operation.COUNT, A, by=Dimension.IP), 2, True),
    (Step(Operation.COUNT, ONLY), 1, False),
    (Step(Operation.COUNT, IN_ERRORS), 1, False),
    (Step(Operation.COUNT, Selector(status_codes=((500, 599),))), 1, False),
    (Step(Operation.TIMELINE, A), 2, True),
    (Step(Operation.LINES, A), 3, False),
]


@pytest.mark.parametrize(("step", "lines", "noted"), STEPS, ids=lambda value: str(value)[:60])
def test_a_request_counts_once(case: OpenCase, step: Step, lines: int, noted: bool) -> None:
    part = part_of(case, step)
    assert part.facts["lines"] == lines
    assert ("requests_once" in {note.code for note in part.notes}) is noted
    assert {one.verdict.status for one in part.claims} == {VerdictStatus.VERIFIED}
    assert part.evidence is not None
    assert case.lake.count(part.evidence) == lines


def test_the_values_are_of_the_same_lines(case: OpenCase) -> None:
    table = part_of(case, Step(Operation.TOP, by=Dimension.PATH)).table
    assert table is not None
    assert [row.cells[:2] for row in table.rows] == [("/a", 2), ("/b", 1)]
    assert [case.lake.count(row.selector) for row in table.rows if row.selector is not None] == [2, 1]


def test_rows_that_do_not_add_up_say_why(case: OpenCase) -> None:
    """Two of the five lines are of the error log, which records no status; one row of two does not add up anyway."""
    steps = (Step(Operation.TOP, by=Dimension.STATUS, limit=limit) for limit in (2, 1))
    assert [part_of(case, step).notes for step in steps] == [(Note("not_recorded", {"lines": 2}),), ()]


def test_without_an_access_log_every_line_counts(tmp_path_factory: pytest.TempPathFactory, scanner: Scanner) -> None:
    lake = lake_in(tmp_path_factory.mktemp("errors"), scanner, {"error.log": ERROR})
    with OpenCase(lake, RULES, scanner, case="case", now=NOW) as opened:
        part = part_of(opened, Step(Operation.TOP, by=Dimension.PATH))
    assert (part.facts["lines"], part.notes) == (2, ())
