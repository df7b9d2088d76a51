"""LINES: the raw lines themselves."""

from answering.operations.codes import Remark, Sentence
from answering.operations.first_count import refs
from answering.operations.inquiry import Inquiry
from answering.operations.ledger import Ledger
from answering.operations.narrow import as_asked
from answering.operations.nothing import nothing
from answering.operations.outcome import nothing_so
from answering.operations.quoting import quotes_of
from core.part import Note, Part
from core.plan import Step

SHOWN = 20
MOST = 200


def run(step: Step, inquiry: Inquiry) -> Part:
    """In the order of time, the newest first when these are asked for."""
    selector = as_asked(step, inquiry)
    if selector is None:
        return nothing_so(step, inquiry)
    ledger = Ledger(inquiry)
    if not ledger.count("lines", selector):
        return nothing(step, inquiry, selector)
    limit = min(step.limit or SHOWN, MOST)
    quotes = quotes_of(inquiry, selector, refs(inquiry, selector, limit, step.newest))
    ledger.quotes(selector, quotes)
    checked = ledger.check()
    shown, lines = checked.quotes(quotes), checked.number("lines")
    facts = {"lines": lines, "shown": len(shown)}
    some = (Note(Remark.SHOWN_SOME, facts),) if len(shown) < min(lines, step.limit or lines) else ()
    return Part(step, Sentence.LINES, facts, checked.claims, evidence=selector, quotes=shown, notes=some)
