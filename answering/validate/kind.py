"""TYPE: every selected line matches a rule or behaviour of the type when it is scanned again."""

import numpy as np
from numpy.typing import NDArray

from answering.validate.recount import Recount
from core.claim import Claim, Proof, Verdict, VerdictStatus
from core.taxonomy import AttackType

MIXED = "mixed"
NO_LINES = "no_lines"


def check_type(claim: Claim, recount: Recount) -> Verdict:
    """The lines are those of the claim's selector as written: that is what the type is claimed of.

    Refuted with the type that all of them do carry, or with None when there is none (`mixed`) or no line at all.
    """
    matched, digest = recount.digest(claim.selector)
    proof = Proof(claim.selector, matched, digest)
    if not matched:
        return Verdict(VerdictStatus.REFUTED, None, proof, NO_LINES)
    carried = _carried_by_all(claim, recount)
    if claim.value in carried and claim.type in (None, claim.value):
        return Verdict(VerdictStatus.VERIFIED, claim.value, proof)
    return Verdict(VerdictStatus.REFUTED, carried[0] if carried else None, proof, "" if carried else MIXED)


def _carried_by_all(claim: Claim, recount: Recount) -> list[str]:
    """Types that every selected line carries, those the selector names first."""
    numbers = recount.keys_of(claim.selector)
    hits = recount.rescanned(claim.selector)
    order = [*claim.selector.types, *(kind for kind in AttackType if kind not in claim.selector.types)]
    return [kind.value for kind in order if _covers(np.unique(hits.of_type(kind).keys), numbers)]


def _covers(carrying: NDArray[np.int64], keys: NDArray[np.int64]) -> bool:
    return len(carrying) >= len(keys) and bool(np.isin(keys, carrying).all())
