"""Numbers, shares and ratios of a text: what they count, of what, and whether it is so."""

import re
from fractions import Fraction

from answering.model import words
from answering.model.known import BYTES, LINES, SECONDS_UNIT, Known, Sort
from answering.model.quantities import FACTOR
from answering.model.saying import Place, Said, marked, settle, typed, unknown
from answering.model.tokens import Piece, Token
from core.claim import ClaimKind, Comparator
from core.told import Mark, Span

CUES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.ASCII))
    for kind, pattern in (
        (ClaimKind.GAP, r"silen|gaps?\b|pause|quiet|interval|空白|間隔|中断|途切"),
        (ClaimKind.DURATION, r"\blast(?:s|ed)\b|duration|took|span|続|にわた|期間|継続"),
        (ClaimKind.PEAK, r"peak|busiest|at most|fullest|ピーク|最多|最も多|集中"),
        (ClaimKind.MEAN_BYTES, r"average|mean|平均"),
        (ClaimKind.MAX_BYTES, r"largest|biggest|maximum|\bmax\b|最大"),
        (ClaimKind.BYTES, r"total|sum|altogether|合計|総"),
    )
)
"""Numbers of one unit that differ in kind have to be called what they are."""
_CUED = frozenset(kind for kind, _ in CUES)


def judge_number(place: Place, said: Said) -> Span:
    """A number: that of a claim which counts the same of the same; wrong where exactly one claim says another."""
    token = place.token
    unit, factor = FACTOR.get(token.unit, (token.unit, 1))
    value = int(token.value) * factor if token.value else None
    near = [one for one in said.known if one.sort is Sort.NUMBER and _unit_fits(unit, one)]
    fitting = [one for one in near if one.true and _fits(one, place, said)]
    right = (one for one in fitting if value is not None and _within(value, int(one.value), token))
    wrong = (one for one in near if not one.true and value is not None and one.value == str(value))
    span = settle(place, right, wrong)
    if span.mark is Mark.VERIFIED and words.turned(place.text, place.token.start, place.token.end):
        return unknown(place)
    truths = {one.value for one in fitting}
    if span.mark is Mark.UNKNOWN and unit and len(truths) == 1 and _bare(place):
        return marked(place, Mark.WRONG, fitting[0], truths.pop())
    return span


def _unit_fits(unit: str, one: Known) -> bool:
    if unit == "values":
        return one.unit not in (LINES, SECONDS_UNIT, BYTES, "") and "/" not in one.unit
    return unit in ("", one.unit)


def _within(value: int, actual: int, token: Token) -> bool:
    if token.bound is Comparator.AT_LEAST:
        return actual > value if token.strictly else actual >= value
    if token.bound is Comparator.AT_MOST:
        return actual < value if token.strictly else actual <= value
    return actual == value


def _fits(one: Known, place: Place, said: Said) -> bool:
    """Whether the number counts what stands around it."""
    if not _owned(one, place):
        return False
    if one.unit not in (LINES, SECONDS_UNIT, BYTES):
        return typed(one, place, said) or one.unit == "types"
    return typed(one, place, said) and _called(one, place, said) and _named(one, place, said)


_BEHIND = re.compile(r"\s?[(（\[:：=]\s?|\s[-–—]\s", re.ASCII)


def _owned(one: Known, place: Place) -> bool:
    """A number right behind an address, as in "203.0.113.7 (12)", is the address's own."""
    before = [each for each in place.tokens if each.end <= place.token.start][-1:]
    behind = any(
        each.piece is Piece.ADDRESS and _BEHIND.fullmatch(place.text[each.end : place.token.start]) for each in before
    )
    return not behind or before[0].value in one.of


def _called(one: Known, place: Place, said: Said) -> bool:
    cues = {kind for kind, pattern in CUES if pattern.search(place.around.clause)}
    if one.kind is ClaimKind.PEAK:
        return ClaimKind.PEAK in cues
    if one.kind is ClaimKind.SERIES:
        return False
    if one.kind not in _CUED:
        return True
    others = {each.kind for each in said.of(Sort.NUMBER) if each.unit == one.unit and each.value != one.value}
    return one.kind in cues if cues & _CUED or others - {one.kind} else True


def _named(one: Known, place: Place, said: Said) -> bool:
    names = place.around.before
    if not one.of <= names:
        return False
    extra = names - one.of - one.among
    return not extra or said.complete.get(one.selector) == extra


def _bare(place: Place) -> bool:
    """Whether nothing else in the clause narrows what is counted."""
    near = (Piece.METHOD, Piece.STATUS, Piece.PATH, Piece.USER, Piece.QUOTED, Piece.TIME, Piece.NAME, Piece.TOOL)
    start, end = place.around.start, place.around.start + len(place.around.clause)
    return not any(start <= one.start < end and one.piece in near for one in place.tokens)


def judge_share(place: Place, said: Said) -> Span:
    """A percentage or part: exactly the share of a claim, as a fraction."""
    part, _, whole = place.token.value.partition("/")
    try:
        share = Fraction(part) / Fraction(whole)
    except (ValueError, ZeroDivisionError):
        return unknown(place)

    def is_it(one: Known) -> bool:
        number, _, of = one.value.partition("/")
        return bool(of) and Fraction(int(number), int(of)) == share

    return settle(
        place,
        (one for one in said.of(Sort.SHARE) if is_it(one)),
        (one for one in said.known if not one.true and one.sort is Sort.SHARE and is_it(one)),
    )


def judge_ratio(place: Place, said: Said) -> Span:
    """How many times as many: exactly the ratio of a comparison."""
    ratio = Fraction(place.token.value)
    sides = [(one, one.value.partition(":")) for one in said.of(Sort.SHARE) if ":" in one.value]
    right = (
        one for one, (here, _, there) in sides if ratio * int(there) == int(here) or ratio * int(here) == int(there)
    )
    return settle(place, right, ())
