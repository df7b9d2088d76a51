"""Every statement a report makes about a finding, as typed claims that can be re-computed."""

from collections.abc import Iterable
from datetime import datetime

from core.claim import Claim, ClaimKind, ClaimValue
from core.finding import Finding
from core.line import LineRef


def claims_of(findings: Iterable[Finding]) -> tuple[Claim, ...]:
    """The claims of all findings, finding by finding; ids are `<type>.<kind>` (`<type>.quote.<n>` from 1)."""
    return tuple(claim for finding in findings for claim in _claims(finding))


def _claims(finding: Finding) -> list[Claim]:
    def claim(kind: ClaimKind, value: ClaimValue, ref: LineRef | None = None, suffix: str = "") -> Claim:
        return Claim(f"{finding.type}.{kind}{suffix}", kind, finding.type, finding.selector, value, ref)

    claims = [
        claim(ClaimKind.COUNT, finding.count),
        claim(ClaimKind.PER_IP, tuple((one.ip, one.count) for one in finding.source_ips)),
        claim(ClaimKind.SET, tuple(sorted(one.ip for one in finding.source_ips))),
        claim(ClaimKind.FIRST, iso(finding.first_seen)),
        claim(ClaimKind.LAST, iso(finding.last_seen)),
        claim(ClaimKind.TYPE, finding.type.value),
        claim(ClaimKind.OUTCOME, finding.outcome.value),
    ]
    for number, quote in enumerate(finding.quotes, 1):
        claims.append(claim(ClaimKind.QUOTE, quote.raw.hex(), quote.ref, f".{number}"))
    return claims


def iso(time: datetime | None) -> str | None:
    """ISO 8601 in UTC, microseconds only where there are any; None for lines without a time."""
    return None if time is None else time.isoformat().replace("+00:00", "Z")
