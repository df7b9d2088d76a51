"""ORDER: whether all lines of one selection come before all lines of another."""

from answering.validate.recount import Recount
from answering.validate.verdict import NO_LINES, NO_OTHER_SIDE, canonical, judge, unverifiable
from core.claim import Claim, Verdict

BEFORE, AFTER, OVERLAPPING = "before", "after", "overlapping"


def check_order(claim: Claim, recount: Recount) -> Verdict:
    """`before`: the latest line here is earlier than the earliest there; lines of one instant overlap.

    A side on which no line has a time is neither before nor after anything.
    """
    if claim.against is None:
        return unverifiable(claim, recount, NO_OTHER_SIDE)
    here, there = recount.second.times(canonical(claim)), recount.second.times(claim.against)
    if not len(here) or not len(there):
        return unverifiable(claim, recount, NO_LINES)
    if here.max() < there.min():
        return judge(claim, BEFORE, recount)
    return judge(claim, AFTER if here.min() > there.max() else OVERLAPPING, recount)
