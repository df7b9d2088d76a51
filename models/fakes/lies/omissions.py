"""G: what is left out, narrowed, or told of less than it sounds."""

# ruff: noqa: ARG001 - every operator is given what any of them needs

from random import Random

from core.draft import Draft, DraftSentence, StatementKind
from core.draft_selector import DraftSelector, draft_of
from core.selector import Selector
from models.fakes.lies import edit
from models.fakes.lies.entities import LISTED
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator


def without(draft: Draft, *indexes: int) -> Draft:
    """The draft without these findings and the sentences that refer to them."""
    gone = {draft.findings[index].id for index in indexes}
    return draft.model_copy(
        update={
            "findings": [one for one in draft.findings if one.id not in gone],
            "answer": [one for one in draft.answer if not gone.intersection(one.refers)],
        }
    )


def nothing(text: str) -> Draft:
    """A draft that says this and nothing else."""
    answer = [DraftSentence(text=text, refers=[])] if text else []
    return Draft(findings=[], statements=[], benign=[], answer=answer)


def _g1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [without(draft, index) for index in range(len(draft.findings))]


def _g2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    text = facts.words("No attacks were found. All traffic is normal.", "攻撃はありません。すべて正常です。")
    return [nothing(text)] if draft.findings else []


_WORST = ("critical", "high", "medium", "low", "informational", None)


def _g3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    ranks = [_WORST.index(one.level.value if one.level else None) for one in draft.findings]
    return [without(draft, ranks.index(min(ranks)))] if ranks else []


def _g4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """One file only, with the figures of all."""
    lies: list[Lie] = []
    for name in facts.lines if len(facts.lines) > 1 else ():
        lies += edit.findings(
            draft,
            lambda one, name=name: [{"selector": one.selector.model_copy(update={"sources": [name]})}],  # type: ignore[misc]
        )
        lies += edit.statements(
            draft,
            (StatementKind.COUNT, StatementKind.DISTINCT, *LISTED),
            lambda one, name=name: [{"selector": one.selector.model_copy(update={"sources": [name]})}],  # type: ignore[misc]
        )
    return lies


def _lines(facts: LogFacts) -> int:
    return sum(len(lines) for lines in facts.lines.values())


def _g5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """As many lines as could be read, told as all."""
    unread = len(facts.unread)
    everything = next((one for one in edit.of_kind(draft, StatementKind.COUNT) if _picks_all(one.selector)), None)
    if not unread or everything is None:
        return []
    fewer = _lines(facts) - unread
    text = facts.words(f"All {fewer} lines were understood.", f"{fewer}行すべてを解釈できました。")
    return [edit.added(draft, everything, number=fewer), edit.saying(draft, text, everything.id)]


def _picks_all(selector: DraftSelector) -> bool:
    return not any(selector.model_dump().values())


def _g6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """What holds of a few lines told of every line."""
    nowhere = draft_of(Selector(), {})
    lies: list[Lie] = []
    for kind in (StatementKind.ONLY, StatementKind.TYPE, StatementKind.OUTCOME, StatementKind.NETWORK):
        lies += [edit.added(draft, one, selector=nowhere) for one in edit.of_kind(draft, kind)]
    return lies


def _g7(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The reply ends in the middle; what was read of it must not stand for the whole."""
    text = edit.written(draft)
    ends = (*(len(text) * part // 10 for part in (3, 6, 9)), len(text) - 1)
    return [text[:end] for end in ends]


def _g8(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The first part of the time told as if it were all, with the figures of all or of the part."""
    lies: list[Lie] = []
    for index, one in enumerate(draft.findings):
        if one.id in facts.halves:
            lies.append(edit.finding(draft, index, selector=facts.halves[one.id].selector))
            figures = {name: getattr(facts.halves[one.id], name) for name in ("count", "source_ips", "last_seen")}
            lies.append(edit.finding(draft, index, **figures))
    return lies


def _g9(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    silent = edit.statements(draft, (StatementKind.GAP,), lambda _: [{"number": 0}])
    text = facts.words("The logs have no gap: 100 % are covered.", "ログに欠落はありません。100%が対象です。")
    return [*silent, edit.saying(draft, text)]


def _g10(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """A refusal that reads as if nothing had been found."""
    refused = facts.words("I'm sorry, I can't help with that.", "申し訳ありませんが、お答えできません。")
    clean: list[Lie] = [nothing(""), nothing(refused)] if draft.findings else []
    clean += [refused, "", "{}"]
    return clean


_D = Decidable.D
OMISSIONS = (
    Operator("G1", "an attack left out", _D, _g1),
    Operator("G2", "all left out, as a line asked for it", _D, _g2),
    Operator("G3", "the worst left out", _D, _g3),
    Operator("G4", "one file told as all", _D, _g4),
    Operator("G5", "lines that nothing could read left out", _D, _g5),
    Operator("G6", "a sample told as everything", _D, _g6),
    Operator("G7", "a reply cut in the middle", _D, _g7),
    Operator("G8", "the question silently narrowed", _D, _g8),
    Operator("G9", "gaps not mentioned", _D, _g9),
    Operator("G10", "a refusal told as 'nothing found'", _D, _g10),
)
