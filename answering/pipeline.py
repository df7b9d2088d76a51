"""From the lake to the verified report; the only place that knows the order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from answering.basis import Basis
from answering.benign import benign_activity
from answering.campaigns import campaigns_of
from answering.claims import claims_of
from answering.codes import BlindSpot
from answering.correct import corrected
from answering.coverage import observe_coverage
from answering.findings import find, total
from answering.next_steps import next_steps
from answering.validate.table import check
from core.event import ParseStatus
from core.finding import Finding
from core.ignore import IgnoreEntry
from core.plan import EVERYTHING
from core.report import Conclusion, Coverage, Report, RuleLabel
from core.selector import Selector
from detection.rule import Behaviour, Rule
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from stores.lake import Lake

UNDERSTOOD = (ParseStatus.PARSED, ParseStatus.CONTINUATION)
"""Rules see the fields of these lines only: where there are none, "no attack" would be a guess."""


def investigate(
    lake: Lake,
    rules: RuleSet,
    scanner: Scanner,
    *,
    case: str,
    now: datetime,
    selector: Selector = EVERYTHING,
    ignores: Sequence[IgnoreEntry] = (),
    read_with: Collection[str] = (),
) -> Report:
    """The report of everything in the lake, or of what `selector` picks; every claim of it is checked.

    `now` is when the report is made (aware UTC). The behaviours' hits stay joined to the lake, so that selectors of
    the report pick the very lines it counts. Totals are counted on the lines as scanned again. `read_with` are the
    versions of the rules that the lines were read with, where that is known.
    """
    basis = Basis.of(lake, rules, scanner, case=case, now=now, ignores=ignores, read_with=read_with)
    return report_of(basis, selector)


def report_of(basis: Basis, selector: Selector = EVERYTHING) -> Report:
    """The same on a basis that is at hand."""
    lake, rules, recount = basis.lake, basis.rules, basis.recount
    hits = basis.hits_of(selector)
    findings = find(lake, rules, hits, basis.site, selector)
    claims = check(claims_of(findings), recount)
    findings = corrected(findings, claims)
    coverage = observe_coverage(lake, selector, sum(finding.unattributed for finding in findings))
    if basis.read_with - {rules.version}:
        coverage = replace(coverage, blind_spots=(*coverage.blind_spots, BlindSpot.OTHER_RULES))
    conclusion = _conclude(lake, findings, coverage, selector)
    return Report(
        case=basis.case,
        state=lake.state,
        rules_version=rules.version,
        generated_at=basis.now,
        conclusion=conclusion,
        totals=total([recount.selected(selector, finding.type) for finding in findings]),
        findings=findings,
        benign=benign_activity(lake, rules, selector),
        coverage=coverage,
        claims=claims,
        next_steps=next_steps(findings, coverage, conclusion),
        ignored=basis.ignored,
        labels=_labels(rules, findings),
        campaigns=campaigns_of(lake, hits),
    )


def _labels(rules: RuleSet, findings: Iterable[Finding]) -> dict[str, RuleLabel]:
    named = {item.rule for finding in findings for item in finding.rules}
    items: tuple[Rule | Behaviour, ...] = (*rules.rules, *rules.behaviours)
    return {item.id: RuleLabel(item.title, item.attack) for item in items if item.id in named}


def _conclude(lake: Lake, findings: tuple[Finding, ...], coverage: Coverage, selector: Selector) -> Conclusion:
    if findings:
        return Conclusion.ATTACKS_FOUND
    looked_at = replace(selector, types=(), rules=())
    understood = replace(looked_at, statuses=selector.statuses or UNDERSTOOD)
    lines = coverage.parsed if looked_at == EVERYTHING else lake.count(understood)
    return Conclusion.NO_ATTACK_FOUND if lines else Conclusion.NO_LOG_MATCHES
