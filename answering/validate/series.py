"""SERIES: lines per stretch of time, every stretch with lines and none without."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from answering.claims import iso
from answering.validate.recount import Recount
from answering.validate.verdict import canonical, judge, unverifiable
from core.claim import Claim, Verdict
from core.dimension import SECONDS

NO_STRETCH = "no_stretch"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def check_series(claim: Claim, recount: Recount) -> Verdict:
    """Days start at midnight of some zone: the first stretch says when, all others must fit it."""
    if claim.by not in SECONDS:
        return unverifiable(claim, recount, NO_STRETCH)
    times = recount.second.times(canonical(claim))
    return judge(claim, buckets(times, SECONDS[claim.by], shift_of(claim)), recount)


def buckets(times: NDArray[np.int64], seconds: int, shift: int) -> tuple[tuple[str, int], ...]:
    """Lines per stretch that starts `shift` seconds after a multiple of `seconds`, in order of time; times in µs."""
    width, moved = seconds * 1_000_000, shift * 1_000_000
    starts, counts = np.unique((times - moved) // width * width + moved, return_counts=True)
    pairs = zip(starts.tolist(), counts.tolist(), strict=True)
    return tuple((str(iso(_EPOCH + timedelta(microseconds=start))), count) for start, count in pairs)


def shift_of(claim: Claim) -> int:
    """Seconds by which the claim's stretches are off whole multiples of their width; 0 where it names no time."""
    if claim.by not in SECONDS or not isinstance(claim.value, tuple) or not claim.value:
        return 0
    first = claim.value[0]
    try:
        start = datetime.fromisoformat(str(first[0] if isinstance(first, tuple) else first))
        return int((start - _EPOCH).total_seconds()) % SECONDS[claim.by]
    except (ValueError, TypeError, IndexError):  # no time at all, or one without a zone: then it is not true either
        return 0
