"""The ordered table of claim checks, and the one function that checks claims."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from answering.validate.absence import check_absence
from answering.validate.addresses import check_per_ip, check_set
from answering.validate.comparison import check_comparison
from answering.validate.count import check_count
from answering.validate.distinct import check_distinct
from answering.validate.excerpt import check_excerpt
from answering.validate.kind import check_type
from answering.validate.network import check_network
from answering.validate.only import check_only
from answering.validate.order import check_order
from answering.validate.outcome import check_outcome
from answering.validate.per_value import check_per_value
from answering.validate.quote import check_quote
from answering.validate.recount import Recount
from answering.validate.sequence import check_sequence
from answering.validate.series import check_series
from answering.validate.share import check_share
from answering.validate.spacing import check_duration, check_gap
from answering.validate.stretches import check_peak, check_rate
from answering.validate.technique import check_technique
from answering.validate.times import check_first, check_last
from answering.validate.top import check_top
from answering.validate.verdict import NOTHING_COLLECTED, unverifiable
from answering.validate.volume import check_bytes, check_max_bytes, check_mean_bytes
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
        ClaimKind.PER_VALUE: check_per_value,
        ClaimKind.ONLY: check_only,
        ClaimKind.DURATION: check_duration,
        ClaimKind.GAP: check_gap,
        ClaimKind.PEAK: check_peak,
        ClaimKind.RATE: check_rate,
        ClaimKind.SHARE: check_share,
        ClaimKind.BYTES: check_bytes,
        ClaimKind.MEAN_BYTES: check_mean_bytes,
        ClaimKind.MAX_BYTES: check_max_bytes,
        ClaimKind.ORDER: check_order,
        ClaimKind.SEQUENCE: check_sequence,
        ClaimKind.TECHNIQUE: check_technique,
        ClaimKind.NETWORK: check_network,
        ClaimKind.EXCERPT: check_excerpt,
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
