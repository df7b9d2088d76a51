"""Times of a text: whether a claim states them, and as the first or the last one."""

import re

from answering.model import moments
from answering.model.judge_numbers import CUES
from answering.model.known import Sort
from answering.model.saying import Place, Said, marked, settle, typed
from core.claim import ClaimKind
from core.told import Mark, Span

_FIRST = re.compile(
    r"first|earliest|began|begins|beginning|start(?:ed|s|ing)?|from|since|最初|初回|開始|始ま", re.IGNORECASE | re.ASCII
)
_LAST = re.compile(
    r"\blast\b|latest|ended|ends|ending|until|to\b|till|finished|stopped|最後|最終|終了|終わ", re.IGNORECASE | re.ASCII
)
_ROLE_BEHIND = ((re.compile(r"\s?(?:から|より|に始ま|に開始)"), "first"), (re.compile(r"\s?(?:まで|に終)"), "last"))


def judge_time(place: Place, said: Said) -> Span:
    """A time, as exactly as it is written; the first one is not the last one."""
    found = next((one for one in (each.fullmatch(place.token.value) for each in moments.PATTERNS) if one), None)
    moment = moments.moment_of(found) if found is not None else None
    role = _role(place)
    peak = dict(CUES)[ClaimKind.PEAK].search(place.around.clause) is not None
    near = [one for one in said.known if one.sort is Sort.TIME and (one.role in ("", role) or not role)]
    if peak:
        near = [one for one in near if one.kind is ClaimKind.PEAK] or near
    instants = [(one, moments.instant_of(one.value)) for one in near]
    meant = [one for one, at in instants if moment is not None and at is not None and moment.is_of(at, said.offset)]
    span = settle(
        place,
        (one for one in meant if one.true and typed(one, place, said)),
        (one for one in meant if not one.true),
    )
    fitting = [one for one, _ in instants if one.true and one.role and one.role == role and typed(one, place, said)]
    if span.mark is Mark.UNKNOWN and len({one.value for one in fitting}) == 1 and not place.around.names:
        return marked(place, Mark.WRONG, fitting[0], fitting[0].value)
    return span


def _role(place: Place) -> str:
    """Whether the time is said to be the first or the last one, by the nearest word."""
    behind = next((role for pattern, role in _ROLE_BEHIND if pattern.match(place.text, place.token.end)), "")
    if behind:
        return behind
    ahead = place.text[place.around.start : place.token.start]
    first, last = (max((one.end() for one in each.finditer(ahead)), default=-1) for each in (_FIRST, _LAST))
    return "" if first == last else ("first" if first > last else "last")
