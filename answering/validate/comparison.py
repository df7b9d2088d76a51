"""COMPARISON: the lines of two selections side by side."""

from answering.validate.recount import Recount
from answering.validate.verdict import NO_OTHER_SIDE, canonical, judge, unverifiable
from core.claim import Claim, Verdict

AGAINST = "against"


def check_comparison(claim: Claim, recount: Recount) -> Verdict:
    """Both numbers; a claim that does not say what it compares with is unverifiable."""
    if claim.against is None:
        return unverifiable(claim, recount, NO_OTHER_SIDE)
    one, other = len(recount.second.rows(canonical(claim))), len(recount.second.rows(claim.against))
    return judge(claim, (("", one), (AGAINST, other)), recount)
