"""Words whose meaning the rest decides: refused requests, successful logins, numbers that are no status codes."""

from collections.abc import Callable, Sequence

from core.plan import Operation
from retrieval.plan.clause import Clause
from retrieval.plan.filters import negated
from retrieval.plan.fold import Folded
from retrieval.plan.lexicon import lexicon
from retrieval.plan.piece import Kind, Piece

_BOTH_LOGINS = "login_failed,login_succeeded"
_LOGIN = {"succeeded": "login_succeeded", "failed": "login_failed", "blocked,failed,unknown": "login_failed"}
_STATUS = {
    "succeeded": "200-299",
    "failed": "400-599",
    "blocked": "403-403",
    "blocked,failed,unknown": "400-599",
}
_COUNTABLE = frozenset({Kind.STATUS, Kind.TYPE, Kind.METHOD, Kind.ATTACK, Kind.ACTION, Kind.LINE})
_HOSTILE = frozenset({Kind.TYPE, Kind.ATTACK, Kind.ATTACKER})
_COUNTERS = frozenset(
    {"件", "行", "個", "位", "つ", "人", "lines", "ips", "pages", "paths", "users", "rows", "entries"}
)
_REQUESTS = ("request", "リクエスト", "アクセス", "access", "hit", "要求")
_BLOCKING = frozenset({"block", "ban", "ブロック", "遮断", "stop", "stopped", "deny"})
_SAID = ("と聞", "と言", "と質問", "と問", "と思", "という質問", "と答")
_AFTER = ("後", "あと", "after", "following")


def settled(pieces: Sequence[Piece], folded: Folded) -> list[Piece]:
    """The pieces with such words decided, one kind of word after the other."""
    found = list(pieces)
    for decide in _DECISIONS:
        found = decide(found, folded)
    return found


def _numbers(pieces: list[Piece], folded: Folded) -> list[Piece]:
    """ "Top 200", 「500件」: a number of rows that looks like a status code; 「何」 in front of "lines" counts them."""
    found = list(pieces)
    for at, piece in enumerate(pieces):
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        spelled = "" if after is None else folded.text[after.start : after.end]
        numbers = piece.values(Kind.NUMBER)
        if piece.kind is Kind.STATUS and numbers:
            before = at > 0 and pieces[at - 1].kind is Kind.MOST and not _superlative(pieces[at - 1], folded)
            if before or spelled in _COUNTERS:
                found[at] = piece.read_as(Kind.NUMBER, numbers[0])
        elif folded.text[piece.start : piece.end] == "何" and after is not None and after.kind is Kind.LINE:
            found[at] = piece.read_as(Kind.QUESTION, "how_many")
    return found


def _taken_from(pieces: list[Piece], folded: Folded) -> list[Piece]:
    """「404からXの分を除く」: what something is taken from stays; 「10.0.0.1から来た404を除く」 is no such thing."""
    found = list(pieces)
    for at in range(1, len(pieces)):
        spelled = folded.text[pieces[at].start : pieces[at].end]
        if pieces[at].kind is Kind.FILLER and spelled == "から" and pieces[at - 1].kind in _COUNTABLE:
            found[at] = pieces[at].read_as(Kind.FILLER, "among")
    return found


def _superlative(piece: Piece, folded: Folded) -> bool:
    """ "The most 404 responses": a number behind it is no number of rows, as behind "top" and 「上位」."""
    return folded.text[piece.start : piece.end] in {"most", "the most", "最も", "もっとも", "一番", "いちばん", "よく"}


def _speech(pieces: list[Piece], folded: Folded) -> list[Piece]:
    """What somebody is quoted to have said is nothing to look for; the name of a thing in quotes is that thing."""
    found = list(pieces)
    explained = Clause(pieces, folded.text).wants(Operation.EXPLAIN)
    for at, piece in enumerate(pieces):
        if piece.kind is not Kind.RAW:
            continue
        known = lexicon().phrases.get(piece.value.strip().lower(), ())
        if folded.text.startswith(_SAID, piece.end):
            found[at] = piece.read_as(Kind.FILLER, "any")
        elif explained and known and known[0][0] is Kind.TYPE:
            found[at] = piece.read_as(*known[0])
    return found


def _specific(pieces: list[Piece], _: Folded) -> list[Piece]:
    """「500のエラー」, "redirects (302)": a code says which ones of a class are meant, and that no message log is."""
    left_out = negated(pieces)  # "errors other than 404" are all the other errors
    codes = {
        piece.value[:3]
        for at, piece in enumerate(pieces)
        if piece.kind is Kind.STATUS and piece.value[:3] == piece.value[4:] and at not in left_out
    }
    columns = any(piece.kind in {Kind.STATUS, Kind.METHOD, Kind.PATH, Kind.URL} for piece in pieces)
    found = []
    for piece in pieces:
        low, _dash, high = piece.value.partition("-")
        general = piece.kind is Kind.STATUS and low != high and any(low <= code <= high for code in codes)
        login = piece.kind is Kind.ACTION and (
            (piece.value == _BOTH_LOGINS and columns) or (piece.value in _LOGIN.values() and bool(codes))
        )
        found.append(piece.read_as(Kind.LINE, "any") if general or login else piece)
    return found


