"""Reciprocal-rank fusion: rankings that share no scale become one (Cormack, Clarke and Büttcher, SIGIR 2009)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

K = 60
"""The constant of the paper: how little the first places differ from each other."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ids, best first, found one way; a way of weight 2 counts as two that agree."""

    ids: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fused:
    """An id with the sum of `weight / (K + rank)` and its rank (from 1) in each ranking, None where it is in none."""

    id: str
    score: float
    ranks: tuple[int | None, ...]


def fuse(rankings: Sequence[Ranking]) -> tuple[Fused, ...]:
    """All ids of the rankings, best first, equal scores by id; an id listed twice keeps its better rank."""
    places = [{name: rank for rank, name in reversed(tuple(enumerate(one.ids, 1)))} for one in rankings]
    names = {name for one in places for name in one}
    fused = [_fused(name, tuple(one.get(name) for one in places), rankings) for name in names]
    return tuple(sorted(fused, key=lambda one: (-one.score, one.id)))


def _fused(name: str, ranks: tuple[int | None, ...], rankings: Sequence[Ranking]) -> Fused:
    found = zip(ranks, rankings, strict=True)
    return Fused(name, fsum(one.weight / (K + rank) for rank, one in found if rank is not None), ranks)
