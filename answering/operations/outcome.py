"""OUTCOME: what worked, what did not, what nobody can say, with the lines that decide it."""

from collections.abc import Iterable
from dataclasses import replace

from answering.operations.codes import Column, Sentence
from answering.operations.inquiry import Inquiry, attacks_of
from answering.operations.ledger import Ledger
from answering.operations.nothing import nothing
from answering.operations.quoting import quotes_of
from core.finding import Finding
from core.part import Part, Row, Table
from core.plan import Step
from core.report import Report
from core.taxonomy import Outcome

COLUMNS = (Column.TYPE, Column.OUTCOME, Column.LINES, Column.REASON, Column.FIRST, Column.LAST)
QUOTES = 10
_HARM = (Outcome.SUCCEEDED, Outcome.UNKNOWN, Outcome.FAILED, Outcome.BLOCKED)


def run(step: Step, inquiry: Inquiry) -> Part:
    """Types that ended as asked; without an asked outcome all of them, the most harmful first."""
    report = inquiry.report(step.selector)
    if not report.findings:
        return nothing(step, inquiry, attacks_of(step.selector), Sentence.REPORT_NONE, Sentence.REPORT_UNKNOWN)
    asked = step.outcomes or tuple(Outcome)
    found = sorted((one for one in report.findings if one.outcome in asked), key=lambda one: _HARM.index(one.outcome))
    if not found:
        return nothing_so(step, inquiry)
    return _part(step, inquiry, report, found, _sentence(step, report))


def nothing_so(step: Step, inquiry: Inquiry) -> Part:
    """No type ended as asked; where some outcomes are unknown, that is not the same as none."""
    report = inquiry.report(attacks_of(step.selector))
    if not report.findings:
        return nothing(step, inquiry, attacks_of(step.selector), Sentence.REPORT_NONE, Sentence.REPORT_UNKNOWN)
    if Outcome.SUCCEEDED not in step.outcomes:
        return _part(step, inquiry, report, report.findings, Sentence.OUTCOME_NOT_ASKED)
    undecided = [one for one in report.findings if one.outcome is Outcome.UNKNOWN]
    code = Sentence.OUTCOME_OPEN if undecided else Sentence.OUTCOME_NONE
    return _part(step, inquiry, report, undecided or report.findings, code)


def _sentence(step: Step, report: Report) -> Sentence:
    outcomes = {one.outcome for one in report.findings}
    if step.outcomes and set(step.outcomes) != {Outcome.SUCCEEDED}:
        return Sentence.OUTCOME_ASKED
    if Outcome.SUCCEEDED in outcomes:
        return Sentence.OUTCOME_SUCCEEDED
    return Sentence.OUTCOME_OPEN if Outcome.UNKNOWN in outcomes else Sentence.OUTCOME_NONE


def _part(step: Step, inquiry: Inquiry, report: Report, found: Iterable[Finding], code: Sentence) -> Part:
    listed = tuple(found)
    picked = replace(step.selector, types=tuple(one.type for one in listed))
    ledger = Ledger(inquiry)
    ledger.count("lines", picked)
    worst = min((one.outcome for one in listed), key=_HARM.index)  # what matters most is what is shown
    refs = tuple(dict.fromkeys(ref for one in listed if one.outcome is worst for ref in one.deciding))[:QUOTES]
    quotes = quotes_of(inquiry, picked, refs) or listed[0].quotes
    checked = ledger.check()
    types = {one.type for one in listed}
    rows = tuple(
        Row((one.type, one.outcome, one.count, one.outcome_reason, one.first_seen, one.last_seen), one.selector)
        for one in listed
    )
    return Part(
        step,
        code,
        _facts(report, step) | {"types": len(listed), "lines": checked.number("lines")},
        (*checked.claims, *(one for one in report.claims if one.claim.type in types)),
        Table(COLUMNS, rows, len(rows)),
        evidence=picked,
        quotes=quotes,
    )


def _facts(report: Report, step: Step) -> dict[str, int | str | None]:
    """How many types ended how."""
    counts = {str(one): sum(finding.outcome is one for finding in report.findings) for one in Outcome}
    return {"outcome": ", ".join(step.outcomes), **counts}
