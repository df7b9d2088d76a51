"""Which of the things that a sentence names belong to which of its numbers: by clause, the nearest one before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answering.model.tokens import Piece, Token
from core.taxonomy import AttackType

_BREAK = re.compile(
    r"[;:()、。；：（）—–,.!?]|\b(?:and|but|while|whereas|versus|vs|then|with|plus)\b"
    r"|一方|それに対し|および|及び|[とやが](?![っん])",
    re.ASCII,
)
_BETWEEN = re.compile(r"[\s,、/&・と]*(?:and|or|および|及び|や)?[\s]*", re.IGNORECASE | re.ASCII)
_NAMED = (Piece.ADDRESS, Piece.PATH, Piece.USER, Piece.QUOTED, Piece.NAME, Piece.METHOD, Piece.STATUS, Piece.TOOL)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands near a piece: types of its clause, else of the nearest one, and the clause's addresses and names.

    `before` are those of its clause, else of the nearest one before it. `start` is where the clause begins.
    """

    types: frozenset[AttackType]
    names: frozenset[str]
    before: frozenset[str]
    clause: str
    start: int


class Clauses:
    """A text in clauses; names of one kind that are only listed ("A, B and C") stay together."""

    def __init__(self, text: str, tokens: Sequence[Token], known: frozenset[str]) -> None:
        self._text, self._tokens, self._known = text, tokens, known
        self._breaks = [one.start() for one in _BREAK.finditer(text) if not self._inside(one.start(), one.end())]

    def around(self, token: Token) -> Around:
        """What the piece is told of."""
        number = self._number(token.start)
        order = sorted(range(len(self._breaks) + 1), key=lambda one: (one > number, abs(one - number)))
        types = next(filter(None, map(self._types, order)), frozenset[AttackType]())
        earlier = next(filter(None, map(self._names, range(number, -1, -1))), frozenset[str]())
        start = [0, *self._breaks][number]
        return Around(types, self._names(number), earlier, self._clause(number), start)

    def _number(self, place: int) -> int:
        return sum(one <= place for one in self._breaks)

    def _clause(self, number: int) -> str:
        ends = [0, *self._breaks, len(self._text)]
        return self._text[ends[number] : ends[number + 1]]

    def _types(self, number: int) -> frozenset[AttackType]:
        found = (one for one in self._tokens if one.piece is Piece.TYPE and self._number(one.start) == number)
        return frozenset(AttackType(one.value) for one in found)

    def _names(self, number: int) -> frozenset[str]:
        found = (one for one in self._tokens if one.piece in _NAMED and self._number(one.start) == number)
        return frozenset(one.value for one in found if one.value in self._known)

    def _inside(self, start: int, end: int) -> bool:
        """Whether a break would cut a piece, or part names that are listed."""
        before = [one for one in self._tokens if one.end <= start]
        after = [one for one in self._tokens if one.start >= end]
        if any(one.start < end and start < one.end for one in self._tokens):
            return True
        if not before or not after or before[-1].piece is not after[0].piece:
            return False
        listed = before[-1].piece in (*_NAMED, Piece.TYPE)
        return listed and bool(_BETWEEN.fullmatch(self._text[before[-1].end : after[0].start]))
