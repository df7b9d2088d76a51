"""DURATION and GAP: whole seconds, rounded down, between lines that have a time."""

import numpy as np

from answering.validate.recount import Recount
from answering.validate.verdict import canonical, judge
from core.claim import Claim, Verdict

_SECOND = 1_000_000


def check_duration(claim: Claim, recount: Recount) -> Verdict:
    """From the earliest to the latest line; None where no line has a time."""
    times = recount.second.times(canonical(claim))
    return judge(claim, int(times.max() - times.min()) // _SECOND if len(times) else None, recount)


def check_gap(claim: Claim, recount: Recount) -> Verdict:
    """The longest silence between one line and the next by time; None with fewer than two lines."""
    times = np.sort(recount.second.times(canonical(claim)))
    return judge(claim, int(np.diff(times).max()) // _SECOND if len(times) > 1 else None, recount)
