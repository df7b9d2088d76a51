"""I: samples told as totals, and comparisons that do not hold."""

# ruff: noqa: ARG001 - every operator is given what any of them needs

from collections.abc import Iterable
from random import Random

from core.draft import Draft, Statement, StatementKind
from models.fakes.lies import edit
from models.fakes.lies.entities import LISTED
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator

_PAIRS = (StatementKind.COMPARE, StatementKind.SHARE)


def _i1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """What a tenth of the lines holds, taken times ten."""

    def scaled(number: int) -> Iterable[int]:
        return (n for n in (number // 10 * 10, number * 3, number * 10 // 7) if n != number)

    return [
        *edit.findings(draft, lambda one: ({"count": n} for n in scaled(one.count))),
        *edit.statements(draft, (StatementKind.COUNT,), lambda one: ({"number": n} for n in scaled(one.number or 0))),
    ]


def _i2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """`Most` and `none` in words, and the numbers of a share turned round."""
    words = (("All of it, 100 %.", "すべて、100%です。"), ("None of it, 0 lines.", "まったくなく、0行です。"))
    said = [edit.saying(draft, facts.words(*one)) for one in words]
    rest = edit.statements(draft, (StatementKind.SHARE,), lambda one: [{"number": (one.of or 0) - (one.number or 0)}])
    return [*said, *rest]


def _turned(one: Statement) -> Iterable[edit.Changes]:
    yield {"number": one.of, "of": one.number}
    yield {"number": (one.number or 0) * 3}


def _i3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [*edit.statements(draft, (StatementKind.COMPARE,), _turned)]


def _i4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    lies: list[Lie] = []
    for one in edit.of_kind(draft, StatementKind.COMPARE):
        more = (one.number or 0) // max(1, one.of or 1) + 7
        text = facts.words(f"That is {more} times as many.", f"その{more}倍です。")
        lies.append(edit.saying(draft, text, one.id))
    return lies


def _i5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [
        edit.saying(draft, facts.words("This is far above the usual level.", "これは通常の水準を大きく超えています。"))
    ]


def _i6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [edit.saying(draft, facts.words("It happened because of the last update.", "原因は前回の更新です。"))]


def _i7(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [edit.saying(draft, facts.words("I am 95 % sure of it.", "95%の確信があります。"))]


def _i8(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    def about(one: Statement) -> Iterable[edit.Changes]:
        number = one.number or 0
        yield {"number": number + max(1, number * 2 // 100)}
        yield {"number": number - max(1, number * 2 // 100)}

    values = edit.statements(draft, LISTED, lambda one: [{"values": [*one.values, *one.values[:1]]}])
    return [*edit.statements(draft, (StatementKind.DISTINCT,), about), *values]


_D, _, _U = Decidable
STATISTICS = (
    Operator("I1", "a sample scaled up", _D, _i1),
    Operator("I2", "'most' and 'none'", _D, _i2),
    Operator("I3", "a comparison turned round", _D, _i3),
    Operator("I4", "so many times as many", _D, _i4),
    Operator("I5", "'unusual' without a baseline", _U, _i5),
    Operator("I6", "a cause", _U, _i6),
    Operator("I7", "a probability of the model's own", _U, _i7),
    Operator("I8", "an estimate told as exact", _D, _i8),
)
