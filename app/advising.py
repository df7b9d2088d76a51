"""A model asked beside an answer that stands already: whatever happens to the model, the answer is as it was."""

import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

from app.inert import inert
from app.model_access import Access, model_name
from app.reading import Investigation
from core.answer import Answer
from core.errors import AkashiError
from core.event import DOMAIN, USER
from core.plan import EVERYTHING, Exchange
from core.told import Attempt, Told, ToldSentence
from models.build import build_chat, build_embedder
from models.chat import ModelFault
from models.gateway import Gateway
from models.ledger import Ledger
from models.redact import Redactor, redactor_for
from retrieval.tokens import token_counter
from stores.case_key import case_key
from stores.columns import PATH
from stores.lake import Lake
from stores.outgoing import Outgoing

if TYPE_CHECKING:
    from answering.operations.inquiry import Progress, Retriever
    from models.openai_chat import OpenAIChat
    from models.openai_embedder import OpenAIEmbedder

SETTINGS, UNEXPECTED = "settings", "unexpected"
"""Faults beside those of `models.chat.FaultCode`; locale keys `fault.<code>`."""

_NAMES = 20_000
"""Of each kind, the most frequent ones, that are hidden where the settings say so."""


def advised(
    answer: Answer,
    found: Investigation,
    case_dir: Path,
    history: Sequence[Exchange],
    access: Access,
    retriever: "Retriever",
    tell: "Callable[[Progress], None] | None",
    on_sentence: Callable[[ToldSentence], None],
) -> Told:
    """What the model adds, or why it adds nothing; only whoever listens may raise, to stop."""
    if access.refusal is not None:
        named = access.refusal.facts
        return Told("", SETTINGS, {"setting": str(named.get("setting") or named.get("missing") or "")})
    model, question = model_name(access), token_hex(8)
    try:
        from answering.model.advise import advise

        learn(case_dir, access, found.lake)
        told = advise(
            answer.question,
            answer,
            found.opened,
            gateway_of(case_dir, access, question),
            history,
            retriever=retriever,
            progress=tell,
            on_sentence=on_sentence,
            deadline=monotonic() + access.models.limits.turn_seconds,
        )
        return replace(told, attempts=with_payloads(told.attempts, case_dir, question))
    except ModelFault as fault:
        return Told(model, fault.code, dict(fault.facts))
    except AkashiError as refusal:
        return Told(model, refusal.code, {name: str(value) for name, value in refusal.facts.items()})
    except Exception:  # noqa: BLE001 - whatever broke, the verified answer is what counts
        sys.stderr.write("".join(f"{inert(line)}\n" for line in traceback.format_exc().split("\n")))
        return Told(model, UNEXPECTED)


def with_payloads(attempts: Sequence[Attempt], case_dir: Path, question: str) -> tuple[Attempt, ...]:
    """Each attempt with the digest of what was sent for it: the last request of its purpose in the case's book."""
    with Outgoing.open(case_dir) as book:
        sent = {call.purpose: call.sha256 for call in reversed(book.calls(question=question))}
    return tuple(replace(one, payload=one.payload or sent.get(one.purpose, "")) for one in attempts)


def gateway_of(case_dir: Path, access: Access, question: str) -> Gateway:
    """The way out for one question of the case; what takes long to make is kept with the access."""
    models, chat = access.models, _chat(access)
    if chat is None:
        raise ValueError("no model is set up")
    ledger = Ledger(
        case_dir, _counter(access, chat.model), question=question, limits=models.limits, prices=models.prices
    )
    return Gateway(chat, redactor_of(case_dir, access), ledger, retries=models.limits.retries)


def _chat(access: Access) -> "OpenAIChat | None":
    """Who is asked for words; made once for these settings."""
    return access.keep("chat", lambda: build_chat(access.models))


def warm(access: Access) -> None:
    """Loads the provider's libraries beside whoever writes his first question; once for these settings."""

    def start() -> Thread | None:
        chat = _chat(access)
        thread = Thread(target=chat.warm, daemon=True) if chat is not None else None
        if thread is not None:
            thread.start()
        return thread

    access.keep("warm", start)


def redactor_of(case_dir: Path, access: Access) -> Redactor:
    """What hides a case's secrets: the same values become the same tokens, as long as the case lives."""
    return access.keep(("redactor", case_dir), lambda: redactor_for(case_key(case_dir), access.redact))


def outside_embedder(case_dir: Path, access: Access) -> "OpenAIEmbedder | None":
    """The embedder that is asked over the network; None where the built-in one is used."""
    models = access.models

    def build() -> "OpenAIEmbedder | None":
        counter = _counter(access, models.embedding_model)
        ledger = Ledger(case_dir, counter, limits=models.limits, prices=models.prices)
        return build_embedder(models, redactor_of(case_dir, access), ledger)

    return access.keep(("embedder", case_dir), build)


def learn(case_dir: Path, access: Access, lake: Lake) -> None:
    """Tells the redactor the names of the case, as far as they are to be hidden."""
    hide = access.redact
    if hide.users or hide.hosts or hide.paths:
        access.keep(("learnt", case_dir, lake.state), lambda: _learn(case_dir, access, lake))


def _learn(case_dir: Path, access: Access, lake: Lake) -> None:
    hide = access.redact
    asked = {"users": (hide.users, USER), "hosts": (hide.hosts, DOMAIN), "paths": (hide.paths, PATH)}
    names = {
        kind: [value for value, _ in lake.top(EVERYTHING, column, _NAMES)]
        for kind, (wanted, column) in asked.items()
        if wanted
    }
    redactor_of(case_dir, access).learn(**names)


def _counter(access: Access, model: str) -> Callable[[str], int]:
    return token_counter(access.vocabulary, model).count
