"""The ignore list: hits that somebody has judged and wants left out, with a reason and a day on which that ends."""

from dataclasses import dataclass
from datetime import date

from core.selector import Selector


@dataclass(frozen=True, slots=True)
class IgnoreEntry:
    """One judgement: hits on lines that `selector` picks are left out up to and including the day `expires`.

    `id` names the entry in commands and reports; `everywhere` tells that it holds for all cases.
    """

    id: str
    selector: Selector
    reason: str
    author: str
    expires: date
    everywhere: bool

    def holds_on(self, day: date) -> bool:
        """Whether the entry is still applied on that day."""
        return day <= self.expires


@dataclass(frozen=True, slots=True)
class Ignored:
    """What an entry did in a report: `lines` with hits it took out (0 when it has expired and was not applied)."""

    entry: IgnoreEntry
    lines: int
    expired: bool
