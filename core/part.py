"""The result of one step of a plan: values and codes only; `app/` words it in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.claim import CheckedClaim
from core.finding import Quote
from core.plan import Step
from core.report import Gap, Report
from core.selector import Selector

Fact = str | int | float | datetime | None
"""A value of a sentence or a table cell; text may be log text and is drawn with text primitives only."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `selector` picks the lines it stands for."""

    cells: tuple[Fact, ...]
    selector: Selector | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are codes (`column.<code>` in the locales) that also say how a cell is drawn; `total` rows exist."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int


class ChartKind(StrEnum):
    """How a table is drawn where looking beats reading."""

    TIMELINE = "timeline"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of the part's table: column codes for both axes, and for the colour where there is one."""

    kind: ChartKind
    x: str
    y: str
    series: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader must know: `code` is a locale key `note.<code>`."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Sight(StrEnum):
    """What "nothing found" means."""

    ABSENT = "absent"  # the logs would show it, all of them were read, and no line does
    UNKNOWN = "unknown"  # they would not show it, or were not read: collect something first
    PRESENT = "present"  # there are such lines


@dataclass(frozen=True, slots=True)
class Missing:
    """What would have to be collected to know: `code` is a locale key `collect.<code>`, `snippet` the configuration.

    `software` is what the snippet configures (`nginx`, `apache`, `rsyslog`, …); the snippet is ours, never log text.
    """

    code: str
    software: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an absence rests on: how much was read, where it is silent, what the formats cannot show, who looked.

    `sources` are (name, dataset, lines, unparsed lines, first time, last time) of each source read; `rules` and
    `behaviours` count the detectors that would have told; `blind_spots` are codes of `answering.codes.BlindSpot`.
    `notes` split the statement: what was looked at and is excluded, and what of the question was not recorded.
    """

    sight: Sight
    sources: tuple[tuple[str, str, int, int, datetime | None, datetime | None], ...]
    lines: int
    parsed: int
    unparsed: int
    gaps: tuple[Gap, ...]
    blind_spots: tuple[str, ...]
    rules: int
    behaviours: int
    missing: tuple[Missing, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a block rule would have hit in this very case, counted over all lines."""

    attack_lines: int
    other_lines: int
    attack_share: float | None


@dataclass(frozen=True, slots=True)
class BlockRule:
    """Ready configuration for one product (`nginx`, `apache`, `nftables`, `fail2ban`), and what it would have done.

    `text` holds validated addresses and our own words only. `kind` is `addresses` or `paths` (`selector` picks exactly
    what it would have stopped; `addresses` are those it blocks), or `logins` or `requests`: limits that were replayed
    over the lines, of which `selector` picks those that count towards the limit, and `backtest` says what was stopped.
    """

    product: str
    text: str
    addresses: tuple[str, ...]
    selector: Selector
    backtest: Backtest
    notes: tuple[Note, ...] = ()
    kind: str = "addresses"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do; `phase` is contain, investigate, fix, report or prevent, `code` a locale key `advice.<code>`."""

    phase: str
    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    selector: Selector | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The result of one step: a sentence (`answer.<code>` with `facts`), its claims with verdicts, and what to look at.

    `evidence` picks the lines behind "show lines". `claims` say everything that the sentence and the table say.
    """

    step: Step
    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    claims: tuple[CheckedClaim, ...] = ()
    table: Table | None = None
    chart: Chart | None = None
    evidence: Selector | None = None
    quotes: tuple[Quote, ...] = ()
    notes: tuple[Note, ...] = ()
    certificate: Certificate | None = None
    advice: tuple[Advice, ...] = ()
    block_rules: tuple[BlockRule, ...] = ()
    report: Report | None = None
