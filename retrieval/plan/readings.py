"""How the pieces of a question were understood, for the reader of the plan."""

from collections.abc import Container, Iterator, Sequence
from datetime import datetime, timedelta, timezone

from core.plan import Reading, Step
from retrieval.plan.filters import negated
from retrieval.plan.fold import Folded
from retrieval.plan.piece import NARROWING, Kind, Piece

CODES = frozenset({
    "type", "harmless", "ip", "time", "path", "url", "user", "agent", "referrer", "raw", "status", "method", "action",
    "dataset", "source", "outcome", "rule", "parse", "operation", "by", "without", "inherited", "corrected", "cut",
})  # fmt: skip
"""All codes of readings; `app/` has words for each (`reading.<code>`)."""

_ASKING = {"how_many": "count", "where": "top", "who": "top", "when": "first", "show": "lines"}


def readings_of(pieces: Sequence[Piece], folded: Folded, steps: Sequence[Step], offset: int) -> Iterator[Reading]:
    """The pieces that mattered, in order; times on the wall clock `offset` seconds east of UTC."""
    left_out = negated(pieces)
    planned = {step.operation.value for step in steps}
    for at, piece in enumerate(pieces):
        start, end = folded.span(piece.start, piece.end)
        for code, value in _meant(piece, planned, offset):
            yield Reading(start, end, "without" if at in left_out else code, value)


def _meant(piece: Piece, planned: Container[str], offset: int) -> Iterator[tuple[str, str]]:
    kind, value = piece.kind, piece.value
    if kind in {Kind.ATTACK, Kind.ATTACKER}:
        yield "type", "any"
    elif kind in {Kind.TYPE, Kind.OUTCOME, Kind.ACTION}:
        yield from ((kind.value, one) for one in value.split(","))
    elif kind is Kind.TIME:
        yield "time", "/".join(_clock(one, offset) for one in value.split("/"))
    elif kind is Kind.STATUS:
        low, _, high = value.partition("-")
        yield "status", low if low == high else f"{low[0]}xx" if low[0] == high[0] else f"{low}–{high}"
    elif kind in NARROWING:
        yield kind.value, value.replace("\n", ", ").replace(",", ", ").replace(",  ", ", ")
    elif kind is Kind.DIMENSION:
        yield "by", value
    elif kind is Kind.OPERATION and value in planned:
        yield "operation", value
    elif kind is Kind.QUESTION and _ASKING.get(value, "") in planned:
        yield "operation", _ASKING[value]


def _clock(moment: str, offset: int) -> str:
    """`2026-11-14 22:00:00`; an open end stays empty."""
    if not moment:
        return ""
    return datetime.fromisoformat(moment).astimezone(timezone(timedelta(seconds=offset))).isoformat(" ", "seconds")
