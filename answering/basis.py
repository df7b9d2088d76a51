"""What all reports and answers about one state of a case rest on: both counts of its hits, and how the site answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from answering.behaviours import BEHAVIOURS, apply_behaviours
from answering.hit_lines import HitLines, hit_lines
from answering.ignoring import leave_out
from answering.site import Site, observe_site
from answering.validate.recount import Recount
from answering.validate.rescan import Rescan
from core.ignore import Ignored, IgnoreEntry
from core.plan import EVERYTHING
from core.selector import Selector
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from stores.derived import Derived
from stores.lake import Lake


@dataclass(frozen=True)
class Basis:
    """A lake with the behaviours' hits joined and the ignore list applied, and the second count beside it.

    `now` is when this was made (aware UTC). `read_with` are the versions of the rules that the lines were read with,
    where that is known.
    """

    lake: Lake
    rules: RuleSet
    recount: Recount
    case: str
    now: datetime
    ignored: tuple[Ignored, ...]
    read_with: frozenset[str]

    @classmethod
    def of(
        cls,
        lake: Lake,
        rules: RuleSet,
        scanner: Scanner,
        *,
        case: str,
        now: datetime,
        ignores: Sequence[IgnoreEntry] = (),
        read_with: Collection[str] = (),
        derived: Derived | None = None,
    ) -> "Basis":
        """The basis of this snapshot; what `derived` holds of it is not worked out again.

        Hits on the ignore list are left out once all behaviours have been found: an entry takes its own lines away,
        and changes nothing else.
        """
        rescan = Rescan(lake, scanner)
        if derived is None or not derived.holds(BEHAVIOURS):  # of a new state nearly everything is asked for
            rescan.begin()
        with lake.everything_seen():
            apply_behaviours(lake, rules, derived)
        ignored = leave_out(lake, rules, ignores, now.date())
        selectors = tuple(one.entry.selector for one in ignored if not one.expired)
        recount = Recount(lake, rules, scanner, selectors, derived, rescan)
        return cls(lake, rules, recount, case, now, ignored, frozenset(read_with))

    @cached_property
    def hits(self) -> HitLines:
        """All hits that are not ignored."""
        return hit_lines(self.lake.hits(EVERYTHING))

    @cached_property
    def site(self) -> Site:
        """How this site answers."""
        return observe_site(self.lake, self.hits)

    def hits_of(self, selector: Selector) -> HitLines:
        """The hits of the selected lines, of the selector's types and rules only."""
        return self.hits if selector == EVERYTHING else hit_lines(self.lake.hits(selector))
