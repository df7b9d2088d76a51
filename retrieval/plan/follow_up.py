"""What a question takes over from the one before it: "it", "those", 「そのIP」, "and yesterday?", "why?"."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.dimension import Dimension
from core.plan import Exchange, Operation, Step
from retrieval.plan.asks import Clause
from retrieval.plan.piece import Kind, Piece

_SUBJECTS = frozenset({
    Kind.TYPE, Kind.ATTACK, Kind.ATTACKER, Kind.HARMLESS, Kind.IP, Kind.PATH, Kind.URL, Kind.USER, Kind.AGENT,
    Kind.REFERRER, Kind.RAW, Kind.STATUS, Kind.METHOD, Kind.ACTION, Kind.DATASET, Kind.SOURCE, Kind.RULE, Kind.PARSE,
    Kind.LINE, Kind.DIMENSION, Kind.TIME,
})  # fmt: skip
_ALONE = frozenset({
    Operation.REPORT, Operation.RESPOND, Operation.COVERAGE, Operation.HELP, Operation.SEARCH, Operation.COMPARE,
})  # fmt: skip
"""Operations that are about the whole case unless the question points back."""

_SLOTS = {"ip": Kind.IP, "ips": Kind.IP, "user": Kind.USER, "path": Kind.PATH}


@dataclass(frozen=True, slots=True)
class Earlier:
    """The exchange a question follows, and the step of it that matters."""

    exchange: Exchange
    step: Step


def earlier(history: Sequence[Exchange]) -> Earlier | None:
    """The newest exchange that was understood and was about lines."""
    for exchange in reversed(history):
        for step in exchange.plan.steps:
            if step.operation not in {Operation.HELP, Operation.COVERAGE}:
                return Earlier(exchange, step)
    return None


def pointed(pieces: Sequence[Piece], before: Earlier | None) -> list[Piece]:
    """Pronouns of one address, user or path made what they stand for, as far as the conversation tells."""
    if before is None:
        return list(pieces)
    found: list[Piece] = []
    for at, piece in enumerate(pieces):
        if piece.kind is Kind.PRONOUN and piece.value in _SLOTS:
            found.append(_named(piece, before) or piece)
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
    noun = next((Dimension(one.value) for one in following if one.kind is Kind.DIMENSION), before.step.by)
    exchange, kind = before.exchange, Kind.IP
    listed: Sequence[str] = exchange.ips
    if noun is Dimension.USER:
        kind, listed = Kind.USER, exchange.users
    elif noun is Dimension.PATH:
        kind, listed = Kind.PATH, exchange.paths
    elif noun is Dimension.TYPE or (noun is None and before.step.operation in {Operation.REPORT, Operation.OUTCOME}):
        kind, listed = Kind.TYPE, exchange.types
    number = int(piece.value)
    at = number - 1 if number > 0 else len(listed) - 1
    return piece.read_as(kind, listed[at]) if 0 <= at < len(listed) else None


def inherits(clause: Clause, operations: Sequence[Operation]) -> bool:
    """Whether the question goes on with the lines of the one before."""
    whole = [piece for piece in clause.of(Kind.PRONOUN) if piece.value in {"it", "type", "time"}]
    if whole or _opened(clause) or clause.has(Kind.FOLLOW):
        return True
    if any(operation in _ALONE for operation in operations):
        return False
    return not clause.has(*_SUBJECTS)


def _opened(clause: Clause) -> bool:
    """Whether it begins with "and", "what about", 「じゃあ」, or narrows with "only", 「だけ」."""
    for at, piece in enumerate(clause.pieces):
        opening = set(piece.values(Kind.FOLLOW)) == {"also"}
        if opening and (at == 0 or clause.spelled(piece) in {"only", "just", "だけ", "のみ", "instead"}):
            return True
    return False
