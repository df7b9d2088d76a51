"""What a model says about a case: findings, checkable statements, and a text that refers to them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from core.claim import Comparator
from core.dimension import Dimension
from core.draft_selector import DraftModel, DraftSelector
from core.taxonomy import AttackType, Level, Outcome

__all__ = (
    "BenignNote",
    "Comparator",
    "Draft",
    "DraftFinding",
    "DraftSentence",
    "Evidence",
    "Statement",
    "StatementKind",
    "ValueCount",
)


class StatementKind(StrEnum):
    """What a statement says about the lines of its selector; nothing else can be said as a fact.

    Fields that a kind does not name are null or empty, else the statement is refused as malformed.
    """

    COUNT = "count"  # number: distinct physical lines
    DISTINCT = "distinct"  # by, number: different values of `by`
    PER_VALUE = "per_value"  # by, values: lines of each of these values; `complete`: there are no others
    TOP = "top"  # by, values: the most frequent, most lines first, then by value
    ONLY = "only"  # by, name: the one value that all of these lines have
    FIRST = "first"  # time of the earliest line
    LAST = "last"  # time of the latest line
    DURATION = "duration"  # number: whole seconds from the earliest to the latest line
    GAP = "gap"  # number: whole seconds of the longest silence between two of these lines
    PEAK = "peak"  # by (minute, hour, day), number and time: the fullest stretch and its start
    RATE = "rate"  # by (minute, hour, day), number: lines divided by all stretches from first to last, rounded down
    SHARE = "share"  # against, number of: `number` lines are also in `against`'s selection of `of` lines
    BYTES = "bytes"  # number: sum of the body bytes that are logged
    MEAN_BYTES = "mean_bytes"  # number: that sum by the lines that log them, rounded down
    MAX_BYTES = "max_bytes"  # number: the largest of them
    COMPARE = "compare"  # against, number and of: lines here and there
    ORDER = "order"  # against: the latest line here is before the earliest line there
    SEQUENCE = "sequence"  # against: a line here is followed by one there from the same address
    TYPE = "type"  # name: the attack type that every line is
    TECHNIQUE = "technique"  # name: the ATT&CK technique of the lines' one attack type
    OUTCOME = "outcome"  # name: the outcome of the lines' one attack type
    NETWORK = "network"  # name: a CIDR network that holds every address, and none smaller does
    ABSENCE = "absence"  # no such line, and these logs would show it


class ValueCount(DraftModel):
    """Lines of one value."""

    value: str
    count: int


class Statement(DraftModel):
    """One checkable statement; `id` (s1, s2, …) is unique in the draft."""

    id: str
    kind: Annotated[StatementKind, Field(strict=False)]
    selector: DraftSelector
    against: DraftSelector | None
    by: Annotated[Dimension | None, Field(strict=False)]
    comparator: Annotated[Comparator, Field(strict=False)]
    number: int | None
    of: int | None
    time: str | None
    name: str | None
    values: list[ValueCount]
    complete: bool


class Evidence(DraftModel):
    """A raw line: the name of its file, its number, and words of it exactly as they stand there."""

    source: str
    line: int
    quote: str


class DraftFinding(DraftModel):
    """An attack that the model sees; `id` is f1, f2, …; `type` null: one that no type of the list fits.

    `count`, `source_ips`, `first_seen`, `last_seen` are of the lines that the selector picks. `reason` is why they are
    an attack, in the language of the answer.
    """

    id: str
    type: Annotated[AttackType | None, Field(strict=False)]
    title: str
    selector: DraftSelector
    count: int
    source_ips: list[ValueCount]
    first_seen: str | None
    last_seen: str | None
    outcome: Annotated[Outcome, Field(strict=False)]
    level: Annotated[Level | None, Field(strict=False)]
    evidence: list[Evidence]
    reason: str


class BenignNote(DraftModel):
    """Lines that look like an attack to somebody and are none, in the model's opinion: it clears nothing."""

    selector: DraftSelector
    reason: str


class DraftSentence(DraftModel):
    """One sentence of the answer, plain text; `refers` are the ids of what it restates."""

    text: str
    refers: list[str]


class Draft(DraftModel):
    """The whole reply. The facts come first, so that every sentence can be checked as soon as it is read."""

    findings: list[DraftFinding]
    statements: list[Statement]
    benign: list[BenignNote]
    answer: list[DraftSentence]
