"""TIMELINE: the selected lines over time."""

from datetime import datetime

from answering.operations.codes import Column, Remark, Sentence, column_of
from answering.operations.inquiry import Inquiry
from answering.operations.ledger import Ledger
from answering.operations.nothing import nothing
from answering.operations.outcome import nothing_so
from answering.operations.requests import counted
from answering.operations.values import value_rows
from core.dimension import SECONDS, Dimension
from core.part import Chart, ChartKind, Fact, Note, Part, Table
from core.plan import Step

MOST = 1_500
"""Stretches shown at most; where there would be more, wider ones are taken."""

_FINE = 180
"""Without an asked width: the finest that gives no more than so many stretches."""

_WIDTHS = (Dimension.MINUTE, Dimension.HOUR, Dimension.DAY)


def run(step: Step, inquiry: Inquiry) -> Part:
    """Stretches with lines only; they start at the log's own hours and midnights."""
    selector, once = counted(step, inquiry)
    if selector is None:
        return nothing_so(step, inquiry)
    ledger = Ledger(inquiry)
    if not ledger.count("lines", selector):
        return nothing(step, inquiry, selector)
    first, last = ledger.span("first", "last", selector)
    by = _width(step.by, first, last)
    ledger.series("series", selector, by)
    checked = ledger.check()
    pairs, lines = checked.pairs("series"), checked.number("lines")
    facts: dict[str, Fact] = {"by": column_of(by), "lines": lines, "count": len(pairs)}
    if not pairs:
        return Part(step, Sentence.NO_TIMES, facts | {"time": None}, checked.claims, evidence=selector)
    peak, most = max(pairs, key=lambda pair: pair[1])
    facts |= {"first": checked.time("first"), "last": checked.time("last")}
    facts |= {"peak": datetime.fromisoformat(peak), "peak_lines": most}
    untimed = lines - sum(count for _, count in pairs)
    notes = [Note(Remark.UNTIMED_LINES, {"lines": untimed})] if untimed else []
    notes += [Note(Remark.WIDER_STRETCHES, {"by": column_of(by)})] if step.by in SECONDS and step.by is not by else []
    return Part(
        step,
        Sentence.TIMELINE,
        facts,
        checked.claims,
        Table((column_of(by), Column.LINES), value_rows(inquiry, selector, by, pairs), len(pairs)),
        Chart(ChartKind.TIMELINE, column_of(by), Column.LINES),
        evidence=selector,
        notes=(*once, *notes),
    )


def _width(asked: Dimension | None, first: datetime | None, last: datetime | None) -> Dimension:
    """The asked width unless it gives too many stretches; else as fine as can be read."""
    span = (last - first).total_seconds() if first is not None and last is not None else 0.0
    wanted = [by for by in _WIDTHS if asked not in SECONDS or SECONDS[by] >= SECONDS[asked]]
    most = MOST if asked in SECONDS else _FINE
    return next((by for by in wanted if span / SECONDS[by] <= most), Dimension.DAY)
