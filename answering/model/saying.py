"""What a sentence may say, and where a piece of it stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from answering.model import words
from answering.model.clauses import Around
from answering.model.known import Known, Sort
from answering.model.tokens import Piece, Token
from core.claim import ClaimKind
from core.selector import Selector
from core.taxonomy import AttackType
from core.told import Mark, Span

_ANY_WRITING = (Piece.NUMBER, Piece.TIME, Piece.TYPE, Piece.SHARE, Piece.RATIO, Piece.QUOTED, Piece.PATH, Piece.USER)
"""Pieces that may be written in other letters than plain ones; addresses and names of files may not."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence may say: the values of the claims it refers to.

    `complete` are selections of which all addresses are known. `offset` is the log's zone, seconds east of UTC.
    `attacks` are the types that are verified in this case: whoever says that there are none is wrong.
    """

    known: Sequence[Known]
    complete: Mapping[Selector, frozenset[str]]
    offset: int = 0
    attacks: frozenset[AttackType] = frozenset()
    ids: frozenset[str] = frozenset()

    def of(self, *sorts: Sort) -> Iterator[Known]:
        """The true values of some sorts."""
        return (one for one in self.known if one.true and one.sort in sorts)

    def types(self, one: Known) -> frozenset[AttackType]:
        """The types of a value's lines: those that its selector names, or that was verified of it."""
        if one.types:
            return one.types
        same = (each for each in self.of(Sort.TYPE) if each.kind is ClaimKind.TYPE and each.selector == one.selector)
        return frozenset(AttackType(each.value) for each in same)


@dataclass(frozen=True, slots=True)
class Place:
    """A piece where it stands: the flat text, the text as written, and what is around."""

    token: Token
    around: Around
    text: str
    written: str
    tokens: Sequence[Token]

    @property
    def negated(self) -> bool:
        """Whether its clause says "not"."""
        return bool(words.single("negation").search(self.around.clause))


def marked(place: Place, mark: Mark, one: Known | None = None, truth: str = "") -> Span:
    """The piece with a mark, the claim it was compared with and the truth."""
    return Span(place.written, mark, one.claim if one is not None else "", truth)


def unknown(place: Place) -> Span:
    """It could be checked, and nothing states it."""
    return marked(place, Mark.UNKNOWN)


def settle(place: Place, right: Iterable[Known], wrong: Iterable[Known]) -> Span:
    """Verified by the first that is right; else wrong by the first refuted one; else unknown."""
    for one in right:
        if place.written.isascii() or place.token.piece in (
            Piece.NUMBER,
            Piece.TIME,
            Piece.TYPE,
            Piece.SHARE,
            Piece.RATIO,
            Piece.QUOTED,
        ):
            return marked(place, Mark.VERIFIED, one)
    for one in wrong:
        return marked(place, Mark.WRONG, one, one.truth)
    return unknown(place)


def typed(one: Known, place: Place, said: Said) -> bool:
    """Whether the types that stand near are those of the value."""
    near = place.around.types
    return not near or said.types(one) == near


def present(one: Known, place: Place) -> bool:
    """What is stated to be absent may only be named by a sentence that says so."""
    return not one.empty or place.negated or bool(words.single("harmless").search(place.text))
