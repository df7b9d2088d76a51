"""The built-in planner: fold, cut into pieces, see what is asked, take over what is meant, write steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from core.plan import LONGEST_QUESTION, CaseFacts, Exchange, Operation, Plan, Reading, Step
from core.selector import Selector
from retrieval.plan.asks import asked
from retrieval.plan.canonical import LIMITS, MOST_ROWS, canonical
from retrieval.plan.clause import Asked, Clause
from retrieval.plan.compare import sides
from retrieval.plan.filters import Filter, conditions, negated
from retrieval.plan.fold import Folded, fold, is_japanese
from retrieval.plan.follow_up import Earlier, anytime, beyond, earlier, explicit, inherits, pointed
from retrieval.plan.meanings import settled
from retrieval.plan.names import named
from retrieval.plan.piece import Kind, Piece
from retrieval.plan.read import pieces_of
from retrieval.plan.readings import readings_of
from retrieval.plan.sentences import about_logs, clauses, unread
from retrieval.plan.steps import OUTCOME_FREE, SHARED, written
from retrieval.plan.times import in_time
from retrieval.plan.typos import corrected

MOST_STEPS = 5
MOST_PIECES = 300
"""Words of a question that are read, small ones included; who writes more is not asking."""

_BARE_TIME = 4


@dataclass(frozen=True, slots=True)
class _Part:
    """A clause with what it narrows to and what it asks."""

    clause: Clause
    filter: Filter
    asked: tuple[Asked, ...]


def plan(question: str, facts: CaseFacts, history: Sequence[Exchange] = (), *, language: str | None = None) -> Plan:
    """The plan of a question about a case: pure, deterministic, linear in the question, for any text whatsoever.

    `language` (`ja` or `en`) is what the answer is to be worded in; None: what the question is written in. A plan
    without steps was not understood; `unread` are the words that changed nothing.
    """
    folded, slips = corrected(fold(question[:LONGEST_QUESTION]), facts)
    spoken = language or ("ja" if any(map(is_japanese, folded.text)) else "en")
    before = earlier(history)
    pieces = _pieces(folded, facts, before)
    whole, pieces = pieces, about_logs(pieces)
    without_effect = unread(whole, pieces, folded)
    if not pieces:
        return Plan((), spoken, (), without_effect)
    found, used, inherited = _steps(pieces, folded, facts, before)
    steps = tuple(dict.fromkeys(canonical(step) for step in found))[:MOST_STEPS]
    readings = [
        *readings_of(pieces, folded, steps, facts.offset_seconds),
        *(Reading(start, end, "corrected", word) for start, end, word in slips),
        *_cut_off(question, whole, folded),
        *([Reading(0, 0, "inherited", before.exchange.question)] if inherited and before is not None else []),
    ]
    without_effect = tuple(word for word in without_effect if word not in used)
    return Plan(steps, spoken, tuple(readings) if steps else (), without_effect)


def _pieces(folded: Folded, facts: CaseFacts, before: Earlier | None) -> list[Piece]:
    about = before.step.selector.since if before else None
    read = in_time(list(islice(pieces_of(folded, facts), MOST_PIECES)), folded.text, facts, about)
    return settled(pointed(named(read, folded, facts), folded.text, before), folded)


def _cut_off(question: str, pieces: Sequence[Piece], folded: Folded) -> list[Reading]:
    """Where reading stopped, if that is not at the end of the question."""
    last = max((piece.end for piece in pieces), default=0)
    end = folded.span(0, last)[1] if len(pieces) >= MOST_PIECES // 2 else min(len(question), LONGEST_QUESTION)
    return [Reading(end, len(question), "cut", str(end))] if end < len(question.rstrip(" .?!。？！")) else []


def _steps(
    pieces: list[Piece], folded: Folded, facts: CaseFacts, before: Earlier | None
) -> tuple[list[Step], set[str], bool]:
    """The steps, the unknown words that became part of one, and whether something was taken over."""
    compared = sides(pieces, folded.text, facts, before)
    if compared is not None:
        return [compared], set(), before is not None and compared != sides(pieces, folded.text, facts, None)
    parts = _in_earnest(_without_greeting([_part(clause, facts) for clause in clauses(pieces, folded.text)]))
    whole = Clause(pieces, folded.text).without(negated(pieces))
    operations = [one.operation for part in parts for one in part.asked]
    follows = before if before is not None and inherits(whole, operations) else None
    base = follows.lines() if follows is not None else Filter()
    if any(piece.value == "else" for piece in whole.of(Kind.FOLLOW)):
        base = beyond(base)
    if anytime(whole):
        base = replace(base, fields={name: value for name, value in base.fields.items() if name != "window"})
    if parts and (not operations or (follows is not None and not explicit(whole))):
        parts = [replace(parts[0], asked=_carried(whole, follows)), *(replace(part, asked=()) for part in parts[1:])]
    steps: list[Step] = []
    shared = _shared(parts)
    for part in parts:
        base = part.filter.over(shared.over(base))
        for one in part.asked:
            steps += written(one, base, part.clause, before, facts)
        base = replace(base, outcomes=())
    steps = [one for one in steps if not any(_wider(one, other) for other in steps)]
    used = {word for step in steps if step.operation is Operation.SEARCH for word in step.words.split(" ")}
    used |= {step.words for step in steps if step.operation is Operation.EXPLAIN}
    return steps, used, follows is not None and bool(steps)


def _wider(one: Step, other: Step) -> bool:
    """Whether a step is the same as another one but for conditions that were named later in the question."""
    coarser = one.operation is Operation.TIMELINE and one.by is None and replace(other, by=None) == one
    return one != other and (coarser or (one.selector == Selector() and replace(other, selector=Selector()) == one))


def _part(clause: Clause, facts: CaseFacts) -> _Part:
    return _Part(clause, conditions(clause.pieces, facts), asked(clause.without(negated(clause.pieces))))


def _without_greeting(parts: list[_Part]) -> list[_Part]:
    """A greeting beside a question is only polite."""
    others = [part for part in parts if any(one.operation is not Operation.HELP for one in part.asked)]
    if not others:
        return parts
    return [part for part in parts if part in others or not part.asked]


def _in_earnest(parts: list[_Part]) -> list[_Part]:
    """Beside a clause that asks, one that only names things says what is meant; "…, when?" adds nothing to a first."""
    if not any(part.asked and explicit(part.clause) for part in parts):
        return parts
    kept: list[_Part] = []
    ends: set[Operation] = set()
    for part in parts:
        operations = {one.operation for one in part.asked}
        again = bool(ends) and operations == {Operation.FIRST, Operation.LAST}
        mute = again or not explicit(part.clause)
        kept.append(replace(part, asked=()) if mute else part)
        ends |= operations & {Operation.FIRST, Operation.LAST}
    return kept


def _shared(parts: Sequence[_Part]) -> Filter:
    """Conditions of only one clause that hold for all of them."""
    fields: dict[str, tuple[object, ...]] = {}
    for name in SHARED:
        having = [part.filter.fields[name] for part in parts if name in part.filter.fields]
        if len(having) == 1:
            fields[name] = having[0]
    return Filter(fields)


def _carried(whole: Clause, before: Earlier | None) -> tuple[Asked, ...]:
    """What a question asks that only narrows: what was asked before, or for the report of that stretch of time."""
    if before is None:
        unknown = whole.has(Kind.UNKNOWN, Kind.UNREADABLE)
        short = len(whole.pieces) - len(whole.of(Kind.BREAK)) <= _BARE_TIME
        return (Asked(Operation.REPORT),) if whole.has(Kind.TIME) and short and not unknown else ()
    wanted = {piece.value for piece in whole.of(Kind.FOLLOW)}
    steps = before.steps
    if "else" in wanted and not any(one.operation in LIMITS or one.operation is Operation.COUNT for one in steps):
        return (Asked(Operation.REPORT),)
    if whole.has(Kind.OUTCOME) and all(one.operation in OUTCOME_FREE for one in steps):
        return (Asked(Operation.OUTCOME),)
    if wanted & {"more", "all"} and not any(one.operation in {Operation.LINES, Operation.TOP} for one in steps):
        return (Asked(Operation.LINES, limit=MOST_ROWS if "all" in wanted else None),)
    if whole.has(Kind.IP, Kind.USER, Kind.PATH) and whole.has(Kind.ORDINAL, Kind.PRONOUN):
        return (Asked(Operation.PROFILE),)
    return tuple(
        Asked(one.operation, one.by, _rows(one, wanted), one.newest, "" if whole.has(Kind.TYPE) else one.words)
        for one in steps
    )


def _rows(step: Step, wanted: set[str]) -> int | None:
    if "all" in wanted:
        return MOST_ROWS
    return (step.limit or LIMITS.get(step.operation, 1)) * 5 if "more" in wanted else step.limit
