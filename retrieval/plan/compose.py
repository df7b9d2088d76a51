"""The built-in planner: fold, cut into pieces, see what is asked, take over what is meant, write steps."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.plan import ANY_ATTACK, LONGEST_QUESTION, CaseFacts, Exchange, Operation, Plan, Reading, Step
from core.selector import Selector
from core.taxonomy import Outcome
from retrieval.plan.asks import asked
from retrieval.plan.canonical import LIMITS, MOST_ROWS, canonical
from retrieval.plan.clause import EVENTS, Asked, Clause, cues
from retrieval.plan.compare import sides
from retrieval.plan.filters import Filter, conditions, negated
from retrieval.plan.fold import Folded, fold, is_japanese
from retrieval.plan.follow_up import Earlier, beyond, earlier, explicit, inherits, pointed
from retrieval.plan.meanings import settled
from retrieval.plan.names import named
from retrieval.plan.piece import NARROWING, Kind, Piece
from retrieval.plan.read import pieces_of
from retrieval.plan.readings import cut_off, readings_of
from retrieval.plan.times import in_time
from retrieval.plan.typos import corrected

MOST_STEPS = 5
MOST_EXPLAINED = 3
_BARE_TIME = 4
_OUTCOME_FREE = frozenset(
    {Operation.PROFILE, Operation.EXPLAIN, Operation.RESPOND, Operation.SEARCH, Operation.COMPARE}
)
_SHARED = frozenset({"window", "datasets", "sources"})
"""Conditions that hold for a whole question wherever in it they stand; all others hold from there on."""

_SUBSTANCE = NARROWING - {Kind.TIME} | {
    Kind.OPERATION, Kind.QUESTION, Kind.DIMENSION, Kind.LINE, Kind.MOST, Kind.COMPARE, Kind.PRONOUN, Kind.ORDINAL,
    Kind.GROUPED, Kind.CODE,
}  # fmt: skip
_ASSUMED_ATTACKS = frozenset({Operation.FIRST, Operation.LAST})
_LOGS = frozenset({"log", "logs", "log line", "log lines", "log entry", "log entries", "ログ", "ログ行", "the logs"})
_UNREAD = frozenset({Kind.UNKNOWN, Kind.UNREADABLE, Kind.REFUSED, Kind.CODE})
_NAMES = frozenset({Kind.IP, Kind.USER, Kind.PATH, Kind.URL, Kind.AGENT})
"""Kinds that a part of the question that is about something else may still name for the rest."""

_INSIDE = frozenset({"か", "や", "も", "とか", "/"})
"""Joints of names, never of questions."""

_LINE_NOUNS = ("行", "line", "request", "log")
_POINTING = frozenset({"ip", "ips", "user", "path"})


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
    whole, pieces = pieces, _about_logs(pieces)
    unread = _unread(whole, pieces, folded)
    if not pieces:
        return Plan((), spoken, (), unread)
    found, used, inherited = _steps(pieces, folded, facts, before)
    steps = tuple(dict.fromkeys(canonical(step) for step in found))[:MOST_STEPS]
    readings = [
        *readings_of(pieces, folded, steps, facts.offset_seconds),
        *(Reading(start, end, "corrected", word) for start, end, word in slips),
        *cut_off(question),
        *([Reading(0, 0, "inherited", before.exchange.question)] if inherited and before is not None else []),
    ]
    unread = tuple(word for word in unread if word not in used)
    return Plan(steps, spoken, tuple(readings) if steps else (), unread)


def _pieces(folded: Folded, facts: CaseFacts, before: Earlier | None) -> list[Piece]:
    about = before.step.selector.since if before else None
    pieces = in_time(pieces_of(folded, facts), folded.text, facts, about)
    return settled(pointed(named(pieces, folded, facts), folded.text, before), folded)


def _about_logs(pieces: Sequence[Piece]) -> list[Piece]:
    """The sentences that are about logs; of one that mostly is not, the parts between commas that are."""
    kept: list[Piece] = []
    orders = any(piece.kind is Kind.REFUSED for piece in pieces)
    for joint, sentence in _parted(pieces, {Kind.BREAK}):
        parts = [sentence]
        if _foreign(sentence) and not any(piece.kind is Kind.REFUSED for piece in sentence):
            parts = [part for _, part in _parted(sentence, {Kind.JOIN})]
        for part in parts:
            if _foreign(part) or (orders and any(piece.kind is Kind.UNKNOWN for piece in part)):
                kept += [piece for piece in part if piece.kind in _NAMES and not orders]
            else:
                kept += part
                if joint is not None:
                    kept.append(joint)
    return kept


def _parted(pieces: Sequence[Piece], kinds: Container[Kind]) -> Iterator[tuple[Piece | None, list[Piece]]]:
    """The pieces cut at joints, each stretch with the joint behind it."""
    part: list[Piece] = []
    for piece in pieces:
        if piece.kind in kinds:
            yield piece, part
            part = []
        else:
            part.append(piece)
    yield None, part


def _foreign(pieces: Iterable[Piece]) -> bool:
    """Whether there is more in it that is foreign to logs than there is about them."""
    known = times = foreign = 0
    for piece in pieces:
        if piece.kind is Kind.REFUSED:
            return True
        if piece.kind is Kind.UNKNOWN:
            foreign += 1
        elif piece.kind is Kind.TIME:
            times += 1
        elif piece.kind in _SUBSTANCE and piece.value not in {"exists", "which"}:
            known += 1
    return foreign > known + (times if known else 0)


def _unread(pieces: Sequence[Piece], kept: Container[Piece], folded: Folded) -> tuple[str, ...]:
    """Words that had no effect: unknown ones, filters nobody can apply, and what stands in a part that was not read."""
    found = [one for one in pieces if one.kind in _UNREAD or (one.kind in NARROWING and one not in kept)]
    return tuple(dict.fromkeys(folded.cased[one.start : one.end] for one in found))


def _steps(
    pieces: list[Piece], folded: Folded, facts: CaseFacts, before: Earlier | None
) -> tuple[list[Step], set[str], bool]:
    """The steps, the unknown words that became part of one, and whether something was taken over."""
    compared = sides(pieces, folded.text, facts, before)
    if compared is not None:
        return [compared], set(), before is not None and compared != sides(pieces, folded.text, facts, None)
    parts = _in_earnest(_without_greeting([_part(clause, facts) for clause in _clauses(pieces, folded.text)]))
    whole = Clause(pieces, folded.text).without(negated(pieces))
    operations = [one.operation for part in parts for one in part.asked]
    follows = before if before is not None and inherits(whole, operations) else None
    base = follows.lines() if follows is not None else Filter()
    if any(piece.value == "else" for piece in whole.of(Kind.FOLLOW)):
        base = beyond(base)
    if parts and (not operations or (follows is not None and not explicit(whole))):
        parts = [replace(parts[0], asked=_carried(whole, follows)), *(replace(part, asked=()) for part in parts[1:])]
    steps: list[Step] = []
    shared = _shared(parts)
    for part in parts:
        base = part.filter.over(shared.over(base))
        for one in part.asked:
            steps += _written(one, base, part.clause, before, facts)
        base = replace(base, outcomes=())
    steps = [one for one in steps if not any(_wider(one, other) for other in steps)]
    used = {word for step in steps if step.operation is Operation.SEARCH for word in step.words.split(" ")}
    used |= {step.words for step in steps if step.operation is Operation.EXPLAIN}
    return steps, used, follows is not None and bool(steps)


def _wider(one: Step, other: Step) -> bool:
    """Whether a step is the same as another one but for conditions that were named later in the question."""
    return one != other and one.selector == Selector() and replace(other, selector=one.selector) == one


def _clauses(pieces: list[Piece], text: str) -> list[Clause]:
    """The question cut where one thing asked ends and the next begins; at an "and" only where both sides ask."""
    clauses: list[Clause] = []
    current: list[Piece] = []
    asking = False
    for joint, part in _stretches(pieces, text):
        asks = cues(Clause(part, text))
        if current and (joint is Kind.BREAK or (asking and asks)):
            clauses.append(Clause(current, text))
            current, asking = [], False
        current.extend(part)
        asking = asking or asks
    return [*clauses, Clause(current, text)] if current else clauses


def _stretches(pieces: Iterable[Piece], text: str) -> Iterator[tuple[Kind | None, list[Piece]]]:
    """The pieces between joints, each with the joint in front of it; an "and" stays with what follows it."""
    joint: Kind | None = None
    part: list[Piece] = []
    for piece in pieces:
        if piece.kind is Kind.BREAK or (piece.kind is Kind.JOIN and text[piece.start : piece.end] not in _INSIDE):
            if part:
                yield joint, part
            joint = Kind.BREAK if Kind.BREAK in {joint if not part else None, piece.kind} else piece.kind
            part = [piece] if piece.kind is Kind.JOIN else []
        else:
            part.append(piece)
    if part:
        yield joint, part


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
    for name in _SHARED:
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
    if whole.has(Kind.OUTCOME) and all(one.operation in _OUTCOME_FREE for one in steps):
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


def _written(one: Asked, base: Filter, clause: Clause, before: Earlier | None, facts: CaseFacts) -> list[Step]:
    """The step of an operation on the lines meant; none where it points at something nobody knows."""
    unresolved = any(piece.value in _POINTING for piece in clause.of(Kind.PRONOUN))
    selector, outcomes = base.selector(), base.outcomes
    if unresolved and selector == Selector():
        return []
    if one.operation is Operation.OUTCOME and (outcomes == (Outcome.SUCCEEDED,) or not _listing(clause)):
        outcomes = ()  # what may have succeeded without anybody knowing belongs to the answer
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
    if one.operation in _OUTCOME_FREE:
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
    behind = zip(named, named[1:], strict=False)
    return any(one.kind is Kind.OUTCOME and other.kind in {*EVENTS, Kind.LINE} for one, other in behind)


def _about_attacks(one: Asked, base: Filter, clause: Clause) -> bool:
    """Bare "when", "from where", "how many" of somebody who was attacked are about the attacks."""
    logs = any(clause.spelled(piece) in _LOGS for piece in clause.pieces)
    if logs or set(base.fields) - _SHARED or clause.has(Kind.LINE, Kind.DIMENSION, Kind.HARMLESS) or base.without:
        return bool(base.outcomes) and "types" not in base.fields and one.operation is not Operation.OUTCOME
    bare_count = (
        one.operation is Operation.COUNT
        and one.by is None
        and not base.fields
        and not any(word in clause.text for word in _LINE_NOUNS)
    )
    pointed_at = one.operation in _ASSUMED_ATTACKS or clause.asks("where", "who")
    return bare_count or pointed_at or bool(base.outcomes)
