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
from stores.lake import Lake

MAX_QUOTES = 5
_CANDIDATES = 4
_RULES = 8

Candidate = tuple[int, str, Field]
"""Line key, rule id and the field that matched."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """Stored events of the candidates: `rows` gives the row of a line key."""

    table: pa.Table
    rows: Mapping[int, int]
    refs: Mapping[int, LineRef]

    def path(self, key: int) -> str:
        return str(self.table.column(URL)[self.rows[key]].as_py() or "").partition("?")[0]

    def raw(self, key: int) -> bytes:
        return bytes(self.table.column(RAW)[self.rows[key]].as_py())


def choose_quotes(
    lake: Lake, rules: RuleSet, by_type: Mapping[AttackType, HitLines]
) -> dict[AttackType, tuple[Quote, ...]]:
    """At most MAX_QUOTES lines per type: the earliest line of each rule, other URLs before repeated ones.

    Candidates are the first lines of the rules with the most lines; stored lines of all types are fetched at once.
    """
    candidates = {kind: _candidates(hits) for kind, hits in by_type.items()}
    keys = sorted({key for found in candidates.values() for key, _, _ in found})
    refs = refs_of(lake, keys)
    rows = {key: row for row, key in enumerate(keys)}
    stored = _Stored(lake.events(refs), rows, dict(zip(keys, refs, strict=True)))
    return {kind: _choose(rules, found, stored) for kind, found in candidates.items()}


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


def _choose(rules: RuleSet, candidates: list[Candidate], stored: _Stored) -> tuple[Quote, ...]:
    """Unseen paths first, in candidate order; then further lines; never a line twice."""
    fresh: list[Candidate] = []
    further: list[Candidate] = []
    seen: set[str] = set()
    for candidate in candidates:
        path = stored.path(candidate[0])
        (further if path in seen else fresh).append(candidate)
        seen.add(path)
    chosen: dict[int, Quote] = {}
    for candidate in (*fresh, *further):
        if candidate[0] not in chosen and len(chosen) < MAX_QUOTES:
            chosen[candidate[0]] = _quote(rules, candidate, stored)
    return tuple(quote for _, quote in sorted(chosen.items()))


def _quote(rules: RuleSet, candidate: Candidate, stored: _Stored) -> Quote:
    """The whole line; a behaviour matches no part of it, hence 0:0."""
    key, name, field = candidate
    rule, raw = rules.rule(name), stored.raw(key)
    start, end = (0, 0) if rule is None else match_span(rule, raw, stored.table, stored.rows[key], field)
    return Quote(stored.refs[key], raw, name, field, start, end)
