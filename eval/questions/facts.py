"""Reads out of an answer what it states as verified, in the shape in which the truth of a question is written."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from core.answer import Answer
from core.claim import CheckedClaim, Claim, ClaimKind, VerdictStatus
from core.dimension import Dimension
from core.part import Part

Stated = Callable[[Part], tuple[object, ...]]
"""What a part states of one fact; nothing: it says nothing of it. Several different values are never right."""

Fingerprint = frozenset[tuple[str, str, str, object]]


def verified(claims: Iterable[CheckedClaim]) -> tuple[Claim, ...]:
    """The claims shown as verified."""
    return tuple(one.claim for one in claims if one.verdict.status is VerdictStatus.VERIFIED)


def fingerprint(answer: Answer) -> Fingerprint:
    """Every number and set that is shown as verified, wherever it stands: equal for equal answers.

    Quotes are left out: which of the equal lines are quoted is no number.
    """
    claims = [claim for part in answer.parts for claim in verified(part.claims)]
    return frozenset(
        (claim.kind.value, str(claim.type or ""), str(claim.by or ""), claim.value)
        for claim in claims
        if claim.kind is not ClaimKind.QUOTE
    )


def _headline(part: Part, *kinds: ClaimKind) -> tuple[Claim, ...]:
    """The claims of a kind about the very lines of the step, else the only one of that kind."""
    of_kind = [claim for claim in verified(part.claims) if claim.kind in kinds]
    exact = [claim for claim in of_kind if claim.selector == part.step.selector]
    return tuple(exact or (of_kind if len(of_kind) == 1 else ()))


def _values(part: Part, *kinds: ClaimKind) -> tuple[object, ...]:
    return tuple(dict.fromkeys(claim.value for claim in _headline(part, *kinds)))


def _count(part: Part) -> tuple[object, ...]:
    return _values(part, ClaimKind.COUNT, ClaimKind.ABSENCE)


def _distinct(part: Part) -> tuple[object, ...]:
    """Different values; a set that is spelled out states its size, and nothing at all states 0."""
    sets = [len(value) for value in _values(part, ClaimKind.SET) if isinstance(value, tuple)]
    return _values(part, ClaimKind.DISTINCT) or tuple(sets) or _values(part, ClaimKind.ABSENCE)


def _top(part: Part) -> tuple[object, ...]:
    return _values(part, ClaimKind.TOP)


def _time(kind: ClaimKind) -> Stated:
    return lambda part: tuple(datetime.fromisoformat(str(value)) for value in _values(part, kind))


def _busiest(part: Part) -> tuple[object, ...]:
    """The fullest bucket; of equally full ones the earliest."""
    series = [value for value in _values(part, ClaimKind.SERIES) if isinstance(value, tuple) and value]
    fullest = [max(value, key=lambda one: int(one[1])) for value in series]
    return tuple((datetime.fromisoformat(start), count) for start, count in fullest)


def _compare(part: Part) -> tuple[object, ...]:
    """Lines of both sides, which a comparison states first; of requests they may be fewer than the step's."""
    sides = [claim.value for claim in verified(part.claims) if claim.kind is ClaimKind.COMPARISON]
    return tuple(tuple(pair[1] for pair in value) for value in sides[:1] if isinstance(value, tuple))


def _ips(part: Part) -> tuple[object, ...]:
    """All addresses named as a set, over the whole part: a report names them type by type."""
    sets = [claim.value for claim in verified(part.claims) if claim.kind is ClaimKind.SET]
    tables = [claim.value for claim in verified(part.claims) if _is_table_of_ips(claim)]
    named = [ip for value in sets if isinstance(value, tuple) for ip in value]
    named += [row[0] for value in tables if isinstance(value, tuple) for row in value]
    return (frozenset(named),) if sets or tables else ()


def _is_table_of_ips(claim: Claim) -> bool:
    return claim.kind is ClaimKind.PER_IP or (claim.kind is ClaimKind.TOP and claim.by is Dimension.IP)


def _types(part: Part) -> tuple[object, ...]:
    of_type = [claim.type for claim in verified(part.claims) if claim.kind is ClaimKind.TYPE and claim.type]
    return (frozenset(of_type),) if of_type else ()


def _by_type(kind: ClaimKind) -> Stated:
    def stated(part: Part) -> tuple[object, ...]:
        of_kind = {claim.type: claim.value for claim in verified(part.claims) if claim.kind is kind and claim.type}
        return (of_kind,) if of_kind else ()

    return stated


def _blocked(part: Part) -> tuple[object, ...]:
    blocked = frozenset(address for rule in part.block_rules for address in rule.addresses)
    return (blocked,) if part.block_rules else ()


STATED: Mapping[str, Stated] = {
    "count": _count,
    "distinct": _distinct,
    "top": _top,
    "first": _time(ClaimKind.FIRST),
    "last": _time(ClaimKind.LAST),
    "busiest": _busiest,
    "compare": _compare,
    "ips": _ips,
    "types": _types,
    "counts": _by_type(ClaimKind.COUNT),
    "outcome": _by_type(ClaimKind.OUTCOME),
    "blocked": _blocked,
}
"""How each field of `schema.Values` is read out of a part."""
