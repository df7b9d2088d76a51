"""TECHNIQUE: the ATT&CK technique of a type that every selected line is of."""

from answering.validate.kind import types_of
from answering.validate.recount import Recount
from answering.validate.verdict import NO_LINES, judge, unverifiable
from core.claim import Claim, Verdict
from core.taxonomy import TECHNIQUE


def check_technique(claim: Claim, recount: Recount) -> Verdict:
    """Refuted with the technique of the first type that all lines have, None where they have none in common."""
    matched, _ = recount.digest(claim.selector)
    if not matched:
        return unverifiable(claim, recount, NO_LINES)
    known = [TECHNIQUE[kind] for kind in types_of(claim.selector, recount)]
    actual = claim.value if claim.value in known else next(iter(known), None)
    return judge(claim, actual, recount)
