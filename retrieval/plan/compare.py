"""Comparisons: two addresses, stretches of time, types, users … and what is the same on both sides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from core.plan import ANY_ATTACK, CaseFacts, Operation, Step
from core.selector import Selector
from retrieval.plan.asks import Clause
from retrieval.plan.filters import Filter, conditions, filter_of, negated
from retrieval.plan.follow_up import Earlier
from retrieval.plan.piece import Kind, Piece

_SIDES = (
    Kind.IP, Kind.TIME, Kind.TYPE, Kind.USER, Kind.PATH, Kind.STATUS, Kind.METHOD, Kind.AGENT, Kind.ACTION,
    Kind.SOURCE, Kind.DATASET,
)  # fmt: skip
_WORSE = ("worse", "dangerous", "harmful", "aggressive", "ひどい", "悪質", "悪い")


def sides(pieces: Sequence[Piece], text: str, facts: CaseFacts, before: Earlier | None) -> Step | None:
    """The comparison that is asked for, or None: two of a kind, or one beside what was asked before."""
    clause = Clause(pieces, text)
    if not (clause.wants(Operation.COMPARE) or clause.has(Kind.COMPARE)):
        return None
    left_out = negated(pieces)
    wanted = [piece for at, piece in enumerate(pieces) if at not in left_out]
    for kind in _SIDES:
        found = [piece for piece in wanted if piece.kind is kind]
        if len(found) >= 2 and found[0].value != found[1].value:
            return _beside(pieces, found[0], found[1], clause, facts)
    if before is None:
        return None
    for kind in _SIDES:
        found = [piece for piece in wanted if piece.kind is kind]
        if found:
            return _after(pieces, found[0], facts, before)
    return None


def _beside(pieces: Sequence[Piece], first: Piece, second: Piece, clause: Clause, facts: CaseFacts) -> Step:
    rest = conditions([piece for piece in pieces if piece.kind is not first.kind], facts)
    if not rest.fields.get("types") and first.kind is not Kind.TYPE and any(word in clause.text for word in _WORSE):
        rest = replace(rest, fields={**rest.fields, "types": ANY_ATTACK})
    one, other = (conditions([piece], facts).over(rest).selector() for piece in (first, second))
    return Step(Operation.COMPARE, one, against=other)


def _after(pieces: Sequence[Piece], named: Piece, facts: CaseFacts, before: Earlier) -> Step | None:
    """What was asked before beside the same with one thing changed: "more than the day before?"."""
    base: Filter = filter_of(before.step.selector)
    other = conditions(pieces, facts).over(base).selector()
    one = base.selector()
    if named.kind is Kind.TIME and not (one.since or one.until):
        return None
    return None if one == other or one == Selector() else Step(Operation.COMPARE, one, against=other)


def day_before(selector: Selector) -> Selector | None:
    """The same stretch of time one day earlier."""
    if selector.since is None or selector.until is None:
        return None
    day = timedelta(days=1)
    return replace(selector, since=selector.since - day, until=selector.until - day)
