"""TYPE: every selected line matches a rule or behaviour of the type when it is scanned again."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from answering.validate.recount import Recount
from answering.validate.verdict import NO_LINES
from core.claim import Claim, ClaimValue, Proof, Verdict, VerdictStatus
from core.selector import Selector
from core.taxonomy import AttackType

MIXED = "mixed"


def check_type(claim: Claim, recount: Recount) -> Verdict:
    """The lines are those of the claim's selector as written: that is what the type is claimed of.

    Refuted with the type that all of them do carry, or with None when there is none (`mixed`) or no line at all.
    """
    matched, digest = recount.digest(claim.selector)
    proof = Proof(claim.selector, matched, digest)
    if not matched:
        return Verdict(VerdictStatus.REFUTED, None, proof, NO_LINES)
    if (
        claim.type in (None, claim.value)
        and claim.value in tuple(AttackType)
        and carries(claim.selector, recount, claim.value)
    ):
        return Verdict(VerdictStatus.VERIFIED, claim.value, proof)
    carried = next((kind.value for kind in types_of(claim.selector, recount)), None)
    return Verdict(VerdictStatus.REFUTED, carried, proof, "" if carried else MIXED)


def types_of(selector: Selector, recount: Recount) -> Iterator[AttackType]:
    """The types that every selected line carries, those that the selector names first."""
    order = (*selector.types, *(kind for kind in AttackType if kind not in selector.types))
    return (kind for kind in order if carries(selector, recount, kind))


def carries(selector: Selector, recount: Recount, kind: ClaimValue) -> bool:
    """Whether every selected line carries the type."""
    hits = recount.rescanned(selector).of_type(str(kind))
    return _covers(np.unique(hits.keys), recount.keys_of(selector))


def _covers(carrying: NDArray[np.int64], keys: NDArray[np.int64]) -> bool:
    return len(carrying) >= len(keys) and bool(np.isin(keys, carrying).all())
