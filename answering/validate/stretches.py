"""PEAK and RATE: lines per stretch of the clock that the log writes."""

from answering.case_facts import offset_of
from answering.validate.recount import Recount
from answering.validate.series import NO_STRETCH, buckets
from answering.validate.verdict import canonical, judge, unverifiable
from core.claim import Claim, Verdict
from core.dimension import SECONDS

_MICRO = 1_000_000


def check_peak(claim: Claim, recount: Recount) -> Verdict:
    """The stretch with the most lines, the earliest of those that have as many; None where no line has a time."""
    if claim.by not in SECONDS:
        return unverifiable(claim, recount, NO_STRETCH)
    width = SECONDS[claim.by]
    counts = buckets(recount.second.times(canonical(claim)), width, _shift(recount, width))
    return judge(claim, (max(counts, key=lambda pair: pair[1]),) if counts else None, recount)


def check_rate(claim: Claim, recount: Recount) -> Verdict:
    """Lines that have a time by the stretches from that of the first to that of the last, rounded down.

    Stretches without lines in between count as well. None where no line has a time.
    """
    if claim.by not in SECONDS:
        return unverifiable(claim, recount, NO_STRETCH)
    times, width = recount.second.times(canonical(claim)), SECONDS[claim.by]
    if not len(times):
        return judge(claim, None, recount)
    first, last = (int(end) // _MICRO - _shift(recount, width) for end in (times.min(), times.max()))
    return judge(claim, len(times) // (last // width - first // width + 1), recount)


def _shift(recount: Recount, width: int) -> int:
    """Seconds by which stretches of the log's clock start after whole multiples of their width."""
    return -offset_of(recount.lake.sources) % width
