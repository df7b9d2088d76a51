"""REPORT: what attacks happened among the selected lines."""

from dataclasses import replace

from answering.operations import first_count
from answering.operations.codes import Column, Sentence
from answering.operations.inquiry import Inquiry, attacks_of
from answering.operations.ledger import Checked, Ledger
from answering.operations.nothing import nothing
from core.claim import CheckedClaim
from core.dimension import Dimension
from core.finding import Finding
from core.part import Part, Row, Table
from core.plan import EVERYTHING, Step
from core.report import Report
from core.selector import Selector

COLUMNS = (
    Column.TYPE,
    Column.LINES,
    Column.SOURCE_IPS,
    Column.FIRST,
    Column.LAST,
    Column.OUTCOME,
    Column.IPS,
)
NAMED = 3
"""Addresses that a row names; how many there are stands beside them."""


def run(step: Step, inquiry: Inquiry) -> Part:
    """One row a finding; the totals count no line twice. Where no line is at all, no attack is looked for."""
    selector = inquiry.opened.plain(step.selector)
    about_lines = selector != EVERYTHING and not selector.picks_by_hits
    if about_lines and not first_count.count(inquiry, selector):
        return nothing(step, inquiry, step.selector)
    report = inquiry.report(selector)
    found = tuple(one for one in report.findings if not step.outcomes or one.outcome in step.outcomes)
    if not found:
        if report.findings:
            return Part(
                step, Sentence.OUTCOME_NOT_ASKED, _outcomes(step), report.claims, findings_table(report.findings)
            )
        return nothing(step, inquiry, attacks_of(step.selector), Sentence.REPORT_NONE, Sentence.REPORT_UNKNOWN)
    picked = replace(selector, types=tuple(one.type for one in found))
    whole = selector == EVERYTHING and not step.outcomes
    checked = (
        inquiry.opened.kept("totals", Checked, lambda: _totals(picked, inquiry)) if whole else _totals(picked, inquiry)
    )
    facts = {name: checked.number(name) for name in ("types", "lines", "source_ips")}
    return Part(
        step,
        Sentence.REPORT_FOUND,
        facts,
        (*checked.claims, *claims_of_types(report, found)),
        findings_table(found),
        evidence=picked,
        report=report if not step.outcomes else None,
    )


def _totals(picked: Selector, inquiry: Inquiry) -> Checked:
    """Lines, addresses and types of all that was found, each counted twice."""
    ledger = Ledger(inquiry)
    ledger.count("lines", picked)
    ledger.distinct("source_ips", picked, Dimension.IP)
    ledger.distinct("types", picked, Dimension.TYPE)
    return ledger.check()


def findings_table(findings: tuple[Finding, ...]) -> Table:
    """Findings as rows, in their order; each picks its lines."""
    rows = tuple(
        Row(
            (one.type, one.count, len(one.source_ips), one.first_seen, one.last_seen, one.outcome, _named(one)),
            one.selector,
        )
        for one in findings
    )
    return Table(COLUMNS, rows, len(rows))


def _named(finding: Finding) -> str:
    named = [one.ip for one in finding.source_ips[:NAMED]]
    return ", ".join([*named, *(["…"] if len(finding.source_ips) > NAMED else [])])


def claims_of_types(report: Report, findings: tuple[Finding, ...]) -> tuple[CheckedClaim, ...]:
    """The report's claims about these findings."""
    types = {one.type for one in findings}
    return tuple(one for one in report.claims if one.claim.type in types)


def _outcomes(step: Step) -> dict[str, str]:
    return {"outcome": ", ".join(step.outcomes)}
