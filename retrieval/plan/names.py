"""Names that only their neighbours tell apart: users, agents, referrers, text to look for, the pages of this case."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.action import Action
from core.dimension import Dimension
from core.plan import CaseFacts
from core.taxonomy import AttackType
from retrieval.plan.fold import Folded
from retrieval.plan.piece import Kind, Piece

_USUAL = frozenset(
    {
        "root",
        "admin",
        "administrator",
        "guest",
        "ubuntu",
        "postgres",
        "mysql",
        "oracle",
        "www-data",
        "git",
        "deploy",
        "test",
        "nobody",
        "ec2-user",
        "pi",
        "ftp",
        "user1",
    }
)
"""Accounts that every guesser tries, named in questions whether the log has them or not."""

_NAMED = frozenset({"named", "called", "name", "is", "名が", "が", "は", "名", "「", "the", "=", "as", "の"})
_LOGIN = re.compile(r"login|log-in|signin|sign-in|logon|/auth|/session", re.IGNORECASE)
_ADMIN = re.compile(r"admin|manage|console|dashboard", re.IGNORECASE)
_UNNAMED = frozenset({Kind.UNKNOWN, Kind.CODE, Kind.RAW})
_MARKED = {
    Dimension.USER: Kind.USER, Dimension.AGENT: Kind.AGENT, Dimension.REFERRER: Kind.REFERRER,
    Dimension.DOMAIN: Kind.UNKNOWN,
}  # fmt: skip


_COLUMNS: dict[str, Kind] = {
    Dimension.AGENT: Kind.AGENT, Dimension.REFERRER: Kind.REFERRER, Dimension.USER: Kind.USER, Dimension.PATH: Kind.URL,
}  # fmt: skip
_NOUNS = {
    Dimension.IP: Kind.IP, Dimension.USER: Kind.USER, Dimension.PATH: Kind.PATH, Dimension.AGENT: Kind.AGENT,
    Dimension.STATUS: Kind.STATUS, Dimension.METHOD: Kind.METHOD,
}  # fmt: skip


def named(pieces: Sequence[Piece], folded: Folded, facts: CaseFacts) -> list[Piece]:
    """The pieces with the names among them made what they stand for."""
    found = list(pieces)
    _look_for(found, folded)
    _under(found)
    _beside(found, folded)
    known = {name.lower() for name in facts.users} | _USUAL
    agents = {
        part.lower() for agent in facts.agents for part in agent.replace("/", " ").split(" ")[:1] if len(part) > 2
    }
    for at, piece in enumerate(found):
        found[at] = _alone(piece, folded, known, agents, facts)
    _apposed(found)
    return found


def _apposed(pieces: list[Piece]) -> None:
    """ "Status 404", "the address 10.0.0.1": the noun in front of a value only says what it is; so does a page's name."""
    for at, piece in enumerate(pieces[:-1]):
        if piece.kind is Kind.DIMENSION and pieces[at + 1].kind is _NOUNS.get(Dimension(piece.value)):
            pieces[at] = piece.read_as(Kind.FILLER, "any")
    written = any(piece.kind is Kind.PATH and "/" in piece.value and "\n" not in piece.value for piece in pieces)
    for at, piece in enumerate(pieces):
        if written and any(kind is Kind.PAGE for kind, _ in piece.others) and piece.kind in {Kind.PATH, Kind.URL}:
            pieces[at] = piece.read_as(Kind.FILLER, "any")


def _text(folded: Folded, piece: Piece) -> str:
    return folded.cased[piece.start : piece.end]


def _look_for(pieces: list[Piece], folded: Folded) -> None:
    """ "containing X", 「Xを含む」: X is text of the raw line, and a path there is a part of the URL."""
    for at, piece in enumerate(pieces):
        if "contains" not in piece.values(Kind.MARK):
            continue
        japanese = folded.text[piece.start] > "\u3000"
        other = at - 1 if japanese else at + 1
        while not japanese and other < len(pieces) and pieces[other].kind is Kind.FILLER:
            other += 1
        if 0 <= other < len(pieces) and pieces[other].kind is not Kind.QUESTION:
            column = _column(pieces, other if japanese else at)
            if not japanese:
                _join_word(pieces, other, folded)
            pieces[other] = _looked_for(pieces[other], folded)
            if column is not None:
                pieces[other] = pieces[other].read_as(column, pieces[other].value)
            pieces[at] = piece.read_as(Kind.FILLER, "any")


def _column(pieces: list[Piece], at: int) -> Kind | None:
    """What is to contain the text, where a noun says so: "user agents containing X", 「リファラーにXを含む」."""
    for other in range(at - 1, max(at - 4, -1), -1):
        column = _COLUMNS.get(pieces[other].value) if pieces[other].kind is Kind.DIMENSION else None
        if column is not None:
            pieces[other] = pieces[other].read_as(Kind.FILLER, "any")
            return column
    return None


