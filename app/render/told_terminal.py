"""What a model said on a terminal: rich text objects only, each checked piece with its sign."""

from collections.abc import Callable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from app.i18n import text
from app.render.part import PartView
from app.render.terminal import quote_text
from app.render.told import CLOSE, HOLDS, OPEN, WRONG, ToldFindingView, ToldView
from core.claim import VerdictStatus
from core.told import Standing

MARK = {
    VerdictStatus.VERIFIED: ("✓", "green"),
    VerdictStatus.REFUTED: ("✗", "bold red"),
    VerdictStatus.UNVERIFIABLE: ("?", "yellow"),
}
_STYLE = {Standing.KNOWN: "green", Standing.PROPOSED: "yellow", Standing.STRUCK: "red"}
_INDENT = (0, 0, 0, 2)


def print_told(
    console: Console, view: ToldView, lang: str, part: Callable[[PartView], None], *, heard: str = ""
) -> None:
    """The section below the verified answer; `part` draws a step's result as the answer's own are drawn.

    `heard` are the model's words as they were printed while they came.
    """
    console.print()
    if view.fault:
        console.print(Text(f"! {view.fault}", style="yellow"))
    if view.said and not heard:
        print_head(console, lang)
    if view.words and view.words != heard:
        console.print(Padding(Text(view.words), _INDENT, expand=False))
    _said(console, view, lang)
    for one in view.parts:
        console.print(Text(text("told.parts", lang), style="dim"))
        part(one)
    if view.usage:
        console.print(Padding(Text(view.usage, style="dim"), _INDENT, expand=False))


def print_head(console: Console, lang: str) -> None:
    """Whose words follow, and how to read them."""
    console.print(Text(text("told.title", lang), style="bold underline"))
    hint = text("told.how_to_read", lang, holds=HOLDS, wrong=WRONG, open=OPEN, close=CLOSE)
    console.print(Padding(Text(hint, style="dim"), _INDENT, expand=False))


def _said(console: Console, view: ToldView, lang: str) -> None:
    if view.unclear:
        console.print(Padding(Text(view.unclear), _INDENT, expand=False))
    for finding in view.findings:
        _finding(console, finding)
    for words in view.benign:
        console.print(Padding(Text(f"• {words}"), _INDENT, expand=False))
    if view.struck:
        console.print(Padding(Text(text("told.struck", lang), style="red"), _INDENT, expand=False))
    for words in view.struck:
        console.print(Padding(Text(f"  {words}", style="red"), _INDENT, expand=False))
    if view.omitted:
        console.print(Padding(Text(f"! {view.omitted}", style="yellow"), _INDENT, expand=False))


def _finding(console: Console, finding: ToldFindingView) -> None:
    head = Text(f"{finding.standing}  ", style=_STYLE[finding.finding.standing])
    head.append(finding.title, "bold")
    console.print(Padding(head, _INDENT, expand=False))
    if finding.reason:
        console.print(Padding(Text(finding.reason), (0, 0, 0, 4), expand=False))
    for quote in finding.quotes:
        console.print(Padding(quote_text(quote), (0, 0, 0, 4), expand=False))
    if finding.verdicts:
        marks = Text()
        for status, words in finding.verdicts:
            sign, style = MARK[status]
            marks.append(f"{sign} {words}  ", style)
        console.print(Padding(marks, (0, 0, 0, 4), expand=False))
