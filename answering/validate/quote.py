"""QUOTE: the bytes are the whole stored line, and the line is one of those the claim is about."""

import numpy as np
from numpy.typing import NDArray

from answering.validate.recount import Recount
from answering.validate.verdict import canonical, judge
from core.claim import Claim, Verdict

NO_SUCH_LINE = "no_such_line"
UNRELATED_LINE = "unrelated_line"


def check_quote(claim: Claim, recount: Recount) -> Verdict:
    """`actual` is the hex of the line that really stands there; an unrelated line is refuted although it exists."""
    key = recount.key_of(claim.ref) if claim.ref is not None else None
    line = recount.stored_line(claim.ref) if claim.ref is not None else None
    if key is None or line is None or claim.ref is None:
        return judge(claim, None, recount, reason=NO_SUCH_LINE)
    related = bool((keys_of(claim, recount) == key).any())
    return judge(claim, line.raw.hex(), recount, (claim.ref,), "" if related else UNRELATED_LINE)


def keys_of(claim: Claim, recount: Recount) -> NDArray[np.int64]:
    """Keys of the lines that the claim is about."""
    return recount.second.keys(claim.selector) if claim.type is None else recount.keys_of(canonical(claim))
