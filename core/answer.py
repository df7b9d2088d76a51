"""The answer to a question: the results of its plan's steps, and what a model said beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.part import Fact, Note, Part
from core.plan import Plan
from core.told import Told


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question worth asking next, from this case: locale key `suggest.<code>`; facts are validated values."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for a question; `state` is the digest of the lake it was computed from.

    `zone_offset` is the offset (seconds) in which its times are best shown: the one the log writes. `told` is what a
    model said beside it: nothing else of an answer ever depends on a model.
    """

    question: str
    plan: Plan
    parts: tuple[Part, ...]
    suggestions: tuple[Suggestion, ...]
    case: str
    state: str
    rules_version: str
    answered_at: datetime
    zone_offset: int = 0
    notes: tuple[Note, ...] = ()
    told: Told | None = None
