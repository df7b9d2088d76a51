"""COVERAGE: what was read, line by line accounted for, and what these logs cannot show."""

from dataclasses import replace

from answering.codes import BlindSpot
from answering.coverage import observe_coverage
from answering.operations.codes import Column, Sentence
from answering.operations.inquiry import Inquiry, attacks_of
from answering.operations.ledger import Ledger
from core.dimension import Dimension
from core.event import ParseStatus
from core.part import Certificate, Part, Row, Table
from core.plan import Step
from core.selector import Selector

COLUMNS = (
    Column.SOURCE,
    Column.DATASET,
    Column.LINES,
    Column.PARSED,
    Column.UNPARSED,
    Column.OTHERS,
    Column.FIRST,
    Column.LAST,
)


def run(step: Step, inquiry: Inquiry) -> Part:
    """One row a source; lines = understood + not understood + others (headers, blanks, continuations, over-long)."""
    lake = inquiry.opened.lake
    scope = Selector(sources=step.selector.sources)
    parsed = Selector(sources=scope.sources, statuses=(ParseStatus.PARSED,))
    unparsed = Selector(sources=scope.sources, statuses=(ParseStatus.UNPARSED,))
    ledger = Ledger(inquiry)
    for name, selector in (("lines", scope), ("parsed", parsed), ("unparsed", unparsed)):
        ledger.count(name, selector)
        ledger.top(f"{name}.source", selector, Dimension.SOURCE, None)
    ledger.span("first", "last", scope)
    checked = ledger.check()
    per = {name: dict(checked.pairs(f"{name}.source")) for name in ("lines", "parsed", "unparsed")}
    rows = []
    for source in lake.sources:
        if scope.sources and source.id not in scope.sources:
            continue
        lines, good, bad = (per[name].get(source.id, 0) for name in ("lines", "parsed", "unparsed"))
        cells = (
            str(source.id),
            source.dataset,
            lines,
            good,
            bad,
            lines - good - bad,
            source.first_seen,
            source.last_seen,
        )
        rows.append(Row(cells, Selector(sources=(source.id,))))
    facts = {name: checked.number(name) for name in ("lines", "parsed", "unparsed")} | {"sources": len(rows)}
    return Part(
        step,
        Sentence.COVERAGE,
        {**facts, "first": checked.time("first"), "last": checked.time("last")},
        checked.claims,
        Table(COLUMNS, tuple(rows), len(rows)),
        evidence=scope,
        certificate=_silent_about(inquiry, step.selector),
    )


def _silent_about(inquiry: Inquiry, selector: Selector) -> Certificate:
    """All that these logs cannot show, and what to collect so that attacks of any type would show."""
    found = inquiry.certificate(attacks_of(selector))
    spots = observe_coverage(inquiry.opened.lake, Selector(sources=selector.sources), 0).blind_spots
    return replace(found, blind_spots=tuple(one for one in spots if one != BlindSpot.WINDOW_ASKED), notes=())
