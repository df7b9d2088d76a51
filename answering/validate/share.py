"""SHARE: how many of the lines of one selection are in another, and how many there are."""

import numpy as np

from answering.validate.comparison import AGAINST
from answering.validate.recount import Recount
from answering.validate.verdict import NO_LINES, NO_OTHER_SIDE, canonical, judge, unverifiable
from core.claim import Claim, Verdict


def check_share(claim: Claim, recount: Recount) -> Verdict:
    """Numerator and denominator, both exact; a share of no lines is none."""
    if claim.against is None:
        return unverifiable(claim, recount, NO_OTHER_SIDE)
    part, whole = recount.second.rows(canonical(claim)), recount.second.rows(claim.against)
    if not len(whole):
        return unverifiable(claim, recount, NO_LINES)
    within = np.zeros(len(recount.second.columns), np.bool_)
    within[part] = True
    both = int(np.count_nonzero(within[whole]))
    return judge(claim, (("", both), (AGAINST, len(whole))), recount)
