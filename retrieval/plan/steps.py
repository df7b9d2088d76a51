"""A step of an operation on the lines that are meant, with what the question leaves unsaid."""

from dataclasses import replace
from itertools import pairwise

from core.plan import ANY_ATTACK, CaseFacts, Operation, Step
from core.selector import Selector
from core.taxonomy import Outcome
from retrieval.plan.clause import EVENTS, Asked, Clause
from retrieval.plan.filters import Filter
from retrieval.plan.follow_up import Earlier
from retrieval.plan.piece import Kind

MOST_EXPLAINED = 3
"""Types that a bare "why?" is answered for."""

OUTCOME_FREE = frozenset({
    Operation.PROFILE, Operation.EXPLAIN, Operation.RESPOND, Operation.SEARCH, Operation.COMPARE,
})  # fmt: skip
"""Operations that do not look at how attacks ended."""

SHARED = frozenset({"window", "datasets", "sources"})
"""Conditions that hold for a whole question wherever in it they stand; all others hold from there on."""

_ASSUMED_ATTACKS = frozenset({Operation.FIRST, Operation.LAST})
_LOGS = frozenset({"log", "logs", "log line", "log lines", "log entry", "log entries", "ログ", "ログ行", "the logs"})
_LINE_NOUNS = ("行", "line", "request", "log")
_POINTING = frozenset({"ip", "ips", "user", "path"})


def written(one: Asked, base: Filter, clause: Clause, before: Earlier | None, facts: CaseFacts) -> list[Step]:
    """The step of an operation on the lines meant; none where it points at something nobody knows."""
    unresolved = any(piece.value in _POINTING for piece in clause.of(Kind.PRONOUN))
    selector, outcomes = base.selector(), base.outcomes
    if unresolved and selector == Selector():
        return []
    if one.operation is Operation.OUTCOME and (outcomes == (Outcome.SUCCEEDED,) or not _listing(clause)):
        outcomes = ()  # what may have succeeded without anybody knowing belongs to the answer
    strange = clause.has(Kind.UNKNOWN) or (clause.has(Kind.UNREADABLE) and not clause.has(Kind.LINE))
    if base.empty and one.operation is Operation.COUNT and one.by is None and strange:
        return []  # "how many bytes": what is to be counted was not understood
    if _about_attacks(one, base, clause):
        selector = replace(selector, types=ANY_ATTACK)
    if one.operation in {Operation.COVERAGE, Operation.HELP}:
        selector = Selector(
            since=selector.since, until=selector.until, datasets=selector.datasets, sources=selector.sources
        )
    if one.operation is Operation.RESPOND:
        selector = replace(selector, datasets=())  # "rules for nginx" names what to configure, not which log to look at
    if one.operation is Operation.PROFILE and selector.types == ANY_ATTACK:
        selector = replace(selector, types=())
    if one.operation in OUTCOME_FREE:
        outcomes = ()
    if one.operation is Operation.EXPLAIN and not one.words:
        return _explained(selector, before, facts)
    return [Step(one.operation, selector, one.by, one.limit, None, outcomes, one.newest, one.words)]


def _explained(selector: Selector, before: Earlier | None, facts: CaseFacts) -> list[Step]:
    """ "Why?": what the types are that the lines in question were taken for."""
    named = selector.types if selector.types and selector.types != ANY_ATTACK else ()
    if not named and before is None and (selector.ips or selector.user_contains or selector.paths):
        return [Step(Operation.REPORT, selector)]  # why an address was flagged is what the report of it says
    types = named or (before.exchange.types if before is not None else ()) or facts.types
    return [
        Step(Operation.EXPLAIN, replace(selector, types=(one,)), words=one.value) for one in types[:MOST_EXPLAINED]
    ] or [Step(Operation.EXPLAIN, selector)]


def _listing(clause: Clause) -> bool:
    """Whether those that ended so are to be named, rather than asked whether any did."""
    if clause.asks("exists") or clause.yes_or_no:
        return False
    if clause.asks("which", "show") or any("also" in piece.values(Kind.FOLLOW) for piece in clause.pieces):
        return True
    named = [piece for piece in clause.pieces if piece.kind is not Kind.FILLER]
    behind = pairwise(named)
    return any(one.kind is Kind.OUTCOME and other.kind in {*EVENTS, Kind.LINE} for one, other in behind)


def _about_attacks(one: Asked, base: Filter, clause: Clause) -> bool:
    """Bare "when", "from where", "how many" of somebody who was attacked are about the attacks."""
    logs = any(clause.spelled(piece) in _LOGS for piece in clause.pieces)
    if logs or set(base.fields) - SHARED or clause.has(Kind.LINE, Kind.DIMENSION, Kind.HARMLESS) or base.without:
        return bool(base.outcomes) and "types" not in base.fields and one.operation is not Operation.OUTCOME
    bare_count = (
        one.operation is Operation.COUNT
        and one.by is None
        and not base.fields
        and not any(word in clause.text for word in _LINE_NOUNS)
    )
    pointed_at = one.operation in _ASSUMED_ATTACKS or clause.asks("where", "who")
    return bare_count or pointed_at or bool(base.outcomes)
