"""Statements of a draft as claims; one that is not of the form of its kind is no statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from answering.claims import iso
from answering.model import limits
from answering.model.selecting import RefusedError, selector_for
from core.claim import Claim, ClaimKind, ClaimValue, Comparator
from core.dimension import SECONDS, Dimension
from core.draft import Statement, StatementKind
from core.line import SourceId
from core.selector import Selector
from core.taxonomy import AttackType

_K = StatementKind
_FIELDS = ("against", "by", "number", "of", "time", "name", "values")
_USED: Mapping[StatementKind, frozenset[str]] = {
    kind: frozenset(names.split())
    for kind, names in {
        _K.COUNT: "number",
        _K.DISTINCT: "by number",
        _K.PER_VALUE: "by values",
        _K.TOP: "by values",
        _K.ONLY: "by name",
        _K.FIRST: "time",
        _K.LAST: "time",
        _K.DURATION: "number",
        _K.GAP: "number",
        _K.PEAK: "by number time",
        _K.RATE: "by number",
        _K.SHARE: "against number of",
        _K.BYTES: "number",
        _K.MEAN_BYTES: "number",
        _K.MAX_BYTES: "number",
        _K.COMPARE: "against number of",
        _K.ORDER: "against",
        _K.SEQUENCE: "against",
        _K.TYPE: "name",
        _K.TECHNIQUE: "name",
        _K.OUTCOME: "name",
        _K.NETWORK: "name",
        _K.ABSENCE: "",
    }.items()
}
_BOUNDED = frozenset({_K.COUNT, _K.DISTINCT, _K.DURATION, _K.GAP, _K.RATE, _K.BYTES, _K.MEAN_BYTES, _K.MAX_BYTES})
_KINDS = {_K.COMPARE: ClaimKind.COMPARISON}
_HUGE = 10**18


@dataclass(frozen=True, slots=True)
class Meaning:
    """What names and clocks of a draft mean: the case's sources by name, and the log's zone in seconds east of UTC."""

    sources: Mapping[str, SourceId]
    offset: int


def claim_of(one: Statement, meaning: Meaning) -> Claim:
    """The claim that a statement makes; raises `RefusedError` (codes of `Struck`).

    A count of nothing is the claim of an absence: it holds only where the logs would show what is missing.
    """
    _formed(one)
    selector = selector_for(one.selector, meaning.sources)
    against = selector_for(one.against, meaning.sources) if one.against is not None else None
    if one.kind is _K.COUNT and one.number == 0:
        if one.comparator is Comparator.AT_LEAST:
            raise RefusedError("vacuous")
        return Claim(one.id, ClaimKind.ABSENCE, None, selector, 0)
    kind = _KINDS.get(one.kind) or ClaimKind(one.kind.value)
    value, limit = _value(one, meaning)
    if one.kind is _K.PER_VALUE and one.complete:
        kind, limit = ClaimKind.TOP, None
    return Claim(
        one.id,
        kind,
        _type(one, selector),
        selector,
        value,
        by=one.by,
        limit=limit,
        against=against,
        comparator=one.comparator,
    )


def _formed(one: Statement) -> None:
    used = _USED[one.kind]
    given = {name for name in _FIELDS if getattr(one, name) not in (None, [])}
    numbers = [number for number in (one.number, one.of, *(each.count for each in one.values)) if number is not None]
    texts = [text for text in (one.name, one.time, *(each.value for each in one.values)) if text is not None]
    good = (
        given == used
        and (not one.complete or one.kind is _K.PER_VALUE)
        and (one.comparator is Comparator.EXACTLY or one.kind in _BOUNDED)
        and len(one.values) <= limits.VALUES
        and all(0 <= number < _HUGE for number in numbers)
        and all(len(text) <= limits.WORD for text in texts)
    )
    if not good:
        raise RefusedError("malformed_statement")


def _type(one: Statement, selector: Selector) -> AttackType | None:
    """An outcome is one of the lines' one attack type."""
    return selector.types[0] if one.kind is _K.OUTCOME and len(selector.types) == 1 else None


def _value(one: Statement, meaning: Meaning) -> tuple[ClaimValue, int | None]:
    made = _VALUES.get(one.kind)
    if made is not None:
        return made(one, meaning)
    return (one.name if one.name is not None else one.number), None


def _pairs(one: Statement, meaning: Meaning) -> tuple[ClaimValue, int | None]:
    rows = [(_named(one.by, each.value, meaning), each.count) for each in one.values]
    if one.kind is _K.PER_VALUE:
        rows.sort(key=lambda row: (-row[1], row[0]))
    return tuple(rows), len(rows)


def _named(by: Dimension | None, value: str, meaning: Meaning) -> str:
    """A value of a table as claims write it."""
    if by is Dimension.SOURCE:
        if value not in meaning.sources:
            raise RefusedError("bad_source")
        return meaning.sources[value]
    return _start(value, by, meaning) if by in SECONDS else value


def _start(text: str, by: Dimension, meaning: Meaning) -> str:
    """The start of a stretch of the log's clock."""
    time = time_of(text)
    if int((time - _EPOCH).total_seconds() + meaning.offset) % SECONDS[by] or time.microsecond:
        raise RefusedError("bad_time")
    return str(iso(time))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def time_of(text: str) -> datetime:
    """A time with a zone, in UTC; raises `RefusedError` (`bad_time`) for one without and for what is none."""
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            raise RefusedError("bad_time")
        return time.astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise RefusedError("bad_time") from fault


def _time(one: Statement, _meaning: Meaning) -> tuple[ClaimValue, int | None]:
    return iso(time_of(one.time or "")), None


def _peak(one: Statement, meaning: Meaning) -> tuple[ClaimValue, int | None]:
    if one.by is None or one.by not in SECONDS:
        raise RefusedError("malformed_statement")
    return ((_start(one.time or "", one.by, meaning), one.number or 0),), None


def _sides(one: Statement, _meaning: Meaning) -> tuple[ClaimValue, int | None]:
    return (("", one.number or 0), ("against", one.of or 0)), None


def _only(one: Statement, meaning: Meaning) -> tuple[ClaimValue, int | None]:
    return _named(one.by, one.name or "", meaning), None


_VALUES: Mapping[StatementKind, Callable[[Statement, Meaning], tuple[ClaimValue, int | None]]] = {
    _K.PER_VALUE: _pairs,
    _K.TOP: _pairs,
    _K.ONLY: _only,
    _K.FIRST: _time,
    _K.LAST: _time,
    _K.PEAK: _peak,
    _K.SHARE: _sides,
    _K.COMPARE: _sides,
    _K.ORDER: lambda _one, _meaning: ("before", None),
    _K.SEQUENCE: lambda _one, _meaning: ("followed", None),
    _K.ABSENCE: lambda _one, _meaning: (0, None),
}
