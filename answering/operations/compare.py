"""COMPARE: two selections side by side."""

from answering.operations.codes import Column, Measure, Sentence
from answering.operations.inquiry import Inquiry, attacks_of
from answering.operations.ledger import Checked, Ledger
from answering.operations.nothing import nothing
from answering.operations.requests import compared
from core.dimension import Dimension
from core.part import Part, Row, Table
from core.plan import EVERYTHING, Step
from core.selector import Selector

COLUMNS = (Column.MEASURE, Column.ONE, Column.OTHER, Column.DIFFERENCE)
_LINES = ((Measure.LINES, False), (Measure.ATTACK_LINES, True))
_VALUES = (
    (Measure.SOURCE_IPS, False, Dimension.IP),
    (Measure.ATTACKING_IPS, True, Dimension.IP),
    (Measure.TYPES, True, Dimension.TYPE),
)


def run(step: Step, inquiry: Inquiry) -> Part:
    """Lines, attack lines, addresses and types of both; without another side, everything is the other side."""
    asked = step.selector, step.against if step.against is not None else EVERYTHING
    sides, notes = compared(asked, inquiry)
    lake = inquiry.opened.lake
    if not any(lake.count(side) for side in sides):
        return nothing(step, inquiry, step.selector)
    ledger = Ledger(inquiry)
    for measure, attacks in _LINES:
        ledger.compare(measure, *(_of(side, attacks) for side in sides))
    for measure, attacks, by in _VALUES:
        for number, side in enumerate(sides):
            ledger.distinct(f"{measure}.{number}", _of(side, attacks), by)
    checked = ledger.check()
    rows = tuple(_row(measure, *_both(checked, measure)) for measure in Measure)
    one, other = _both(checked, Measure.LINES)
    facts = {"one": one, "other": other, "difference": one - other}
    table = Table(COLUMNS, rows, len(rows))
    return Part(step, Sentence.COMPARE, facts, checked.claims, table, evidence=sides[0], notes=notes)


def _of(side: Selector, attacks: bool) -> Selector:
    return attacks_of(side) if attacks else side


def _both(checked: Checked, measure: Measure) -> tuple[int, int]:
    if measure in (Measure.LINES, Measure.ATTACK_LINES):
        (_, one), (_, other) = checked.pairs(measure)
        return one, other
    return checked.number(f"{measure}.0"), checked.number(f"{measure}.1")


def _row(measure: Measure, one: int, other: int) -> Row:
    return Row((measure, one, other, one - other))
