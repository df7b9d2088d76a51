"""A step's result put into words once: what the chat page, the terminal, Markdown and downloads all draw."""

from dataclasses import dataclass

from app.i18n import coded, number, text
from app.inert import inert
from app.render.facts import dimension_text, fact_text, sentence, time_text, type_text
from app.render.plan_words import Names, step_text
from app.render.view import ClaimView, QuoteView, ReportView, Rows, claim_view, quote_view, report_view
from core.claim import CheckedClaim, VerdictStatus
from core.line import SourceId
from core.part import Advice, BlockRule, Certificate, Note, Part, Table

SOURCE_HEAD = ("source", "dataset", "lines", "unparsed", "first", "last")
"""Codes of the columns above the sources of a certificate."""


@dataclass(frozen=True, slots=True)
class MissingView:
    """What to collect, and the configuration that collects it."""

    what: str
    software: str
    snippet: str


@dataclass(frozen=True, slots=True)
class CertificateView:
    """What an absence rests on."""

    sight: str
    read: str
    detectors: str
    sources: Rows
    gaps: Rows
    blind_spots: tuple[str, ...]
    notes: tuple[str, ...]
    missing: tuple[MissingView, ...]


@dataclass(frozen=True, slots=True)
class BlockRuleView:
    """Ready configuration with what it would have hit in this case; `kind` says what it stops."""

    rule: BlockRule
    kind: str
    product: str
    backtest: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdviceView:
    """One thing to do; equal phases stand together."""

    advice: Advice
    phase: str
    words: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One step's result in words; `part` holds the values behind them. `report` is there when no table shows it."""

    part: Part
    step: str
    sentence: str
    head: tuple[str, ...]
    rows: Rows
    more_rows: str
    claims: tuple[ClaimView, ...]
    verdicts: tuple[tuple[VerdictStatus, str], ...]
    quotes: tuple[QuoteView, ...]
    notes: tuple[str, ...]
    certificate: CertificateView | None
    advice: tuple[AdviceView, ...]
    block_rules: tuple[BlockRuleView, ...]
    report: ReportView | None


def note_texts(notes: tuple[Note, ...], lang: str, offset: int) -> tuple[str, ...]:
    """Remarks in words."""
    return tuple(sentence("note", note.code, note.facts, lang, offset) for note in notes)


def part_view(part: Part, names: Names, lang: str, offset: int) -> PartView:
    """Word one step's result."""
    claims = tuple(answer_claim(item, names, lang) for item in part.claims)
    rows = _rows(part.table, part, names, lang, offset) if part.table else ()
    total = part.table.total if part.table else 0
    return PartView(
        part=part,
        step=step_text(part.step, names, lang, offset),
        sentence=sentence("answer", part.code, part.facts, lang, offset),
        head=tuple(_head(code, part, lang, offset) for code in part.table.columns) if part.table else (),
        rows=rows,
        more_rows=text("chat.rows", lang, shown=number(len(rows)), total=number(total)) if total > len(rows) else "",
        claims=claims,
        verdicts=verdict_texts(claims, lang),
        quotes=tuple(quote_view(quote, names) for quote in part.quotes),
        notes=note_texts(part.notes, lang, offset),
        certificate=certificate_view(part.certificate, names, lang, offset) if part.certificate else None,
        advice=tuple(
            AdviceView(one, coded("phase", one.phase, lang), sentence("advice", one.code, one.facts, lang, offset))
            for one in part.advice
        ),
        block_rules=tuple(_block_rule(rule, lang, offset) for rule in part.block_rules),
        report=report_view(part.report, lang) if part.report and not part.table else None,
    )


def _head(code: str, part: Part, lang: str, offset: int) -> str:
    """A column whose code is also a fact of the part is headed by that fact: the two sides of a comparison."""
    if code in {"one", "other"} and isinstance(part.facts.get(code), str):
        return fact_text(code, part.facts[code], lang, offset)
    return inert(coded("column", code, lang))


def _rows(table: Table, part: Part, names: Names, lang: str, offset: int) -> Rows:
    """Cells as their column says; a `value` is drawn as the row's section says, else as the fact `by` says."""
    by = str(part.facts.get("by", ""))
    found = []
    for row in table.rows:
        cells = dict(zip(table.columns, row.cells, strict=True))
        section = str(cells.get("section") or by)
        drawn = ((section if code == "value" else code, cell) for code, cell in cells.items())
        found.append(tuple(_cell(code, cell, names, lang, offset) for code, cell in drawn))
    return tuple(found)


def _cell(code: str, cell: object, names: Names, lang: str, offset: int) -> str:
    if code == "source" and isinstance(cell, str):
        return names.get(SourceId(cell), inert(cell))
    return fact_text(code, cell, lang, offset)  # type: ignore[arg-type]


def answer_claim(item: CheckedClaim, names: Names, lang: str) -> ClaimView:
    """The claim with what tells it apart from its neighbours: type and dimension."""
    view = claim_view(item, names, lang)
    told = [view.label]
    if item.claim.type is not None:
        told.append(type_text(item.claim.type.value, lang))
    if item.claim.by is not None:
        told.append(dimension_text(item.claim.by.value, lang))
    return ClaimView(
        view.id, " · ".join(told), view.claimed, view.status, view.verdict, view.actual, view.matched, view.digest
    )


def verdict_texts(claims: tuple[ClaimView, ...], lang: str) -> tuple[tuple[VerdictStatus, str], ...]:
    """`Verified 3/4` for each verdict that occurs."""
    counts = ((status, sum(claim.status == status for claim in claims)) for status in VerdictStatus)
    return tuple(
        (status, f"{text(f'verdict.{status}', lang)} {count}/{len(claims)}") for status, count in counts if count
    )


def certificate_view(found: Certificate, names: Names, lang: str, offset: int) -> CertificateView:
    """A certificate in words."""
    return CertificateView(
        sight=found.sight.value,
        read=text(
            "chat.certificate_read",
            lang,
            lines=number(found.lines),
            parsed=number(found.parsed),
            unparsed=number(found.unparsed),
            sources=number(len(found.sources)),
        ),
        detectors=_detectors(found, lang),
        sources=tuple(
            (inert(name), dataset, number(lines), number(unparsed), time_text(first, offset), time_text(last, offset))
            for name, dataset, lines, unparsed, first, last in found.sources
        ),
        gaps=tuple(
            (
                names.get(SourceId(gap.source), inert(gap.source)),
                time_text(gap.since, offset),
                time_text(gap.until, offset),
            )
            for gap in found.gaps
        ),
        blind_spots=tuple(coded("blind_spot", code, lang) for code in found.blind_spots),
        notes=note_texts(found.notes, lang, offset),
        missing=tuple(
            MissingView(coded("collect", one.code, lang), coded("software", one.software, lang), one.snippet)
            for one in found.missing
        ),
    )


def _detectors(found: Certificate, lang: str) -> str:
    """Who looked; nothing where the question is not about attacks."""
    if not found.rules and not found.behaviours:
        return ""
    return text("chat.certificate_detectors", lang, rules=number(found.rules), behaviours=number(found.behaviours))


def _block_rule(rule: BlockRule, lang: str, offset: int) -> BlockRuleView:
    tried, share = rule.backtest, rule.backtest.attack_share
    return BlockRuleView(
        rule=rule,
        kind=coded("block", rule.kind, lang),
        product=coded("software", rule.product, lang),
        backtest=text(
            "chat.backtest",
            lang,
            attack=number(tried.attack_lines),
            other=number(tried.other_lines),
            share="—" if share is None else f"{share:.1%}",
        ),
        notes=note_texts(rule.notes, lang, offset),
    )
