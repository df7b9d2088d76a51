"""Words whose meaning the rest decides: refused requests, successful logins, numbers that are no status codes."""

from collections.abc import Sequence

from retrieval.plan.fold import Folded
from retrieval.plan.piece import Kind, Piece

_BOTH_LOGINS = "login_failed,login_succeeded"
_LOGIN = {"succeeded": "login_succeeded", "failed": "login_failed", "blocked,failed,unknown": "login_failed"}
_ERRORS = "400-599"
_STATUS = {"succeeded": "200-299", "failed": "400-599", "blocked": "403-403"}
_HOSTILE = frozenset({Kind.TYPE, Kind.ATTACK, Kind.ATTACKER})
_COUNTERS = frozenset(
    {"件", "行", "個", "位", "つ", "人", "lines", "ips", "pages", "paths", "users", "rows", "entries"}
)
_REQUESTS = ("request", "リクエスト", "アクセス", "access", "hit", "要求")


def settled(pieces: Sequence[Piece], folded: Folded) -> list[Piece]:
    """The pieces with such words decided."""
    found = [_number(pieces, at, folded) for at in range(len(pieces))]
    hostile = any(piece.kind in _HOSTILE for piece in found)
    found = _specific(_logins(found))
    if not hostile:
        found = _requests(found, folded)
    return found


def _number(pieces: Sequence[Piece], at: int, folded: Folded) -> Piece:
    """ "Top 200", 「500件」: a number of rows that looks like a status code."""
    piece = pieces[at]
    numbers = piece.values(Kind.NUMBER)
    if piece.kind is not Kind.STATUS or not numbers:
        return piece
    after = folded.text[pieces[at + 1].start : pieces[at + 1].end] if at + 1 < len(pieces) else ""
    before = at > 0 and pieces[at - 1].kind is Kind.MOST
    return piece.read_as(Kind.NUMBER, numbers[0]) if before or after in _COUNTERS else piece


def _specific(pieces: Sequence[Piece]) -> list[Piece]:
    """「500のエラー」: a code says which errors are meant."""
    codes = [piece for piece in pieces if piece.kind is Kind.STATUS and piece.value != _ERRORS]
    if not any("400" <= piece.value[:3] < "600" for piece in codes):
        return list(pieces)
    general = (Kind.STATUS, _ERRORS)
    return [piece.read_as(Kind.LINE, "any") if (piece.kind, piece.value) == general else piece for piece in pieces]


def _logins(pieces: Sequence[Piece]) -> list[Piece]:
    """ "Did root's login succeed": the outcome of a login is an action of its own."""
    logins = [piece for piece in pieces if piece.kind is Kind.ACTION and piece.value == _BOTH_LOGINS]
    ends = [piece for piece in pieces if piece.kind is Kind.OUTCOME and piece.value in _LOGIN]
    if not logins or not ends:
        return list(pieces)
    action = _LOGIN[ends[0].value]
    drop = {id(piece) for piece in ends}
    return [
        piece.read_as(Kind.ACTION, action)
        if piece in logins
        else piece.read_as(Kind.FILLER, "any")
        if id(piece) in drop
        else piece
        for piece in pieces
    ]


def _requests(pieces: Sequence[Piece], folded: Folded) -> list[Piece]:
    """ "Requests that were refused": of plain requests it is the status that says so."""
    requests = any(
        piece.kind is Kind.LINE and folded.text[piece.start : piece.end].removesuffix("s").startswith(_REQUESTS)
        for piece in pieces
    )
    if not requests:
        return list(pieces)
    return [
        piece.read_as(Kind.STATUS, _STATUS[piece.value])
        if piece.kind is Kind.OUTCOME and piece.value in _STATUS
        else piece
        for piece in pieces
    ]