def _join_word(pieces: list[Piece], at: int, folded: Folded) -> None:
    """What is written without a space is one text: "containing etc/passwd"."""
    if pieces[at].kind is Kind.RAW:
        return
    end = folded.text.find(" ", pieces[at].start)
    end = len(folded.text) if end < 0 else end
    last = at
    while last + 1 < len(pieces) and pieces[last + 1].end <= end and pieces[last + 1].kind is not Kind.BREAK:
        last += 1
    if last > at:
        pieces[at : last + 1] = [Piece(Kind.UNKNOWN, "", pieces[at].start, pieces[last].end)]


def _looked_for(piece: Piece, folded: Folded) -> Piece:
    if piece.kind in {Kind.RAW, Kind.IP, Kind.URL, Kind.SOURCE}:
        return piece
    if piece.kind is Kind.PATH:
        return piece.read_as(Kind.URL, _text(folded, piece))
    return piece.read_as(Kind.RAW, _text(folded, piece))


def _under(pieces: list[Piece]) -> None:
    """ "under /admin", 「/admin以下」: every path that begins so."""
    for at, piece in enumerate(pieces):
        if "under" not in piece.values(Kind.MARK):
            continue
        for other in (at - 1, at + 1):
            if 0 <= other < len(pieces) and pieces[other].kind is Kind.PATH and not pieces[other].value.endswith("*"):
                pieces[other] = pieces[other].read_as(Kind.PATH, pieces[other].value + "*")
                pieces[at] = piece.read_as(Kind.FILLER, "any")
                break


def _beside(pieces: list[Piece], folded: Folded) -> None:
    """ "user X", 「Xユーザー」, "user agent X": a word that is nothing by itself is named by the noun beside it."""
    for at, piece in enumerate(pieces):
        marks = [_MARKED[Dimension(one)] for one in piece.values(Kind.DIMENSION) if Dimension(one) in _MARKED]
        marks += [Kind(one) for one in piece.values(Kind.MARK) if one in {"user", "agent", "referrer"}]
        if not marks:
            continue
        names = _names_after(pieces, at, folded) or _name_before(pieces, at, folded)
        for other in names:
            kind = marks[0]
            value = pieces[other].value if pieces[other].kind is Kind.RAW else _text(folded, pieces[other])
            pieces[other] = pieces[other].read_as(kind, value)
        if names or piece.kind is Kind.MARK:
            pieces[at] = piece.read_as(Kind.FILLER, "any")


def _names_after(pieces: Sequence[Piece], at: int, folded: Folded) -> list[int]:
    """Places of the names behind a noun: "users root and alice"."""
    found: list[int] = []
    other = at + 1
    while other < len(pieces):
        if _nameable(pieces[other]):
            found.append(other)
        elif pieces[other].kind is Kind.JOIN and found:
            pass
        elif found or _text(folded, pieces[other]).lower() not in _NAMED or other > at + 2:
            break
        other += 1
    return found


def _nameable(piece: Piece) -> bool:
    return piece.kind in _UNNAMED and all(char.isascii() or char.isalnum() for char in piece.value)


def _name_before(pieces: Sequence[Piece], at: int, folded: Folded) -> list[int]:
    """The place of the name in front of a noun it touches: 「rootユーザー」, "the root account"."""
    touching = at > 0 and pieces[at].start - pieces[at - 1].end <= 1
    if touching and pieces[at - 1].kind in _UNNAMED and pieces[at - 1].value.isascii():
        return [at - 1]
    apart = at > 1 and _text(folded, pieces[at - 1]) in {"の", "という"} and pieces[at - 2].kind in _UNNAMED
    return [at - 2] if apart and pieces[at - 2].value.isascii() else []


def _alone(piece: Piece, folded: Folded, users: set[str], agents: set[str], facts: CaseFacts) -> Piece:
    """A word that this case, or our own vocabulary, knows without a noun beside it."""
    if piece.kind is Kind.PAGE:
        return _page(piece, facts)
    if piece.kind not in {Kind.UNKNOWN, Kind.CODE}:
        return piece
    word = folded.text[piece.start : piece.end].removesuffix("'s")
    if word in users:
        return piece.read_as(Kind.USER, _text(folded, piece).removesuffix("'s"))
    if word in agents:
        return piece.read_as(Kind.AGENT, word)
    if word in set(AttackType):
        return piece.read_as(Kind.TYPE, word)
    if word in set(Action):
        return piece.read_as(Kind.ACTION, word)
    return piece


def _page(piece: Piece, facts: CaseFacts) -> Piece:
    """The case's own paths that look like the page meant; a part of the URL where it has none."""
    piece = replace(piece, others=((Kind.PAGE, piece.value),))
    if piece.value == "top":
        return piece.read_as(Kind.PATH, "/")
    looks = _LOGIN if piece.value == "login" else _ADMIN
    known = sorted({path for path in facts.paths if looks.search(path)})
    return piece.read_as(Kind.PATH, "\n".join(known)) if known else piece.read_as(Kind.URL, piece.value)
