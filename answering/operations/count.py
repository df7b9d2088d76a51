"""COUNT: how many lines, or how many different values of them."""

from dataclasses import replace

from answering.operations.codes import Column, Sentence, column_of
from answering.operations.inquiry import Inquiry
from answering.operations.ledger import Checked, Ledger
from answering.operations.nothing import nothing
from answering.operations.outcome import nothing_so
from answering.operations.requests import counted
from answering.operations.values import value_rows
from core.dimension import Dimension
from core.part import Part, Table
from core.plan import Step
from core.selector import Selector

SHOWN = 10
"""Values listed beside a number, unless more are asked for."""


def run(step: Step, inquiry: Inquiry) -> Part:
    """Lines of attacks come with their types, values with the most frequent ones."""
    selector, once = counted(step, inquiry)
    if selector is None:
        return nothing_so(step, inquiry)
    ledger = Ledger(inquiry)
    if not ledger.count("lines", selector):
        return nothing(step, inquiry, selector)
    by = step.by or (Dimension.TYPE if selector.picks_by_hits else None)
    if by is None:
        checked = ledger.check()
        return Part(step, Sentence.COUNT_LINES, _facts(checked), checked.claims, evidence=selector, notes=once)
    return replace(_grouped(step, inquiry, selector, by, ledger), notes=once)


def _grouped(step: Step, inquiry: Inquiry, selector: Selector, by: Dimension, ledger: Ledger) -> Part:
    ledger.distinct("values", selector, by)
    ledger.top("top", selector, by, step.limit or SHOWN)
    if step.by is None:
        ledger.distinct("source_ips", selector, Dimension.IP)
    checked = ledger.check()
    rows = value_rows(inquiry, selector, by, checked.pairs("top"))
    table = Table((column_of(by), Column.LINES), rows, checked.number("values"))
    facts = _facts(checked) | {"count": checked.number("values"), "by": column_of(by)}
    if step.by is None:
        facts["source_ips"] = checked.number("source_ips")
    code = Sentence.COUNT_ATTACK_LINES if step.by is None else Sentence.COUNT_DISTINCT
    return Part(step, code, facts, checked.claims, table, evidence=selector)


def _facts(checked: Checked) -> dict[str, str | int]:
    return {"lines": checked.number("lines")}
