"""Turn a claimed and a re-computed value into a verdict with its proof."""

from dataclasses import replace

from answering.validate.recount import Recount
from core.claim import Claim, ClaimValue, Proof, Verdict, VerdictStatus
from core.line import LineRef
from core.selector import Selector

NOTHING_COLLECTED = "nothing_collected"
NO_TYPE = "no_type"
STORED_HITS_DIFFER = "stored_hits_differ"


def canonical(claim: Claim) -> Selector:
    """The lines a claim is about: with a type, exactly those of that type, however wide its selector is written."""
    return claim.selector if claim.type is None else replace(claim.selector, types=(claim.type,))


def proof(claim: Claim, recount: Recount, deciding: tuple[LineRef, ...] = ()) -> Proof:
    """The proof of a verdict: what was selected, how many lines, their digest."""
    selector = canonical(claim)
    return Proof(selector, *recount.digest(selector), deciding)


def judge(
    claim: Claim, actual: ClaimValue, recount: Recount, deciding: tuple[LineRef, ...] = (), reason: str = ""
) -> Verdict:
    """Verified when value and re-computed value are written the same: no tolerance, and True or 1.0 are not 1."""
    same = repr(claim.value) == repr(actual) and not reason
    status = VerdictStatus.VERIFIED if same else VerdictStatus.REFUTED
    return Verdict(status, actual, proof(claim, recount, deciding), reason)


def unverifiable(claim: Claim, recount: Recount, reason: str) -> Verdict:
    """Neither true nor false by these lines; `reason` says why."""
    return Verdict(VerdictStatus.UNVERIFIABLE, None, proof(claim, recount), reason)
