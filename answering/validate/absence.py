"""ABSENCE: no line is selected, and the logs are such that there would be one."""

from answering.validate.recount import Recount
from answering.validate.verdict import canonical, judge, unverifiable
from core.claim import Claim, Verdict
from core.part import Sight

CANNOT_BE_SEEN = "cannot_be_seen"


def check_absence(claim: Claim, recount: Recount) -> Verdict:
    """Refuted by a single line; without any, verified only where a certificate says that the logs would show it."""
    selector = canonical(claim)
    lines = len(recount.second.rows(selector))
    if lines or repr(claim.value) != "0":
        return judge(claim, lines, recount)
    if recount.certify is None or recount.certify(selector).sight is not Sight.ABSENT:
        return unverifiable(claim, recount, CANNOT_BE_SEEN)
    return judge(claim, 0, recount)
