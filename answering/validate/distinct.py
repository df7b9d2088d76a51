"""DISTINCT: how many different values the selected lines have."""

from answering.validate.grouped import distinct
from answering.validate.recount import Recount
from answering.validate.series import shift_of
from answering.validate.verdict import NO_DIMENSION, canonical, judge, unverifiable
from core.claim import Claim, Verdict


def check_distinct(claim: Claim, recount: Recount) -> Verdict:
    """A claim that does not say of what is unverifiable."""
    if claim.by is None:
        return unverifiable(claim, recount, NO_DIMENSION)
    return judge(claim, distinct(recount, canonical(claim), claim.by, shift_of(claim)), recount)
