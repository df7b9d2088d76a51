"""A report put into words once: what Markdown, HTML and the Streamlit pages all draw."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.i18n import coded, moment, number, text
from app.inert import inert, split_inert
from app.naming import display_names
from app.render.entries import IgnoredView, campaign_row, ignored_view
from core.claim import CheckedClaim, ClaimKind, ClaimValue
from core.finding import Finding, Quote, RuleCount
from core.line import LineRef, SourceId
from core.report import Report
from core.taxonomy import TECHNIQUE, AttackType, Outcome

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One raw line, inert: where it stands and the matched part (`match` is empty when the whole line counts)."""

    where: str
    before: str
    match: str
    after: str
    rule: str

    @property
    def line(self) -> str:
        """The whole line."""
        return self.before + self.match + self.after


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A checked statement: `status` is the code behind `verdict`."""

    id: str
    label: str
    claimed: str
    status: str
    verdict: str
    actual: str
    matched: int
    digest: str


RULE_HEAD = ("rule", "lines", "rule_title", "technique")
"""Keys of the heads above the rules of a finding, in the section `report`."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One attack type as a card; codes beside the words so that a face can choose colours."""

    finding: Finding
    title: str
    technique: str
    outcome: str
    outcome_text: str
    why: str
    decided: str
    count: str
    first: str
    last: str
    ips: Rows
    unattributed: str
    rules: Rows
    waf_rules: str
    quotes: tuple[QuoteView, ...]
    deciding: tuple[str, ...]
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything a person reads of a report, in one language."""

    report: Report
    lang: str
    conclusion: str
    totals: Rows
    findings: tuple[FindingView, ...]
    benign: Rows
    coverage: str
    sources: Rows
    gaps: Rows
    blind_spots: tuple[str, ...]
    next_steps: tuple[str, ...]
    ignored: tuple[IgnoredView, ...]
    campaigns: Rows


def conclusion(report: Report, lang: str) -> str:
    """The first sentence of the report."""
    succeeded = any(finding.outcome is Outcome.SUCCEEDED for finding in report.findings)
    key = f"conclusion.{report.conclusion}{'_succeeded' if succeeded else ''}"
    totals = report.totals
    return text(
        key,
        lang,
        types=number(totals.types),
        lines=number(totals.lines),
        source_ips=number(totals.source_ips),
        read=number(report.coverage.parsed),
    )


def report_view(report: Report, lang: str) -> ReportView:
    """Word a report in `lang`."""
    names = source_names(report)
    coverage = report.coverage
    return ReportView(
        report=report,
        lang=lang,
        conclusion=conclusion(report, lang),
        totals=tuple(
            (text(f"totals.{name}", lang), number(value))
            for name, value in (
                ("types", report.totals.types),
                ("lines", report.totals.lines),
                ("source_ips", report.totals.source_ips),
            )
        ),
        findings=tuple(_finding(finding, report, names, lang) for finding in sorted(report.findings, key=_urgency)),
        benign=tuple(
            (inert(item.name), number(item.lines), text(f"standing.{item.standing}", lang, name=inert(item.name)))
            for item in report.benign
        ),
        coverage=text(
            "report.coverage_read",
            lang,
            lines=number(coverage.lines),
            parsed=number(coverage.parsed),
            sources=number(len(coverage.sources)),
            first=moment(coverage.first_seen),
            last=moment(coverage.last_seen),
        ),
        sources=tuple(
            (names[source.id], source.dataset, number(source.accounting.lines), number(source.accounting.parsed))
            for source in coverage.sources
        ),
        gaps=tuple(
            (inert(names.get(SourceId(gap.source), gap.source)), moment(gap.since), moment(gap.until))
            for gap in coverage.gaps
        ),
        blind_spots=tuple(coded("blind_spot", code, lang) for code in coverage.blind_spots),
        next_steps=tuple(coded("next_step", code, lang) for code in report.next_steps),
        ignored=tuple(ignored_view(item, lang) for item in report.ignored),
        campaigns=tuple(campaign_row(campaign, lang) for campaign in report.campaigns),
    )


def _urgency(finding: Finding) -> int:
    """What succeeded is read first; otherwise the order of the report stays."""
    return (Outcome.SUCCEEDED, Outcome.UNKNOWN, Outcome.FAILED, Outcome.BLOCKED).index(finding.outcome)


def source_names(report: Report) -> Mapping[SourceId, str]:
    """Names as shown, inert, by source id."""
    shown = display_names(report.coverage.sources)
    return {source.id: inert(shown[source.number]) for source in report.coverage.sources}


def where(ref: LineRef, names: Mapping[SourceId, str]) -> str:
    """`access.log:123`."""
    return f"{names.get(ref.source, ref.source)}:{ref.line}"


def _finding(finding: Finding, report: Report, names: Mapping[SourceId, str], lang: str) -> FindingView:
    return FindingView(
        finding=finding,
        title=text(f"type.{finding.type}.title", lang),
        technique=TECHNIQUE[finding.type],
        outcome=finding.outcome.value,
        outcome_text=text(f"outcome.{finding.outcome}.label", lang),
        why=text(f"type.{finding.type}.why", lang),
        decided=_decided(finding, lang),
        count=number(finding.count),
        first=moment(finding.first_seen),
        last=moment(finding.last_seen),
        ips=tuple((inert(item.ip), number(item.count)) for item in finding.source_ips),
        unattributed=number(finding.unattributed) if finding.unattributed else "",
        rules=tuple(_rule(item, report, lang) for item in finding.rules),
        waf_rules=", ".join(f"{inert(item.rule)} ×{number(item.count)}" for item in finding.waf_rules),
        quotes=tuple(quote_view(quote, names) for quote in finding.quotes),
        deciding=tuple(where(ref, names) for ref in finding.deciding),
        claims=tuple(claim_view(item, names, lang) for item in report.claims if item.claim.type is finding.type),
    )


def _rule(item: RuleCount, report: Report, lang: str) -> tuple[str, ...]:
    """Id, lines, title and techniques; a user's rule may bear any title."""
    label = report.labels.get(item.rule)
    if label is None:
        return (inert(item.rule), number(item.count), "", "")
    return (inert(item.rule), number(item.count), inert(label.title.get(lang, "")), ", ".join(label.attack))


