"""COUNT: how many distinct physical lines."""

from answering.validate.recount import Recount
from answering.validate.verdict import STORED_HITS_DIFFER, canonical, judge
from core.claim import Claim, Verdict


def check_count(claim: Claim, recount: Recount) -> Verdict:
    """Two counts must agree with the claim: of the lines scanned again, and of the lake's own query."""
    stored, _ = recount.digest(canonical(claim))
    if claim.type is None:
        return judge(claim, stored, recount)
    again = len(recount.selected(claim.selector, claim.type).distinct())
    return judge(claim, again, recount, reason="" if again == stored else STORED_HITS_DIFFER)
