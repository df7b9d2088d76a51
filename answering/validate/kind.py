"""TYPE: every selected line matches a rule or behaviour of the type when it is scanned again."""

import numpy as np
from numpy.typing import NDArray

from answering.validate.recount import Recount
from core.claim import Claim, ClaimValue, Proof, Verdict, VerdictStatus
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
    if claim.type in (None, claim.value) and claim.value in tuple(AttackType) and _carry(claim, recount, claim.value):
        return Verdict(VerdictStatus.VERIFIED, claim.value, proof)
    order = [*claim.selector.types, *(kind for kind in AttackType if kind not in claim.selector.types)]
    carried = next((kind.value for kind in order if _carry(claim, recount, kind)), None)
    return Verdict(VerdictStatus.REFUTED, carried, proof, "" if carried else MIXED)


def _carry(claim: Claim, recount: Recount, kind: ClaimValue) -> bool:
    """Whether every selected line carries the type."""
    hits = recount.rescanned(claim.selector).of_type(str(kind))
    return _covers(np.unique(hits.keys), recount.keys_of(claim.selector))


def _covers(carrying: NDArray[np.int64], keys: NDArray[np.int64]) -> bool:
    return len(carrying) >= len(keys) and bool(np.isin(keys, carrying).all())
