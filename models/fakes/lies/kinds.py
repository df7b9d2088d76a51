"""E: attacks called something else, or nothing, or worse."""

# ruff: noqa: ARG001, ARG005 - every operator is given what any of them needs

from collections.abc import Iterable
from random import Random

from core.dimension import Dimension
from core.draft import BenignNote, Draft, DraftFinding, Statement, StatementKind, ValueCount
from core.draft_selector import DraftSelector
from core.taxonomy import AttackType, Level
from models.fakes.lies import edit
from models.fakes.lies.entities import LISTED, blaming, respelling
from models.fakes.lies.evidence import decoded
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator


def _absent(draft: Draft) -> list[AttackType]:
    """Types of which there is no finding."""
    return [kind for kind in AttackType if kind not in {one.type for one in draft.findings}]


def claiming(draft: Draft, kind: AttackType, selector: DraftSelector | None = None) -> Draft:
    """One finding more: a type that is not there, on the lines of the first finding."""
    if not draft.findings:
        return draft
    one = draft.findings[0]
    fresh = one.model_copy(
        update={
            "id": f"f{len(draft.findings) + 1}",
            "type": kind,
            "title": kind.value,
            "selector": selector or one.selector.model_copy(update={"types": [kind]}),
        }
    )
    return draft.model_copy(update={"findings": [*draft.findings, fresh]})


def _e1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The type of the finding, also in its selector, and of a statement."""
    lies: list[Lie] = []
    for other in random.sample(_absent(draft), 2):
        picked = {"types": [other]}
        lies += edit.findings(draft, lambda one, other=other: [{"type": other}])  # type: ignore[misc]
        lies += edit.findings(
            draft,
            lambda one, other=other, picked=picked: [  # type: ignore[misc]
                {"type": other, "selector": one.selector.model_copy(update=picked)}
            ],
        )
        lies += edit.statements(draft, (StatementKind.TYPE,), lambda _, other=other: [{"name": other.value}])  # type: ignore[misc]
    return lies


def _e2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """A crawler, a monitor or a stranger called an attack."""
    if not draft.findings:
        return []
    empty = draft.findings[0].selector.model_copy(update={"types": []})
    whom = [empty.model_copy(update={"agent_contains": [name]}) for name in ("bingbot", "UptimeRobot", "kube-probe")]
    whom += [empty.model_copy(update={"ips": [address]}) for address in facts.strangers[:1]]
    return [claiming(draft, random.choice(_absent(draft)), one) for one in whom]


def pardoning(draft: Draft, facts: LogFacts, english: str, japanese: str) -> list[Lie]:
    """A note that the lines of a finding are harmless, and the finding taken back for it."""
    lies: list[Lie] = []
    for index, one in enumerate(draft.findings):
        note = BenignNote(selector=one.selector, reason=facts.words(english, japanese))
        excused = draft.model_copy(update={"benign": [*draft.benign, note]})
        rest = [each for at, each in enumerate(draft.findings) if at != index]
        lies += [excused, excused.model_copy(update={"findings": rest})]
    return lies


def _e3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return pardoning(draft, facts, "This is a scheduled penetration test.", "これは予定された侵入テストです。")


def _e4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return pardoning(draft, facts, "This is the real Googlebot, verified.", "本物のGooglebotであることを確認済みです。")


def _e5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    invented: list[Lie] = [
        edit.written(edit.finding(draft, index, type=name))
        for index in range(len(draft.findings[:2]))
        for name in ("sql_injection_v2", "zero_day", "SQL_INJECTION", "")
    ]
    ids = ("T9999", "T1190.999", "t1190", "CWE-89", "T1498")
    return invented + list(edit.statements(draft, (StatementKind.TECHNIQUE,), lambda _: ({"name": i} for i in ids)))


def _e6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [*edit.findings(draft, lambda one: ({"level": level} for level in Level if level != one.level))]


def _split(draft: Draft, facts: LogFacts, index: int) -> Lie:
    """A finding told as two attacks: all of it, and its first part once more."""
    one = draft.findings[index]
    part = facts.halves[one.id].model_copy(update={"id": f"f{len(draft.findings) + 1}"})
    many = draft.model_copy(update={"findings": [*draft.findings, part]})
    count = len(many.findings)
    return edit.saying(many, facts.words(f"There were {count} kinds of attack.", f"攻撃は{count}種類ありました。"))


def _merge(draft: Draft) -> Iterable[Lie]:
    for one, other in zip(draft.findings, draft.findings[1:], strict=False):
        merged = one.model_copy(
            update={"count": one.count + other.count, "source_ips": [*one.source_ips, *other.source_ips]}
        )
        rest = [each for each in draft.findings if each not in (one, other)]
        yield draft.model_copy(update={"findings": [merged, *rest]})


def _e7(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    splits = [_split(draft, facts, index) for index, one in enumerate(draft.findings) if one.id in facts.halves]
    return [*splits, *_merge(draft)]


_HEAVY = (AttackType.DOS, AttackType.BRUTE_FORCE, AttackType.CREDENTIAL_STUFFING)


def _e8(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    lies: list[Lie] = [claiming(draft, kind) for kind in _HEAVY if kind in _absent(draft)]
    text = facts.words("A distributed attack by a botnet of 500 hosts.", "500台のボットネットによる分散攻撃です。")
    return [*lies, edit.saying(draft, text)]


def _e9(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    text = facts.words("It exploits CVE-2021-44228.", "CVE-2021-44228を悪用しています。")
    titled = edit.findings(draft, lambda one: [{"title": f"{one.title} CVE-2014-6271"}, {"reason": text}])
    return [*titled, edit.saying(draft, text)]


def _other_method(name: str) -> str:
    return "POST" if name == "GET" else "GET"


def _statuses(one: Statement) -> Iterable[edit.Changes]:
    if one.by is Dimension.STATUS and one.values:
        value = "200" if one.values[0].value != "200" else "500"
        yield {"values": [ValueCount(value=value, count=one.values[0].count), *one.values[1:]]}


def _e10(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    port = edit.saying(draft, facts.words("On port 2222.", "ポート2222への接続です。"))
    return [*respelling(draft, Dimension.METHOD, _other_method), *edit.statements(draft, LISTED, _statuses), port]


def _e11(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The decoded text told as what stands in the line."""
    return decoded(draft)


