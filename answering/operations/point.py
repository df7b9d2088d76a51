"""FIRST and LAST: the earliest and the latest of the selected lines."""

from answering.operations.codes import Sentence
from answering.operations.first_count import refs
from answering.operations.inquiry import Inquiry
from answering.operations.ledger import Ledger
from answering.operations.narrow import as_asked
from answering.operations.nothing import nothing
from answering.operations.outcome import nothing_so
from answering.operations.quoting import quotes_of
from core.part import Part
from core.plan import Operation, Step


def run(step: Step, inquiry: Inquiry) -> Part:
    """When, and the line itself; lines without a time are neither first nor last."""
    selector = as_asked(step, inquiry)
    if selector is None:
        return nothing_so(step, inquiry)
    latest = step.operation is Operation.LAST
    ledger = Ledger(inquiry)
    if not ledger.count("lines", selector):
        return nothing(step, inquiry, selector)
    ledger.span(None if latest else "time", "time" if latest else None, selector)
    quotes = quotes_of(inquiry, selector, refs(inquiry, selector, 1, newest=latest))
    ledger.quotes(selector, quotes)
    checked = ledger.check()
    time = checked.time("time")
    code = Sentence.NO_TIMES if time is None else Sentence.LAST if latest else Sentence.FIRST
    facts = {"time": time, "lines": checked.number("lines")}
    return Part(step, code, facts, checked.claims, evidence=selector, quotes=checked.quotes(quotes))
