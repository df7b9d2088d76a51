"""What the product said about a case, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.taxonomy import AttackType, Outcome
from eval.dataset import FileLine


@dataclass(frozen=True, slots=True)
class Flagged:
    """One reported (line, type), with the line's address."""

    ref: FileLine
    type: AttackType
    ip: str | None


@dataclass(frozen=True, slots=True)
class Reported:
    """What the product said about a case; `lines` is how many physical lines it read."""

    flagged: tuple[Flagged, ...]
    outcomes: Mapping[AttackType, Outcome]
    lines: int
