"""What a model said as Markdown: its words stand only in code fences they cannot close."""

from collections.abc import Callable, Iterator

from app.i18n import text
from app.render.markdown import escape, fence, quote_lines
from app.render.part import PartView
from app.render.told import CLOSE, HOLDS, OPEN, WRONG, ToldFindingView, ToldView


def told_blocks(view: ToldView, lang: str, part: Callable[[PartView], Iterator[str]]) -> Iterator[str]:
    """The section below the verified answer; `part` writes a step's result as the answer's own are written."""
    yield f"## {escape(text('told.title', lang))}"
    yield escape(view.fault)
    if view.said:
        yield escape(text("told.how_to_read", lang, holds=HOLDS, wrong=WRONG, open=OPEN, close=CLOSE))
    yield from _words(view.words)
    yield from _words(view.unclear)
    for finding in view.findings:
        yield from _finding(finding)
    if view.benign:
        yield f"### {escape(text('told.benign', lang))}"
        yield fence(view.benign)
    if view.struck:
        yield f"### {escape(text('told.struck', lang))}"
        yield fence(view.struck)
    yield escape(view.omitted)
    if view.parts:
        yield f"### {escape(text('told.parts', lang))}"
        for one in view.parts:
            yield from part(one)
    yield escape(view.usage)


def _words(words: str) -> Iterator[str]:
    if words:
        yield fence([words])


def _finding(finding: ToldFindingView) -> Iterator[str]:
    yield f"### {escape(finding.standing)}"
    yield fence([line for line in (finding.title, finding.reason) if line] or ["—"])
    if finding.verdicts:
        yield " · ".join(escape(words) for _, words in finding.verdicts)
    if finding.quotes:
        yield fence([line for quote in finding.quotes for line in (*quote_lines(quote), "")][:-1])
