"""Comparisons: two addresses, stretches of time, types, users … and what is the same on both sides."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from core.plan import ANY_ATTACK, CaseFacts, Operation, Step
from core.selector import Selector
from retrieval.plan.clause import Clause
from retrieval.plan.filters import Filter, conditions, negated
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
    if not (clause.wants(Operation.COMPARE) or clause.has(Kind.COMPARE) or _against(pieces, text)):
        return None
    left_out = negated(pieces)
    wanted = [piece for at, piece in enumerate(pieces) if at not in left_out]
    for kind in _SIDES:
        found = [piece for piece in wanted if piece.kind is kind]
        if len(found) >= 2 and found[0].value != found[1].value:
            return _beside(pieces, found[0], found[1], clause, facts)
    for kind in _SIDES:
        found = [piece for piece in wanted if piece.kind is kind]
        if found and kind is Kind.TIME:
            return _in_time(pieces, clause, facts, before)
        if found and before is not None:
            return _after(pieces, facts, before)
    return None


def _against(pieces: Sequence[Piece], text: str) -> bool:
    """ "10.0.0.1 against 10.0.0.2": of two addresses it compares, of an attack and its target it does not."""
    ips = [piece for piece in pieces if piece.kind is Kind.IP]
    return any(text[one.end : other.start].strip() == "against" for one, other in pairwise(ips))


def _beside(pieces: Sequence[Piece], first: Piece, second: Piece, clause: Clause, facts: CaseFacts) -> Step:
    rest = conditions([piece for piece in pieces if piece.kind is not first.kind], facts)
    if not rest.fields.get("types") and first.kind is not Kind.TYPE and any(word in clause.text for word in _WORSE):
        rest = replace(rest, fields={**rest.fields, "types": ANY_ATTACK})
    one, other = (conditions([piece], facts).over(rest).selector() for piece in (first, second))
    return Step(Operation.COMPARE, one, against=other)


def _after(pieces: Sequence[Piece], facts: CaseFacts, before: Earlier) -> Step | None:
    """What was asked before beside the same with one thing changed: "and compared with 198.51.100.7?"."""
    base = before.lines()
    one, other = base.selector(), conditions(pieces, facts).over(base).selector()
    return None if one == other or one == Selector() else Step(Operation.COMPARE, one, against=other)


def _in_time(pieces: Sequence[Piece], clause: Clause, facts: CaseFacts, before: Earlier | None) -> Step | None:
    """ "More than the day before?": beside the stretch asked about before, or the one next to the stretch named."""
    own = conditions(pieces, facts)
    subject = set(own.fields) - {"window"}
    base = before.lines() if before is not None and not subject else Filter()
    other = own.over(base).selector()
    earlier = base.selector()
    if earlier.since is not None or earlier.until is not None:
        return Step(Operation.COMPARE, earlier, against=other)
    if other.since is None or other.until is None or clause.has(Kind.NUMBER):
        return None
    length = other.until - other.since
    ahead = facts.last_seen is not None and other.until <= facts.last_seen
    since = other.until if ahead else other.since - length
    return Step(Operation.COMPARE, replace(other, since=since, until=since + length), against=other)
