"""A: numbers that are not so, sums that do not add up, and one number in place of another."""

# ruff: noqa: ARG001, ARG005 - every operator is given what any of them needs

from collections.abc import Iterable
from random import Random

from core.dimension import Dimension
from core.draft import Comparator, Draft, DraftFinding, Statement, StatementKind, ValueCount
from models.fakes.lies import edit
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator

_COUNTED = (StatementKind.COUNT, StatementKind.DISTINCT)
_RATES = (StatementKind.RATE, StatementKind.PEAK)
_RANKED = (StatementKind.TOP, StatementKind.PER_VALUE)


def wrong(number: int, random: Random) -> list[int]:
    """Other numbers that look like this one."""
    digits = list(str(number))
    random.shuffle(digits)
    near = (number + 1, number - 1, number + max(1, number // 10), number - max(1, number // 10))
    return [one for one in dict.fromkeys((*near, number * 10, 639, int("".join(digits)))) if one >= 0 and one != number]


def _a1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Also in the text, and with the first address and the text changed to fit."""
    lies: list[Lie] = [*edit.findings(draft, lambda one: ({"count": n} for n in wrong(one.count, random)))]
    lies += edit.statements(draft, _COUNTED, lambda one: ({"number": n} for n in wrong(one.number or 0, random)))
    more = random.choice((1, 2, 10, 639))
    lies += [edit.lines_more(draft, index, more) for index, one in enumerate(draft.findings) if one.source_ips]
    return lies


def _a2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The window's end is the second of a line, which is outside of it; one second later it is inside."""
    lies: list[Lie] = []
    for index, one in enumerate(draft.statements):
        if one.kind is StatementKind.COUNT and one.selector.until is not None and one.number:
            lies.append(edit.statement(draft, index, number=one.number + 1))
            lies.append(edit.statement(draft, index, comparator=Comparator.AT_LEAST, number=one.number + 1))
    return lies


def _a3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    found = edit.of_kind(draft, StatementKind.ABSENCE)
    return [edit.added(draft, one, kind=StatementKind.COUNT, number=n) for one in found for n in (1, 12, 639)]


def _a4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    counts = [one for one in edit.of_kind(draft, StatementKind.COUNT) if one.number]
    nothing = {"kind": StatementKind.ABSENCE, "number": None}
    return [
        *edit.findings(draft, lambda one: ({"count": 0}, {"count": 0, "source_ips": []})),
        *(edit.added(draft, one, **nothing) for one in counts),
        *(edit.added(draft, one, number=0) for one in counts),
    ]


def _first_value(values: list[ValueCount], by: int) -> list[ValueCount]:
    return [ValueCount(value=values[0].value, count=values[0].count + by), *values[1:]]


def _a5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    by = random.choice((1, 3, 100))
    return [
        *edit.findings(draft, lambda one: [{"source_ips": _first_value(one.source_ips, by)}] if one.source_ips else []),
        *edit.statements(draft, _RANKED, lambda one: [{"values": _first_value(one.values, by)}]),
    ]


def _overlapping(values: list[ValueCount]) -> Iterable[dict[str, list[ValueCount]]]:
    if len(values) > 1:
        both = values[0].count + values[1].count
        yield {"values": [ValueCount(value=values[0].value, count=both), *values[1:]]}


def _a6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The lines of the second are counted with the first as well."""
    return [*edit.statements(draft, _RANKED, lambda one: _overlapping(one.values))]


def _a7(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    counts, distinct = edit.of_kind(draft, StatementKind.COUNT), edit.of_kind(draft, StatementKind.DISTINCT)
    pairs = [(a, b) for a in counts for b in distinct if a.selector == b.selector and a.number != b.number]
    lies: list[Lie] = []
    for lines, values in pairs:
        lies.append(edit.added(draft, lines, number=values.number))
        lies.append(edit.added(draft, values, number=lines.number))
    return lies


def _a8(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Lines are called values, and values of one field those of another."""
    others = (Dimension.PATH, Dimension.AGENT, Dimension.USER, Dimension.SOURCE)
    return [
        *edit.statements(draft, (StatementKind.DISTINCT,), lambda one: ({"by": other} for other in others)),
        *edit.statements(
            draft, (StatementKind.COUNT,), lambda _: [{"kind": StatementKind.DISTINCT, "by": Dimension.IP}]
        ),
        *edit.statements(draft, (StatementKind.DISTINCT,), lambda _: [{"kind": StatementKind.COUNT, "by": None}]),
    ]


def _a9(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    sizes = (StatementKind.MEAN_BYTES, StatementKind.MAX_BYTES)
    other = {sizes[0]: sizes[1], sizes[1]: sizes[0]}
    return [
        *edit.statements(draft, sizes, lambda one: [{"kind": other[one.kind]}]),
        *edit.statements(draft, (*sizes, StatementKind.PEAK), lambda one: ({"number": n} for n in _near(one, random))),
    ]


def _near(one: Statement, random: Random) -> list[int]:
    return wrong(one.number or 0, random)


def _a10(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    everything = sum(len(lines) for lines in facts.lines.values())
    shares = (StatementKind.SHARE,)
    return [
        *edit.statements(draft, shares, lambda one: ({"of": n} for n in (everything, *wrong(one.of or 0, random)))),
        *edit.statements(draft, shares, lambda one: [{"number": one.of, "of": one.number}]),
        *edit.statements(draft, shares, lambda one: [{"number": (one.number or 0) + 1, "of": (one.of or 0) + 1}]),
    ]


def _a11(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    others = (Dimension.MINUTE, Dimension.HOUR, Dimension.DAY)
    return [
        *edit.statements(draft, _RATES, lambda one: ({"by": other} for other in others if other != one.by)),
        *edit.statements(draft, _RATES, lambda one: ({"number": n} for n in _near(one, random))),
    ]


def _rounded(one: Statement) -> Iterable[dict[str, object]]:
    number = one.number or 0
    yield {"number": number + 1, "comparator": Comparator.AT_LEAST}
    yield {"number": 1000 * (number // 1000 + 1), "comparator": Comparator.AT_LEAST}
    if number:
        yield {"number": number - 1, "comparator": Comparator.AT_MOST}
    if number % 10:
        yield {"number": number - number % 10}


def _a12(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [*edit.statements(draft, _COUNTED, _rounded)]


def _misranked(one: Statement) -> Iterable[dict[str, object]]:
    if len(one.values) > 1:
        first, second, *others = one.values
        yield {"values": [second, first, *others]}
        yield {"values": [ValueCount(value=second.value, count=first.count), first, *others]}
        yield {"values": one.values[1:]}


def _a13(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [*edit.statements(draft, (StatementKind.TOP,), _misranked)]


def _borrowed(draft: Draft, one: DraftFinding) -> Iterable[dict[str, object]]:
    for other in draft.findings:
        if other.count != one.count:
            yield {"count": other.count}
            yield {name: getattr(other, name) for name in ("count", "source_ips", "first_seen", "last_seen")}


def _a14(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """A number of a sibling: in the field, and in the sentence about another finding."""
    lies: list[Lie] = [*edit.findings(draft, lambda one: _borrowed(draft, one))]
    for one in draft.findings:
        for other in draft.findings:
            if other.count not in _figures(one):
                text = facts.words(f"That makes {other.count} lines.", f"合わせて{other.count}行です。")
                lies.append(edit.saying(draft, text, one.id))
    return lies


def _figures(one: DraftFinding) -> set[int]:
    return {one.count, len(one.source_ips), *(each.count for each in one.source_ips)}


def _a15(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    lies: list[Lie] = []
    for claim, number in facts.earlier:
        for n in wrong(number, random)[:3]:
            text = facts.words(f"As said before, there are {n} lines.", f"先ほど述べたとおり{n}行です。")
            lies.append(edit.saying(draft, text, claim))
    return lies


_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")


def _a16(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """A wrong number in another spelling: in the text, and as text where a number belongs."""
    lies: list[Lie] = []
    for one in draft.findings[:2]:
        n = one.count + random.choice((1, 7, 100))
        spelled = (str(n).translate(_WIDE), str(n).translate(_KANJI), f"{n}.0", f"{n}e0", hex(n), f"{n * 1000:,}")
        lies += [edit.saying(draft, facts.words(f"There are {s} lines.", f"{s}行あります。"), one.id) for s in spelled]
        lies += [edit.written(edit.finding(draft, 0, count=s)) for s in spelled]
    return lies


_D = Decidable.D
COUNTS = (
    Operator("A1", "wrong count", _D, _a1),
    Operator("A2", "a line at the bound of a window counted in", _D, _a2),
    Operator("A3", "nothing turned into a number", _D, _a3),
    Operator("A4", "a number turned into nothing", _D, _a4),
    Operator("A5", "parts that do not make the whole", _D, _a5),
    Operator("A6", "overlapping parts told as parts of a whole", _D, _a6),
    Operator("A7", "lines and different values exchanged", _D, _a7),
    Operator("A8", "another unit", _D, _a8),
    Operator("A9", "wrong mean, largest or peak", _D, _a9),
    Operator("A10", "a share of another whole", _D, _a10),
    Operator("A11", "wrong rate or stretch of time", _D, _a11),
    Operator("A12", "a bound or a rounded number told as exact", _D, _a12),
    Operator("A13", "wrong rank", _D, _a13),
    Operator("A14", "the number of another finding", _D, _a14),
    Operator("A15", "a number of an earlier answer restated wrongly", _D, _a15),
    Operator("A16", "a number in another spelling", _D, _a16),
)
