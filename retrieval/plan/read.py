"""A folded question cut into pieces, left to right: things with a shape of their own, times, words, and the rest."""

from collections.abc import Iterator

from core.plan import CaseFacts
from retrieval.plan import entities
from retrieval.plan.fold import Folded, is_japanese, is_katakana
from retrieval.plan.lexicon import lexicon
from retrieval.plan.piece import Kind, Piece
from retrieval.plan.times_en import english_time
from retrieval.plan.times_ja import japanese_time

_PUNCTUATION = frozenset(" .,?!;:'\"()[]{}<>「」『』【】《》«»*_=+#^~`…·—-\\/|&%$@")
_STRONG = frozenset("|&$;<>\\{}=`")
"""Signs of programs rather than of questions."""


def pieces_of(folded: Folded, facts: CaseFacts) -> list[Piece]:
    """Every character of the question is in exactly one piece, or is a space or punctuation between them."""
    return list(_joined(folded, facts))


def _joined(folded: Folded, facts: CaseFacts) -> Iterator[Piece]:
    """Unknown characters of one script that stand side by side are one unknown word."""
    unknown: Piece | None = None
    at = 0
    while at < len(folded.text):
        piece = _piece(folded, at, facts)
        if piece is not None and piece.kind is Kind.UNKNOWN and unknown is not None and unknown.end == at:
            unknown = Piece(Kind.UNKNOWN, folded.text[unknown.start : piece.end], unknown.start, piece.end)
            at = piece.end
            continue
        if unknown is not None:
            yield unknown
            unknown = None
        if piece is None:
            at += 1
        elif piece.kind is Kind.UNKNOWN:
            unknown, at = piece, piece.end
        else:
            yield piece
            at = piece.end
    if unknown is not None:
        yield unknown


def _piece(folded: Folded, at: int, facts: CaseFacts) -> Piece | None:
    text = folded.text
    char = text[at]
    if char == " ":
        return None
    word = lexicon().longest(text, at)
    for candidate in _candidates(folded, at, facts):
        # A longer phrase wins ("500番台" over the number in it), and so does a shape over an equally long word.
        if word is None or candidate.end >= word.end:
            return candidate
    if word is not None:
        return word
    if char in _PUNCTUATION:
        return Piece(Kind.UNKNOWN, char, at, at + 1) if char in _STRONG else None
    return Piece(Kind.UNKNOWN, text[at : _word_end(text, at)], at, _word_end(text, at))


def _candidates(folded: Folded, at: int, facts: CaseFacts) -> Iterator[Piece]:
    char = folded.text[at]
    found: list[Piece | None] = []
    if not char.isalnum() or not is_japanese(char):
        found.append(entities.quoted(folded, at))
        found.append(entities.address(folded, at))
        found.append(english_time(folded.text, at))
    found.append(japanese_time(folded.text, at))
    found.append(entities.path(folded, at, facts))
    if char.isascii():
        found.append(entities.number(folded, at))
        found.append(entities.method(folded, at))
        found.append(entities.code(folded, at))
    yield from sorted((one for one in found if one is not None), key=lambda one: -one.end)


def _word_end(text: str, at: int) -> int:
    """Where the unknown word that begins here ends: Latin letters and katakana run on, all else is one by one."""
    end = at + 1
    if is_katakana(text[at]):
        while end < len(text) and is_katakana(text[end]):
            end += 1
    elif not is_japanese(text[at]):
        while end < len(text) and (text[end].isalnum() or text[end] in "_-'@") and not is_japanese(text[end]):
            end += 1
    return end
