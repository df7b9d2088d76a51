"""Statements of a draft held against the plain truth: what each would have to say, and whether it says so."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from core.claim import Comparator
from core.dimension import Dimension
from core.draft import Statement, StatementKind, ValueCount
from core.draft_selector import draft_of
from core.selector import Selector
from eval.model import plain_truth as plain
from eval.model.plain_line import PlainLine
from eval.model.plain_truth import PlainCase, Untold

Fields = dict[str, object]
Fill = Callable[[Statement, list[PlainLine], PlainCase], Fields]
_K = StatementKind


def filled(one: Statement, case: PlainCase) -> Statement:
    """The statement with true values: a list keeps its names, `top` its length; `Untold` where there is no truth."""
    lines = case.of(one.selector)
    return one.model_copy(update={"comparator": Comparator.EXACTLY, **FILLS[one.kind](one, lines, case)})


def holds(one: Statement, case: PlainCase) -> bool | None:
    """Whether the statement is true; None where plain lines do not tell it."""
    try:
        true = filled(one, case)
    except Untold:
        return None
    if one.comparator is not Comparator.EXACTLY and one.number is not None and true.number is not None:
        bound = one.number <= true.number if one.comparator is Comparator.AT_LEAST else one.number >= true.number
        return bound and _same(one, true.model_copy(update={"number": one.number}))
    return _same(one, true)


def _same(one: Statement, true: Statement) -> bool:
    fields = ("number", "of", "name", "complete")
    same = all(getattr(one, name) == getattr(true, name) for name in fields)
    listed = [(each.value, each.count) for each in one.values] == [(each.value, each.count) for each in true.values]
    return same and listed and instant(one.time) == instant(true.time)


def instant(text: str | None) -> object:
    """The instant that a text is, the text itself where it is none."""
    try:
        time = None if text is None else datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if time is None or time.tzinfo is None else time.astimezone(UTC)


def template(kind: StatementKind, **given: object) -> Statement:
    """A statement whose values are still to be filled in."""
    fields: Fields = dict.fromkeys(Statement.model_fields) | {
        "id": "s1",
        "kind": kind,
        "selector": draft_of(Selector(), {}),
        "comparator": Comparator.EXACTLY,
        "values": [],
        "complete": False,
    }
    return Statement.model_construct(None, **(fields | given))


def _number(count: Callable[[list[PlainLine]], int]) -> Fill:
    return lambda _one, lines, _case: {"number": count(lines)}


def _by(one: Statement) -> Dimension:
    if one.by is None:
        raise Untold
    return one.by


def _other(one: Statement, case: PlainCase) -> list[PlainLine]:
    if one.against is None:
        raise Untold
    return case.of(one.against)


def _per_value(one: Statement, lines: list[PlainLine], case: PlainCase) -> Fields:
    found = plain.values(lines, _by(one), case.offset)
    names = [each.value for each in one.values]
    told = [ValueCount(value=name, count=found[name]) for name in dict.fromkeys(names)]
    return {"values": told, "complete": one.complete and set(names) == set(found)}


def _top(one: Statement, lines: list[PlainLine], case: PlainCase) -> Fields:
    best = plain.ranked(plain.values(lines, _by(one), case.offset))[: len(one.values)]
    return {"values": [ValueCount(value=name, count=count) for name, count in best]}


def _only(one: Statement, lines: list[PlainLine], case: PlainCase) -> Fields:
    found = plain.values(lines, _by(one), case.offset)
    if len(found) != 1 or sum(found.values()) != len(lines):
        return {"name": f"not only {one.name}"}
    return {"name": next(iter(found))}


def _peak(one: Statement, lines: list[PlainLine], case: PlainCase) -> Fields:
    start, number = plain.peak(lines, _by(one), case.offset)
    return {"number": number, "time": start}


def _share(one: Statement, lines: list[PlainLine], case: PlainCase) -> Fields:
    whole = {(line.file, line.number) for line in _other(one, case)}
    return {"number": sum((line.file, line.number) in whole for line in lines), "of": len(whole)}


def _order(one: Statement, lines: list[PlainLine], case: PlainCase) -> Fields:
    return {"name": None if plain.order(lines, _other(one, case)) == "before" else "not so"}


def _sequence(one: Statement, lines: list[PlainLine], case: PlainCase) -> Fields:
    return {"name": None if plain.sequence(lines, _other(one, case)) == "followed" else "not so"}


def _type(one: Statement, lines: list[PlainLine], _case: PlainCase) -> Fields:
    kinds = plain.kind_of(lines)
    return {"name": one.name if one.name in kinds else "|".join(kinds) or "no type"}


def _technique(one: Statement, lines: list[PlainLine], _case: PlainCase) -> Fields:
    found = {plain.technique(kind) for kind in plain.kind_of(lines)}
    return {"name": one.name if one.name in found else "|".join(sorted(found)) or "no technique"}


def _outcome(one: Statement, _lines: list[PlainLine], case: PlainCase) -> Fields:
    return {"name": outcome_of(one.selector.model_dump(), case)}


def outcome_of(conditions: Mapping[str, object], case: PlainCase) -> str:
    """The outcome of a type in the whole case; `Untold` for any other selection."""
    asked = {name: value for name, value in conditions.items() if value}
    types = asked.pop("types", [])
    if asked or not isinstance(types, (list, tuple)) or len(types) != 1 or str(types[0].value) not in case.outcomes:
        raise Untold
    return case.outcomes[str(types[0].value)]


def _absence(one: Statement, lines: list[PlainLine], case: PlainCase) -> Fields:
    nothing = not lines and case.collected(one.selector)
    return {"name": None if nothing else "present, or nothing collected"}


FILLS: Mapping[StatementKind, Fill] = MappingProxyType(
    {
        _K.COUNT: _number(len),
        _K.DISTINCT: lambda one, lines, case: {"number": len(plain.values(lines, _by(one), case.offset))},
        _K.PER_VALUE: _per_value,
        _K.TOP: _top,
        _K.ONLY: _only,
        _K.FIRST: lambda _one, lines, _case: {"time": plain.times(lines)[0].isoformat()},
        _K.LAST: lambda _one, lines, _case: {"time": plain.times(lines)[-1].isoformat()},
        _K.DURATION: _number(plain.duration),
        _K.GAP: _number(plain.gap),
        _K.PEAK: _peak,
        _K.RATE: lambda one, lines, case: {"number": plain.rate(lines, _by(one), case.offset)},
        _K.SHARE: _share,
        _K.BYTES: _number(lambda lines: sum(plain.sizes(lines))),
        _K.MEAN_BYTES: _number(lambda lines: sum(plain.sizes(lines)) // len(plain.sizes(lines))),
        _K.MAX_BYTES: _number(lambda lines: max(plain.sizes(lines))),
        _K.COMPARE: lambda one, lines, case: {"number": len(lines), "of": len(_other(one, case))},
        _K.ORDER: _order,
        _K.SEQUENCE: _sequence,
        _K.TYPE: _type,
        _K.TECHNIQUE: _technique,
        _K.OUTCOME: _outcome,
        _K.NETWORK: lambda _one, lines, _case: {"name": plain.network(lines)},
        _K.ABSENCE: _absence,
    }
)
