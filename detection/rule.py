"""A rule (what one line shows) and a behaviour (what only many lines show), as loaded from their files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.field import Field
from core.selector import Selector
from core.taxonomy import AttackType, Level
from detection.condition import Condition

BUILT_IN = ""
"""The `origin` of what Akashi brings along."""


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions on the row: values of one condition are ORed, conditions ANDed, empty means any."""

    methods: tuple[str, ...] = ()
    status_codes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One signature.

    A record of one of `fields` hits when any of `match` is found in it, then all of `all_of`, none of `unless`, and
    the structural predicate named `confirm` (`detection.confirm`) says yes. `match` runs in the multi-pattern engine
    over everything; the other three only look at what it selected. A `supporting` rule names a means (an encoding, a
    tool): its hit is kept only on lines where no other rule names the deed. `yields_to` names types and rules whose hit
    on the same field explains this one's (`detection.precedence`). A `condition` asks more of the whole line,
    and is asked last; such a rule hides no other one. `origin` is the file of a user's rule.
    """

    id: str
    version: int
    type: AttackType
    level: Level
    title: Mapping[str, str]
    fields: frozenset[Field]
    match: tuple[str, ...]
    all_of: tuple[re.Pattern[bytes], ...]
    unless: tuple[re.Pattern[bytes], ...]
    confirm: str | None
    where: Where
    supporting: bool
    attack: tuple[str, ...]
    references: tuple[str, ...]
    known_gaps: str
    fires: tuple[str, ...]
    silent: tuple[str, ...]
    yields_to: tuple[str, ...] = ()
    condition: Condition | None = None
    origin: str = BUILT_IN


class Mode(StrEnum):
    """How a behaviour groups the lines it selects."""

    SESSION = "session"  # lines of one key with no pause longer than gap_seconds
    BURST = "burst"  # lines of one key inside one window of window_seconds
    SEQUENCE = "sequence"  # a line of `then` after `lines` lines of `select`, same key, within within_seconds
    RUN = "run"  # the other tries of a client most of whose tries at one target are hits of `select`


FLOOD_LINES = 120
FLOOD_SECONDS = 60
"""Two requests a second for a minute: so few addresses ask so often that they can be found before anything else."""


@dataclass(frozen=True, slots=True, eq=False)
class Behaviour:
    """One thing only many lines show; `lines` is the threshold, `key` the event column lines are grouped by.

    A group needs `values` different values of the column `distinct`, with at most `tries` and at least `repeats` lines
    each on average (0 = any). A line of `then` whose message holds one of `then_without` follows from nothing.
    Lines whose URL contains one of `except_urls`, or that `besides` explains already, are no part of it; what `mixed`
    explains is, where less than half of the group is. More lines of `relief` than `share` of the group's acquit it.
    """

    id: str
    version: int
    type: AttackType
    level: Level
    title: Mapping[str, str]
    mode: Mode
    select: Selector
    then: Selector | None
    key: str
    lines: int
    gap_seconds: int
    window_seconds: int
    within_seconds: int
    attack: tuple[str, ...]
    references: tuple[str, ...]
    known_gaps: str
    relief: Selector | None = None
    distinct: str | None = None
    values: int = 0
    tries: int = 0
    repeats: int = 0
    share: float = 0.2
    except_urls: tuple[str, ...] = ()
    besides: tuple[AttackType, ...] = ()
    mixed: tuple[AttackType, ...] = ()
    then_without: tuple[str, ...] = ()
    origin: str = BUILT_IN

    @property
    def is_flood(self) -> bool:
        """Whether only addresses that ask very often can qualify."""
        often = self.lines >= FLOOD_LINES and self.window_seconds <= FLOOD_SECONDS
        return often and self.mode is Mode.BURST and self.key == "source.ip"


@dataclass(frozen=True, slots=True, eq=False)
class Benign:
    """A crawler, monitor or own machine. A name (`agent`) is a claim; an address in `networks` is the proof.

    Without `agent` everything from the networks is the client's. `published` is the day its ranges are of, where it
    publishes any.
    """

    name: str
    agent: re.Pattern[bytes] | None
    networks: tuple[str, ...]
    source: str
    published: date | None = None
