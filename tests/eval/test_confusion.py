"""Tables of truth and report in, cells of the confusion table out."""

import pytest

from core.taxonomy import AttackType
from eval.confusion import confusion_of
from eval.dataset import Truth
from eval.flagged import Flagged, Reported
from eval.judge import Judge
from eval.report import EvalReport
from eval.scorers import score_case

Cells = dict[tuple[str, str], int]


def incident(kind: str, lines: list[int], accept: tuple[str, ...] = ()) -> dict[str, object]:
    return {"type": kind, "accept": list(accept), "lines": {"a.log": lines}}


def truth_of(incidents: list[dict[str, object]]) -> Truth:
    return Truth.model_validate({"incidents": incidents, "unlabelled": "benign"})


def reported(flags: list[tuple[int, str]], lines: int = 4) -> Reported:
    return Reported(tuple(Flagged(("a.log", line), AttackType(kind), None) for line, kind in flags), {}, lines)


CELLS: list[tuple[list[dict[str, object]], list[tuple[int, str]], Cells]] = [
    ([], [], {("benign", "none"): 4}),
    ([], [(2, "dos")], {("benign", "dos"): 1, ("benign", "none"): 3}),
    ([incident("xss", [1])], [(1, "xss")], {("xss", "xss"): 1, ("benign", "none"): 3}),
    ([incident("xss", [1])], [], {("xss", "none"): 1, ("benign", "none"): 3}),
    ([incident("xss", [1])], [(1, "dos")], {("xss", "dos"): 1, ("benign", "none"): 3}),
    ([incident("xss", [1])], [(1, "xss"), (1, "dos")], {("xss", "xss"): 1, ("xss", "dos"): 1, ("benign", "none"): 3}),
    ([incident("xss", [1], ("dos",))], [(1, "dos")], {("xss", "xss"): 1, ("benign", "none"): 3}),
    (
        [incident("xss", [1]), incident("dos", [1])],
        [(1, "dos")],
        {("dos", "dos"): 1, ("xss", "none"): 1, ("benign", "none"): 3},
    ),
]


@pytest.mark.parametrize(("incidents", "flags", "cells"), CELLS)
def test_cells(incidents: list[dict[str, object]], flags: list[tuple[int, str]], cells: Cells) -> None:
    assert confusion_of(Judge(truth_of(incidents), reported(flags))) == cells


def test_the_table_has_a_row_and_a_column_a_type() -> None:
    case = score_case("case", truth_of([incident("xss", [1, 2])]), reported([(1, "xss"), (2, "dos")]))
    report = EvalReport("suite", "v", (case, case))
    head = "true \\ reported"
    assert report.confusion_table() == (
        {head: "1 dos", "1": "", "2": "", "none": ""},
        {head: "2 xss", "1": 2, "2": 2, "none": ""},
        {head: "benign", "1": "", "2": "", "none": 4},
    )
    assert [row for row in report.confusion() if not row["right"]] == [
        {"true": "xss", "reported": "dos", "lines": 2, "right": False}
    ]
