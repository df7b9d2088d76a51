"""OUTCOME: settled again from the status, size and message of the lines, all read from stored events."""

from answering.outcome import settle
from answering.site import refs_of
from answering.validate.recount import Recount
from answering.validate.verdict import NO_LINES, NO_TYPE, judge, unverifiable
from core.claim import Claim, Verdict


def check_outcome(claim: Claim, recount: Recount) -> Verdict:
    """The deciding lines of the proof are those found now; the reason of a refutation is the true reason code."""
    if claim.type is None:
        return unverifiable(claim, recount, NO_TYPE)
    hits = recount.selected(claim.selector, claim.type)
    if not len(hits):
        return judge(claim, None, recount, reason=NO_LINES)
    settled = settle(claim.type, hits, recount.site)
    reason = "" if claim.value == settled.outcome.value else settled.reason
    return judge(claim, settled.outcome.value, recount, refs_of(recount.lake, settled.deciding), reason)
