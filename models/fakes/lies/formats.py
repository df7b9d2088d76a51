"""K: units, separators, columns and encodings."""

# ruff: noqa: ARG001, ARG005 - every operator is given what any of them needs

from collections.abc import Iterable
from random import Random

from core.dimension import Dimension
from core.draft import Draft, Statement, StatementKind, ValueCount
from models.fakes.lies import edit
from models.fakes.lies.entities import LISTED
from models.fakes.lies.evidence import citing
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator

_SIZES = (StatementKind.BYTES, StatementKind.MEAN_BYTES, StatementKind.MAX_BYTES)
_SPANS = (StatementKind.DURATION, StatementKind.GAP)


def _scaled(one: Statement, *factors: float) -> Iterable[edit.Changes]:
    number = one.number or 0
    return ({"number": n} for n in dict.fromkeys(int(number * factor) for factor in factors) if n != number)


def _k1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    lies: list[Lie] = [*edit.statements(draft, _SIZES, lambda one: _scaled(one, 8, 1000, 1024, 1 / 8, 1 / 1024))]
    for one in edit.of_kind(draft, StatementKind.BYTES):
        text = facts.words(f"That is {one.number} KB.", f"{one.number}KBです。")
        lies.append(edit.saying(draft, text, one.id))
    return lies


def _k2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [*edit.statements(draft, _SPANS, lambda one: _scaled(one, 1000, 1 / 1000))]


def _k3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    lies: list[Lie] = []
    for one in draft.findings[:3]:
        spelled = (f"{one.count}万", f"{one.count}.000", f"{one.count},000", f"{one.count}k")
        lies += [edit.saying(draft, facts.words(f"There are {n} lines.", f"{n}行あります。"), one.id) for n in spelled]
    return lies + list(edit.findings(draft, lambda one: [{"count": one.count * 10_000}]))


def _k4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Numbers that JSON does not know, that no register holds, and a key that is there twice."""
    if not draft.findings:
        return []
    lies: list[Lie] = [edit.finding(draft, 0, count=n) for n in (-1, 2**63, 2**64, 10**30)]
    marked = edit.written(edit.finding(draft, 0, count="§"))
    again = f'"count": 639, "count": {draft.findings[0].count}'
    last = f'"count": {draft.findings[0].count}, "count": 639'
    lies += [marked.replace('"§"', odd) for odd in ("NaN", "Infinity", "-Infinity", "1e400", "true", "null")]
    return lies + [marked.replace('"count": "§"', twice) for twice in (again, last)]


def _k5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Text read with another encoding."""
    return citing(
        draft,
        lambda found, one: (
            [one.model_copy(update={"quote": odd})]
            for odd in (
                one.quote.replace("-", "窶?", 1),
                one.quote.replace('"', "\u00e2\u20ac\u0153", 1),
                (one.quote + "é").encode().decode("latin-1"),
            )
        ),
    )


_COLUMNS = (Dimension.STATUS, Dimension.METHOD, Dimension.IP, Dimension.PATH, Dimension.USER)


def _k6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The status told as bytes, and the values of one column as those of another."""
    sizes = edit.statements(draft, _SIZES, lambda _: ({"number": n} for n in (200, 404)))
    mixed = edit.statements(draft, LISTED, lambda one: ({"by": by} for by in _COLUMNS if by is not one.by))
    status = edit.statements(
        draft,
        LISTED,
        lambda one: [{"values": [ValueCount(value=str(each.count), count=each.count) for each in one.values]}],
    )
    return [*sizes, *mixed, *status]


_D, _C, _ = Decidable
FORMATS = (
    Operator("K1", "bytes, bits and kilobytes", _D, _k1),
    Operator("K2", "seconds and milliseconds", _C, _k2),
    Operator("K3", "separators of thousands, and 万", _D, _k3),
    Operator("K4", "numbers that are none", _D, _k4),
    Operator("K5", "another encoding", _D, _k5),
    Operator("K6", "one column for another", _D, _k6),
)
