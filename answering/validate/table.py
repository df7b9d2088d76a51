"""The ordered table of claim checks, and the one function that checks claims."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from answering.validate.absence import check_absence
from answering.validate.addresses import check_per_ip, check_set
from answering.validate.comparison import check_comparison
from answering.validate.count import check_count
from answering.validate.distinct import check_distinct
from answering.validate.kind import check_type
from answering.validate.outcome import check_outcome
from answering.validate.quote import check_quote
from answering.validate.recount import Recount
from answering.validate.series import check_series
from answering.validate.times import check_first, check_last
from answering.validate.top import check_top
from answering.validate.verdict import NOTHING_COLLECTED, unverifiable
from core.claim import CheckedClaim, Claim, ClaimKind, Verdict

Check = Callable[[Claim, Recount], Verdict]

CHECKS: Mapping[ClaimKind, Check] = MappingProxyType(
    {
        ClaimKind.COUNT: check_count,
        ClaimKind.PER_IP: check_per_ip,
        ClaimKind.SET: check_set,
        ClaimKind.FIRST: check_first,
        ClaimKind.LAST: check_last,
        ClaimKind.TYPE: check_type,
        ClaimKind.OUTCOME: check_outcome,
        ClaimKind.QUOTE: check_quote,
        ClaimKind.DISTINCT: check_distinct,
        ClaimKind.TOP: check_top,
        ClaimKind.SERIES: check_series,
        ClaimKind.ABSENCE: check_absence,
        ClaimKind.COMPARISON: check_comparison,
    }
)


def check(
    claims: Iterable[Claim], recount: Recount, progress: Callable[[int, int], None] | None = None
) -> tuple[CheckedClaim, ...]:
    """Every claim beside its verdict; `progress` is told how many of how many are checked, before each of them.

    Where no line was collected at all (other sources, another time) nothing can be said: unverifiable, never verified
    and never refuted.
    """
    listed = tuple(claims)
    recount.fetch(claim.ref for claim in listed if claim.ref is not None)
    checked = []
    for done, claim in enumerate(listed):
        if progress is not None:
            progress(done, len(listed))
        checked.append(CheckedClaim(claim, _verdict(claim, recount)))
    return tuple(checked)


def _verdict(claim: Claim, recount: Recount) -> Verdict:
    if recount.scope_is_empty(claim.selector):
        return unverifiable(claim, recount, NOTHING_COLLECTED)
    return CHECKS[claim.kind](claim, recount)
