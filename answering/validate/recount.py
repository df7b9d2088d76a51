"""Facts about selections, computed again from stored lines: never from what a finding or a stored hit says."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from answering.behaviours import behaviour_hits
from answering.hit_lines import HitLines, hit_lines
from answering.ignoring import not_ignored
from answering.site import Site, observe_site
from answering.validate.rescan import Rescan
from core.arrow import empty
from core.event import HIT_SCHEMA
from core.key import join_keys
from core.line import LineRef
from core.part import Certificate
from core.selector import Selector
from core.taxonomy import AttackType
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from stores.derived import Derived
from stores.digest import digest_of
from stores.lake import Lake
from stores.lines import EvidenceLine
from stores.second_count import SecondCount

_KEPT = "second_count"


class Recount:
    """Asks the lake once per selector and remembers the answer while a report is being checked."""

    def __init__(
        self,
        lake: Lake,
        rules: RuleSet,
        scanner: Scanner,
        ignored: tuple[Selector, ...] = (),
        derived: Derived | None = None,
        rescan: Rescan | None = None,
    ) -> None:
        self.lake = lake
        self.rules = rules
        self._ignored = ignored
        self._derived = derived
        self._rescan = rescan or Rescan(lake, scanner)
        self.certify: Callable[[Selector], Certificate] | None = None
        """Says whether the logs would show what a selector looks for; without it no absence is verified."""
        self._digests: dict[Selector, tuple[int, str]] = {}
        self._keys: dict[Selector, NDArray[np.int64]] = {}
        self._empty: dict[Selector, bool] = {}
        self._stored: dict[LineRef, EvidenceLine] = {}
        self._selected: dict[Selector, HitLines] = {}
        self._rescanned: dict[Selector, HitLines] = {}
        self._number_of = {source.id: source.number for source in lake.sources}
        self._lines_of = {source.number: source.accounting.lines for source in lake.sources}

    @cached_property
    def second(self) -> SecondCount:
        """The count without the query engine; what it knows of hits was computed again, too."""
        return SecondCount(self.lake, self._hit_keys)

    def hits_of(self, types: Collection[AttackType], rules: Collection[str]) -> HitLines:
        """Hits of the case, computed again, of one of these types (none: any) and one of these rules."""
        hits = self.rescanned(Selector())
        mask = np.ones(len(hits), np.bool_)
        for codes, names, asked in ((hits.types, hits.type_names, types), (hits.rules, hits.rule_names, rules)):
            if asked:
                mask &= np.isin(codes, [code for code, name in enumerate(names) if name in asked])
        return hits.where(mask)

    def _hit_keys(self, types: Collection[AttackType], rules: Collection[str]) -> NDArray[np.int64]:
        return self.hits_of(types, rules).keys

    def digest(self, selector: Selector) -> tuple[int, str]:
        """Matched lines and the digest of their references; where stored hits decide, by the lake's own query."""
        if selector not in self._digests:
            by_hits = selector.picks_by_hits
            self._digests[selector] = self.lake.digest(selector) if by_hits else self._digest_of(selector)
        return self._digests[selector]

    def _digest_of(self, selector: Selector) -> tuple[int, str]:
        return digest_of(self.second.keys(selector), self._number_of)

    def key_of(self, ref: LineRef) -> int | None:
        """The key of a line that exists; None when there is no such source or line."""
        number = self._number_of.get(ref.source)
        if number is None or not 1 <= ref.line <= self._lines_of[number]:
            return None
        return join_keys(number, ref.line)

    def fetch(self, refs: Iterable[LineRef]) -> None:
        """Read these lines at once, for `stored_line`; references to nothing are passed over."""
        wanted = sorted({ref for ref in refs if ref not in self._stored and self.key_of(ref) is not None})
        if wanted:
            self._stored |= {line.ref: line for line in self.lake.lines(wanted)}

    def stored_line(self, ref: LineRef) -> EvidenceLine | None:
        """The stored line; None when there is no such source or line."""
        self.fetch((ref,))
        return self._stored.get(ref)

    def keys_of(self, selector: Selector) -> NDArray[np.int64]:
        """Keys of the selected lines, by the lake's own query."""
        if selector not in self._keys:
            self._keys[selector] = self.lake.keys(selector)
        return self._keys[selector]

    def scope_is_empty(self, selector: Selector) -> bool:
        """Whether nothing at all was collected in the selector's sources and window, whatever it looks for there."""
        scope = Selector(since=selector.since, until=selector.until, sources=selector.sources)
        if scope not in self._empty:
            self._empty[scope] = self.lake.count(scope) == 0
        return self._empty[scope]

    def selected(self, selector: Selector, kind: AttackType) -> HitLines:
        """Hits of one type on the selected lines, computed again, in (time, line) order."""
        canonical = replace(selector, types=(kind,))
        if canonical not in self._selected:
            hits = self.rescanned(selector).of_type(kind)
            asked = [code for code, name in enumerate(hits.rule_names) if name in selector.rules]
            self._selected[canonical] = hits.where(np.isin(hits.rules, asked)) if selector.rules else hits
        return self._selected[canonical]

    @cached_property
    def site(self) -> Site:
        """The site's background, from hits computed again over the whole case."""
        return observe_site(self.lake, self.rescanned(Selector()))

    def rescanned(self, selector: Selector) -> HitLines:
        """All hits, computed again, of the lines that the selector picks by anything but types and rules."""
        scope = replace(selector, types=(), rules=())
        if scope not in self._rescanned:
            keys = None if scope == Selector() else self.second.keys(scope)
            hits = self._everything
            self._rescanned[scope] = hits if keys is None else hits.where(np.isin(hits.keys, keys))
        return self._rescanned[scope]

    @cached_property
    def _everything(self) -> HitLines:
        """Every hit of the case: what the ignore list says is judged hit by hit."""
        return hit_lines(not_ignored(self.lake, self._found(), self._ignored))

    def _found(self) -> pa.Table:
        """HIT_SCHEMA rows: lines with a stored signature hit are scanned again from their stored columns.

        The window query of every behaviour that has hits is run again. Done once for each state of a case.
        """
        known = self._derived.table(_KEPT) if self._derived is not None else None
        if known is not None:
            return known
        self._rescan.begin()
        behaviours = self._behaviours
        found = pa.concat_tables([empty(HIT_SCHEMA), *self._rescan.tables(), *behaviours]).unify_dictionaries()
        if self._derived is not None:
            self._derived.keep_table(_KEPT, found)
        return found

    @cached_property
    def _behaviours(self) -> list[pa.Table]:
        ids = tuple(one.id for one in self.rules.behaviours)
        fired = {name for name, _ in self.lake.per_rule(Selector(rules=ids))} if ids else set()
        again = tuple(one for one in self.rules.behaviours if one.id in fired)
        with self.lake.everything_seen():
            return list(behaviour_hits(self.lake, self.rules, again))
