"""A model's text as pieces, each with what is known of it, compared with the claims that the text refers to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from answering.model.believe import believe
from answering.model.clauses import Clauses
from answering.model.clean import clean, flat
from answering.model.saying import Place, Said
from answering.model.tokens import Token, tokens_of
from core.told import Mark, Span


@dataclass(frozen=True, slots=True)
class Prose:
    """`removed` are pieces that were more than words."""

    spans: tuple[Span, ...]
    removed: tuple[str, ...] = ()

    @property
    def wrong(self) -> int:
        """Pieces that are not so."""
        return sum(one.mark is Mark.WRONG for one in self.spans)


def prose(text: str, saying: Callable[[frozenset[str]], Said]) -> Prose:
    """The whole text, cleaned; every checkable piece has its mark, whatever stands between them is plain.

    `saying` makes what the text may say of the values that it names.
    """
    cleaned = clean(text)
    plain = flat(cleaned.text)
    tokens = tokens_of(plain)
    said = saying(frozenset(one.value.strip() for one in tokens))
    known = frozenset(value for one in said.known for value in (one.value, *one.of, *one.among))
    clauses = Clauses(plain, tokens, known)
    return Prose(tuple(_spans(cleaned.text, plain, tokens, clauses, said)), cleaned.removed)


def _spans(text: str, plain: str, tokens: Sequence[Token], clauses: Clauses, said: Said) -> Iterator[Span]:
    done = 0
    for token in tokens:
        if done < token.start:
            yield Span(text[done : token.start])
        place = Place(token, clauses.around(token), plain, text[token.start : token.end], tokens)
        yield believe(place, said)
        done = token.end
    if done < len(text):
        yield Span(text[done:])
