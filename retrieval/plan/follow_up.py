"""What a question takes over from the one before it: "it", "those", 「そのIP」, "and yesterday?", "why?"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.dimension import Dimension
from core.plan import ANY_ATTACK, Exchange, Operation, Step
from core.selector import Selector
from retrieval.plan.clause import Clause
from retrieval.plan.filters import Filter, filter_of
from retrieval.plan.piece import NARROWING, Kind, Piece

_SUBJECTS = frozenset({
    Kind.TYPE, Kind.ATTACK, Kind.ATTACKER, Kind.HARMLESS, Kind.IP, Kind.PATH, Kind.URL, Kind.USER, Kind.AGENT,
    Kind.REFERRER, Kind.RAW, Kind.STATUS, Kind.METHOD, Kind.ACTION, Kind.DATASET, Kind.SOURCE, Kind.RULE, Kind.PARSE,
    Kind.LINE, Kind.DIMENSION,
})  # fmt: skip
"""What a question of its own is about; a time alone, or a bare "how many", leaves open what of."""

_ALONE = frozenset({
    Operation.REPORT, Operation.RESPOND, Operation.COVERAGE, Operation.HELP, Operation.SEARCH, Operation.COMPARE,
})  # fmt: skip
"""Operations that are about the whole case unless the question points back."""

_OF_ATTACKS = frozenset({Operation.REPORT, Operation.OUTCOME, Operation.RESPOND, Operation.EXPLAIN})
_SLOTS = {"ip": Kind.IP, "ips": Kind.IP, "user": Kind.USER, "path": Kind.PATH}
_ONLY = frozenset({"only", "just", "だけ", "のみ", "instead", "に絞", "絞って", "絞り込", "に限定", "限定", "に限"})
_SWAPPED = frozenset({Kind.TYPE, Kind.IP, Kind.USER, Kind.PATH, Kind.STATUS, Kind.METHOD, Kind.AGENT})
_PARTICLES = frozenset({"は", "って", "なら", "だと", "だったら", "の場合", "の場合は", "については", "では"})
_OBJECTLESS = ("出して", "出した", "受けて", "叩いて", "送って")
"""Verbs that need an object: without one it is that of the question before."""

_IF = ("ると", "すると", "だと", "った場合", "れば", "すれば")
"""「PUTに限ると…」: who narrows so has something before to narrow."""

_ENDS = {"1": Operation.FIRST, "-1": Operation.LAST}
_ELLIPTIC = 3
"""Words of a question that is too short to be one of its own: "which addresses?", 「どのIPから?」."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The exchange a question follows, and its steps about lines; the first of them matters."""

    exchange: Exchange
    steps: tuple[Step, ...]

    @property
    def step(self) -> Step:
        """The step whose lines "it" and "those" are."""
        return self.steps[0]

    def lines(self) -> Filter:
        """The conditions to go on with; after a report they are those of the attacks it told of."""
        selector = self.step.selector
        if self.step.operation in _OF_ATTACKS and not selector.types:
            selector = replace(selector, types=ANY_ATTACK)
        return filter_of(selector, self.step.outcomes)


def earlier(history: Sequence[Exchange]) -> Earlier | None:
    """The newest exchange that was understood and was about lines."""
    for exchange in reversed(history):
        steps = tuple(one for one in exchange.plan.steps if one.operation not in {Operation.HELP, Operation.COVERAGE})
        if steps and not (len(steps) > 1 and all(one.operation is Operation.EXPLAIN for one in steps)):
            return Earlier(exchange, steps)
    return None


def pointed(pieces: Sequence[Piece], text: str, before: Earlier | None) -> list[Piece]:
    """Pronouns of one address, user or path made what they stand for, as far as the conversation tells."""
    if before is None:
        return list(pieces)
    clause = Clause(pieces, text)
    others = clause.wants(Operation.RESPOND, Operation.EXPLAIN, Operation.OUTCOME) or clause.has(Kind.OUTCOME, Kind.IP)
    does = clause.wants(Operation.PROFILE) and not others
    if does and clause.has(Kind.FOLLOW) and not clause.has(*_SUBJECTS, Kind.PRONOUN, Kind.ORDINAL):
        who = _named(Piece(Kind.PRONOUN, "ip", pieces[0].start, pieces[0].start), before)
        pieces = [*pieces, who] if who is not None else pieces
    found: list[Piece] = []
    for at, piece in enumerate(pieces):
        if piece.kind is Kind.ORDINAL and piece.value in _ENDS and clause.asks("when"):
            found.append(piece.read_as(Kind.OPERATION, _ENDS[piece.value]))
        elif piece.kind is Kind.PRONOUN and piece.value in _SLOTS:
            found.append(_named(piece, before) or piece)
        elif piece.kind is Kind.PRONOUN and piece.value == "it" and does:
            found.append(_named(piece.read_as(Kind.PRONOUN, "ip"), before) or piece)
        elif piece.kind is Kind.ORDINAL:
            found.append(_counted(piece, pieces[at + 1 : at + 3], before) or piece)
        else:
            found.append(piece)
    return found