def _noticed(one: DraftFinding, facts: LogFacts) -> str:
    quote = one.evidence[0].quote[:60] if one.evidence else "maintenance window"
    return facts.words(f"Notice of the administrator: {quote}", f"管理者からの通知：{quote}")


def _e12(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """A client's words told as those of the administrator."""
    notices: list[Lie] = [edit.saying(draft, _noticed(one, facts), one.id) for one in draft.findings]
    return [*notices, *blaming(draft, facts, facts.strangers[:1])[-1:]]


_D, _C, _ = Decidable
KINDS = (
    Operator("E1", "wrong type", _D, _e1),
    Operator("E2", "a crawler or a monitor called an attack", _C, _e2),
    Operator("E3", "an attack called harmless", _D, _e3),
    Operator("E4", "a crawler believed by its name", _C, _e4),
    Operator("E5", "a type or a technique that does not exist", _D, _e5),
    Operator("E6", "too severe or too mild", _D, _e6),
    Operator("E7", "one attack told as many, or many as one", _D, _e7),
    Operator("E8", "a flood or a botnet below any threshold", _D, _e8),
    Operator("E9", "a CVE from a path alone", _C, _e9),
    Operator("E10", "method, status or port misread", _D, _e10),
    Operator("E11", "a decoded payload told as the words of the line", _D, _e11),
    Operator("E12", "a client's words told as a notice", _D, _e12),
)
