"""The report for a terminal: rich text objects only, so that nothing in a log is read as markup or as an escape."""

from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.i18n import text
from app.render.view import FindingView, QuoteView, ReportView

_COLOUR = {
    "succeeded": "bold red",
    "unknown": "yellow",
    "failed": "cyan",
    "blocked": "green",
    "verified": "green",
    "refuted": "bold red",
    "unverifiable": "yellow",
}


def print_report(view: ReportView, file: TextIO) -> None:
    """Draw the whole report."""
    console = Console(file=file, markup=False, highlight=False, emoji=False)
    console.print(Text(view.conclusion, style="bold"))
    console.print(Text(" · ".join(f"{label}: {value}" for label, value in view.totals), style="dim"))
    for finding in view.findings:
        _finding(console, finding, view.lang)
    if view.campaigns:
        _heading(console, text("report.campaigns", view.lang))
        for addresses, lines, types, shared, _, _ in view.campaigns:
            console.print(Padding(Text(f"{lines}  {addresses} — {types} ({shared})"), (0, 0, 0, 2)))
    if view.benign:
        _heading(console, text("report.benign", view.lang))
        for name, lines, standing in view.benign:
            console.print(Text(f"  {name}  {lines}  {standing}"))
    if view.ignored:
        _heading(console, text("report.ignored", view.lang))
        for item in view.ignored:
            console.print(Padding(Text(f"{item.lines}  {item.what} — {item.reason} ({item.until})"), (0, 0, 0, 2)))
    _heading(console, text("report.coverage", view.lang))
    console.print(Text("  " + view.coverage))
    for spot in view.blind_spots:
        console.print(Padding(Text(f"• {spot}"), (0, 0, 0, 2)))
    if view.next_steps:
        _heading(console, text("report.next_steps", view.lang))
        for number, step in enumerate(view.next_steps, 1):
            console.print(Padding(Text(f"{number}. {step}"), (0, 0, 0, 2)))


def _heading(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, style="bold underline"))


def _finding(console: Console, finding: FindingView, lang: str) -> None:
    console.print()
    title = Text(finding.title, style="bold")
    title.append(f"  {finding.outcome_text}", _COLOUR[finding.outcome])
    console.print(title)
    facts = f"{finding.count} {text('report.lines', lang)} · {finding.first} – {finding.last}"
    console.print(Padding(Text(facts), (0, 0, 0, 2)))
    console.print(Padding(Text(finding.decided, style="dim"), (0, 0, 0, 2)))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    for ip, count in finding.ips[:10]:
        table.add_row(Text(ip), Text(count))
    console.print(table)
    if len(finding.ips) > 10:
        console.print(Text(f"  … +{len(finding.ips) - 10}", style="dim"))
    if finding.waf_rules:
        console.print(Padding(Text(f"{text('report.waf_rules', lang)}: {finding.waf_rules}"), (0, 0, 0, 2)))
    for quote in finding.quotes:
        console.print(Padding(quote_text(quote), (0, 0, 0, 2)))
    checked = [f"{claim.label}: {claim.verdict}" for claim in finding.claims if claim.status != "verified"]
    good = sum(claim.status == "verified" for claim in finding.claims)
    console.print(Text(f"  ✓ {text('verdict.verified', lang)}: {good}/{len(finding.claims)}", style="green"))
    for line in checked:
        console.print(Text(f"  ! {line}", style="yellow"))


def quote_text(quote: QuoteView) -> Text:
    """The place and the line, its matched part reversed."""
    line = Text(f"{quote.where}  ", style="dim")
    line.append(quote.before, "default")
    line.append(quote.match, "reverse")
    line.append(quote.after, "default")
    return line
