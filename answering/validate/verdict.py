"""Turn a claimed and a re-computed value into a verdict with its proof."""

from dataclasses import replace

from answering.validate.recount import Recount
from core.claim import Claim, ClaimValue, Comparator, Proof, Verdict, VerdictStatus
from core.line import LineRef
from core.selector import Selector

NOTHING_COLLECTED = "nothing_collected"
NO_TYPE = "no_type"
NO_DIMENSION = "no_dimension"
NO_OTHER_SIDE = "no_other_side"
NO_NUMBER = "no_number"
NO_LINES = "no_lines"
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
    """Verified when value and re-computed value are written the same: no tolerance, and True or 1.0 are not 1.

    A bound is verified when the re-computed number is within it; a bound that is no number is unverifiable.
    """
    if claim.comparator is not Comparator.EXACTLY and not _bounds(claim.value, actual):
        return unverifiable(claim, recount, NO_NUMBER)
    same = _holds(claim, actual) and not reason
    status = VerdictStatus.VERIFIED if same else VerdictStatus.REFUTED
    return Verdict(status, actual, proof(claim, recount, deciding), reason)


def _bounds(value: ClaimValue, actual: ClaimValue) -> bool:
    return type(value) is int and type(actual) is int


def _holds(claim: Claim, actual: ClaimValue) -> bool:
    if isinstance(claim.value, int) and isinstance(actual, int) and claim.comparator is not Comparator.EXACTLY:
        return actual >= claim.value if claim.comparator is Comparator.AT_LEAST else actual <= claim.value
    return repr(claim.value) == repr(actual)


def unverifiable(claim: Claim, recount: Recount, reason: str) -> Verdict:
    """Neither true nor false by these lines; `reason` says why."""
    return Verdict(VerdictStatus.UNVERIFIABLE, None, proof(claim, recount), reason)
