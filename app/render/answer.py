"""An answer put into words once: what the chat page, the terminal, Markdown and downloads all draw."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.i18n import moment
from app.inert import inert
from app.naming import display_names
from app.render.facts import sentence
from app.render.part import PartView, note_texts, part_view
from app.render.plan_words import Names, plan_lines
from app.render.told import ToldView, told_view
from core.answer import Answer, Suggestion
from core.line import SourceId
from core.source import Source


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Everything a person reads of an answer, in one language.

    `suggestions` are questions to ask next; `told` is what a model added.
    """

    answer: Answer
    lang: str
    plan: tuple[str, ...]
    parts: tuple[PartView, ...]
    notes: tuple[str, ...]
    suggestions: tuple[str, ...]
    answered: str
    names: Names
    told: ToldView | None = None


def names_of(sources: tuple[Source, ...]) -> Mapping[SourceId, str]:
    """Names of sources as shown, inert, by id."""
    shown = display_names(sources)
    return {source.id: inert(shown[source.number]) for source in sources}


def answer_view(answer: Answer, lang: str, names: Names) -> AnswerView:
    """Word an answer in `lang`; `names` are those of the sources its lines stand in."""
    offset = answer.zone_offset
    return AnswerView(
        answer=answer,
        lang=lang,
        plan=plan_lines(answer.plan, answer.question, names, lang, offset),
        parts=tuple(part_view(part, names, lang, offset) for part in answer.parts),
        notes=note_texts(answer.notes, lang, offset),
        suggestions=tuple(suggestion_text(one, lang, offset) for one in answer.suggestions),
        answered=moment(answer.answered_at),
        names=names,
        told=told_view(answer.told, names, lang, offset) if answer.told is not None else None,
    )


def suggestion_text(suggestion: Suggestion, lang: str, offset: int) -> str:
    """A question to ask next, as it is asked when it is pressed."""
    return sentence("suggest", suggestion.code, suggestion.facts, lang, offset)
