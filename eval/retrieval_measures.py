"""How good a ranking is: shares of its first places, None where there was nothing to find."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, log2

from eval.metrics import ratio

K = 10


def recall_at(found: Sequence[bool], relevant: int, k: int = K) -> float | None:
    """Share of the places among the first `k` that could be relevant and are: of min(k, relevant) places.

    `found` says of each place, best first, whether what stands there is relevant. With no more than `k` relevant
    things this is recall; with more, nobody can show them all in `k` places, and it is the share of places well used.
    """
    return ratio(sum(found[:k]), min(k, relevant))


def ndcg_at(found: Sequence[bool], relevant: int, k: int = K) -> float | None:
    """Discounted gain of the first `k` places over that of the best order (Järvelin and Kekäläinen, TOIS 2002)."""
    if not relevant:
        return None
    gained = fsum(1 / log2(place + 1) for place, right in enumerate(found[:k], 1) if right)
    return gained / fsum(1 / log2(place + 1) for place in range(1, min(k, relevant) + 1))


@dataclass(frozen=True, slots=True)
class Measured:
    """One question asked one way; None: there was nothing to find."""

    recall: float | None
    ndcg: float | None


def measure(ranking: Sequence[str], relevant: frozenset[str], neutral: frozenset[str], k: int = K) -> Measured:
    """`neutral` ids are right as well but need not be found: they are taken out before places are counted."""
    found = [one in relevant for one in dict.fromkeys(ranking) if one not in neutral]
    return Measured(recall_at(found, len(relevant), k), ndcg_at(found, len(relevant), k))


def by_chance(relevant: int, total: int, k: int = K) -> Measured:
    """What to expect of `total` things in random order, `relevant` of them so: what any ranking must beat.

    Where there are hardly more than `k` things, showing `k` of them finds nearly all, whoever ranks.
    """
    if not relevant:
        return Measured(None, None)
    places, share = min(k, total), relevant / total
    gained = share * fsum(1 / log2(place + 1) for place in range(1, places + 1))
    ideal = fsum(1 / log2(place + 1) for place in range(1, min(k, relevant) + 1))
    return Measured(share * places / min(k, relevant), gained / ideal)


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return fsum(known) / len(known) if known else None
