"""COUNT: how many distinct physical lines."""

from answering.validate.recount import Recount
from answering.validate.verdict import STORED_HITS_DIFFER, canonical, judge
from core.claim import Claim, Verdict


def check_count(claim: Claim, recount: Recount) -> Verdict:
    """Two counts must agree with the claim: of columns read and lines scanned again, and of the lake's own query."""
    if claim.type is None:
        again, stored = len(recount.second.rows(claim.selector)), recount.lake.count(claim.selector)
    else:
        again, stored = (
            len(recount.selected(claim.selector, claim.type).distinct()),
            recount.digest(canonical(claim))[0],
        )
    return judge(claim, again, recount, reason="" if again == stored else STORED_HITS_DIFFER)
