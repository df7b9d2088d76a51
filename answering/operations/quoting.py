"""Any lines of the lake word for word, each with the part marked for which it was picked."""

from collections.abc import Sequence

import numpy as np

from answering.operations.inquiry import Inquiry
from core.event import RAW
from core.field import Field
from core.finding import Quote
from core.key import join_keys
from core.line import LineRef
from core.selector import Selector
from detection.explain import match_span
from detection.stored import SCANNED

NO_RULE = ""
"""The rule of a quote that no rule picked."""


def quotes_of(inquiry: Inquiry, selector: Selector, refs: Sequence[LineRef]) -> tuple[Quote, ...]:
    """The lines in the order asked; marked is what was asked for: what a rule matched, or the text looked for."""
    lake, rules = inquiry.opened.lake, inquiry.opened.rules
    if not refs:
        return ()
    table = lake.events(refs, (RAW, *SCANNED))
    found = _hits(inquiry, selector, refs)
    parts = [part for part in _parts(selector) if part]
    quotes = []
    for row, (ref, raw) in enumerate(zip(refs, table.column(RAW).to_pylist(), strict=True)):
        name, field = found.get(row, (NO_RULE, Field.OTHER))
        rule = rules.rule(name)
        start, end = _place(raw, () if selector.picks_by_hits else parts)
        if start == end:
            start, end = _place(raw, parts) if rule is None else match_span(rule, raw, table, row, field)
        quotes.append(Quote(ref, raw, name, field, start, end))
    return tuple(quotes)


def _hits(inquiry: Inquiry, selector: Selector, refs: Sequence[LineRef]) -> dict[int, tuple[str, Field]]:
    """The first hit of each line, of the types and rules that the selector names."""
    numbers = {source.id: source.number for source in inquiry.opened.lake.sources}
    keys = np.array([join_keys(numbers[ref.source], ref.line) for ref in refs], np.int64)
    hits = inquiry.opened.basis.hits
    hits = hits.where(np.isin(hits.keys, keys))
    found: dict[int, tuple[str, Field]] = {}
    pairs = zip(hits.keys.tolist(), hits.rules.tolist(), hits.types.tolist(), hits.fields.tolist(), strict=True)
    first = {key: row for row, key in reversed(list(enumerate(keys.tolist())))}
    for key, rule, kind, field in pairs:
        named = not selector.rules or hits.rule_names[rule] in selector.rules
        if named and (not selector.types or hits.type_names[kind] in selector.types):
            found.setdefault(first[key], (hits.rule_names[rule], Field(field)))
    return found


def _parts(selector: Selector) -> tuple[str, ...]:
    paths = tuple(path.removesuffix("*") for path in selector.paths)
    return (
        *selector.raw_contains,
        *selector.url_contains,
        *paths,
        *selector.agent_contains,
        *selector.user_contains,
        *selector.referrer_contains,
        *(ip for ip in selector.ips if "/" not in ip),
    )


def _place(raw: bytes, parts: Sequence[str]) -> tuple[int, int]:
    lowered = raw.lower()
    for part in parts:
        needle = part.encode("utf-8", "replace").lower()
        start = lowered.find(needle)
        if start >= 0:
            return start, start + len(needle)
    return 0, 0
