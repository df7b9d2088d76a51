"""Exact ranking: the best of some rows, ties broken by id."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stores.index.protocol import Hit, Vector, Vectors

DECIMALS = 6
"""Scores are rounded to these, so that ids decide between texts that fit equally well."""

_NOISE = 1e-5
"""How far a product in float32 may be off, depending on the order it was added up in."""


def nearest(vector: Vector, ids: Sequence[str], rows: Vectors, k: int) -> list[Hit]:
    """The k ids whose rows have the highest cosine with the vector."""
    close = worth_a_look(rows @ vector, k)
    exact = rows[close].astype(np.float64) @ vector.astype(np.float64)
    return best([ids[place] for place in close.tolist()], exact, k)


def worth_a_look(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Places of all scores that may be among the k highest when they are added up exactly."""
    if k <= 0 or k >= len(scores):
        return np.arange(len(scores))
    bound = np.partition(scores, len(scores) - k)[len(scores) - k]
    return np.flatnonzero(scores >= bound - _NOISE)


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
