"""No line is selected: whether that means that there was nothing, or that nobody can say."""

from answering.operations.codes import Sentence
from answering.operations.inquiry import Inquiry
from answering.operations.ledger import Ledger
from core.part import Part, Sight
from core.plan import Step
from core.selector import Selector


def nothing(
    step: Step,
    inquiry: Inquiry,
    selector: Selector,
    absent: Sentence = Sentence.ABSENT,
    unknown: Sentence = Sentence.NOT_SEEN,
) -> Part:
    """The part that says so, with the certificate it rests on.

    That none of the lines read matches is a count like any other: it holds where nobody can say what it means.
    """
    ledger = Ledger(inquiry)
    ledger.count("lines", selector)
    ledger.absence("absence", selector)
    checked = ledger.check()
    certificate = inquiry.certificate(selector)
    code = absent if checked.holds("absence") and certificate.sight is Sight.ABSENT else unknown
    if inquiry.opened.recount.scope_is_empty(selector):
        code = Sentence.NOTHING_IN_SCOPE
    facts = {"lines": checked.number("lines"), "sources": len(certificate.sources), "read": certificate.lines}
    return Part(step, code, facts, checked.claims, certificate=certificate)
