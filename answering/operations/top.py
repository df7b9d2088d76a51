"""TOP: the most frequent values."""

from collections.abc import Iterator

from answering.operations.codes import Column, Remark, Sentence, column_of
from answering.operations.inquiry import Inquiry
from answering.operations.ledger import Ledger, Pairs
from answering.operations.nothing import nothing
from answering.operations.outcome import nothing_so
from answering.operations.requests import counted
from answering.operations.values import shown, value_rows
from core.dimension import SECONDS, Dimension
from core.part import Chart, ChartKind, Fact, Note, Part, Table
from core.plan import Step

SHOWN = 10
MOST = 1_000
_SENTENCES = {Dimension.TYPE: Sentence.TOP_TYPE, Dimension.ACTION: Sentence.TOP_ACTION}


def run(step: Step, inquiry: Inquiry) -> Part:
    """Most lines first; values with as many lines by their text."""
    selector, once = counted(step, inquiry)
    if selector is None:
        return nothing_so(step, inquiry)
    by, limit = step.by or Dimension.IP, min(step.limit or SHOWN, MOST)
    ledger = Ledger(inquiry)
    if not ledger.count("lines", selector):
        return nothing(step, inquiry, selector)
    ledger.distinct("values", selector, by)
    ledger.top("top", selector, by, limit)
    checked = ledger.check()
    pairs, lines, values = checked.pairs("top"), checked.number("lines"), checked.number("values")
    facts: dict[str, Fact] = {"by": column_of(by), "lines": lines, "count": values, "limit": len(pairs)}
    if not pairs:
        return Part(step, Sentence.TOP_NONE, facts, checked.claims, evidence=selector, notes=once)
    named = by in (Dimension.TYPE, Dimension.ACTION)
    facts |= {column_of(by) if named else "value": shown(inquiry, by, pairs[0][0]), "value_lines": pairs[0][1]}
    overlaps = by in (Dimension.TYPE, Dimension.RULE)
    table = Table(
        (column_of(by), Column.LINES, *(() if overlaps else (Column.SHARE,))),
        value_rows(inquiry, selector, by, pairs, None if overlaps else lines),
        values,
    )
    return Part(
        step,
        _SENTENCES.get(by, Sentence.TOP),
        facts,
        checked.claims,
        table,
        Chart(ChartKind.TIMELINE if by in SECONDS else ChartKind.BARS, column_of(by), Column.LINES),
        evidence=selector,
        notes=(*once, *_notes(overlaps, pairs, lines, values)),
    )


def _notes(overlaps: bool, pairs: Pairs, lines: int, values: int) -> Iterator[Note]:
    """Why the rows do not add up to the total; where rows are left out, nobody expects them to."""
    if overlaps and len(pairs) > 1:
        yield Note(Remark.PER_TYPE_OVERLAPS)
    silent = lines - sum(count for _, count in pairs)
    if not overlaps and silent and len(pairs) == values:
        yield Note(Remark.NOT_RECORDED, {"lines": silent})
