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

_USUAL = frozenset({
    "root", "admin", "administrator", "guest", "ubuntu", "postgres", "mysql", "oracle", "www-data", "git", "deploy",
    "test", "ec2-user", "pi", "ftp", "user1",
})  # fmt: skip
"""Accounts that every guesser tries, named in questions whether the log has them or not."""

_AMBIGUOUS = frozenset({
    "admin", "administrator", "test", "deploy", "git", "guest", "pi", "backup", "info", "mail", "web", "www", "support",
    "service", "operator", "manager", "user", "data", "demo", "default", "public", "news", "games", "sync", "man",
})  # fmt: skip
"""Accounts whose names are words of their own: names only where names stand."""

_BEFORE_NAMES = frozenset({"as", "for", "by", "did", "does", "about", "was", "is", "has", "with", "user", "account"})
_NAMED = frozenset({"named", "called", "name", "is", "名が", "が", "は", "名", "「", "the", "=", "as", "の"})
_LOGIN = re.compile(r"login|log-in|signin|sign-in|logon|/auth|/session", re.IGNORECASE)
_ADMIN = re.compile(r"admin|manage|console|dashboard", re.IGNORECASE)
_UNNAMED = frozenset({Kind.UNKNOWN, Kind.CODE, Kind.RAW})
_MARKED = {
    Dimension.USER: Kind.USER, Dimension.AGENT: Kind.AGENT, Dimension.REFERRER: Kind.REFERRER,
    Dimension.DOMAIN: Kind.UNKNOWN,
}  # fmt: skip


_CALLED = frozenset({"の", "という", "as", "as a", "as the"})
_SMALL = frozenset({"the", "a", "an", "text", "string", "word", "words", "of"})
_STOPS = frozenset({
    "from", "in", "by", "on", "at", "with", "and", "or", "is", "are", "was", "were", "appears", "appear", "appeared",
    "occurs", "for", "to", "since", "before", "after", "there", "were there", "are there", "of",
})  # fmt: skip
"""Words that end an unquoted text to look for."""

_NO_TEXT = frozenset({Kind.BREAK, Kind.JOIN, Kind.TIME, Kind.IP, Kind.RAW, Kind.QUESTION, Kind.WHEN})
_MESSAGES = frozenset({"accepted password", "failed password", "accepted publickey"})
"""Beginnings of sshd's own messages (auth.c, OpenSSH): in capitals it is the message that is meant."""

_INSIDE = frozenset({"in", "in the", "as", "as a", "as the", "the", "a", "its", "their", "as their", "in their"})
_SHOUTED = 3
_MARKS = 4
_COLUMNS: dict[str, Kind] = {
    Dimension.AGENT: Kind.AGENT, Dimension.REFERRER: Kind.REFERRER, Dimension.USER: Kind.USER, Dimension.PATH: Kind.URL,
}  # fmt: skip
_NOUNS = {
    Dimension.IP: Kind.IP, Dimension.USER: Kind.USER, Dimension.PATH: Kind.PATH, Dimension.AGENT: Kind.AGENT,
    Dimension.STATUS: Kind.STATUS, Dimension.METHOD: Kind.METHOD, Dimension.RULE: Kind.RULE,
}  # fmt: skip


def named(pieces: Sequence[Piece], folded: Folded, facts: CaseFacts) -> list[Piece]:
    """The pieces with the names among them made what they stand for."""
    found = list(pieces)
    _look_for(found, folded)
    _in_column(found, folded)
    _under(found)
    _beside(found, folded)
    known = {name.lower() for name in facts.users} | _USUAL
    agents = {
        part.lower() for agent in facts.agents for part in agent.replace("/", " ").split(" ")[:1] if len(part) > 2
    }
    logins = any(piece.kind is Kind.ACTION for piece in found)
    for at, piece in enumerate(found):
        found[at] = _alone(piece, folded, known, agents, facts, logins or _as_name(found, at, folded))
    _apposed(found)
    return _literal(found, folded)


def _as_name(pieces: Sequence[Piece], at: int, folded: Folded) -> bool:
    """Whether a word stands where names do: "as deploy", "did admin …", 「adminで」."""
    before = _text(folded, pieces[at - 1]).lower() if at else ""
    after = _text(folded, pieces[at + 1]) if at + 1 < len(pieces) else ""
    return (
        before in _BEFORE_NAMES or after in {"で", "が", "は", "の", "から", "として", "について"} or len(pieces) == 1
    )


def _literal(pieces: Sequence[Piece], folded: Folded) -> list[Piece]:
    """Unknown words in capitals (SQLSTATE), and those in front of "error" (PHP Fatal error), are text of the lines."""
    found: list[Piece] = []
    for piece in pieces:
        word = _text(folded, piece)
        if (piece.kind is Kind.ACTION and word[:1].isupper() and word.lower() in _MESSAGES) or (
            piece.kind is Kind.UNKNOWN and len(word) > _SHOUTED and word.isupper() and not folded.cased.isupper()
        ):
            found.append(piece.read_as(Kind.RAW, word))
        elif piece.kind is Kind.STATUS and piece.value == "400-599" and word.isascii() and _capital(found, folded):
            first = piece.start
            while _capital(found, folded):
                first = found.pop().start
            found.append(Piece(Kind.RAW, folded.cased[first : piece.end], first, piece.end))
        else:
            found.append(piece)
    return found


def _capital(pieces: Sequence[Piece], folded: Folded) -> bool:
    last = pieces[-1] if pieces else None
    return last is not None and last.kind is Kind.UNKNOWN and _text(folded, last)[:1].isupper()


