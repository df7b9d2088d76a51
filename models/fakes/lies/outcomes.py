"""F: what worked, what did not, and how much was taken."""

# ruff: noqa: ARG001 - every operator is given what any of them needs

from collections.abc import Iterable
from random import Random

from core.dimension import Dimension
from core.draft import Draft, Statement, StatementKind, ValueCount
from core.taxonomy import Outcome
from models.fakes.lies import edit
from models.fakes.lies.entities import LISTED
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator

_SIZES = (StatementKind.BYTES, StatementKind.MEAN_BYTES, StatementKind.MAX_BYTES)


def settling(draft: Draft, told: Outcome, *so: Outcome) -> list[Lie]:
    """Findings, and statements, of which one of `so` is true, told as `told`."""
    return [
        *edit.findings(draft, lambda one: [{"outcome": told}] if one.outcome in so else []),
        *edit.statements(draft, (StatementKind.OUTCOME,), lambda one: [{"name": told.value}] if one.name in so else []),
    ]


def _f1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    text = facts.words("The attack succeeded.", "攻撃は成功しました。")
    failed = settling(draft, Outcome.SUCCEEDED, Outcome.FAILED, Outcome.BLOCKED)
    return [*failed, *([edit.saying(draft, text)] if failed else [])]


def _f2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return settling(draft, Outcome.FAILED, Outcome.SUCCEEDED, Outcome.UNKNOWN)


def _f3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return settling(draft, Outcome.SUCCEEDED, Outcome.UNKNOWN)


def _other_class(one: Statement) -> Iterable[edit.Changes]:
    if one.by is Dimension.STATUS and len(one.values) > 1:
        first, second, *others = one.values
        yield {
            "values": [
                ValueCount(value=first.value, count=second.count),
                ValueCount(value=second.value, count=first.count),
                *others,
            ]
        }


def _f4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [*edit.statements(draft, LISTED, _other_class), *settling(draft, Outcome.BLOCKED, Outcome.UNKNOWN)]


def _f5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Failures of one address, followed by what another address did."""
    lies: list[Lie] = []
    for one in edit.of_kind(draft, StatementKind.SEQUENCE):
        for address in facts.strangers[:2]:
            other = one.selector.model_copy(update={"ips": [address], "types": []})
            lies.append(edit.added(draft, one, against=other))
    return lies


def _f6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    sizes = edit.statements(
        draft, _SIZES, lambda one: ({"number": n} for n in ((one.number or 1) * 1024, (one.number or 0) + 1))
    )
    return [*sizes, edit.saying(draft, facts.words("About 250 MB left the server.", "約250MBが持ち出されました。"))]


def _f7(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [
        edit.saying(draft, facts.words(*words))
        for words in (
            ("The customer database was stolen.", "顧客データベースが盗まれました。"),
            ("They obtained root.", "root権限を奪われました。"),
        )
    ]


def _f8(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    others = tuple(one for one in Outcome if one is not Outcome.BLOCKED)
    return settling(draft, Outcome.BLOCKED, *others)


def _f9(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Nothing of that kind, from logs that would not show it."""
    blind = {"datasets": ["linux.audit"], "types": []}
    quiet = [
        edit.added(draft, one, selector=one.selector.model_copy(update=blind))
        for one in edit.of_kind(draft, StatementKind.ABSENCE)
    ]
    return [*quiet, edit.saying(draft, facts.words("There was no impact at all.", "被害は一切ありません。"))]


def _f10(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [edit.saying(draft, facts.words("The proxy answered 200 to it.", "プロキシは200を返しました。"))]


_D, _C, _U = Decidable
OUTCOMES = (
    Operator("F1", "success where it failed", _D, _f1),
    Operator("F2", "failure where it did not", _D, _f2),
    Operator("F3", "an answered request told as success", _C, _f3),
    Operator("F4", "a class of status misread", _D, _f4),
    Operator("F5", "success after failures, of another address", _D, _f5),
    Operator("F6", "wrong volume", _D, _f6),
    Operator("F7", "impact beyond the evidence", _U, _f7),
    Operator("F8", "blocked, though nothing says so", _D, _f8),
    Operator("F9", "no impact, from logs that would not show it", _U, _f9),
    Operator("F10", "the status of another hop", _C, _f10),
)
