"""What an operation is about to say, as claims: stated from the lake's own queries, shown as the second count says."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from answering.claims import iso
from answering.operations import first_count
from answering.operations.inquiry import Inquiry
from core.claim import CheckedClaim, Claim, ClaimKind, ClaimValue, VerdictStatus
from core.dimension import Dimension
from core.finding import Quote
from core.selector import Selector

Pairs = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """Claims with their verdicts; a refuted value is nowhere to be had, only the true one."""

    claims: tuple[CheckedClaim, ...]

    def value(self, name: str) -> ClaimValue:
        """What may be shown of the claim."""
        one = next(one for one in self.claims if one.claim.id == name)
        return one.verdict.actual if one.verdict.status is VerdictStatus.REFUTED else one.claim.value

    def number(self, name: str) -> int:
        """The same for a count."""
        value = self.value(name)
        return value if isinstance(value, int) else 0

    def pairs(self, name: str) -> Pairs:
        """The same for values with their lines."""
        value = self.value(name)
        return tuple(pair for pair in value if isinstance(pair, tuple)) if isinstance(value, tuple) else ()

    def time(self, name: str) -> datetime | None:
        """The same for a time, aware UTC."""
        value = self.value(name)
        return datetime.fromisoformat(value) if isinstance(value, str) else None

    def holds(self, name: str) -> bool:
        """Whether the claim is verified as it was stated."""
        one = next(one for one in self.claims if one.claim.id == name)
        return one.verdict.status is VerdictStatus.VERIFIED

    def quotes(self, quotes: Iterable[Quote]) -> tuple[Quote, ...]:
        """The quotes that stand in the log word for word."""
        refuted = {one.claim.ref for one in self.claims if one.verdict.status is VerdictStatus.REFUTED}
        return tuple(quote for quote in quotes if quote.ref not in refuted)


@dataclass(slots=True)
class Ledger:
    """Claims in the making; every method states one, named `name`, and gives the value as the first count has it."""

    inquiry: Inquiry
    claims: list[Claim] = field(default_factory=list)

    def count(self, name: str, selector: Selector) -> int:
        """How many lines."""
        value = first_count.count(self.inquiry, selector)
        self.claims.append(Claim(name, ClaimKind.COUNT, None, selector, value))
        return value

    def distinct(self, name: str, selector: Selector, by: Dimension) -> int:
        """How many different values."""
        value = first_count.distinct(self.inquiry, selector, by)
        self.claims.append(Claim(name, ClaimKind.DISTINCT, None, selector, value, by=by))
        return value

    def top(self, name: str, selector: Selector, by: Dimension, limit: int | None) -> Pairs:
        """The most frequent values and their lines."""
        value = first_count.top(self.inquiry, selector, by, limit)
        self.claims.append(Claim(name, ClaimKind.TOP, None, selector, value, by=by, limit=limit))
        return value

    def span(self, first: str | None, last: str | None, selector: Selector) -> tuple[datetime | None, datetime | None]:
        """First and last time; the end that has no name is not stated."""
        value = first_count.span(self.inquiry, selector)
        for name, kind, time in ((first, ClaimKind.FIRST, value[0]), (last, ClaimKind.LAST, value[1])):
            if name is not None:
                self.claims.append(Claim(name, kind, None, selector, iso(time)))
        return value

    def series(self, name: str, selector: Selector, by: Dimension) -> Pairs:
        """Lines per stretch of time."""
        value = first_count.series(self.inquiry, selector, by)
        self.claims.append(Claim(name, ClaimKind.SERIES, None, selector, value, by=by))
        return value

    def compare(self, name: str, selector: Selector, against: Selector) -> Pairs:
        """Lines of both selections."""
        one, other = (first_count.count(self.inquiry, side) for side in (selector, against))
        value = (("", one), ("against", other))
        self.claims.append(Claim(name, ClaimKind.COMPARISON, None, selector, value, against=against))
        return value

    def absence(self, name: str, selector: Selector) -> None:
        """That there is no such line, and that the logs would show it."""
        self.claims.append(Claim(name, ClaimKind.ABSENCE, None, selector, 0))

    def quotes(self, selector: Selector, quotes: Iterable[Quote]) -> None:
        """That these lines stand in the log word for word, among the selected ones; named `quote.1`, …"""
        for number, quote in enumerate(quotes, 1):
            self.claims.append(
                Claim(f"quote.{number}", ClaimKind.QUOTE, None, selector, quote.raw.hex(), ref=quote.ref)
            )

    def check(self) -> Checked:
        """All that was stated, counted again."""
        return Checked(self.inquiry.check(self.claims))
