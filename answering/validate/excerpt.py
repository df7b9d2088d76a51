"""EXCERPT: some bytes stand in a stored line, and the line is one of those the claim is about."""

from answering.validate.quote import NO_SUCH_LINE, UNRELATED_LINE, keys_of
from answering.validate.recount import Recount
from answering.validate.verdict import NO_LINES, judge, unverifiable
from core.claim import Claim, Verdict


def check_excerpt(claim: Claim, recount: Recount) -> Verdict:
    """Byte for byte; refuted with the hex of the whole line that stands there. No bytes at all say nothing."""
    if not isinstance(claim.value, str) or not claim.value:
        return unverifiable(claim, recount, NO_LINES)
    key = recount.key_of(claim.ref) if claim.ref is not None else None
    line = recount.stored_line(claim.ref) if claim.ref is not None else None
    if key is None or line is None or claim.ref is None:
        return judge(claim, None, recount, reason=NO_SUCH_LINE)
    related = bool((keys_of(claim, recount) == key).any())
    stands = bytes.fromhex(claim.value) in line.raw
    actual = claim.value if stands and related else line.raw.hex()
    return judge(claim, actual, recount, (claim.ref,), "" if related else UNRELATED_LINE)
