"""Whether a piece of a text is what the claims say that its sentence refers to: one judge a kind of piece."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from answering.model.judge_names import (
    judge_address,
    judge_code,
    judge_line,
    judge_quoted,
    judge_status,
    judge_text,
    judge_tool,
    judge_type,
)
from answering.model.judge_numbers import judge_number, judge_ratio, judge_share
from answering.model.judge_times import judge_time
from answering.model.judge_words import judge_harmless, judge_outcome, judge_unsure, judge_word
from answering.model.saying import Place, Said
from answering.model.tokens import Piece
from core.told import Span

JUDGES: Mapping[Piece, Callable[[Place, Said], Span]] = MappingProxyType(
    {
        Piece.ADDRESS: judge_address,
        Piece.TIME: judge_time,
        Piece.UNSURE: judge_unsure,
        Piece.CODE: judge_code,
        Piece.SHARE: judge_share,
        Piece.RATIO: judge_ratio,
        Piece.PATH: judge_text,
        Piece.NAME: judge_text,
        Piece.LINE: judge_line,
        Piece.STATUS: judge_status,
        Piece.METHOD: judge_text,
        Piece.TOOL: judge_tool,
        Piece.USER: judge_text,
        Piece.QUOTED: judge_quoted,
        Piece.NUMBER: judge_number,
        Piece.TYPE: judge_type,
        Piece.OUTCOME: judge_outcome,
        Piece.HARMLESS: judge_harmless,
        Piece.WORD: judge_word,
    }
)


def believe(place: Place, said: Said) -> Span:
    """The piece with what is known of it."""
    return JUDGES[place.token.piece](place, said)
