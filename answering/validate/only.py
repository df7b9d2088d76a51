"""ONLY: one value that every selected line has."""

from answering.validate.grouped import counted, most
from answering.validate.recount import Recount
from answering.validate.verdict import NO_DIMENSION, NO_LINES, canonical, judge, unverifiable
from core.claim import Claim, Verdict

SHOWN = 3


def check_only(claim: Claim, recount: Recount) -> Verdict:
    """Refuted with the most frequent values where lines have several or none; of no line nothing is true."""
    if claim.by is None:
        return unverifiable(claim, recount, NO_DIMENSION)
    selector = canonical(claim)
    lines = len(recount.second.rows(selector))
    if not lines:
        return unverifiable(claim, recount, NO_LINES)
    counts = counted(recount, selector, claim.by)
    if len(counts) == 1 and sum(counts.values()) == lines:
        return judge(claim, next(iter(counts)), recount)
    return judge(claim, most(recount, selector, claim.by, SHOWN), recount)