def _apposed(pieces: list[Piece]) -> None:
    """The noun in front of a value only says what it is ("status 404"); so does the name of a page beside its path."""
    for at, piece in enumerate(pieces[:-1]):
        if piece.kind is Kind.DIMENSION and pieces[at + 1].kind is _NOUNS.get(Dimension(piece.value)):
            pieces[at] = piece.read_as(Kind.FILLER, "any")
    named = [any(kind is Kind.PAGE for kind, _ in piece.others) for piece in pieces]
    written = any(piece.kind is Kind.PATH and not page for piece, page in zip(pieces, named, strict=True))
    for at, piece in enumerate(pieces):
        if written and named[at] and piece.kind in {Kind.PATH, Kind.URL}:
            pieces[at] = piece.read_as(Kind.FILLER, "any")


def _text(folded: Folded, piece: Piece) -> str:
    return folded.cased[piece.start : piece.end]


def _look_for(pieces: list[Piece], folded: Folded) -> None:
    """ "Containing X", 「Xを含む」: X is text of the raw line, or of what is named before it."""
    at = 0
    while at < len(pieces):
        if "contains" in pieces[at].values(Kind.MARK):
            last = at
            while last + 1 < len(pieces) and "contains" in pieces[last + 1].values(Kind.MARK):
                last += 1
            japanese = folded.text[pieces[at].start] > "\u3000"
            first, end = _before_mark(pieces, at, folded) if japanese else _behind_mark(pieces, last, folded)
            if first < end:
                _make_text(pieces, first, end, first if japanese else at, folded)
                at = max(at, first) if japanese else at
        at += 1


def _in_column(pieces: list[Piece], folded: Folded) -> None:
    """ "'X' in the user agent", "\"X\" as the referrer": quoted text is looked for in the column named behind it."""
    for at, piece in enumerate(pieces):
        if piece.kind is not Kind.RAW:
            continue
        for other in range(at + 1, min(at + 4, len(pieces))):
            column = _COLUMNS.get(pieces[other].value) if pieces[other].kind is Kind.DIMENSION else None
            if column is not None and _text(folded, pieces[at + 1]).lower() in _INSIDE and other > at + 1:
                pieces[at] = piece.read_as(column, piece.value)
                pieces[other] = pieces[other].read_as(Kind.FILLER, "any")
            if column is not None or _text(folded, pieces[other]).lower() not in _INSIDE:
                break


def _behind_mark(pieces: Sequence[Piece], at: int, folded: Folded) -> tuple[int, int]:
    """Places of the text behind "containing": one thing, or words up to a small word."""
    first = at + 1
    while first < len(pieces) and _text(folded, pieces[first]).lower() in _SMALL:
        first += 1
    end = first
    while end < len(pieces) and (end == first or pieces[first].kind is not Kind.RAW) and _of_text(pieces[end], folded):
        end += 1
    return first, end


def _before_mark(pieces: Sequence[Piece], at: int, folded: Folded) -> tuple[int, int]:
    """Places of the text in front of 「を含む」: one thing, or all the Latin words there."""
    if at == 0:
        return 0, 0
    first = at - 1
    if pieces[first].kind is Kind.RAW or not _text(folded, pieces[first]).isascii():
        return first, at
    while first > 0 and pieces[first - 1].kind not in _NO_TEXT and _text(folded, pieces[first - 1]).isascii():
        first -= 1
    return first, at


def _of_text(piece: Piece, folded: Folded) -> bool:
    if piece.kind in _NO_TEXT:
        return piece.kind is Kind.RAW
    return _text(folded, piece).lower() not in _STOPS


def _make_text(pieces: list[Piece], first: int, end: int, mark: int, folded: Folded) -> None:
    """One piece of text in place of several, in the column that a noun before the mark names."""
    column = _column(pieces, mark)
    whole = pieces[first] if end - first == 1 else Piece(Kind.UNKNOWN, "", pieces[first].start, pieces[end - 1].end)
    made = _looked_for(whole, folded)
    pieces[first:end] = [made if column is None else made.read_as(column, made.value)]
    for at, piece in enumerate(pieces):
        if "contains" in piece.values(Kind.MARK) and abs(at - first) <= _MARKS:
            pieces[at] = piece.read_as(Kind.FILLER, "any")


def _column(pieces: list[Piece], at: int) -> Kind | None:
    """What is to contain the text, where a noun says so: "user agents containing X", 「リファラーにXを含む」."""
    for other in range(at - 1, max(at - 4, -1), -1):
        column = _COLUMNS.get(pieces[other].value) if pieces[other].kind is Kind.DIMENSION else None
        if column is not None:
            pieces[other] = pieces[other].read_as(Kind.FILLER, "any")
            return column
    return None


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
    apart = at > 1 and _text(folded, pieces[at - 1]) in _CALLED and pieces[at - 2].kind in _UNNAMED
    return [at - 2] if apart and pieces[at - 2].value.isascii() else []


def _alone(piece: Piece, folded: Folded, users: set[str], agents: set[str], facts: CaseFacts, meant: bool) -> Piece:
    """A word that this case, or our own vocabulary, knows without a noun beside it."""
    if piece.kind is Kind.PAGE:
        return _page(piece, facts)
    if piece.kind not in {Kind.UNKNOWN, Kind.CODE}:
        return piece
    word = folded.text[piece.start : piece.end].removesuffix("'s")
    if word in users and (word not in _AMBIGUOUS or meant):
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
