"""Exact ranking: the best of some rows, ties broken by id."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stores.index.protocol import Hit, Vector, Vectors

DECIMALS = 6
"""Scores are rounded to these: how a product is added up differs from machine to machine beyond them."""


def nearest(vector: Vector, ids: Sequence[str], rows: Vectors, k: int) -> list[Hit]:
    """The k ids whose rows have the highest cosine with the vector."""
    return best(ids, np.asarray(rows @ vector, np.float64), k)


def best(ids: Sequence[str], scores: NDArray[np.float64], k: int) -> list[Hit]:
    """The k highest scores, best first, equal ones by id."""
    if k <= 0 or not len(ids):
        return []
    rounded = np.round(scores, DECIMALS) + 0.0  # no -0.0
    chosen: NDArray[np.int64] = np.arange(len(ids))
    if k < len(ids):
        bound = np.partition(rounded, len(ids) - k)[len(ids) - k]
        chosen = np.flatnonzero(rounded >= bound)  # all that tie with the last one, so that ids decide
    hits = [Hit(ids[place], float(rounded[place])) for place in chosen.tolist()]
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:k]
