"""SEARCH: where to look for something, found by meaning and by words; the lines there are counted, not estimated."""

from collections.abc import Iterable
from dataclasses import replace

from answering.operations.codes import Column, Remark, Sentence
from answering.operations.inquiry import Inquiry, Progress, Stage
from answering.operations.ledger import Checked, Ledger
from answering.operations.nothing import nothing
from answering.operations.quoting import quotes_of
from core.chunk import Chunk
from core.line import LineRef
from core.part import Fact, Note, Part, Row, Table
from core.plan import Step
from core.selector import Selector
from retrieval.retrieved import Hit, Retrieved

COLUMNS = (Column.SINCE, Column.UNTIL, Column.IP, Column.LINES, Column.TYPES, Column.SCORE)
SHOWN = 10
MOST = 50
QUOTES = 10


def run(step: Step, inquiry: Inquiry) -> Part:
    """Stretches of one address each, best first; and raw lines with the words where the index does not know all."""
    ledger = Ledger(inquiry)
    if not ledger.count("searched", step.selector):
        return nothing(step, inquiry, step.selector)
    if inquiry.retriever is None:
        checked = ledger.check()
        facts: dict[str, Fact] = {"words": step.words, "searched": checked.number("searched")}
        return Part(step, Sentence.SEARCH_NONE, facts, checked.claims, notes=(Note(Remark.NO_RETRIEVER),))
    inquiry.tell(Progress(Stage.RETRIEVING, 0, 1))
    found = inquiry.retriever(step.words, step.selector)
    return _part(step, inquiry, found, ledger)


def _part(step: Step, inquiry: Inquiry, found: Retrieved, ledger: Ledger) -> Part:
    hits = found.hits[: min(step.limit or SHOWN, MOST)]
    places = [_place(step.selector, hit.chunk) for hit in hits]
    for number, place in enumerate(places):
        if place is not None:
            ledger.count(f"lines.{number}", place)
    refs = tuple(line.ref for line in found.lines)[:QUOTES] or tuple(_first_lines(hits))[:QUOTES]
    wanted = replace(step.selector, raw_contains=found.words) if found.words else step.selector
    quotes = quotes_of(inquiry, wanted, refs)
    ledger.quotes(step.selector, quotes)
    checked = ledger.check()
    rows = tuple(
        _row(hit, place, number, checked) for number, (hit, place) in enumerate(zip(hits, places, strict=True))
    )
    facts: dict[str, Fact] = {
        "words": ", ".join(found.words) or step.words,
        "searched": checked.number("searched"),
        "places": len(rows),
        "shown": len(quotes),
    }
    code = Sentence.SEARCH if rows else Sentence.SEARCH_WORDS if quotes else Sentence.SEARCH_NONE
    return Part(
        step,
        code,
        facts,
        checked.claims,
        Table(COLUMNS, rows, len(found.hits)) if rows else None,
        evidence=step.selector,
        quotes=checked.quotes(quotes),
        notes=found.notes,
    )


def _place(selector: Selector, chunk: Chunk) -> Selector | None:
    """The lines of the chunk's address in its window, among the selected ones; without either there is no selector."""
    if chunk.ip is None or chunk.since is None or chunk.until is None:
        return None
    since = chunk.since if selector.since is None else max(selector.since, chunk.since)
    until = chunk.until if selector.until is None else min(selector.until, chunk.until)
    return replace(selector, ips=(chunk.ip,), since=since, until=until)


def _row(hit: Hit, place: Selector | None, number: int, checked: Checked) -> Row:
    chunk = hit.chunk
    lines = None if place is None else checked.number(f"lines.{number}")
    return Row((chunk.since, chunk.until, chunk.ip, lines, ", ".join(chunk.types), hit.score), place)


def _first_lines(hits: Iterable[Hit]) -> Iterable[LineRef]:
    """One line of each place."""
    return (hit.chunk.refs[0] for hit in hits if hit.chunk.refs)
