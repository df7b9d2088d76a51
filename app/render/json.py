"""The report for programs: codes and plain values only, the same in every language."""

import json
from collections.abc import Mapping, Sequence

from app.i18n import iso
from app.naming import display_names
from core.claim import CheckedClaim
from core.finding import Finding, Quote, RuleCount
from core.ignore import Ignored
from core.line import SourceId
from core.report import BenignActivity, Campaign, Coverage, Report, RuleLabel, Standing
from core.selector import Selector
from core.source import Accounting, Source
from core.taxonomy import TECHNIQUE, AttackType

Lines = Mapping[AttackType, Mapping[int, Sequence[int]]]
"""Line numbers of each finding by source number."""


def dumps(value: object) -> str:
    """JSON that is safe to print: ASCII only, so no control, bidirectional or invisible character survives."""
    return json.dumps(value, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f")


def render_json(report: Report, lines: Lines | None = None) -> str:
    """The report as JSON text; `lines` adds each finding's line numbers per file."""
    return dumps(report_facts(report, lines))


def report_facts(report: Report, lines: Lines | None = None) -> dict[str, object]:
    """The report as plain lists and dicts."""
    shown = display_names(report.coverage.sources)
    names = {source.id: shown[source.number] for source in report.coverage.sources}
    findings = [_finding(finding, names, report.labels) for finding in report.findings]
    if lines is not None:
        for finding, facts in zip(report.findings, findings, strict=True):
            facts["lines"] = _lines(lines.get(finding.type, {}), shown)
    return {
        "case": report.case,
        "state": report.state,
        "rules_version": report.rules_version,
        "generated_at": iso(report.generated_at),
        "conclusion": report.conclusion.value,
        "totals": {
            "types": report.totals.types,
            "lines": report.totals.lines,
            "source_ips": report.totals.source_ips,
        },
        "findings": findings,
        "claims": [_claim(item, names) for item in report.claims],
        "campaigns": [_campaign(item) for item in report.campaigns],
        "benign": [_benign(item) for item in report.benign],
        "coverage": _coverage(report.coverage, shown),
        "next_steps": list(report.next_steps),
        "ignored": [ignored_facts(item) for item in report.ignored],
    }


def _lines(numbers: Mapping[int, Sequence[int]], shown: Mapping[int, str]) -> dict[str, list[int]]:
    return {shown[source]: list(numbers[source]) for source in sorted(numbers)}


def _rule(item: RuleCount, labels: Mapping[str, RuleLabel]) -> dict[str, object]:
    label = labels.get(item.rule)
    return {"rule": item.rule, "count": item.count, "attack": list(label.attack) if label else []}


def _finding(finding: Finding, names: Mapping[SourceId, str], labels: Mapping[str, RuleLabel]) -> dict[str, object]:
    return {
        "type": finding.type.value,
        "technique": TECHNIQUE[finding.type],
        "count": finding.count,
        "source_ips": [{"ip": item.ip, "count": item.count} for item in finding.source_ips],
        "unattributed": finding.unattributed,
        "first_seen": iso(finding.first_seen),
        "last_seen": iso(finding.last_seen),
        "outcome": finding.outcome.value,
        "reason": finding.outcome_reason,
        "deciding": [{"file": names.get(ref.source, ref.source), "line": ref.line} for ref in finding.deciding],
        "rules": [_rule(item, labels) for item in finding.rules],
        "waf_rules": [{"id": item.rule, "count": item.count} for item in finding.waf_rules],
        "quotes": [_quote(quote, names) for quote in finding.quotes],
    }


def _quote(quote: Quote, names: Mapping[SourceId, str]) -> dict[str, object]:
    """`text` shows bytes that are not UTF-8 as `\\xHH`; `start:end` counts bytes of the raw line."""
    return {
        "file": names.get(quote.ref.source, quote.ref.source),
        "line": quote.ref.line,
        "text": quote.raw.decode("utf-8", "backslashreplace"),
        "start": quote.start,
        "end": quote.end,
        "rule": quote.rule,
        "field": quote.field.name.lower(),
    }


def _claim(item: CheckedClaim, names: Mapping[SourceId, str]) -> dict[str, object]:
    claim, verdict = item.claim, item.verdict
    facts: dict[str, object] = {
        "id": claim.id,
        "kind": claim.kind.value,
        "type": claim.type.value if claim.type else None,
        "value": claim.value,
        "status": verdict.status.value,
        "actual": verdict.actual,
        "reason": verdict.reason,
        "proof": {
            "selector": selector_facts(verdict.proof.selector),
            "matched": verdict.proof.matched,
            "digest": verdict.proof.digest,
            "deciding": [
                {"file": names.get(ref.source, ref.source), "line": ref.line} for ref in verdict.proof.deciding
            ],
        },
    }
    if claim.ref is not None:
        facts["file"], facts["line"] = names.get(claim.ref.source, claim.ref.source), claim.ref.line
    return facts


def selector_facts(selector: Selector) -> dict[str, object]:
    """Only the conditions that are set."""
    facts: dict[str, object] = {}
    for name in Selector.__dataclass_fields__:
        value = getattr(selector, name)
        if name == "without":
            facts |= {name: [selector_facts(one) for one in value]} if value else {}
        elif value:
            facts[name] = iso(value) if name in {"since", "until"} else list(value)
    return facts


def _campaign(item: Campaign) -> dict[str, object]:
    return {
        "source_ips": [{"ip": entry.ip, "count": entry.count} for entry in item.source_ips],
        "types": [kind.value for kind in item.types],
        "lines": item.lines,
        "first_seen": iso(item.first_seen),
        "last_seen": iso(item.last_seen),
        "shared": list(item.shared),
        "tools": list(item.tools),
        "targets": list(item.targets),
    }


def _benign(item: BenignActivity) -> dict[str, object]:
    return {
        "name": item.name,
        "lines": item.lines,
        "standing": item.standing.value,
        "verified": item.standing is Standing.VERIFIED,
        "source_ips": [{"ip": entry.ip, "count": entry.count} for entry in item.ips],
    }


def ignored_facts(item: Ignored) -> dict[str, object]:
    """An entry of the ignore list and what it did."""
    entry = item.entry
    return {
        "id": entry.id,
        "selector": selector_facts(entry.selector),
        "reason": entry.reason,
        "author": entry.author,
        "expires": entry.expires.isoformat(),
        "expired": item.expired,
        "everywhere": entry.everywhere,
        "lines": item.lines,
    }


def _coverage(coverage: Coverage, shown: Mapping[int, str]) -> dict[str, object]:
    return {
        "lines": coverage.lines,
        "parsed": coverage.parsed,
        "first_seen": iso(coverage.first_seen),
        "last_seen": iso(coverage.last_seen),
        "sources": [source_facts(source, shown[source.number]) for source in coverage.sources],
        "gaps": [{"source": gap.source, "since": iso(gap.since), "until": iso(gap.until)} for gap in coverage.gaps],
        "blind_spots": list(coverage.blind_spots),
    }


def source_facts(source: Source, name: str) -> dict[str, object]:
    """One source with its accounting."""
    return {
        "file": name,
        "format": source.dataset,
        "sha256": source.sha256,
        "bytes": source.size,
        "first_seen": iso(source.first_seen),
        "last_seen": iso(source.last_seen),
        "ingested_at": iso(source.ingested_at),
        "zone": source.zone,
        "zone_source": source.zone_source,
        "year_source": source.year_source,
        "notes": list(source.notes),
        "accounting": accounting_facts(source.accounting),
    }


def accounting_facts(accounting: Accounting) -> dict[str, object]:
    """Where the physical lines of a source went."""
    return {
        "lines": accounting.lines,
        "parsed": accounting.parsed,
        "continuation": accounting.continuation,
        "header": accounting.header,
        "blank": accounting.blank,
        "unparsed": accounting.unparsed,
        "oversize": accounting.oversize,
        "reasons": dict(accounting.reasons or {}),
    }
