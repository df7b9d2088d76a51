"""Lines per value of a dimension, counted the second way: what DISTINCT and TOP are checked against."""

from collections.abc import Mapping

import numpy as np

from answering.hit_lines import HitLines
from answering.validate.recount import Recount
from answering.validate.series import buckets
from core.dimension import SECONDS, Dimension
from core.selector import Selector

_COLUMNS = frozenset(Dimension) - frozenset((*SECONDS, Dimension.TYPE, Dimension.RULE, Dimension.SOURCE))
"""Dimensions that are columns of the lines."""


def counted(recount: Recount, selector: Selector, by: Dimension, shift: int = 0) -> Mapping[str, int]:
    """Lines per value among the selected ones; lines without a value are in none.

    Types and rules are those that the selector names, where it names some. Stretches of time are named by their start
    in ISO 8601 UTC; they start `shift` seconds after whole multiples of their width.
    """
    second = recount.second
    if by in SECONDS:
        return dict(buckets(second.times(selector), SECONDS[by], shift))
    if by is Dimension.TYPE:
        hits = _hits(recount, selector)
        return _lines(hits, hits.types, hits.type_names)
    if by is Dimension.RULE:
        hits = _hits(recount, selector)
        return _lines(hits, hits.rules, hits.rule_names)
    if by is Dimension.SOURCE:
        numbers, counts = np.unique(second.columns.source_numbers()[second.rows(selector)], return_counts=True)
        ids = {source.number: source.id for source in recount.lake.sources}
        return {ids[number]: count for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)}
    return second.counted(selector, by.value)


def most(
    recount: Recount, selector: Selector, by: Dimension, limit: int | None, shift: int = 0
) -> tuple[tuple[str, int], ...]:
    """The most frequent of them, most lines first, then by value."""
    if by in _COLUMNS:
        return recount.second.most(selector, by.value, limit)
    counts = counted(recount, selector, by, shift)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit])


def distinct(recount: Recount, selector: Selector, by: Dimension, shift: int = 0) -> int:
    """How many different values there are."""
    if by in _COLUMNS:
        return recount.second.distinct(selector, by.value)
    return len(counted(recount, selector, by, shift))


def _hits(recount: Recount, selector: Selector) -> HitLines:
    hits = recount.hits_of(selector.types, selector.rules)
    return hits.where(np.isin(hits.keys, recount.second.keys(selector)))


def _lines(hits: HitLines, codes: np.ndarray, names: tuple[str, ...]) -> dict[str, int]:
    return {name: len(np.unique(hits.keys[codes == code])) for code, name in enumerate(names) if (codes == code).any()}
