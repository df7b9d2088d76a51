"""PROFILE: all about one address, user or path."""

from collections.abc import Iterable

from answering.operations.codes import Column, Remark, Sentence, column_of
from answering.operations.inquiry import Inquiry, attacks_of
from answering.operations.ledger import Checked, Ledger
from answering.operations.narrow import of_value
from answering.operations.nothing import nothing
from core.dimension import Dimension
from core.finding import Finding
from core.part import Fact, Note, Part, Row, Table
from core.plan import Step
from core.report import Report
from core.selector import Selector

COLUMNS = (Column.SECTION, Column.VALUE, Column.LINES, Column.OUTCOME)
SHOWN = 5
_SECTIONS = (Dimension.PATH, Dimension.STATUS, Dimension.METHOD, Dimension.AGENT, Dimension.USER, Dimension.ACTION)
MANY = 200
"""Addresses of a campaign that a note names at most."""


def run(step: Step, inquiry: Inquiry) -> Part:
    """What it did and when, what of it was an attack and how that ended, and what is known of it elsewhere."""
    selector = step.selector
    ledger = Ledger(inquiry)
    if not ledger.count("lines", selector):
        return nothing(step, inquiry, selector)
    ledger.span("first", "last", selector)
    ledger.count("attack_lines", attacks_of(selector))
    sections = [Dimension.IP] * (not selector.ips) + list(_SECTIONS)
    for by in sections:
        ledger.top(by.value, selector, by, SHOWN)
    report = inquiry.report(selector)
    checked = ledger.check()
    rows = [*_types(report.findings), *(row for by in sections for row in _values(inquiry, selector, by, checked))]
    return Part(
        step,
        _sentence(selector),
        _facts(selector, checked, len(report.findings)),
        (*checked.claims, *report.claims),
        Table(COLUMNS, tuple(rows), len(rows)),
        evidence=selector,
        notes=tuple(_known(inquiry.opened.report(), selector)),
    )


def _sentence(selector: Selector) -> Sentence:
    if selector.ips:
        return Sentence.PROFILE_IP
    if selector.user_contains:
        return Sentence.PROFILE_USER
    return Sentence.PROFILE_PATH if selector.paths or selector.url_contains else Sentence.PROFILE_LINES


def _facts(selector: Selector, checked: Checked, types: int) -> dict[str, Fact]:
    return {
        "ip": ", ".join(selector.ips),
        "user": ", ".join(selector.user_contains),
        "path": ", ".join((*selector.paths, *selector.url_contains)),
        "lines": checked.number("lines"),
        "attack_lines": checked.number("attack_lines"),
        "types": types,
        "first": checked.time("first"),
        "last": checked.time("last"),
    }


def _types(findings: Iterable[Finding]) -> Iterable[Row]:
    for one in findings:
        yield Row((Column.TYPE, one.type, one.count, one.outcome), one.selector)


def _values(inquiry: Inquiry, selector: Selector, by: Dimension, checked: Checked) -> Iterable[Row]:
    for value, lines in checked.pairs(by.value):
        yield Row((column_of(by), value, lines, None), of_value(inquiry, selector, by, value))


def _known(report: Report, selector: Selector) -> Iterable[Note]:
    """What the whole report says of the address: a known name, and those it acted with."""
    asked = {ip for ip in selector.ips if "/" not in ip}
    for entry in report.benign:
        if asked & {one.ip for one in entry.ips}:
            yield Note(Remark(f"standing_{entry.standing}"), {"name": entry.name})
    for campaign in report.campaigns:
        ips = [one.ip for one in campaign.source_ips]
        if asked & set(ips):
            others = [ip for ip in ips if ip not in asked]
            facts: dict[str, Fact] = {
                "others": len(others),
                "ips": ", ".join(others[:MANY]),
                "shared": ", ".join(campaign.shared),
            }
            yield Note(Remark.CAMPAIGN, facts)
