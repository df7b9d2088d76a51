"""An answer as Markdown; question and log text stand only in code fences they cannot close."""

from collections.abc import Iterator, Sequence

from app import VERSION
from app.i18n import coded, text
from app.inert import inert
from app.render.answer import AnswerView
from app.render.markdown import columns, escape, fence, quote_lines
from app.render.part import SOURCE_HEAD, BlockRuleView, CertificateView, PartView
from app.render.told_markdown import told_blocks
from app.render.view import ClaimView, ReportView


def render_answer_markdown(view: AnswerView) -> str:
    """The whole answer."""
    return "\n\n".join(block for block in _blocks(view) if block) + "\n"


def _blocks(view: AnswerView) -> Iterator[str]:
    lang, answer = view.lang, view.answer
    yield f"# {text('chat.answer', lang)}"
    yield fence(_lines(answer.question))
    yield f"## {text('chat.plan', lang)}"
    yield fence(view.plan or [text("chat.no_plan", lang)])
    for part in view.parts:
        yield from _part(part, lang)
    yield _list(view.notes)
    if view.told is not None:
        yield from told_blocks(view.told, lang, lambda part: _part(part, lang))
    yield escape(
        f"{view.answered} · {text('report.case', lang)}: {answer.case} · {text('report.state', lang)}: {answer.state}"
    )
    yield escape(text("report.footer", lang, version=VERSION))


def _part(part: PartView, lang: str) -> Iterator[str]:
    yield f"## {escape(part.step.partition(' · ')[0])}"
    yield fence([part.sentence])
    if part.verdicts:
        yield " · ".join(escape(words) for _, words in part.verdicts)
    if part.rows:
        yield fence(aligned(part.head, part.rows))
    yield escape(part.more_rows)
    if part.report is not None:
        yield from _report(part.report, lang)
    if part.quotes:
        yield fence([line for quote in part.quotes for line in (*quote_lines(quote), "")][:-1])
    yield _list(part.notes)
    if part.certificate is not None:
        yield from _certificate(part.certificate, lang, listed=bool(part.rows))
    for phase in dict.fromkeys(advice.phase for advice in part.advice):
        yield f"### {escape(phase)}"
        yield _list([advice.words for advice in part.advice if advice.phase == phase])
    for kind in dict.fromkeys(rule.kind for rule in part.block_rules):
        yield f"### {escape(kind)}"
        for rule in part.block_rules:
            if rule.kind == kind:
                yield from _block_rule(rule)
    yield _claims(part.claims, lang)


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table for a fixed-width font; cells hold no line end."""
    table = [head, *rows]
    widths = [max(columns(row[at]) for row in table) for at in range(len(head))]
    return [
        "  ".join(cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _report(view: ReportView, lang: str) -> Iterator[str]:
    yield escape(view.conclusion)
    head = [text(f"report.{key}", lang) for key in ("filter_types", "lines", "outcome", "first", "last")]
    rows = [(one.title, one.count, one.outcome_text, one.first, one.last) for one in view.findings]
    if rows:
        yield fence(aligned(head, rows))


def _certificate(found: CertificateView, lang: str, *, listed: bool) -> Iterator[str]:
    """What an absence rests on; the sources only where no table of the part lists them already."""
    yield _list(found.notes)
    if not listed:
        yield escape(f"{found.read} {found.detectors}".rstrip())
        heads = [coded("column", code, lang) for code in SOURCE_HEAD]
        yield fence(aligned(heads, found.sources)) if found.sources else ""
    if found.gaps:
        yield f"### {text('report.gaps', lang)}"
        yield fence([f"{name}  {since} – {until}" for name, since, until in found.gaps])
    if found.blind_spots:
        yield f"### {text('report.blind_spots', lang)}"
        yield _list(found.blind_spots)
    if found.missing:
        yield f"### {text('chat.collect', lang)}"
    for missing in found.missing:
        yield escape(f"{missing.what} · {missing.software}")
        yield fence(_lines(missing.snippet))


def _block_rule(rule: BlockRuleView) -> Iterator[str]:
    yield f"#### {escape(rule.product)}"
    yield fence(_lines(rule.rule.text))
    yield escape(rule.backtest)
    yield _list(rule.notes)


def _claims(claims: Sequence[ClaimView], lang: str) -> str:
    if not claims:
        return ""
    lines = []
    for claim in claims:
        actual = f"  → {text('report.actual', lang)}: {claim.actual}" if claim.status == "refuted" else ""
        lines.append(f"{claim.verdict}  {claim.label}: {claim.claimed}{actual}")
        lines.append(f"    {text('report.matched', lang)}: {claim.matched:,}  sha256 {claim.digest}")
    return f"### {text('report.claims', lang)}\n\n{fence(lines)}"


def _list(items: Sequence[str]) -> str:
    return "\n".join(f"- {escape(item)}" for item in items)


def _lines(words: str) -> list[str]:
    """Each line inert; a line end is the only thing that stays active."""
    return [inert(line) for line in words.split("\n")]
