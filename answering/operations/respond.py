"""RESPOND: what to do now, with block rules tried on these very lines."""

from answering.operations.codes import Sentence
from answering.operations.inquiry import Inquiry, attacks_of
from answering.operations.ledger import Ledger
from core.dimension import Dimension
from core.part import Part
from core.plan import Step


def run(step: Step, inquiry: Inquiry) -> Part:
    """Advice from first to last, and the rules that would have stopped what was found."""
    from answering.respond import respond

    attacks = attacks_of(step.selector)
    ledger = Ledger(inquiry)
    lines = ledger.count("lines", attacks)
    ledger.distinct("source_ips", attacks, Dimension.IP)
    advice, rules, notes = respond(inquiry.opened, step.selector)
    checked = ledger.check()
    facts = {"lines": checked.number("lines"), "source_ips": checked.number("source_ips")}
    code = Sentence.RESPOND if lines else Sentence.RESPOND_NOTHING
    notes = tuple(note for note in notes if note.code != code)  # the sentence says it
    evidence = attacks if lines else None
    return Part(
        step,
        code,
        facts,
        checked.claims,
        evidence=evidence,
        notes=notes,
        advice=tuple(advice),
        block_rules=tuple(rules),
    )
