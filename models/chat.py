"""What any chat model is: a prompt in, text out as it comes, and one kind of failure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from pydantic import BaseModel

Clock = Callable[[], float]
"""Seconds that only grow, as `time.monotonic`; a deadline is an instant of it."""

OnText = Callable[[str], None]
"""Hears the raw text of a reply, piece by piece, in the thread that asked; an exception from it ends the call."""

OnSent = Callable[[str], None]
"""Hears the body of each request exactly as it is sent, before the first byte of it leaves."""


class FaultCode(StrEnum):
    """Why there is no reply."""

    UNREACHABLE = "unreachable"  # no such host, nothing listens, the proxy or the certificate refuses
    TIMEOUT = "timeout"  # the server did not say anything for as long as one call may take
    DEADLINE = "deadline"  # the time for the whole question is over
    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"  # the account has no money or no quota left
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"  # no such model, deployment or path
    BAD_REQUEST = "bad_request"
    SCHEMA_REFUSED = "schema_refused"
    CONTEXT_OVERFLOW = "context_overflow"
    SERVER_ERROR = "server_error"
    CUT = "cut"  # the connection ended in the middle
    REFUSED = "refused"  # by the model, in words of its own
    TRUNCATED = "truncated"  # at the most tokens a reply may have
    FILTERED = "filtered"  # by the provider's content filter
    MALFORMED = "malformed"  # not the JSON that was asked for, or not of its schema
    TOO_LARGE = "too_large"  # a reply without end
    OVER_BUDGET = "over_budget"
    REDACTION_FAILED = "redaction_failed"
    UNRECORDED = "unrecorded"  # what would leave could not be written down, so it did not leave
    MISSING_PACKAGE = "missing_package"
    NO_TOKEN = "no_token"  # noqa: S105 - Entra ID gave none
    OTHER = "other"


class ModelFault(Exception):  # noqa: N818 - a fault is met, not made
    """No reply, for this reason; `facts` are inert: numbers, names from the settings, never a key or a server's text.

    `retry_after` is how many seconds to wait before the same may be asked again, None when that is of no use.
    """

    def __init__(self, code: FaultCode, *, retry_after: float | None = None, **facts: str | float) -> None:
        self.code = code
        self.facts: Mapping[str, str | int | float] = facts
        self.retry_after = retry_after
        super().__init__(f"{code.value} " + " ".join(f"{key}={value!r}" for key, value in facts.items()))


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked of a model; `name` and `version` are those of the prompt's file.

    `schema` is what the reply must be: it is sent as a strict JSON schema.
    """

    name: str
    version: str
    system: str
    user: str
    schema: type[BaseModel]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a reply took; tokens as the provider counts them, None where it does not say."""

    input_tokens: int | None
    output_tokens: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole text, and the model's name as the provider tells it."""

    text: str
    usage: Usage
    model: str


def unheard(_text: str) -> None:
    """For those who do not listen."""


@runtime_checkable
class ChatModel(Protocol):
    """Answers one prompt; never later than the deadline, and every failure is a `ModelFault`."""

    @property
    def provider(self) -> str:
        """Who answers: `openai`, `azure`, `compatible`, or the name of a fake."""

    @property
    def model(self) -> str:
        """The model or deployment that is asked for."""

    def reply(
        self, prompt: Prompt, *, on_text: OnText, deadline: float, clock: Clock, on_sent: OnSent = unheard
    ) -> Reply:
        """One attempt; nothing is asked twice for the sake of a busy server (`models.gateway` does that).

        Raises `ModelFault`, and whatever `on_text` or `on_sent` raise, after closing the connection.
        """
