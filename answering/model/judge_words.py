"""Words that say that something worked, is harmless, or is all there is: whether claims of the right kind say so."""

import re

from answering.model import words
from answering.model.known import Sort
from answering.model.saying import Place, Said, marked, typed, unknown
from answering.model.tokens import Piece
from core.claim import ClaimKind
from core.plan import ANY_ATTACK
from core.taxonomy import AttackType, Outcome
from core.told import Mark, Span

_GUESSING = frozenset({AttackType.BRUTE_FORCE, AttackType.CREDENTIAL_STUFFING, AttackType.LOGIN_AFTER_FAILURES})
_LOGIN = re.compile(r"log-?ins?|password|authenticat|sign-?in|ログイン|認証|パスワード", re.IGNORECASE | re.ASCII)


def judge_outcome(place: Place, said: Said) -> Span:
    """Whether it worked, against the verified outcome of the types that stand near."""
    entry = place.token.value
    near = [one for one in said.of(Sort.OUTCOME) if typed(one, place, said)]
    if not near or (entry == Outcome.FAILED and _LOGIN.search(place.around.clause)):
        kinds = {kind for one in said.known if one.true for kind in said.types(one)}
        guessed = entry == Outcome.FAILED and bool(kinds & _GUESSING) and _LOGIN.search(place.around.clause)
        return marked(place, Mark.PLAIN if guessed else Mark.UNKNOWN)
    true = {one.value for one in near}
    if place.negated:
        right = entry not in true and Outcome.UNKNOWN not in true and entry == Outcome.SUCCEEDED
    else:
        right = true == {entry}
    if right:
        return marked(place, Mark.VERIFIED, near[0])
    if place.negated and entry not in true and entry != Outcome.SUCCEEDED:
        return unknown(place)
    return marked(place, Mark.WRONG, near[0], ", ".join(sorted(true)))


def judge_harmless(place: Place, said: Said) -> Span:
    """That there is no attack: wrong where attacks are verified, unless that very absence is claimed and verified."""
    absent = [one for one in said.known if one.true and one.empty]
    near = place.around.types
    for one in absent:
        if one.types and (one.types == near or one.types == frozenset(ANY_ATTACK)):
            return marked(place, Mark.VERIFIED, one)
    if said.attacks:
        return marked(place, Mark.WRONG, None, ", ".join(sorted(kind.value for kind in said.attacks)))
    return unknown(place)


def judge_word(place: Place, said: Said) -> Span:
    """Words such as only, all, most: what they need is in `words.NEEDS`; they are never more than plain."""
    entry = place.token.value
    if entry == "approximate":
        return marked(place, Mark.PLAIN)
    need = words.NEEDS.get(entry)
    if need is None or not need(said.known):
        return unknown(place)
    if entry == "only" and not place.around.names <= _singles(said):
        return unknown(place)
    if entry in ("all", "none") and not _listed(place) <= _whole(place, said):
        return unknown(place)
    return marked(place, Mark.PLAIN)


def _singles(said: Said) -> frozenset[str]:
    """Values that are the only ones."""
    alone = (one for held in said.complete.values() if len(held) == 1 for one in held)
    only = (one.value for one in said.known if one.true and one.kind is ClaimKind.ONLY)
    return frozenset((*alone, *only))


def _listed(place: Place) -> frozenset[str]:
    return frozenset(one.value for one in place.tokens if one.piece is Piece.ADDRESS)


def _whole(place: Place, said: Said) -> frozenset[str]:
    """The addresses of the sentence, where they are all there are."""
    listed = _listed(place)
    return listed if listed in said.complete.values() else frozenset()


def judge_unsure(place: Place, said: Said) -> Span:
    """What can be checked and is not: unknown, but for ids of claims."""
    return marked(place, Mark.PLAIN) if place.token.value in said.ids else unknown(place)
