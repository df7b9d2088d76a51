"""A clause of a question, and what it may ask for."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from core.dimension import SECONDS, Dimension
from core.plan import Operation
from retrieval.plan.canonical import MOST_ROWS
from retrieval.plan.piece import Kind, Piece

SUBJECTS = frozenset({Kind.IP, Kind.USER, Kind.PATH, Kind.AGENT, Kind.URL})
"""What a profile is of."""

_OWN = {Kind.IP: Dimension.IP, Kind.USER: Dimension.USER, Kind.PATH: Dimension.PATH, Kind.AGENT: Dimension.AGENT}
_YES_OR_NO = frozenset({"is", "are", "was", "were", "did", "does", "do", "has", "have", "had", "can", "could"})

EVENTS = frozenset({Kind.TYPE, Kind.ATTACK, Kind.ATTACKER})
"""What makes a question one about attacks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation with what it needs beside the lines it looks at."""

    operation: Operation
    by: Dimension | None = None
    limit: int | None = None
    newest: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """The pieces of a clause, and the folded text they stand in."""

    pieces: Sequence[Piece]
    text: str

    def spelled(self, piece: Piece) -> str:
        """The word as folded."""
        return self.text[piece.start : piece.end]

    def of(self, *kinds: Kind) -> list[Piece]:
        """The pieces of these kinds, in order."""
        return [piece for piece in self.pieces if piece.kind in kinds]

    def has(self, *kinds: Kind) -> bool:
        """Whether there is a piece of one of these kinds."""
        return any(piece.kind in kinds for piece in self.pieces)

    def without(self, places: Container[int]) -> "Clause":
        """The clause without the pieces at these places."""
        return Clause([piece for at, piece in enumerate(self.pieces) if at not in places], self.text)

    def asks(self, *words: str) -> bool:
        """Whether one of these question words is in it."""
        return any(piece.value in words for piece in self.of(Kind.QUESTION))

    def wants(self, *operations: Operation) -> bool:
        """Whether a word for one of these operations is in it."""
        return any(piece.value in operations for piece in self.of(Kind.OPERATION))

    def dimensions(self) -> list[Dimension]:
        """The nouns lines can be grouped by, in order."""
        return [Dimension(piece.value) for piece in self.of(Kind.DIMENSION)]

    @property
    def yes_or_no(self) -> bool:
        """Whether it begins as English questions for yes or no do."""
        return bool(self.pieces) and self.spelled(self.pieces[0]) in _YES_OR_NO

    @property
    def others(self) -> list[Dimension]:
        """The nouns that are asked for: not "address" in "address 10.0.0.1"."""
        named = {_OWN[piece.kind] for piece in self.pieces if piece.kind in _OWN}
        return [one for one in self.values if one not in named]

    @property
    def values(self) -> list[Dimension]:
        """The nouns that are no stretch of time."""
        return [one for one in self.dimensions() if one not in SECONDS]


def cues(clause: Clause) -> bool:
    """Whether a clause has words that ask, so that it stands on its own beside another one."""
    named = [piece for piece in clause.pieces if piece.kind is not Kind.JOIN]
    if named and named[0].kind is Kind.GROUPED:
        return False  # "…, by number of requests"
    asking = any(piece.value != "exists" for piece in clause.of(Kind.QUESTION))
    return asking or clause.has(Kind.OPERATION, Kind.GROUPED) or (clause.has(Kind.OUTCOME) and not clause.has(*EVENTS))


def limit_of(clause: Clause) -> int | None:
    """The number of rows asked for."""
    numbers = [int(piece.value) for piece in clause.of(Kind.NUMBER)]
    return min(numbers[0], MOST_ROWS) if numbers and numbers[0] > 0 else None
