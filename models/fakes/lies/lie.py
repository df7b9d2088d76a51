"""What a liar may know of a case, and what an operator makes of a truthful draft."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from core.draft import Draft, DraftFinding, Evidence


class Decidable(StrEnum):
    """Who can say that it is a lie."""

    D = "deterministic"
    C = "configured"  # given what the case was told about zones, proxies, allow-lists
    U = "unverifiable"  # nobody: it must never get to be shown as verified


@dataclass(frozen=True, slots=True)
class LogFacts:
    """The case as a liar sees it; an operator that finds nothing here to lie with makes no lie.

    `lines` are the raw lines by name of file, cut at LF only. `strangers` are addresses of no finding, `written` those
    that stand in lines without being their source. `halves` are truthful findings of the first part of a finding's
    time, `widened` findings of all lines of its addresses, whatever these lines are, with true figures of that
    selection; both by the id of the finding. `earlier` are (claim id of the answer, its number).
    """

    lines: Mapping[str, tuple[bytes, ...]]
    strangers: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    halves: Mapping[str, DraftFinding] = field(default_factory=dict)
    widened: Mapping[str, DraftFinding] = field(default_factory=dict)
    unread: tuple[tuple[str, int], ...] = ()
    earlier: tuple[tuple[str, int], ...] = ()
    language: str = "en"

    def words(self, english: str, japanese: str) -> str:
        """In the language of the answer."""
        return japanese if self.language == "ja" else english

    def evidence(self, name: str, line: int) -> Evidence:
        """A true quote of the whole line, as far as it is text."""
        return Evidence(source=name, line=line, quote=self.lines[name][line - 1].decode("utf-8", "replace"))


Lie = Draft | str
"""A draft, or the text of a reply that is none."""

Apply = Callable[[Draft, LogFacts, Random], list[Lie]]


@dataclass(frozen=True, slots=True)
class Operator:
    """One class of lies; `apply` gives minimal ones (one field) and compound ones (that still add up)."""

    id: str
    title: str
    decidable: Decidable
    apply: Apply
