"""One finding per attack type, computed from the rule hits in a few column operations."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from answering.hit_lines import NO_VALUE, HitLines, instant
from answering.outcome import settle
from answering.quotes import choose_quotes
from answering.site import Site, refs_of
from core.action import Action
from core.field import Field
from core.finding import Finding, IpCount, RuleCount
from core.report import Totals
from core.selector import Selector
from core.taxonomy import AttackType
from detection.ruleset import RuleSet
from stores.columns import WAF_RULE
from stores.lake import Lake

MAX_WAF_RULES = 20


def find(lake: Lake, rules: RuleSet, hits: HitLines, site: Site, selector: Selector) -> tuple[Finding, ...]:
    """A finding for each type that has hits (only the asked types, when the selector names some), most lines first."""
    asked = selector.types or tuple(AttackType)
    present = [kind for kind in asked if kind in hits.type_names]
    by_type = {kind: hits.of_type(kind) for kind in present}
    quotes = choose_quotes(lake, rules, {kind: of_type for kind, of_type in by_type.items() if len(of_type)})
    found = [
        replace(
            _finding(lake, kind, of_type, site, selector),
            quotes=quotes[kind],
            waf_rules=_waf_rules(lake, of_type, replace(selector, types=(kind,))),
        )
        for kind, of_type in by_type.items()
        if len(of_type)
    ]
    return tuple(sorted(found, key=lambda finding: (-finding.count, finding.type)))


def _finding(lake: Lake, kind: AttackType, hits: HitLines, site: Site, selector: Selector) -> Finding:
    lines = hits.distinct()
    timed = lines.times[np.flatnonzero(lines.times != np.iinfo(np.int64).max)]
    settled = settle(kind, hits, site)
    ips = ip_counts(lines)
    return Finding(
        type=kind,
        selector=replace(selector, types=(kind,)),
        count=len(lines),
        source_ips=ips,
        unattributed=len(lines) - sum(one.count for one in ips),
        first_seen=instant(int(timed[0])) if len(timed) else None,
        last_seen=instant(int(timed[-1])) if len(timed) else None,
        outcome=settled.outcome,
        outcome_reason=settled.reason,
        deciding=refs_of(lake, settled.deciding),
        rules=rule_counts(hits),
        quotes=(),
    )


def ip_counts(lines: HitLines) -> tuple[IpCount, ...]:
    """Lines per address, most first, then by address text; lines without an address are not in it."""
    codes, counts = np.unique(lines.ips[lines.ips != NO_VALUE], return_counts=True)
    pairs = zip(codes.tolist(), counts.tolist(), strict=True)
    named = [IpCount(lines.ip_names[code], count) for code, count in pairs]
    return tuple(sorted(named, key=lambda one: (-one.count, one.ip)))


def rule_counts(hits: HitLines) -> tuple[RuleCount, ...]:
    """Distinct lines per rule, most first, then by rule id."""
    found = [RuleCount(hits.rule_names[code], len(np.unique(hits.keys[hits.rules == code]))) for code in _codes(hits)]
    return tuple(sorted(found, key=lambda one: (-one.count, one.rule)))


def _waf_rules(lake: Lake, hits: HitLines, selector: Selector) -> tuple[RuleCount, ...]:
    """Lines per id that a firewall wrote into its alerts; asked only where an alert may be among the hits."""
    if selector.actions or not (hits.fields == Field.MESSAGE).any():
        return ()
    alerts = replace(selector, actions=(Action.WAF_ALERT, Action.WAF_BLOCKED))
    return tuple(RuleCount(name, lines) for name, lines in lake.top(alerts, WAF_RULE, MAX_WAF_RULES))


def _codes(hits: HitLines) -> list[int]:
    codes: list[int] = np.unique(hits.rules).tolist()
    return codes


def total(found: Sequence[HitLines]) -> Totals:
    """The three totals over the hits of each type found: types, distinct lines, distinct addresses."""
    keys = np.unique(np.concatenate([np.empty(0, np.int64), *(hits.keys for hits in found)]))
    ips = {hits.ip_names[code] for hits in found for code in np.unique(hits.ips).tolist() if code != NO_VALUE}
    return Totals(len(found), len(keys), len(ips))
