"""Leaving hits out of a snapshot: what is ignored stays stored, and every question is answered without it."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.event import LINE, SOURCE
from core.selector import Selector
from stores.relation import IGNORED, Relation
from stores.selector_sql import Query

_HIT = (SOURCE, LINE, "rule.id")


def leave_out(relation: Relation, selectors: Sequence[Selector]) -> tuple[int, ...]:
    """From now on no hit that a selector picks is seen; the number of lines each of them concerns."""
    with everything_seen(relation):
        counts = tuple(_lines(relation, selector) for selector in selectors)
        relation.engine.drop(IGNORED)
        if any(counts):
            query = Query()
            picked = [f"SELECT * FROM {relation.hits(query, selector, _HIT)}" for selector in selectors]
            relation.engine.select_into(IGNORED, f"SELECT DISTINCT * FROM ({' UNION ALL '.join(picked)})", query.params)
    relation.ignoring = any(counts)
    return counts


@contextmanager
def everything_seen(relation: Relation) -> Iterator[None]:
    """For the length of a `with` block nothing is left out: behaviours look at all hits, whatever a report shows."""
    before, relation.ignoring = relation.ignoring, False
    try:
        yield
    finally:
        relation.ignoring = before


def _lines(relation: Relation, selector: Selector) -> int:
    query = Query()
    hits = relation.hits(query, selector, (SOURCE, LINE))
    sql = f"SELECT count(*) FROM (SELECT DISTINCT * FROM {hits})"
    return int(str(relation.engine.rows(sql, query.params)[0][0]))
