"""The lines of one (time window, source IP), folded to templates: what retrieval finds and a model may read."""

from dataclasses import dataclass
from datetime import datetime

from core.line import LineRef
from core.taxonomy import AttackType


@dataclass(frozen=True, slots=True)
class Template:
    """Lines that differ only in numbers and other variable parts, and how many they are."""

    text: str
    lines: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk as the lake holds it; `id` is the hash of its content (32 hex digits): the same lines, the same id.

    `since` <= time < `until` is the window (both None: lines without a time); `ip` None: lines without an address.
    `first` and `last` are the times seen in it. `text` is what is embedded and shown to a model: templates with counts
    and tags in both languages, within the token bound. `shape` is the id of the text that chunks like it share;
    `suspicious` chunks have a vector of their own. `types` are those of its hits. `refs` are all its lines.
    """

    id: str
    shape: str
    since: datetime | None
    until: datetime | None
    ip: str | None
    first: datetime | None
    last: datetime | None
    lines: int
    types: tuple[AttackType, ...]
    suspicious: bool
    text: str
    refs: tuple[LineRef, ...] = ()
