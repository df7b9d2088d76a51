"""An answer for a terminal: rich text objects only, so that nothing in it is read as markup or as an escape."""

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.i18n import coded, text
from app.inert import inert
from app.render.answer import AnswerView
from app.render.part import SOURCE_HEAD, BlockRuleView, CertificateView, PartView
from app.render.terminal import quote_text
from app.render.told_terminal import MARK, print_told
from app.render.view import ReportView
from core.claim import VerdictStatus

_ROWS = 30
_WIDE = 200


def print_answer(view: AnswerView, file: TextIO, *, with_plan: bool = True) -> None:
    """Draw the whole answer."""
    print_verified(view, file, with_plan=with_plan)
    print_rest(view, file)


def print_verified(view: AnswerView, file: TextIO, *, with_plan: bool = True) -> None:
    """Draw what the lines say."""
    console = console_on(file)
    if with_plan:
        for line in view.plan:
            console.print(Text(f"· {line}", style="dim"))
    for part in view.parts:
        console.print()
        _part(console, part, view.lang)
    for note in view.notes:
        console.print(Text(f"! {note}", style="yellow"))


def print_rest(view: AnswerView, file: TextIO, *, heard: str = "") -> None:
    """Draw what a model said, but for words that were heard already, and what to ask next."""
    console = console_on(file)
    if view.told is not None:
        print_told(console, view.told, view.lang, lambda part: _part(console, part, view.lang), heard=heard)
    if view.suggestions:
        console.print()
        console.print(Text(text("chat.suggestions", view.lang), style="dim"))
        for suggestion in view.suggestions:
            console.print(Text(f"  › {suggestion}", style="cyan"))


def console_on(file: TextIO) -> Console:
    """One that reads nothing in a text as markup."""
    console = Console(file=file, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDE
    return console


def _part(console: Console, part: PartView, lang: str) -> None:
    console.print(Text(part.sentence, style="bold"))
    if part.rows:
        console.print(_table(part.head, part.rows[:_ROWS]))
    if part.more_rows or len(part.rows) > _ROWS:
        console.print(Text(f"  … {part.more_rows}", style="dim"))
    if part.report is not None:
        _report(console, part.report, lang)
    for quote in part.quotes:
        console.print(Padding(quote_text(quote), (0, 0, 0, 2), expand=False))
    for note in part.notes:
        console.print(Padding(Text(f"! {note}", style="yellow"), (0, 0, 0, 2), expand=False))
    if part.certificate is not None:
        _certificate(console, part.certificate, lang, listed=bool(part.rows))
    _advice(console, part)
    for kind in dict.fromkeys(rule.kind for rule in part.block_rules):
        console.print(Text(kind, style="bold underline"))
        for rule in part.block_rules:
            if rule.kind == kind:
                _block_rule(console, rule)
    _verdicts(console, part, lang)


def _advice(console: Console, part: PartView) -> None:
    for phase in dict.fromkeys(advice.phase for advice in part.advice):
        console.print(Text(phase, style="bold underline"))
        for number, advice in enumerate((one for one in part.advice if one.phase == phase), 1):
            console.print(Padding(Text(f"{number}. {advice.words}"), (0, 0, 0, 2), expand=False))


def _verdicts(console: Console, part: PartView, lang: str) -> None:
    """How many claims hold, and each that does not with what is true."""
    if part.verdicts:
        marks = Text("  ")
        for status, words in part.verdicts:
            mark, style = MARK[status]
            marks.append(f"{mark} {words}  ", style)
        console.print(marks)
    for claim in part.claims:
        if claim.status == VerdictStatus.REFUTED:
            actual = f"{text('report.actual', lang)}: {claim.actual}"
            console.print(Text(f"  ✗ {claim.label}: {claim.claimed} → {actual}", style="red"))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
    for name in head:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _report(console: Console, view: ReportView, lang: str) -> None:
    if view.findings:
        head = [text(f"report.{key}", lang) for key in ("filter_types", "lines", "outcome", "first", "last")]
        rows = [(one.title, one.count, one.outcome_text, one.first, one.last) for one in view.findings]
        console.print(_table(head, rows))


def _certificate(console: Console, found: CertificateView, lang: str, *, listed: bool) -> None:
    """What an absence rests on; the sources only where no table of the part lists them already."""
    for note in found.notes:
        console.print(Padding(Text(f"• {note}"), (0, 0, 0, 2), expand=False))
    if not listed:
        console.print(
            Padding(Text(f"{found.read} {found.detectors}".rstrip(), style="dim"), (0, 0, 0, 2), expand=False)
        )
        console.print(_table([coded("column", code, lang) for code in SOURCE_HEAD], found.sources))
    for name, since, until in found.gaps:
        console.print(
            Padding(Text(f"{text('report.gaps', lang)}: {name}  {since} – {until}"), (0, 0, 0, 2), expand=False)
        )
    if found.blind_spots:
        console.print(Padding(Text(text("report.blind_spots", lang), style="bold"), (0, 0, 0, 2), expand=False))
    for spot in found.blind_spots:
        console.print(Padding(Text(f"• {spot}"), (0, 0, 0, 2), expand=False))
    if found.missing:
        console.print(Padding(Text(text("chat.collect", lang), style="bold"), (0, 0, 0, 2), expand=False))
    for missing in found.missing:
        console.print(Padding(Text(f"{missing.what} · {missing.software}"), (0, 0, 0, 2), expand=False))
        _block(console, missing.snippet)


def _block_rule(console: Console, rule: BlockRuleView) -> None:
    console.print(Padding(Text(rule.product, style="underline"), (0, 0, 0, 2), expand=False))
    _block(console, rule.rule.text)
    console.print(Padding(Text(rule.backtest), (0, 0, 0, 2), expand=False))
    for note in rule.notes:
        console.print(Padding(Text(f"! {note}", style="yellow"), (0, 0, 0, 2), expand=False))


def _block(console: Console, words: str) -> None:
    """Configuration, line by line, so that it can be copied."""
    for line in words.split("\n"):
        console.print(Text(f"    {inert(line)}", style="cyan"), soft_wrap=True)
