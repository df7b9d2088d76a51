"""Changing one thing of a draft: a field of a finding or of a statement, a number in its text, a sentence more."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from core.draft import Draft, DraftFinding, DraftSentence, Statement, StatementKind, ValueCount

Changes = dict[str, Any]


def finding(draft: Draft, index: int, **changes: Any) -> Draft:  # noqa: ANN401 - any field
    """The draft with these fields of one finding changed; nothing is validated."""
    changed = draft.findings[index].model_copy(update=changes)
    return draft.model_copy(update={"findings": _with(draft.findings, index, changed)})


def findings(draft: Draft, change: Callable[[DraftFinding], Iterable[Changes]]) -> Iterator[Draft]:
    """A draft for every change of every finding."""
    for index, one in enumerate(draft.findings):
        for changes in change(one):
            yield finding(draft, index, **changes)


def statement(draft: Draft, index: int, **changes: Any) -> Draft:  # noqa: ANN401 - any field
    """The draft with these fields of one statement changed."""
    changed = draft.statements[index].model_copy(update=changes)
    return draft.model_copy(update={"statements": _with(draft.statements, index, changed)})


def statements(
    draft: Draft, kinds: Sequence[StatementKind], change: Callable[[Statement], Iterable[Changes]]
) -> Iterator[Draft]:
    """A draft for every change of every statement of one of these kinds."""
    for index, one in enumerate(draft.statements):
        if one.kind in kinds:
            for changes in change(one):
                yield statement(draft, index, **changes)


def added(draft: Draft, one: Statement, **changes: Any) -> Draft:  # noqa: ANN401 - any field
    """The draft with a changed copy of a statement at its end."""
    fresh = one.model_copy(update={"id": f"s{len(draft.statements) + 1}", **changes})
    return draft.model_copy(update={"statements": [*draft.statements, fresh]})


def of_kind(draft: Draft, kind: StatementKind) -> list[Statement]:
    """Statements of a kind."""
    return [one for one in draft.statements if one.kind is kind]


def saying(draft: Draft, text: str, *refers: str) -> Draft:
    """The draft with a sentence more; without `refers`, it refers to all findings."""
    asked = list(refers) or [one.id for one in draft.findings]
    return draft.model_copy(update={"answer": [*draft.answer, DraftSentence(text=text, refers=asked)]})


def sentences(draft: Draft, change: Callable[[str], Iterable[str]]) -> Iterator[Draft]:
    """A draft for every changed text of every sentence that refers to something."""
    for index, one in enumerate(draft.answer):
        for text in change(one.text) if one.refers else ():
            if text != one.text:
                yield draft.model_copy(
                    update={"answer": _with(draft.answer, index, DraftSentence(text=text, refers=one.refers))}
                )


def numeral(text: str, old: int, new: str) -> str:
    """The text with the number replaced where it stands alone: not within an address, a time or a larger number."""
    return re.sub(rf"(?<![\w.:/-]){old}(?![\w.:/-]*\w)", new, text)


def numbers_in(text: str) -> list[int]:
    """The numbers that stand alone in a text."""
    return [int(one) for one in re.findall(r"(?<![\w.:/-])\d+(?![\w.:/-]*\w)", text)]


def lines_more(draft: Draft, index: int, more: int) -> Draft:
    """A finding with `more` lines, all from its first address, in its count, its addresses and the text alike."""
    one = draft.findings[index]
    first, *others = one.source_ips
    ips = [ValueCount(value=first.value, count=first.count + more), *others]
    changed = finding(draft, index, count=one.count + more, source_ips=ips)
    answer = [
        DraftSentence(text=_recounted(each.text, one, first, more), refers=each.refers)
        if each.refers == [one.id]
        else each
        for each in draft.answer
    ]
    return changed.model_copy(update={"answer": answer})


def _recounted(text: str, one: DraftFinding, first: ValueCount, more: int) -> str:
    changed = numeral(text, one.count, f"{one.count + more}")
    return changed if first.count == one.count else numeral(changed, first.count, f"{first.count + more}")


def raw(draft: Draft) -> Any:  # noqa: ANN401 - JSON
    """The draft as what JSON is made of; types that the schema forbids pass."""
    return draft.model_dump(mode="json", warnings=False)


def written(draft: Draft) -> str:
    """The text of the reply."""
    return json.dumps(raw(draft), ensure_ascii=False)


def _with(items: Sequence[Any], index: int, one: object) -> list[Any]:
    return [*items[:index], one, *items[index + 1 :]]
