"""From a question to an answer that is kept: the same steps for the command line and the pages."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.reading import Investigation
from core.answer import Answer
from core.errors import AkashiError, InputError
from core.plan import Exchange, Plan, Planner
from core.selector import Selector
from core.wire import from_json
from stores.conversations import Conversations

if TYPE_CHECKING:  # loaded by the first question: other commands start without it
    from answering.operations.inquiry import Progress, Retriever
    from retrieval.held import Held
    from stores.embedding import Embedder

REMEMBERED = 12
"""Earlier exchanges of a conversation that a question may speak about."""

UNEXPECTED = "unexpected"
"""The failure that is noted when something broke that nobody foresaw."""


def answer_question(
    question: str,
    found: Investigation,
    case_dir: Path,
    history: Sequence[Exchange] = (),
    *,
    plan: Plan | None = None,
    tell: "Callable[[Progress], None] | None" = None,
) -> Answer:
    """The answer to a question, or to a plan made by hand; whoever is told of progress may raise to stop."""
    from answering.ask import ask

    retriever = retriever_of(found, case_dir)
    return ask(question, found.opened, tuple(history)[-REMEMBERED:], retriever=retriever, plan=plan, progress=tell)


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
    tell: "Callable[[Progress], None] | None" = None,
    begun: Callable[[int], None] | None = None,
) -> int:
    """The number of the turn that now holds the answer.

    The turn is there from the moment the question is asked (`begun` is told its number); it ends as answered, as
    failed, or as stopped when whoever is told of progress raises something that is no error.
    """
    with Conversations.open(case_dir) as store:
        number = store.begin(conversation, question, now)
    if begun is not None:
        begun(number)
    try:
        answer = answer_question(question, found, case_dir, history, plan=plan, tell=tell)
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
        store.answered(number, answer)
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


def retriever_of(found: Investigation, case_dir: Path) -> "Retriever":
    """Who searches the case by meaning and by words."""
    from retrieval.pipeline import retrieve
    from retrieval.retrieved import Retrieved

    def search(words: str, selector: Selector) -> Retrieved:
        return retrieve(case_dir, words, selector, embedder=_embedder(), lake=found.lake, held=_held())

    return search


@cache
def _embedder() -> "Embedder":
    from stores.embedding import BuiltIn

    return BuiltIn()


@cache
def _held() -> "Held":
    """Of the last two cases that were asked about."""
    from retrieval.held import Held

    return Held(2)