def _decided(finding: Finding, lang: str) -> str:
    reason = coded("outcome_reason", finding.outcome_reason, lang)
    return reason or text(f"outcome_explained.{finding.outcome}", lang)


def quote_view(quote: Quote, names: Mapping[SourceId, str]) -> QuoteView:
    """A quote made inert, cut at the matched part."""
    before, match, after = split_inert(quote.raw, quote.start, quote.end)
    return QuoteView(where(quote.ref, names), before, match, after, inert(quote.rule))


def claim_view(item: CheckedClaim, names: Mapping[SourceId, str], lang: str) -> ClaimView:
    """A checked statement in words."""
    claim, verdict = item.claim, item.verdict
    label = text(f"claim.{claim.kind}", lang)
    if claim.ref is not None:
        label = f"{label} ({where(claim.ref, names)})"
    return ClaimView(
        id=claim.id,
        label=label,
        claimed=value_text(claim.kind, claim.value, lang),
        status=verdict.status.value,
        verdict=text(f"verdict.{verdict.status}", lang),
        actual=value_text(claim.kind, verdict.actual, lang),
        matched=verdict.proof.matched,
        digest=verdict.proof.digest,
    )


def value_text(kind: ClaimKind, value: ClaimValue, lang: str) -> str:
    """A claim's value as a person reads it: numbers grouped, addresses listed, codes worded, quotes inert."""
    if value is None:
        return "—"
    if isinstance(value, int):
        return number(value)
    if isinstance(value, tuple):
        return ", ".join(item if isinstance(item, str) else f"{item[0]} ({number(item[1])})" for item in value) or "—"
    if kind is ClaimKind.TYPE and value in set(AttackType):
        return text(f"type.{value}.title", lang)
    if kind is ClaimKind.OUTCOME and value in set(Outcome):
        return text(f"outcome.{value}.label", lang)
    if kind is ClaimKind.QUOTE:
        return _quote_text(value)
    return inert(value)


def _quote_text(value: str) -> str:
    try:
        raw = bytes.fromhex(value)
    except ValueError:
        return inert(value)
    return split_inert(raw, 0, 0)[0]
