"""The report as one self-contained HTML file: no script, nothing fetched, every text escaped."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from app import VERSION
from app.i18n import moment, text
from app.render.entries import CAMPAIGN_HEAD, IGNORED_HEAD
from app.render.markup import Html, el, join
from app.render.view import RULE_HEAD, ClaimView, FindingView, QuoteView, ReportView

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text("utf-8")


def render_html(view: ReportView) -> str:
    """The whole document."""
    lang = view.lang
    head = join(
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="referrer" content="no-referrer">'),
        el("title", f"{text('report.title', lang)} — {view.report.case}"),
        Html(f"<style>{_style()}</style>"),
    )
    return f"<!doctype html>\n{el('html', el('head', head), el('body', el('main', *_body(view))), lang=lang)}\n"


def _body(view: ReportView) -> list[Html]:
    lang = view.lang
    return [
        el("h1", f"{text('report.title', lang)} · {view.report.case}"),
        el("p", view.conclusion, cls="lead"),
        _definitions("totals", ((label, value) for label, value, *_ in view.totals)),
        el("p", text("totals.help", lang), cls="note"),
        _next_steps(view),
        *_findings(view),
        _beside("campaigns", CAMPAIGN_HEAD, view.campaigns, view.lang),
        _benign(view),
        _beside("ignored", IGNORED_HEAD, [item.row for item in view.ignored], view.lang),
        _coverage(view),
        _footer(view),
    ]


def _next_steps(view: ReportView) -> Html:
    if not view.next_steps:
        return Html("")
    return el("section", el("h2", text("report.next_steps", view.lang)), _items(view.next_steps, "ol"))


def _findings(view: ReportView) -> list[Html]:
    if not view.findings:
        return []
    heading = el("h2", text("report.findings", view.lang))
    return [el("section", heading, *(_finding(finding, view.lang) for finding in view.findings))]


def _finding(finding: FindingView, lang: str) -> Html:
    return el(
        "article",
        el("header", el("h2", finding.title), el("span", finding.outcome_text, cls=f"badge {finding.outcome}")),
        _facts(finding, lang),
        el("h3", text("report.why", lang)),
        el("p", finding.why),
        el("h3", text("report.decided", lang)),
        el("p", _with_places(finding)),
        el(
            "div",
            _titled("report.addresses", ("report.address", "report.lines"), finding.ips, lang),
            _titled("report.rules", tuple(f"report.{key}" for key in RULE_HEAD), finding.rules, lang),
            cls="columns",
        ),
        _quotes(finding.quotes, lang),
        _claims(finding.claims, lang),
        id=f"finding-{finding.finding.type.value}",
    )


def _facts(finding: FindingView, lang: str) -> Html:
    facts = [
        (text("report.count", lang), finding.count),
        (text("report.first", lang), finding.first),
        (text("report.last", lang), finding.last),
        (text("report.technique", lang), finding.technique),
    ]
    if finding.waf_rules:
        facts.append((text("report.waf_rules", lang), finding.waf_rules))
    if finding.unattributed:
        facts.insert(1, (text("report.unattributed", lang), finding.unattributed))
    return _definitions("facts", facts)


def _with_places(finding: FindingView) -> str:
    places = ", ".join(finding.deciding[:5]) + (" …" if len(finding.deciding) > 5 else "")
    return f"{finding.decided} ({places})" if places else finding.decided


def _titled(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], lang: str) -> Html:
    if not rows:
        return Html("")
    return el("div", el("h3", text(title, lang)), _table([text(key, lang) for key in head], rows, numeric={1}))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: set[int] | None = None) -> Html:
    right = numeric or set()

    def row(name: str, cells: Sequence[str]) -> Html:
        return el("tr", *(el(name, cell, cls="n" if index in right else "") for index, cell in enumerate(cells)))

    return el("table", el("thead", row("th", head)), el("tbody", *(row("td", cells) for cells in rows)))


def _quotes(quotes: Sequence[QuoteView], lang: str) -> Html:
    if not quotes:
        return Html("")
    parts = [el("h3", text("report.quotes", lang))]
    for quote in quotes:
        marked = el("mark", quote.match) if quote.match else Html("")
        parts.append(el("div", f"{quote.where} · {quote.rule}", cls="where"))
        parts.append(el("pre", quote.before, marked, quote.after))
    return join(*parts)


def _claims(claims: Sequence[ClaimView], lang: str) -> Html:
    if not claims:
        return Html("")
    head = [text(f"report.{key}", lang) for key in ("verdict", "claim", "claimed", "matched", "digest")]
    rows = [
        el(
            "tr",
            el("td", claim.verdict, cls=claim.status),
            el("td", claim.label),
            el("td", _stated(claim, lang)),
            el("td", f"{claim.matched:,}", cls="n"),
            el("td", el("code", claim.digest[:16]), title=claim.digest),
        )
        for claim in claims
    ]
    header = el("tr", *(el("th", label) for label in head))
    return el(
        "details",
        el("summary", f"{text('report.claims', lang)} ({len(claims)})"),
        el("table", el("thead", header), el("tbody", *rows)),
    )


def _stated(claim: ClaimView, lang: str) -> str:
    if claim.status != "refuted":
        return claim.claimed
    return f"{claim.claimed} → {text('report.actual', lang)}: {claim.actual}"


def _benign(view: ReportView) -> Html:
    if not view.benign:
        return Html("")
    head = [text(f"report.{key}", view.lang) for key in ("benign_name", "lines", "benign_verified")]
    return el(
        "section",
        el("h2", text("report.benign", view.lang)),
        el("p", text("report.benign_note", view.lang), cls="note"),
        _table(head, view.benign, numeric={1}),
    )


def _beside(name: str, keys: Sequence[str], rows: Sequence[Sequence[str]], lang: str) -> Html:
    """A section with a note and a box a row: its cells are too long for columns."""
    if not rows:
        return Html("")
    head = [text(f"report.{key}", lang) for key in keys]
    boxes = [el("article", _definitions("facts", zip(head, row, strict=True))) for row in rows]
    note = el("p", text(f"report.{name}_note", lang), cls="note")
    return el("section", el("h2", text(f"report.{name}", lang)), note, *boxes)


def _definitions(cls: str, facts: Iterable[tuple[str, str]]) -> Html:
    return el("dl", *(el("div", el("dt", label), el("dd", value)) for label, value in facts), cls=cls)


def _coverage(view: ReportView) -> Html:
    lang = view.lang
    parts = [el("h2", text("report.coverage", lang)), el("p", view.coverage)]
    if view.sources:
        head = [text("report.source", lang), text("report.format", lang), text("sources.lines", lang)]
        parts.append(_table([*head, text("sources.parsed", lang)], view.sources, numeric={2, 3}))
    if view.gaps:
        head = [text(f"report.{key}", lang) for key in ("source", "gap_since", "gap_until")]
        parts += [el("h3", text("report.gaps", lang)), el("p", text("report.gaps_note", lang), cls="note")]
        parts.append(_table(head, view.gaps))
    if view.blind_spots:
        parts += [el("h3", text("report.blind_spots", lang)), _items(view.blind_spots)]
    return el("section", *parts)


def _items(items: Sequence[str], kind: str = "ul") -> Html:
    return el(kind, *(el("li", item) for item in items))


def _footer(view: ReportView) -> Html:
    lang, report = view.lang, view.report
    facts = " · ".join(
        f"{text(key, lang)}: {value}"
        for key, value in (
            ("report.generated", moment(report.generated_at)),
            ("report.state", report.state),
            ("report.rules_version", report.rules_version),
        )
    )
    return el(
        "footer",
        el("p", text("report.verified_means", lang)),
        el("p", text("report.footer", lang, version=VERSION)),
        el("p", facts),
    )
