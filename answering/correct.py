"""What is shown is the re-computed value: a refuted claim's true value takes the place of the stated one."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from core.claim import CheckedClaim, ClaimKind, ClaimValue, VerdictStatus
from core.finding import Finding, IpCount, Quote
from core.taxonomy import Outcome


def corrected(findings: Iterable[Finding], checked: Iterable[CheckedClaim]) -> tuple[Finding, ...]:
    """Findings with every refuted part replaced; those whose lines turn out to be none at all are dropped."""
    refuted = [one for one in checked if one.verdict.status is VerdictStatus.REFUTED]
    repaired = (_repair(finding, [one for one in refuted if one.claim.type is finding.type]) for finding in findings)
    return tuple(finding for finding in repaired if finding.count)


def _repair(finding: Finding, refuted: list[CheckedClaim]) -> Finding:
    for one in refuted:
        finding = _with(finding, one.claim.kind, one.verdict.actual, one)
    return finding


def _with(finding: Finding, kind: ClaimKind, actual: ClaimValue, one: CheckedClaim) -> Finding:
    if kind is ClaimKind.COUNT and isinstance(actual, int):
        return replace(finding, count=actual, unattributed=actual - _attributed(finding))
    if kind is ClaimKind.PER_IP and isinstance(actual, tuple):
        ips = tuple(IpCount(*pair) for pair in actual if isinstance(pair, tuple))
        repaired = replace(finding, source_ips=ips)
        return replace(repaired, unattributed=finding.count - _attributed(repaired))
    if kind is ClaimKind.FIRST:
        return replace(finding, first_seen=_time(actual))
    if kind is ClaimKind.LAST:
        return replace(finding, last_seen=_time(actual))
    if kind is ClaimKind.OUTCOME and isinstance(actual, str):
        verdict = one.verdict
        return replace(finding, outcome=Outcome(actual), outcome_reason=verdict.reason, deciding=verdict.proof.deciding)
    if kind is ClaimKind.QUOTE:
        return replace(finding, quotes=tuple(_quotes(finding.quotes, one)))
    return finding


def _attributed(finding: Finding) -> int:
    return sum(one.count for one in finding.source_ips)


def _time(actual: ClaimValue) -> datetime | None:
    return datetime.fromisoformat(actual) if isinstance(actual, str) else None


def _quotes(quotes: Iterable[Quote], one: CheckedClaim) -> Iterable[Quote]:
    """The stored bytes instead of the quoted ones; a quote of no line, or of an unrelated one, is left out."""
    for quote in quotes:
        if quote.ref != one.claim.ref:
            yield quote
        elif isinstance(one.verdict.actual, str) and not one.verdict.reason:
            yield replace(quote, raw=bytes.fromhex(one.verdict.actual), start=0, end=0)
