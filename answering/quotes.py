"""A few raw lines per finding, word for word, chosen the same way every time."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from answering.hit_lines import HitLines
from answering.site import refs_of
from core.event import RAW, URL
from core.field import Field
from core.finding import Quote
from core.line import LineRef
from core.taxonomy import AttackType
from detection.explain import match_span
from detection.ruleset import RuleSet
from detection.stored import SCANNED
from stores.lake import Lake

MAX_QUOTES = 5
_CANDIDATES = 4
_RULES = 8

Candidate = tuple[int, str, Field]
"""Line key, rule id and the field that matched."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """Columns of the candidates that selectors and scans look at: `rows` gives the row of a line key."""

    table: pa.Table
    rows: Mapping[int, int]
    refs: Mapping[int, LineRef]

    @classmethod
    def of(cls, lake: Lake, keys: list[int]) -> "_Stored":
        """The lines of the keys."""
        refs = refs_of(lake, keys)
        table = lake.events(refs, SCANNED)
        return cls(table, {key: row for row, key in enumerate(keys)}, dict(zip(keys, refs, strict=True)))

    def path(self, key: int) -> str:
        """The request target without its query."""
        return str(self.table.column(URL)[self.rows[key]].as_py() or "").partition("?")[0]


def choose_quotes(
    lake: Lake, rules: RuleSet, by_type: Mapping[AttackType, HitLines]
) -> dict[AttackType, tuple[Quote, ...]]:
    """At most MAX_QUOTES lines per type: the earliest line of each rule, other URLs before repeated ones.

    Candidates are the first lines of the rules with the most lines; whole lines are fetched of the chosen ones only.
    """
    candidates = {kind: _candidates(hits) for kind, hits in by_type.items()}
    stored = _Stored.of(lake, sorted({key for found in candidates.values() for key, _, _ in found}))
    chosen = {kind: _choose(found, stored) for kind, found in candidates.items()}
    keys = sorted({key for found in chosen.values() for key, _, _ in found})
    raw = dict(zip(keys, _raw(lake, [stored.refs[key] for key in keys]), strict=True))
    return {kind: tuple(_quote(rules, one, stored, raw[one[0]]) for one in found) for kind, found in chosen.items()}


def _raw(lake: Lake, refs: list[LineRef]) -> list[bytes]:
    lines: list[bytes] = lake.events(refs, (RAW,)).column(RAW).to_pylist()
    return lines


def _candidates(hits: HitLines) -> list[Candidate]:
    """Round by round: the first line of every rule, then the second, …"""
    by_rule = []
    for name in _main_rules(hits):
        first = hits.of_rule(name).distinct()
        pairs = zip(first.keys[:_CANDIDATES].tolist(), first.fields[:_CANDIDATES].tolist(), strict=True)
        by_rule.append([(key, name, Field(field)) for key, field in pairs])
    return [found[turn] for turn in range(_CANDIDATES) for found in by_rule if turn < len(found)]


def _main_rules(hits: HitLines) -> list[str]:
    counts = {name: int((hits.rules == code).sum()) for code, name in enumerate(hits.rule_names)}
    present = [name for name, count in counts.items() if count]
    return sorted(present, key=lambda name: (-counts[name], name))[:_RULES]


def _choose(candidates: list[Candidate], stored: _Stored) -> list[Candidate]:
    """Unseen paths first, in candidate order; then further lines; never a line twice. In the order of lines."""
    fresh: list[Candidate] = []
    further: list[Candidate] = []
    seen: set[str] = set()
    for candidate in candidates:
        path = stored.path(candidate[0])
        (further if path in seen else fresh).append(candidate)
        seen.add(path)
    chosen: dict[int, Candidate] = {}
    for candidate in (*fresh, *further):
        if len(chosen) < MAX_QUOTES:
            chosen.setdefault(candidate[0], candidate)
    return [candidate for _, candidate in sorted(chosen.items())]


def _quote(rules: RuleSet, candidate: Candidate, stored: _Stored, raw: bytes) -> Quote:
    """The whole line; a behaviour matches no part of it, hence 0:0."""
    key, name, field = candidate
    rule = rules.rule(name)
    start, end = (0, 0) if rule is None else match_span(rule, raw, stored.table, stored.rows[key], field)
    return Quote(stored.refs[key], raw, name, field, start, end)
