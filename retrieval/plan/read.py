"""A folded question cut into pieces, left to right: things with a shape of their own, times, words, and the rest."""

from collections.abc import Iterator

from core.plan import CaseFacts
from retrieval.plan import entities
from retrieval.plan.fold import Folded, is_japanese, is_katakana
from retrieval.plan.lexicon import lexicon
from retrieval.plan.piece import Kind, Piece
from retrieval.plan.times_en import english_time
from retrieval.plan.times_ja import japanese_time

JAPANESE_STARTS = frozenset("令平昭直最過こ終末冒初開始ロ〇一二三四五六七八九十午朝夜深夕昼未早明日協世")
"""Characters that a time written in Japanese can begin with, beside digits."""

ADDRESS_STARTS = frozenset("0123456789abcdef:")
OPENING = frozenset("\"'「『«《")

_PUNCTUATION = frozenset(" .,?!;:'\"()[]{}<>「」『』【】《》«»*_=+#^~`…·—-\\/|&%$@")
_STRONG = frozenset("|&$;<>\\{}=`")
"""Signs of programs rather than of questions."""


def pieces_of(folded: Folded, facts: CaseFacts) -> Iterator[Piece]:
    """Every character of the question is in exactly one piece, or is a space or punctuation between them."""
    return _joined(folded, facts)


def _joined(folded: Folded, facts: CaseFacts) -> Iterator[Piece]:
    """Unknown characters of one script that stand side by side are one unknown word."""
    unknown: Piece | None = None
    at = 0
    while at < len(folded.text):
        piece = _piece(folded, at, facts)
        if piece is not None and unknown is not None and unknown.end == at and _compound(folded.text, piece, unknown):
            piece = piece.read_as(Kind.UNKNOWN if _kanji(folded.text, at) else Kind.FILLER, folded.text[at])
        if piece is not None and piece.kind is Kind.UNKNOWN and unknown is not None and unknown.end == at:
            unknown = Piece(Kind.UNKNOWN, folded.text[unknown.start : piece.end], unknown.start, piece.end)
            at = piece.end
            continue
        if unknown is not None:
            yield _inflection(unknown)
            unknown = None
        if piece is None:
            at += 1
        elif piece.kind is Kind.UNKNOWN:
            unknown, at = piece, piece.end
        else:
            yield piece
            at = piece.end
    if unknown is not None:
        yield _inflection(unknown)


def _compound(text: str, piece: Piece, unknown: Piece) -> bool:
    """Whether a one-letter word behind an unknown one is but its end: 「実|行」, 「叩|か|れる」."""
    ending = piece.end - piece.start == 1 and _kanji(text, unknown.end - 1)
    return ending and (_kanji(text, piece.start) or piece.kind is Kind.JOIN) and text[piece.start] not in ",&/"


def _kanji(text: str, at: int) -> bool:
    return 0 <= at < len(text) and "\u4e00" <= text[at] <= "\u9fff"


def _inflection(unknown: Piece) -> Piece:
    """One or two hiragana that are no word by themselves end the word in front of them."""
    ending = unknown.end - unknown.start <= 2 and all("ぁ" <= char <= "ゖ" for char in unknown.value)
    return unknown.read_as(Kind.FILLER, "any") if ending else unknown


def _piece(folded: Folded, at: int, facts: CaseFacts) -> Piece | None:
    text = folded.text
    char = text[at]
    if char == " ":
        return None
    word = _word(text, at)
    for candidate in _candidates(folded, at, facts):
        # A longer phrase wins ("500番台" over the number in it), and so does a shape over an equally long word.
        if word is None or candidate.end >= word.end:
            return candidate
    if word is not None:
        return word
    if char in _PUNCTUATION:
        return Piece(Kind.UNKNOWN, char, at, at + 1) if char in _STRONG else None
    return Piece(Kind.UNKNOWN, text[at : _word_end(text, at)], at, _word_end(text, at))


def _word(text: str, at: int) -> Piece | None:
    """The longest phrase here; Japanese ones give way where a small word and a longer phrase cover more: は|いくつ."""
    word = lexicon().longest(text, at)
    if word is None or word.end - at < 2 or not is_japanese(text[at]):
        return word
    if word.kind is not Kind.FILLER and not text.startswith("って", at):
        return word
    for cut in range(at + 1, word.end):
        short = lexicon().phrases.get(text[at:cut])
        if short is None or short[0][0] is not Kind.FILLER:
            continue
        other = lexicon().longest(text, cut)
        if other is not None and other.end > word.end and other.kind is not Kind.FILLER:
            return Piece(short[0][0], short[0][1], at, cut, short[1:])
    return word


def _candidates(folded: Folded, at: int, facts: CaseFacts) -> Iterator[Piece]:
    """Things with a shape of their own that begin here, the longest first; what cannot begin so is not tried."""
    char = folded.text[at]
    if is_japanese(char):
        found = [japanese_time(folded.text, at)] if char in JAPANESE_STARTS else []
    elif char in OPENING:
        found = [entities.quoted(folded, at)]
    elif char in "/.":
        found = [entities.path(folded, at, facts)]
    elif (char.isalnum() and char.isascii()) or char in ":+-_":
        found = _ascii(folded, at, facts)
    else:
        return
    yield from sorted((one for one in found if one is not None), key=lambda one: -one.end)


def _ascii(folded: Folded, at: int, facts: CaseFacts) -> list[Piece | None]:
    text = folded.text
    before = text[at - 1] if at else " "
    if before.isascii() and (before.isalnum() or before in "._"):
        return [english_time(text, at)]  # "…T22:15Z", "22:15+09:00"
    char = text[at]
    found: list[Piece | None] = [english_time(text, at), entities.path(folded, at, facts), entities.code(folded, at)]
    found.append(entities.domain(folded, at))
    if char.isdigit():
        found += [japanese_time(text, at), entities.number(folded, at)]
    elif char.isalpha():
        found.append(entities.method(folded, at))
        if char in "rhsjap":
            found.append(japanese_time(text, at))
    if char in ADDRESS_STARTS:
        found.append(entities.address(folded, at))
    return found


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
