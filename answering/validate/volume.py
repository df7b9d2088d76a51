"""BYTES, MEAN_BYTES and MAX_BYTES: of the body bytes that lines log; a line that logs none ("-") adds nothing."""

import numpy as np
from numpy.typing import NDArray

from answering.validate.recount import Recount
from answering.validate.verdict import canonical, judge
from core.claim import Claim, Verdict
from core.event import BODY_BYTES
from stores.second_columns import NO_NUMBER


def check_bytes(claim: Claim, recount: Recount) -> Verdict:
    """Their sum; None where no line logs any: unknown is not 0."""
    sizes = _sizes(claim, recount)
    return judge(claim, int(sizes.sum()) if len(sizes) else None, recount)


def check_mean_bytes(claim: Claim, recount: Recount) -> Verdict:
    """Their sum by the lines that log them, rounded down; None where no line does."""
    sizes = _sizes(claim, recount)
    return judge(claim, int(sizes.sum()) // len(sizes) if len(sizes) else None, recount)


def check_max_bytes(claim: Claim, recount: Recount) -> Verdict:
    """The largest; None where no line logs any."""
    sizes = _sizes(claim, recount)
    return judge(claim, int(sizes.max()) if len(sizes) else None, recount)


def _sizes(claim: Claim, recount: Recount) -> NDArray[np.int64]:
    sizes = recount.second.columns.integers(BODY_BYTES)[recount.second.rows(canonical(claim))]
    return np.asarray(sizes[sizes != NO_NUMBER])