def _named(piece: Piece, before: Earlier) -> Piece | None:
    selector, exchange = before.step.selector, before.exchange
    if piece.value in {"ip", "ips"}:
        all_of_them = selector.ips or exchange.ips
        ips = all_of_them if piece.value == "ips" or len(selector.ips) == 1 else exchange.ips[:1] or selector.ips[:1]
        return piece.read_as(Kind.IP, ",".join(ips)) if ips else None
    if piece.value == "user":
        users = selector.user_contains[:1] or exchange.users[:1]
        return piece.read_as(Kind.USER, users[0]) if users else None
    paths = selector.paths[:1] or exchange.paths[:1]
    return piece.read_as(Kind.PATH, paths[0]) if paths else None


def _counted(piece: Piece, following: Sequence[Piece], before: Earlier) -> Piece | None:
    """ "The second one": of what the last answer listed."""
    listing = next((one for one in before.steps if one.operation is Operation.TOP), before.step)
    noun = next((Dimension(one.value) for one in following if one.kind is Kind.DIMENSION), listing.by)
    exchange, kind = before.exchange, Kind.IP
    listed: Sequence[str] = exchange.ips
    if noun is Dimension.USER:
        kind, listed = Kind.USER, exchange.users
    elif noun is Dimension.PATH:
        kind, listed = Kind.PATH, exchange.paths
    elif noun is Dimension.TYPE or (noun is None and listing.operation in {Operation.REPORT, Operation.OUTCOME}):
        kind, listed = Kind.TYPE, exchange.types
    number = int(piece.value)
    at = number - 1 if number > 0 else len(listed) - 1
    return piece.read_as(kind, listed[at]) if 0 <= at < len(listed) else None


def inherits(clause: Clause, operations: Sequence[Operation]) -> bool:
    """Whether the question goes on with the lines of the one before; one that says all by itself does not."""
    if any(piece.value in {"it", "type", "time"} for piece in clause.of(Kind.PRONOUN)):
        return True
    subject = clause.has(*_SUBJECTS)
    if any(clause.spelled(one) in _ONLY and clause.text.startswith(_IF, one.end) for one in clause.pieces):
        return True
    if opened(clause) and not (subject and explicit(clause)):
        return True
    if any(operation in _ALONE for operation in operations) and explicit(clause):
        return False
    if not subject:
        return True
    if clause.has(Kind.MOST) and any(verb in clause.text for verb in _OBJECTLESS) and not clause.has(*NARROWING):
        return True
    others = clause.has(*(_SUBJECTS - {Kind.DIMENSION}), Kind.MOST, Kind.GROUPED, Kind.TIME)
    return not others and len(clause.pieces) - len(clause.of(Kind.BREAK)) <= _ELLIPTIC


def opened(clause: Clause) -> bool:
    """Whether it begins with "and", "what about", 「じゃあ」, asks for more, or narrows with "only", 「だけ」."""
    for at, piece in enumerate(clause.pieces):
        begins = at == 0 and "also" in piece.values(Kind.FOLLOW)
        narrows = clause.spelled(piece) in _ONLY and not explicit(clause)
        if begins or narrows or (piece.kind is Kind.FOLLOW and piece.value in {"more", "all", "else", "anytime"}):
            return True
    return _swaps(clause)


def _swaps(clause: Clause) -> bool:
    """「XSSは?」, 「10.0.0.1だとどう?」: a value and a particle alone put it in place of the earlier one."""
    narrowing = [piece for piece in clause.pieces if piece.kind in _SWAPPED]
    others = [piece for piece in clause.pieces if piece.kind not in {*_SWAPPED, Kind.FILLER, Kind.BREAK, Kind.FOLLOW}]
    if len(narrowing) != 1 or others:
        return False
    behind = [clause.spelled(piece) for piece in clause.pieces if piece.start >= narrowing[0].end]
    return bool(behind) and behind[0] in _PARTICLES


def anytime(clause: Clause) -> bool:
    """Whether the stretch of time of the question before is given up: 「全期間では?」, "without the time window"."""
    return any("anytime" in piece.values(Kind.FOLLOW) for piece in clause.pieces)


def explicit(clause: Clause) -> bool:
    """Whether the question says what to do with the lines, so that nothing of that is taken over."""
    if any(clause.spelled(piece) in _ONLY for piece in clause.pieces):
        asking = clause.asks("how_many", "when", "where", "who", "how_long")
        return asking or clause.wants(*(set(Operation) - {Operation.LAST}))
    asking = any(piece.value != "exists" for piece in clause.of(Kind.QUESTION))
    return asking or clause.has(Kind.OPERATION, Kind.GROUPED, Kind.MOST, Kind.SEVERAL, Kind.OUTCOME, Kind.COMPARE)


def beyond(base: Filter) -> Filter:
    """ "What else": other attacks than those of before, in the same stretch of time."""
    types, ips = base.fields.get("types", ()), base.fields.get("ips", ())
    fields = {name: value for name, value in base.fields.items() if name not in {"types", "ips"}}
    left_out = []
    if types and types != ANY_ATTACK:
        left_out.append(filter_only("types", types).selector())
    if ips:
        left_out.append(filter_only("ips", ips).selector())
    return Filter(fields, (), tuple(dict.fromkeys((*base.without, *left_out)))) if left_out else base


def filter_only(name: str, values: tuple[object, ...]) -> Filter:
    """A single condition."""
    return Filter({name: values}) if values else filter_of(Selector())
