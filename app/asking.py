"""From a question to an answer that is kept: the same steps for the command line and the pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.embedding import embedder_of, where_of
from app.model_access import Access
from app.reading import Investigation
from core.answer import Answer
from core.errors import AkashiError, InputError
from core.plan import Exchange, Plan, Planner
from core.selector import Selector
from core.told import Told, ToldSentence
from core.wire import from_json
from stores.conversations import Conversations

if TYPE_CHECKING:  # loaded by the first question: other commands start without it
    from answering.operations.inquiry import Progress, Retriever
    from retrieval.held import Held

Tell: TypeAlias = "Callable[[Progress], None] | None"
"""Whom to tell of progress; he may raise to stop."""

REMEMBERED = 12
"""Earlier exchanges of a conversation that a question may speak about."""

UNEXPECTED = "unexpected"
"""The failure that is noted when something broke that nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Who hears what of an answer that a model adds to; both may raise to stop the model.

    `ready` hears of the verified answer as soon as it is whole, before a model is asked; `sentence` hears what a model
    says as it comes, each sentence checked already.
    """

    ready: Callable[[Answer], None] = lambda _: None
    sentence: Callable[[ToldSentence], None] = lambda _: None


UNHEARD = Heard()


def answer_question(
    question: str,
    found: Investigation,
    case_dir: Path,
    history: Sequence[Exchange] = (),
    *,
    plan: Plan | None = None,
    access: Access | None = None,
    tell: Tell = None,
    heard: Heard = UNHEARD,
) -> Answer:
    """The answer to a question, or to a plan made by hand, and beside it what a model says where one is set up."""
    answer = verified_answer(question, found, case_dir, history, plan=plan, access=access, tell=tell)
    told = _told(answer, found, case_dir, history, access, tell, heard)
    return answer if told is None else replace(answer, told=told)


def verified_answer(
    question: str,
    found: Investigation,
    case_dir: Path,
    history: Sequence[Exchange] = (),
    *,
    plan: Plan | None = None,
    access: Access | None = None,
    tell: Tell = None,
) -> Answer:
    """What the lines say: no model has a part in it."""
    from answering.ask import ask

    retriever = retriever_of(found, case_dir, access)
    earlier = tuple(history)[-REMEMBERED:]
    return ask(question, found.opened, earlier, retriever=retriever, plan=plan, progress=tell)


def _told(
    answer: Answer,
    found: Investigation,
    case_dir: Path,
    history: Sequence[Exchange],
    access: Access | None,
    tell: Tell,
    heard: Heard,
) -> Told | None:
    """What a model adds; None where none is set up. Nothing but a stop is raised."""
    if access is None or not (access.asks or access.refusal):
        return None
    heard.ready(answer)
    from app.advising import advised

    retriever = retriever_of(found, case_dir, access)
    return advised(answer, found, case_dir, tuple(history)[-REMEMBERED:], access, retriever, tell, heard.sentence)


def exchange_of(answer: Answer) -> Exchange:
    """What the next question may refer to."""
    from answering.ask import exchange_of as exchange

    return exchange(answer)


def ask_and_keep(
    question: str,
    found: Investigation,
    case_dir: Path,
    conversation: str,
    now: datetime,
    *,
    history: Sequence[Exchange] = (),
    plan: Plan | None = None,
    access: Access | None = None,
    tell: Tell = None,
    heard: Heard = UNHEARD,
    begun: Callable[[int], None] | None = None,
) -> int:
    """The number of the turn that now holds the answer.

    The turn is there from the moment the question is asked (`begun` is told its number); it ends as answered, as
    failed, or as stopped when whoever is told of progress raises something that is no error. Whoever stops the model
    keeps the verified answer.
    """
    with Conversations.open(case_dir) as store:
        number = store.begin(conversation, question, now)
    if begun is not None:
        begun(number)
    try:
        answer = verified_answer(question, found, case_dir, history, plan=plan, access=access, tell=tell)
    except AkashiError as error:
        _failed(case_dir, number, error.code)
        raise
    except Exception:
        _failed(case_dir, number, UNEXPECTED)
        raise
    except BaseException:
        with Conversations.open(case_dir) as store:
            store.stopped(number)
        raise
    with Conversations.open(case_dir) as store:
        store.answered(number, answer)  # before a model is asked: whatever becomes of it, the answer is kept
    told = _told(answer, found, case_dir, history, access, tell, heard)
    if told is not None:
        with Conversations.open(case_dir) as store:
            store.told(number, replace(answer, told=told))
    return number


def _failed(case_dir: Path, number: int, code: str) -> None:
    with Conversations.open(case_dir) as store:
        store.failed(number, code)


def plan_from(text: str) -> Plan:
    """The plan in a JSON text as `akashi ask --json` prints it under `plan`; else `InputError("bad_plan")`."""
    try:
        plan = from_json(Plan, f"[{text}]")
    except ValueError as error:
        raise InputError("bad_plan") from error
    naive = [
        time
        for step in plan.steps
        for selector in (step.selector, step.against or step.selector)
        for time in (selector.since, selector.until)
        if time is not None and time.tzinfo is None
    ]
    if naive or not plan.steps:
        raise InputError("bad_plan")
    return Plan(plan.steps, plan.language, (), (), Planner.HAND)


def retriever_of(found: Investigation, case_dir: Path, access: Access | None = None) -> "Retriever":
    """Who searches the case by meaning and by words."""
    from retrieval.pipeline import retrieve
    from retrieval.retrieved import Retrieved

    def search(words: str, selector: Selector) -> Retrieved:
        embedder, where = embedder_of(case_dir, access, of_a_question=True), where_of(case_dir, access)
        return retrieve(case_dir, words, selector, embedder=embedder, lake=found.lake, held=_held(), where=where)

    return search


@cache
def _held() -> "Held":
    """Of the last two cases that were asked about."""
    from retrieval.held import Held

    return Held(2)
