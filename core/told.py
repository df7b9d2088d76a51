"""What a model said beside an answer, after every checkable word of it was checked; the answer stands without it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.claim import CheckedClaim
from core.finding import Quote
from core.part import Fact, Part
from core.plan import Plan
from core.selector import Selector
from core.taxonomy import AttackType


class Mark(StrEnum):
    """What is known of a piece of a model's text."""

    PLAIN = "plain"  # words: an opinion, never shown as verified
    VERIFIED = "verified"  # a number, address, time, path or name that a verified claim states
    WRONG = "wrong"  # it restates a claim that was refuted; `truth` is the true value
    UNKNOWN = "unknown"  # it could be checked, and no verified claim states it


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text; `claim` is the id of the claim it was compared with, `truth` that claim's true value."""

    text: str
    mark: Mark = Mark.PLAIN
    claim: str = ""
    truth: str = ""


@dataclass(frozen=True, slots=True)
class ToldSentence:
    """One sentence of the model; `claims` are ids among `Told.claims` or those of the answer's parts."""

    spans: tuple[Span, ...]
    claims: tuple[str, ...] = ()


class Standing(StrEnum):
    """What a finding of the model is worth."""

    KNOWN = "known"  # rules and behaviours found it too; what was wrong in it is struck
    PROPOSED = "proposed"  # no rule knows it: "proposed by the model", with what of it was verified
    STRUCK = "struck"  # nothing of the kind is in the lines


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding of the model beside what was verified of it; `claims` are ids among `Told.claims`.

    `title` and `reason` are the model's words. `quotes` are whole raw lines whose quoted bytes really stand there.
    """

    id: str
    type: AttackType | None
    title: tuple[Span, ...]
    standing: Standing
    selector: Selector
    claims: tuple[str, ...]
    reason: tuple[Span, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Struck:
    """Something the model said that is not so, or cannot be checked as it was said.

    `code` is a locale key `struck.<code>`, `said` the model's words (inert), `truth` the true value where there is one.
    """

    code: str
    said: str
    truth: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call: what for (`plan`, `answer`, `repair`), how it ended (`fault` empty: well), and what it refuted.

    `payload` is the SHA-256 of the bytes that were sent: the case keeps them, and the app shows them.
    """

    purpose: str
    model: str
    input_tokens: int
    output_tokens: int
    seconds: float
    refuted: int = 0
    fault: str = ""
    payload: str = ""
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """All that a model added. `fault` (locale key `fault.<code>`, with `facts`): why it is not here, or not all of it.

    `plan` and `parts` are what the model understood where the built-in planner did not: computed and checked like any
    other. `omitted` are verified findings that the draft left out; they stand in the answer all the same.
    """

    model: str
    fault: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    plan: Plan | None = None
    unclear: str = ""
    parts: tuple[Part, ...] = ()
    sentences: tuple[ToldSentence, ...] = ()
    findings: tuple[ToldFinding, ...] = ()
    benign: tuple[ToldSentence, ...] = ()
    claims: tuple[CheckedClaim, ...] = ()
    struck: tuple[Struck, ...] = ()
    omitted: tuple[AttackType, ...] = ()
    attempts: tuple[Attempt, ...] = ()
