"""The report as Markdown; log text stands only in code fences it cannot close."""

import re
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from app import VERSION
from app.i18n import moment, text
from app.render.entries import CAMPAIGN_HEAD, IGNORED_HEAD
from app.render.view import RULE_HEAD, ClaimView, FindingView, QuoteView, ReportView

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$&@]|:(?=//))")  # what could open markup, an entity or a link
_RUN = re.compile(r"`+")


def escape(words: str) -> str:
    """Text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", words)


def fence(lines: Sequence[str]) -> str:
    """A code block whose fence is longer than any run of backticks inside; the lines hold no line ends (inert)."""
    body = "\n".join(lines)
    longest = max((len(run) for run in _RUN.findall(body)), default=0)
    bar = "`" * max(3, longest + 1)
    return f"{bar}text\n{body}\n{bar}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A pipe table of values that are ours or validated; every cell is escaped all the same."""
    lines = ["| " + " | ".join(map(escape, head)) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(map(escape, row)) + " |" for row in rows]
    return "\n".join(lines)


def quote_lines(quote: QuoteView) -> list[str]:
    """The place, the line, and carets under the matched part."""
    lines = [f"{quote.where}  [{quote.rule}]", quote.line]
    if quote.match:
        lines.append(" " * columns(quote.before) + "^" * columns(quote.match))
    return lines


def columns(words: str) -> int:
    """Width in a fixed-width font: wide East Asian characters take two columns."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in words)


def render_markdown(view: ReportView) -> str:
    """The whole report."""
    return "\n\n".join(block for block in _blocks(view) if block) + "\n"


def _blocks(view: ReportView) -> Iterator[str]:
    lang, report = view.lang, view.report
    yield f"# {text('report.title', lang)}"
    yield f"**{escape(view.conclusion)}**"
    yield table([label for label, _ in view.totals], [[value for _, value in view.totals]])
    yield escape(text("totals.help", lang))
    for finding in view.findings:
        yield from _finding(finding, lang)
    if view.campaigns:
        yield f"## {text('report.campaigns', lang)}"
        yield escape(text("report.campaigns_note", lang))
        heads = [text(f"report.{key}", lang) for key in CAMPAIGN_HEAD]
        rows = ([f"{head}: {cell}" for head, cell in zip(heads, row, strict=True)] for row in view.campaigns)
        yield fence([line for row in rows for line in (*row, "")][:-1])
    if view.benign:
        yield f"## {text('report.benign', lang)}"
        yield escape(text("report.benign_note", lang))
        yield table([text(f"report.{key}", lang) for key in ("benign_name", "lines", "benign_verified")], view.benign)
    if view.ignored:
        yield f"## {text('report.ignored', lang)}"
        yield escape(text("report.ignored_note", lang))
        yield table([text(f"report.{key}", lang) for key in IGNORED_HEAD], [item.row for item in view.ignored])
    yield from _coverage(view)
    yield _list(text("report.next_steps", lang), view.next_steps)
    yield "---"
    facts = {
        "case": report.case,
        "generated": moment(report.generated_at),
        "state": report.state,
        "rules_version": report.rules_version,
    }
    yield escape(" · ".join(f"{text(f'report.{key}', lang)}: {value}" for key, value in facts.items()))
    yield escape(text("report.verified_means", lang) + " " + text("report.footer", lang, version=VERSION))


def _finding(finding: FindingView, lang: str) -> Iterator[str]:
    yield f"## {escape(finding.title)} — {escape(finding.outcome_text)}"
    facts = [
        (text("report.count", lang), finding.count),
        (text("report.first", lang), finding.first),
        (text("report.last", lang), finding.last),
        (text("report.outcome", lang), f"{finding.outcome_text}. {finding.decided}"),
        (text("report.technique", lang), finding.technique),
    ]
    if finding.waf_rules:
        facts.append((text("report.waf_rules", lang), finding.waf_rules))
    if finding.unattributed:
        facts.insert(1, (text("report.unattributed", lang), finding.unattributed))
    yield "\n".join(f"- {escape(label)}: {escape(value)}" for label, value in facts)
    yield f"{text('report.why', lang)}: {escape(finding.why)}"
    if finding.ips:
        yield table([text("report.address", lang), text("report.lines", lang)], finding.ips)
    yield table([text(f"report.{key}", lang) for key in RULE_HEAD], finding.rules)
    if finding.quotes:
        yield f"### {text('report.quotes', lang)}"
        yield fence([line for quote in finding.quotes for line in (*quote_lines(quote), "")][:-1])
    yield _claims(finding.claims, lang)


def _claims(claims: Sequence[ClaimView], lang: str) -> str:
    """What was checked, as a fence: a claim may name a file or quote a line."""
    if not claims:
        return ""
    lines = [f"{claim.verdict}  {claim.label}: {claim.claimed}" + _proof(claim, lang) for claim in claims]
    return f"### {text('report.claims', lang)}\n\n{fence(lines)}"


def _proof(claim: ClaimView, lang: str) -> str:
    actual = f"  → {text('report.actual', lang)}: {claim.actual}" if claim.status == "refuted" else ""
    return f"{actual}\n    {text('report.matched', lang)}: {claim.matched:,}  sha256 {claim.digest}"


def _coverage(view: ReportView) -> Iterator[str]:
    lang = view.lang
    yield f"## {text('report.coverage', lang)}"
    yield escape(view.coverage)
    if view.sources:
        yield fence([f"{name}  {dataset}  {lines} / {parsed}" for name, dataset, lines, parsed in view.sources])
    if view.gaps:
        yield f"### {text('report.gaps', lang)}"
        yield escape(text("report.gaps_note", lang))
        yield fence([f"{name}  {since} – {until}" for name, since, until in view.gaps])
    yield _list(text("report.blind_spots", lang), view.blind_spots, level=3)


def _list(title: str, items: Sequence[str], level: int = 2) -> str:
    if not items:
        return ""
    return f"{'#' * level} {title}\n\n" + "\n".join(f"- {escape(item)}" for item in items)
