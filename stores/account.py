"""Accounts of physical lines added up."""

from collections import Counter
from collections.abc import Iterable

from core.source import Accounting

COUNTS = ("lines", "parsed", "continuation", "header", "blank", "unparsed", "oversize")


def total_of(accounts: Iterable[Accounting]) -> Accounting:
    """Several accounts as one."""
    reasons: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for account in accounts:
        reasons.update(account.reasons or {})
        counts.update({name: getattr(account, name) for name in COUNTS})
    return Accounting(**counts, reasons=dict(sorted(reasons.items())))
