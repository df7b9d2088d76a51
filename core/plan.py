"""A question as a typed plan: whitelisted operations, each on the lines of a selector; there is nothing else to run."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.dimension import Dimension
from core.line import SourceId
from core.selector import Selector
from core.taxonomy import AttackType, Outcome

ANY_ATTACK = tuple(AttackType)
"""The types of a selector that asks for attack lines of whatever type."""

EVERYTHING = Selector()

LONGEST_QUESTION = 4_000
"""Characters of a question that are read; a longer one is cut there, and the answer says so."""


class Operation(StrEnum):
    """All that can be asked of a case."""

    REPORT = "report"  # what attacks happened
    COUNT = "count"  # how many of `by` (None: lines); with nothing found, whether that can be said at all
    TOP = "top"  # the most frequent values of `by`
    FIRST = "first"  # the earliest line, and when
    LAST = "last"  # the latest
    TIMELINE = "timeline"  # lines over time
    LINES = "lines"  # the raw lines themselves
    PROFILE = "profile"  # all about one address, user or path
    COMPARE = "compare"  # two selections side by side
    OUTCOME = "outcome"  # what worked, and the lines that say so
    EXPLAIN = "explain"  # what a type, a rule or a code means, and why these lines are it
    RESPOND = "respond"  # what to do now, with block rules tried on these very lines
    SEARCH = "search"  # find by meaning and by words
    COVERAGE = "coverage"  # what was read, and what these logs cannot show
    HELP = "help"  # what can be asked


class Planner(StrEnum):
    """Who made a plan."""

    BUILT_IN = "built_in"
    HAND = "hand"  # corrected by the person who asked
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on the lines that `selector` picks (`types=ANY_ATTACK`: attack lines of any type).

    `by` is what `count` counts different values of and what `top` and `timeline` group by; `against` is the other side
    of `compare`. `outcomes` narrow `report`, `outcome`, `count` and `lines` to attack types that ended so. `words` is
    what `search` looks for, or the code that `explain` explains. `limit` is a number of rows or lines (None: as fits).
    """

    operation: Operation
    selector: Selector = EVERYTHING
    by: Dimension | None = None
    limit: int | None = None
    against: Selector | None = None
    outcomes: tuple[Outcome, ...] = ()
    newest: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one piece of the question was understood: `code` is worded by `app/` (`reading.<code>`), `value` is inert."""

    start: int
    end: int
    code: str
    value: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done for a question; no steps: it was not understood. `unread` are words that changed nothing."""

    steps: tuple[Step, ...]
    language: str = "en"
    readings: tuple[Reading, ...] = ()
    unread: tuple[str, ...] = ()
    planner: Planner = Planner.BUILT_IN


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a planner may know of a case, so that it reads questions rightly; no log line is in it.

    Times are aware UTC. `offset_seconds` is the zone the log writes its times in: bare clock times of a question mean
    it, and relative ones count from `last_seen`. `types` and `attackers` come most lines first; `users`, `paths` and
    `agents` are the most frequent ones only.
    """

    first_seen: datetime | None = None
    last_seen: datetime | None = None
    offset_seconds: int = 0
    types: tuple[AttackType, ...] = ()
    attackers: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    sources: tuple[tuple[SourceId, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question with its plan, and what its answer named, for "it", "those" and "そのIP".

    `ips`, `types`, `users`, `paths` are what the answer showed, most lines first; `step` numbers of the plan count
    from 0. The newest exchange comes last in a history.
    """

    question: str
    plan: Plan
    ips: tuple[str, ...] = ()
    types: tuple[AttackType, ...] = ()
    users: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
