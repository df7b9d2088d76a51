"""PER_VALUE: how many lines each of some values has; nothing is said of other values."""

from answering.validate.grouped import counted
from answering.validate.recount import Recount
from answering.validate.series import shift_of
from answering.validate.verdict import NO_DIMENSION, NO_LINES, canonical, judge, unverifiable
from core.claim import Claim, Verdict


def check_per_value(claim: Claim, recount: Recount) -> Verdict:
    """A value that no selected line has counts 0; the same value twice is refuted with the value once."""
    if claim.by is None:
        return unverifiable(claim, recount, NO_DIMENSION)
    if not isinstance(claim.value, tuple) or not claim.value:
        return unverifiable(claim, recount, NO_LINES)
    counts = counted(recount, canonical(claim), claim.by, shift_of(claim))
    values = dict.fromkeys(str(pair[0]) for pair in claim.value if isinstance(pair, tuple))
    return judge(claim, tuple((value, counts.get(value, 0)) for value in values), recount)
