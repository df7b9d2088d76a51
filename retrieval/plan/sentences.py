"""The sentences and clauses of a question: which are about logs, and where one thing asked ends."""

from collections.abc import Container, Iterable, Iterator, Sequence

from retrieval.plan.clause import Clause, cues
from retrieval.plan.filters import negated
from retrieval.plan.fold import Folded
from retrieval.plan.piece import NARROWING, Kind, Piece

_SUBSTANCE = NARROWING - {Kind.TIME} | {
    Kind.OPERATION, Kind.QUESTION, Kind.DIMENSION, Kind.LINE, Kind.MOST, Kind.COMPARE, Kind.PRONOUN, Kind.ORDINAL,
    Kind.GROUPED, Kind.CODE,
}  # fmt: skip
_UNREAD = frozenset({Kind.UNKNOWN, Kind.UNREADABLE, Kind.REFUSED, Kind.CODE})
_NAMES = frozenset({Kind.IP, Kind.USER, Kind.PATH, Kind.URL, Kind.AGENT})
"""Kinds that a part of the question that is about something else may still name for the rest."""

_INSIDE = frozenset({"か", "や", "も", "とか", "/"})
"""Joints of names, never of questions."""


def about_logs(pieces: Sequence[Piece]) -> list[Piece]:
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


def unread(pieces: Sequence[Piece], kept: Container[Piece], folded: Folded) -> tuple[str, ...]:
    """Words that had no effect: unknown ones, filters nobody can apply, and what stands in a part that was not read."""
    found = [one for one in pieces if one.kind in _UNREAD or (one.kind in NARROWING and one not in kept)]
    if not negated(pieces):
        found += [one for one in pieces if one.kind in {Kind.NOT_BEFORE, Kind.NOT_AFTER}]  # nothing was left out by it
    found.sort(key=lambda one: one.start)
    return tuple(dict.fromkeys(folded.cased[one.start : one.end] for one in found))


def clauses(pieces: list[Piece], text: str) -> list[Clause]:
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
