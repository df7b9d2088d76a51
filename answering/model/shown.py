"""Values of claims as one line of text, and the selections of which every address is known."""

from collections.abc import Iterable, Mapping

from answering.validate.verdict import canonical
from core.claim import CheckedClaim, Claim, ClaimKind, ClaimValue, VerdictStatus
from core.dimension import Dimension
from core.line import SourceId
from core.selector import Selector

_COMPLETE = (ClaimKind.PER_IP, ClaimKind.SET)
Names = Mapping[SourceId, str]


def complete_sets(checked: Iterable[CheckedClaim]) -> Mapping[Selector, frozenset[str]]:
    """The addresses of selections of which all are known."""
    found: dict[Selector, frozenset[str]] = {}
    for item in checked:
        claim, actual = item.claim, item.verdict.actual
        whole = claim.kind in _COMPLETE or (
            claim.kind is ClaimKind.TOP and claim.by is Dimension.IP and claim.limit is None
        )
        if whole and isinstance(actual, tuple) and item.verdict.status is not VerdictStatus.UNVERIFIABLE:
            found[canonical(claim)] = frozenset(str(one[0]) if isinstance(one, tuple) else str(one) for one in actual)
        if claim.kind is ClaimKind.ONLY and claim.by is Dimension.IP and item.verdict.status is VerdictStatus.VERIFIED:
            found[canonical(claim)] = frozenset((str(claim.value),))
    return found


def text_of(claim: Claim, value: ClaimValue, names: Names) -> str:
    """A value of a claim in one line, as it is shown beside what was said instead."""
    if value is None:
        return ""
    if claim.kind in (ClaimKind.QUOTE, ClaimKind.EXCERPT):
        return bytes.fromhex(str(value)).decode("utf-8", "backslashreplace")
    if claim.kind is ClaimKind.SHARE and isinstance(value, tuple):
        return "/".join(str(pair[1]) for pair in value if isinstance(pair, tuple))
    if claim.kind is ClaimKind.COMPARISON and isinstance(value, tuple):
        return " : ".join(str(pair[1]) for pair in value if isinstance(pair, tuple))
    if not isinstance(value, tuple):
        return str(value)
    rows = [f"{_name(claim, str(row[0]), names)}: {row[1]}" if isinstance(row, tuple) else str(row) for row in value]
    return ", ".join([*rows[:_ROWS], *(["…"] if len(rows) > _ROWS else [])])


_ROWS = 10


def _name(claim: Claim, value: str, names: Names) -> str:
    return names.get(SourceId(value), value) if claim.by is Dimension.SOURCE else value
