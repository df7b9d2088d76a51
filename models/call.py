"""What the pipeline asks of a model: a prompt file, its variables, and the schema of the reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from pydantic import BaseModel

from models.chat import OnText, Reply, unheard


class Purpose(StrEnum):
    """What a call is for; kept with every call, so that the user sees what cost what."""

    PLAN = "plan"
    ASK = "ask"
    REPAIR = "repair"
    EMBED = "embed"


@runtime_checkable
class Template(Protocol):
    """A prompt file."""

    @property
    def name(self) -> str:
        """The name of the file."""

    @property
    def version(self) -> int | str:
        """Changes with its text."""

    def render(self, variables: Mapping[str, str], boundary: str) -> tuple[str, str]:
        """The system and the user message; every value stands quoted behind the boundary, which is new in each call."""


@dataclass(frozen=True, slots=True)
class Call:
    """`variables` are originals: the gateway redacts each before the template sees it."""

    purpose: Purpose
    template: Template
    variables: Mapping[str, str]
    schema: type[BaseModel]


class Asks(Protocol):
    """The one way to a model: `models.gateway.Gateway`."""

    def ask(self, call: Call, *, on_text: OnText = unheard, deadline: float) -> Reply:
        """A reply whose text is JSON of the call's schema, with what was redacted put back; raises `ModelFault`.

        `deadline` is an instant of the gateway's clock (`time.monotonic` by default). `on_text` hears the reply as it
        comes, what was redacted put back as well; an exception from it ends the call.
        """
