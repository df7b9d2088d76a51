"""TOP: the most frequent values, exactly so many and in this order."""

from answering.validate.grouped import most
from answering.validate.recount import Recount
from answering.validate.series import shift_of
from answering.validate.verdict import NO_DIMENSION, canonical, judge, unverifiable
from core.claim import Claim, Verdict


def check_top(claim: Claim, recount: Recount) -> Verdict:
    """Most lines first, then by value; `limit` None: all of them."""
    if claim.by is None:
        return unverifiable(claim, recount, NO_DIMENSION)
    return judge(claim, most(recount, canonical(claim), claim.by, claim.limit, shift_of(claim)), recount)
