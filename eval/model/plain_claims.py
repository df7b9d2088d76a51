"""Claims that are shown as verified, held against the plain truth."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from core.claim import Claim, ClaimKind, Comparator
from core.dimension import Dimension
from core.draft import StatementKind
from core.selector import Selector
from eval.model import plain_truth as plain
from eval.model.plain_line import PlainLine
from eval.model.plain_statements import FILLS, instant, outcome_of, template
from eval.model.plain_truth import PlainCase, Untold

Check = Callable[[Claim, list[PlainLine], PlainCase], bool]
_K = ClaimKind


def claim_holds(claim: Claim, case: PlainCase) -> bool | None:
    """Whether the claim is true; None where plain lines do not tell it."""
    asked = replace(claim, id="")
    if asked not in case.told:
        try:
            case.told[asked] = _CHECKS[claim.kind](claim, case.of(selection(claim)), case)
        except Untold:
            case.told[asked] = None
    return case.told[asked]


def selection(claim: Claim) -> Selector:
    """The lines a claim is about: those of its type, where it has one."""
    return claim.selector if claim.type is None else replace(claim.selector, types=(claim.type,))


def _value(kind: StatementKind, field: str) -> Check:
    """As the statement of the same name says it in `field`."""

    def check(claim: Claim, lines: list[PlainLine], case: PlainCase) -> bool:
        one = template(kind, by=claim.by, comparator=claim.comparator, **{field: claim.value})
        true = FILLS[kind](one, lines, case)[field]
        if claim.comparator is not Comparator.EXACTLY and isinstance(claim.value, int) and isinstance(true, int):
            return claim.value <= true if claim.comparator is Comparator.AT_LEAST else claim.value >= true
        return instant(_text(true)) == instant(_text(claim.value))

    return check


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _listed(claim: Claim, lines: list[PlainLine], case: PlainCase) -> bool:
    by = Dimension.IP if claim.kind is _K.PER_IP else claim.by
    if by is None:
        raise Untold
    ids = {name: id_ for id_, name in case.files.items()}
    found = dict(plain.values(lines, by, case.offset))
    if by is Dimension.SOURCE:
        found = {ids[name]: count for name, count in found.items()}
    told = claim.value if isinstance(claim.value, tuple) else ()
    if claim.kind is _K.PER_VALUE:
        return all(found.get(pair[0], 0) == pair[1] for pair in told)
    if claim.kind is _K.SERIES:
        return [(instant(pair[0]), pair[1]) for pair in told] == [(instant(key), found[key]) for key in sorted(found)]
    return list(told) == list(plain.ranked(found))[: claim.limit if claim.kind is _K.TOP else None]


def _set(claim: Claim, lines: list[PlainLine], _case: PlainCase) -> bool:
    return claim.value == tuple(sorted(plain.values(lines, Dimension.IP)))


def _peak(claim: Claim, lines: list[PlainLine], case: PlainCase) -> bool:
    if claim.by is None:
        raise Untold
    told = claim.value[0] if isinstance(claim.value, tuple) and len(claim.value) == 1 else ("", 0)
    start, number = plain.peak(lines, claim.by, case.offset)
    return instant(str(told[0])) == instant(start) and told[1] == number


def _other(claim: Claim, case: PlainCase) -> list[PlainLine]:
    if claim.against is None:
        raise Untold
    return case.of(claim.against)


def _two(claim: Claim, lines: list[PlainLine], case: PlainCase) -> bool:
    other = _other(claim, case)
    places = {(line.file, line.number) for line in other}
    both = sum((line.file, line.number) in places for line in lines)
    return claim.value == (("", both if claim.kind is _K.SHARE else len(lines)), ("against", len(other)))


def _outcome(claim: Claim, _lines: list[PlainLine], case: PlainCase) -> bool:
    asked = {name: getattr(selection(claim), name) for name in Selector.__slots__}
    return claim.value == outcome_of(asked, case)


def _absence(claim: Claim, lines: list[PlainLine], case: PlainCase) -> bool:
    return not lines and case.collected(claim.selector)


def _quote(claim: Claim, lines: list[PlainLine], case: PlainCase) -> bool:
    """The bytes stand in the line, and the line is one of those the claim is about."""
    if claim.ref is None or not isinstance(claim.value, str):
        return False
    line = case.line(case.files.get(claim.ref.source, ""), claim.ref.line)
    if line is None or not any((one.file, one.number) == (line.file, line.number) for one in lines):
        return False
    quoted = bytes.fromhex(claim.value)
    return quoted in line.raw if claim.kind is _K.EXCERPT else quoted == line.raw


_S = StatementKind
_CHECKS: Mapping[ClaimKind, Check] = MappingProxyType(
    {
        _K.COUNT: _value(_S.COUNT, "number"),
        _K.PER_IP: _listed,
        _K.SET: _set,
        _K.FIRST: _value(_S.FIRST, "time"),
        _K.LAST: _value(_S.LAST, "time"),
        _K.TYPE: _value(_S.TYPE, "name"),
        _K.OUTCOME: _outcome,
        _K.QUOTE: _quote,
        _K.DISTINCT: _value(_S.DISTINCT, "number"),
        _K.TOP: _listed,
        _K.SERIES: _listed,
        _K.ABSENCE: _absence,
        _K.COMPARISON: _two,
        _K.PER_VALUE: _listed,
        _K.ONLY: _value(_S.ONLY, "name"),
        _K.DURATION: _value(_S.DURATION, "number"),
        _K.GAP: _value(_S.GAP, "number"),
        _K.PEAK: _peak,
        _K.RATE: _value(_S.RATE, "number"),
        _K.SHARE: _two,
        _K.BYTES: _value(_S.BYTES, "number"),
        _K.MEAN_BYTES: _value(_S.MEAN_BYTES, "number"),
        _K.MAX_BYTES: _value(_S.MAX_BYTES, "number"),
        _K.ORDER: lambda claim, lines, case: claim.value == plain.order(lines, _other(claim, case)),
        _K.SEQUENCE: lambda claim, lines, case: claim.value == plain.sequence(lines, _other(claim, case)),
        _K.TECHNIQUE: _value(_S.TECHNIQUE, "name"),
        _K.NETWORK: _value(_S.NETWORK, "name"),
        _K.EXCERPT: _quote,
    }
)
