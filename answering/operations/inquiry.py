"""One question at work: the opened case, who searches, whom progress is told, and how claims are checked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from answering.hit_lines import HitLines
from answering.open_case import OpenCase
from answering.validate.table import check
from core.claim import CheckedClaim, Claim
from core.dimension import SECONDS, Dimension
from core.part import Certificate
from core.plan import ANY_ATTACK
from core.report import Report
from core.selector import Selector
from retrieval.retrieved import Retrieved

Retriever = Callable[[str, Selector], Retrieved]
"""Finds chunks for words among the lines of a selector."""


class Stage(StrEnum):
    """What is being done for a question; locale keys `stage.<code>`."""

    PLANNING = "planning"
    RETRIEVING = "retrieving"
    COUNTING = "counting"
    CHECKING = "checking"
    ASKING = "asking"  # a model writes
    JUDGING = "judging"  # what it wrote is checked


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` things of the stage (steps when counting, claims when checking)."""

    stage: Stage
    done: int
    total: int


def silent(_progress: Progress) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What operations work with; whoever is told of progress may raise to stop the work at any time."""

    opened: OpenCase
    retriever: Retriever | None = None
    language: str = "en"
    tell: Callable[[Progress], None] = silent
    _certificates: dict[Selector, Certificate] = field(default_factory=dict)
    _hits: dict[Selector, HitLines] = field(default_factory=dict)

    def check(self, claims: Iterable[Claim]) -> tuple[CheckedClaim, ...]:
        """Every claim beside its verdict."""
        self.opened.recount.certify = self.certificate
        return check(claims, self.opened.recount, lambda done, of: self.tell(Progress(Stage.CHECKING, done, of)))

    def certificate(self, selector: Selector) -> Certificate:
        """Whether these logs would show what the selector looks for."""
        from answering.absence import certify

        if selector not in self._certificates:
            self._certificates[selector] = certify(self.opened, selector)
        return self._certificates[selector]

    def remembered(self, selector: Selector, make: Callable[[], HitLines]) -> HitLines:
        """Hits that the question needs more than once."""
        if selector not in self._hits:
            self._hits[selector] = make()
        return self._hits[selector]

    def report(self, selector: Selector) -> Report:
        """The verified report of what the selector picks; asking for every type is asking for none in particular."""
        every = set(selector.types) == set(ANY_ATTACK)
        return self.opened.report(replace(selector, types=()) if every else selector)

    def shift(self, by: Dimension) -> int:
        """Seconds by which stretches of time start late, so that days and hours are those that the log writes."""
        return -self.opened.facts.offset_seconds % SECONDS[by]


def attacks_of(selector: Selector) -> Selector:
    """The attack lines among the selected lines."""
    return selector if selector.types or selector.rules else replace(selector, types=ANY_ATTACK)
