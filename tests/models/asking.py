"""What the tests of the models share: each kind of provider as a user sets it up, a schema, a prompt, a redactor."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from models.build import build_chat
from models.call import Call, Purpose
from models.chat import FaultCode, Prompt, Reply, unheard
from models.environment import from_environment
from models.gateway import Gateway
from models.ledger import Ledger
from models.openai_chat import OpenAIChat
from models.settings import Limits, ModelSettings, Prices

KEY = "not-a-real-key"

KINDS: Mapping[str, Mapping[str, str]] = {
    "openai": {
        "AKASHI_MODEL": "openai",
        "AKASHI_EMBEDDINGS": "openai",
        "OPENAI_BASE_URL": "{url}/v1",
        "OPENAI_API_KEY": KEY,
        "OPENAI_MODEL": "gpt-4.1",
    },
    "openai-responses": {
        "AKASHI_MODEL": "openai",
        "OPENAI_BASE_URL": "{url}/v1",
        "OPENAI_API_KEY": KEY,
        "OPENAI_MODEL": "gpt-5.6-sol",
    },
    "azure-classic": {
        "AZURE_OPENAI_ENDPOINT": "{url}",
        "AZURE_OPENAI_API_KEY": KEY,
        "AZURE_OPENAI_API_VERSION": "2025-04-01-preview",
        "AZURE_OPENAI_DEPLOYMENT_NAME": "my-gpt",
        "AZURE_OPENAI_EMBEDDING_DEPLOYMENT_NAME": "my-embeddings",
        "AKASHI_EMBEDDINGS": "azure",
        "AKASHI_EMBEDDING_DIMENSIONS": "64",
    },
    "azure-v1": {
        "AZURE_OPENAI_ENDPOINT": "{url}/openai/v1/",
        "AZURE_OPENAI_API_KEY": KEY,
        "AZURE_OPENAI_DEPLOYMENT_NAME": "my-gpt",
        "AZURE_OPENAI_EMBEDDING_DEPLOYMENT_NAME": "my-embeddings",
        "AKASHI_EMBEDDINGS": "azure",
        "AKASHI_EMBEDDING_DIMENSIONS": "64",
    },
    "ollama": {
        "AKASHI_EMBEDDINGS": "compatible",
        "OPENAI_BASE_URL": "{url}/v1",
        "OPENAI_MODEL": "llama3.2",
        "OPENAI_EMBEDDING_MODEL": "nomic-embed-text",
    },
}


SECONDS = {"hang": 0.8, "trickle": 0.8}
"""Where nothing ends the call but the deadline."""

ENOUGH = 30.0
LATE = 0.5

CODES = {
    "rate_limited": FaultCode.RATE_LIMITED,
    "busy": FaultCode.RATE_LIMITED,
    "quota": FaultCode.QUOTA,
    "unauthorized": FaultCode.UNAUTHORIZED,
    "forbidden": FaultCode.FORBIDDEN,
    "not_found": FaultCode.NOT_FOUND,
    "bad_request": FaultCode.BAD_REQUEST,
    "context_overflow": FaultCode.CONTEXT_OVERFLOW,
    "server_error": FaultCode.SERVER_ERROR,
    "unavailable": FaultCode.SERVER_ERROR,
    "hang": FaultCode.DEADLINE,
    "trickle": FaultCode.DEADLINE,
    "cut": FaultCode.CUT,
    "cut_quietly": FaultCode.CUT,
    "reset": FaultCode.CUT,
    "reset_in_the_middle": FaultCode.CUT,
    "refused": FaultCode.REFUSED,
    "truncated": FaultCode.TRUNCATED,
    "filtered": FaultCode.FILTERED,
    "prompt_filtered": FaultCode.FILTERED,
    "malformed": FaultCode.MALFORMED,
    "wrong_schema": FaultCode.MALFORMED,
    "huge": FaultCode.TOO_LARGE,
    "empty": FaultCode.MALFORMED,
    "empty_body": FaultCode.MALFORMED,
    "wrong_type": FaultCode.MALFORMED,
    "moved": FaultCode.NOT_FOUND,
}


class Named(BaseModel):
    """A part of a reply."""

    model_config = ConfigDict(extra="forbid")

    ip: str | None
    outcome: Literal["failed", "succeeded"]


class Found(BaseModel):
    """A reply."""

    model_config = ConfigDict(extra="forbid")

    answer: str
    findings: list[Named]


PROMPT = Prompt("ask", "1", "You explain logs.", "What happened?", Found)
GOOD = '{"answer": "nothing", "findings": []}'


def settings_of(kind: str, url: str, **more: str) -> ModelSettings:
    """The settings of a kind of provider at this address."""
    return from_environment({name: value.format(url=url) for name, value in {**KINDS[kind], **more}.items()})


def chat_of(kind: str, url: str, **more: str) -> OpenAIChat:
    """The chat model of a kind of provider, with its libraries loaded."""
    chat = build_chat(settings_of(kind, url, **more))
    assert chat is not None
    chat.warm()
    return chat


def ask(chat: OpenAIChat, seconds: float = 60.0, prompt: Prompt = PROMPT) -> Reply:
    """One reply, with nobody listening."""
    return chat.reply(prompt, on_text=unheard, deadline=time.monotonic() + seconds, clock=time.monotonic)


class Hiding:
    """A redactor that hides one name in one way."""

    SECRET, TOKEN = "mallory", "⟦USER:1⟧"

    def redact(self, text: str) -> str:
        return text.replace(self.SECRET, self.TOKEN)

    def redact_all(self, texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(self.redact, texts))

    def restore(self, text: str) -> str:
        return text.replace(self.TOKEN, self.SECRET)

    def known(self, token: str) -> bool:
        return token == self.TOKEN

    def learn(self, *, users: Iterable[str] = (), hosts: Iterable[str] = (), paths: Iterable[str] = ()) -> None:
        """Nothing to learn."""


@dataclass(frozen=True)
class Question:
    """A prompt file with one quoted variable."""

    name: str = "question"
    version: int = 3

    def render(self, variables: Mapping[str, str], boundary: str) -> tuple[str, str]:
        return "You explain logs.", f"<{boundary}>{variables['line']}</{boundary}>"


def call_of(line: str = "a line", purpose: Purpose = Purpose.ASK) -> Call:
    return Call(purpose, Question(), {"line": line}, Found)


def ledger_of(case: Path, limits: Limits | None = None, prices: Prices | None = None) -> Ledger:
    """The book of a case; a token is a byte."""
    return Ledger(case, len, question="q1", limits=limits, prices=prices)


def gateway_of(
    chat: OpenAIChat, case: Path, limits: Limits | None = None, prices: Prices | None = None, retries: int = 2
) -> Gateway:
    """A gateway that hides `Hiding.SECRET` and draws the same boundary always."""
    return Gateway(chat, Hiding(), ledger_of(case, limits, prices), retries=retries, draw=lambda: "b0")