def _probes(pieces: list[Piece], _: Folded) -> list[Piece]:
    """ "Sensitive files … probed": the verb of one type is no second one."""
    found = list(pieces)
    for at in range(1, len(pieces)):
        if pieces[at].kind is pieces[at - 1].kind is Kind.TYPE and pieces[at].value == "vulnerability_scan":
            found[at] = pieces[at].read_as(Kind.FILLER, "any")
    for at in range(1, len(pieces)):
        before = (found[at - 1].kind, found[at - 1].value) == (Kind.TYPE, "login_after_failures")
        if before and (found[at].kind, found[at].value) == (Kind.OUTCOME, "succeeded"):
            found[at] = found[at].read_as(Kind.FILLER, "any")
    return found


def _endings(pieces: list[Piece], folded: Folded) -> list[Piece]:
    """ "Did it block …", 「ブロックされた」 ask how it ended; "when was it stopped" asks for the time."""
    clause = Clause(pieces, folded.text)
    found = list(pieces)
    begin = 0
    for at, piece in enumerate(pieces):
        begin = at + 1 if piece.kind is Kind.BREAK else begin
        spelled = clause.spelled(piece)
        if spelled not in _BLOCKING:
            continue
        passive = at + 1 < len(pieces) and clause.spelled(pieces[at + 1]).startswith("され")
        if clause.asks("when") and piece.values(Kind.OPERATION):
            found[at] = piece.read_as(Kind.OPERATION, piece.values(Kind.OPERATION)[0])
        elif clause.asks("when") and spelled == "stopped":
            found[at] = piece.read_as(Kind.OPERATION, Operation.LAST)
        elif passive or (spelled != "stop" and Clause(pieces[begin:], folded.text).yes_or_no):
            found[at] = piece.read_as(Kind.OUTCOME, "blocked")
    return found


def _guessed(pieces: list[Piece], folded: Folded) -> list[Piece]:
    """ "Logged in after failures", 「失敗後のログイン成功」, however it is put: one type of its own."""
    failed = [at for at, one in enumerate(pieces) if one.value in {"failed", "login_failed"}]
    succeeded = [at for at, one in enumerate(pieces) if one.value in {"succeeded", "login_succeeded", _BOTH_LOGINS}]
    for fail in failed:
        for success in succeeded:
            first, last = sorted((fail, success))
            between = folded.text[pieces[first].end : pieces[last].start]
            japanese = fail < success and any(word in between for word in _AFTER[:2])
            english = success < fail and any(word in between for word in _AFTER[2:])
            if japanese or english or (fail < success and "after" in between and last - first <= _NEAR):
                kept = [one for at, one in enumerate(pieces) if at not in {*failed, *succeeded} or at == first]
                return [
                    Piece(Kind.TYPE, "login_after_failures", one.start, pieces[last].end)
                    if one is pieces[first]
                    else one
                    for one in kept
                ]
    return list(pieces)


_NEAR = 4


def _logins(pieces: list[Piece], _: Folded) -> list[Piece]:
    """ "Did root's login succeed": the outcome of a login is an action of its own."""
    logins = [
        piece for piece in pieces if piece.kind is Kind.ACTION and piece.value in {_BOTH_LOGINS, "login_succeeded"}
    ]
    ends = [piece for piece in pieces if piece.kind is Kind.OUTCOME and piece.value in _LOGIN]
    user = any(piece.kind is Kind.USER for piece in pieces) and not any(piece.kind in _HOSTILE for piece in pieces)
    if not logins and ends and user and not any(piece.kind is Kind.ACTION for piece in pieces):
        logins = ends  # "root's failures"
    if not logins or not ends:
        return list(pieces)
    action = _LOGIN[ends[0].value]
    found = [piece.read_as(Kind.ACTION, action) if piece in logins else piece for piece in pieces]
    return [piece.read_as(Kind.FILLER, "any") if piece in ends else piece for piece in found]


def _requests(pieces: list[Piece], folded: Folded) -> list[Piece]:
    """ "Requests that were refused": of plain requests it is the status that says so."""
    requests = any(
        piece.kind is Kind.METHOD
        or (piece.kind is Kind.LINE and folded.text.startswith(_REQUESTS, piece.start, piece.end))
        for piece in pieces
    )
    if not requests or any(piece.kind in _HOSTILE for piece in pieces):
        return list(pieces)
    return [
        piece.read_as(Kind.STATUS, _STATUS[piece.value])
        if piece.kind is Kind.OUTCOME and piece.value in _STATUS
        else piece
        for piece in pieces
    ]


_DECISIONS: tuple[Callable[[list[Piece], Folded], list[Piece]], ...] = (
    _numbers, _taken_from, _speech, _guessed, _logins, _specific, _probes, _endings, _requests,
)  # fmt: skip
