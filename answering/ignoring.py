"""The ignore list at work: hits somebody has judged are left out of a report, which says so entry by entry."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from core.arrow import masked
from core.event import AGENT, IP, LINE, SOURCE, URL
from core.ignore import Ignored, IgnoreEntry
from core.key import keys_of
from core.match import matches
from core.selector import Selector
from detection.ruleset import RuleSet
from stores.lake import Lake

_KIND = "akashi.type"
_LOOKED_AT = (SOURCE, LINE, IP, URL, AGENT)


def leave_out(lake: Lake, rules: RuleSet, entries: Sequence[IgnoreEntry], today: date) -> tuple[Ignored, ...]:
    """From now on the lake answers without the hits of the entries that hold today; what became of every entry.

    Hits of rules that there are no longer are not seen either: nothing could say why they count.
    """
    known = {rule.id for rule in rules.rules} | {behaviour.id for behaviour in rules.behaviours}
    with lake.everything_seen():
        gone = tuple(rule for rule, _ in lake.per_rule(Selector()) if rule not in known)
    holding = [entry for entry in entries if entry.holds_on(today)]
    selectors = [*(one.selector for one in holding), *([Selector(rules=gone)] if gone else [])]
    counts = dict(zip([entry.id for entry in holding], lake.ignore(selectors), strict=False))
    return tuple(Ignored(entry, counts.get(entry.id, 0), expired=entry.id not in counts) for entry in entries)


def not_ignored(lake: Lake, hits: pa.Table, selectors: Sequence[Selector]) -> pa.Table:
    """The hits (HIT_SCHEMA) that no selector picks, each judged by itself on its stored line."""
    if not selectors or not hits.num_rows:
        return hits
    places, row_of = np.unique(keys_of(hits), return_inverse=True)
    events = lake.rows(places, _LOOKED_AT).to_pylist()
    named = zip(hits.column("rule.id").to_pylist(), hits.column(_KIND).to_pylist(), row_of.tolist(), strict=True)
    keep = [
        not any(matches(selector, events[row], ((rule, kind),)) for selector in selectors) for rule, kind, row in named
    ]
    return hits.filter(masked(np.array(keep, np.bool_)))
