"""What checked claims let a text say: single values, each with what it counts, of what, and whether it is so."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from answering.claims import iso
from answering.model.shown import Names, text_of
from answering.validate.verdict import canonical
from core.claim import CheckedClaim, Claim, ClaimKind, ClaimValue, Comparator, VerdictStatus
from core.dimension import SECONDS, Dimension
from core.line import SourceId
from core.selector import Selector
from core.taxonomy import TECHNIQUE, AttackType

_SHORT = 50
"""Rows of a table that are looked at whatever a text names."""


class Sort(StrEnum):
    """What a value is."""

    NUMBER = "number"
    SHARE = "share"  # "part/whole"
    ADDRESS = "address"
    NETWORK = "network"
    TIME = "time"  # ISO 8601 UTC
    TEXT = "text"  # a path, user, agent, name of a file: as logged
    TYPE = "type"
    OUTCOME = "outcome"
    TECHNIQUE = "technique"
    STATUS = "status"
    LINE = "line"  # "source:number"
    QUOTE = "quote"  # a whole raw line that was quoted rightly
    RELATION = "relation"  # what an order or a sequence says


LINES, ADDRESSES, TYPES, SECONDS_UNIT, BYTES = "lines", "addresses", "types", "seconds", "bytes"
UNITS: Mapping[Dimension, str] = {
    Dimension.IP: ADDRESSES,
    Dimension.TYPE: TYPES,
    Dimension.PATH: "paths",
    Dimension.USER: "users",
    Dimension.AGENT: "agents",
    Dimension.METHOD: "methods",
    Dimension.STATUS: "statuses",
    Dimension.REFERRER: "referrers",
    Dimension.DOMAIN: "domains",
    Dimension.ACTION: "actions",
    Dimension.DATASET: "datasets",
    Dimension.SOURCE: "sources",
    Dimension.RULE: "rules",
}
_SINGLE = {
    ClaimKind.COUNT: LINES,
    ClaimKind.ABSENCE: LINES,
    ClaimKind.DURATION: SECONDS_UNIT,
    ClaimKind.GAP: SECONDS_UNIT,
    ClaimKind.BYTES: BYTES,
    ClaimKind.MEAN_BYTES: BYTES,
    ClaimKind.MAX_BYTES: BYTES,
}
_TABLES = (ClaimKind.PER_IP, ClaimKind.TOP, ClaimKind.PER_VALUE, ClaimKind.SERIES, ClaimKind.PEAK)
_COMPLETE = (ClaimKind.PER_IP, ClaimKind.SET)


@dataclass(frozen=True, slots=True)
class Known:
    """One value of a claim. Where it is not `true`, `truth` is what is so ("" where nothing of the kind is).

    `of` has to stand beside the value in a text (the address that a number of lines is of), `among` may (what the
    claim's selector names). `role` tells first times from last ones, `kind` is the claim's.
    """

    sort: Sort
    value: str
    claim: str
    kind: ClaimKind
    true: bool = True
    truth: str = ""
    unit: str = ""
    of: frozenset[str] = frozenset()
    among: frozenset[str] = frozenset()
    types: frozenset[AttackType] = frozenset()
    role: str = ""
    empty: bool = False
    selector: Selector = field(default_factory=Selector)


def known_of(checked: Iterable[CheckedClaim], names: Names, named: Collection[str] | None = None) -> tuple[Known, ...]:
    """All values of the claims; of an unverifiable one nothing is known.

    `named` is what a text names: of long tables only its rows are of use.
    """
    return tuple(one for item in checked for one in _values(item, names, named))


def _selector(claim: Claim) -> Selector:
    return canonical(claim)


def _values(item: CheckedClaim, names: Names, named: Collection[str] | None) -> Iterator[Known]:
    if item.verdict.status is VerdictStatus.UNVERIFIABLE:
        return
    claim, actual = item.claim, item.verdict.actual
    made = _Maker(claim, names, named, empty=claim.kind is ClaimKind.ABSENCE and actual == 0)
    if item.verdict.status is VerdictStatus.REFUTED:
        right = frozenset((one.sort, one.value, one.unit, one.of) for one in made.of_value(actual))
        shown = text_of(claim, actual, names)
        for one in made.of_value(claim.value):
            if (one.sort, one.value, one.unit, one.of) not in right:
                yield made.wrong(one, actual, shown)
    elif claim.comparator is not Comparator.EXACTLY:
        yield from made.constants()
        yield from made.of_value(actual)
        return
    yield from made.of_value(actual)
    if item.verdict.proof.matched or made.empty:
        yield from made.constants()


@dataclass(frozen=True, slots=True)
class _Maker:
    claim: Claim
    names: Names
    named: Collection[str] | None
    empty: bool

    @property
    def types(self) -> frozenset[AttackType]:
        return frozenset(_selector(self.claim).types)

    @property
    def among(self) -> frozenset[str]:
        return frozenset(value for _, value in _words(self.claim.selector, self.names))

    def make(self, sort: Sort, value: object, unit: str = "", of: Iterable[str] = (), role: str = "") -> Known:
        return Known(
            sort,
            str(value),
            self.claim.id,
            self.claim.kind,
            unit=unit,
            of=frozenset(of),
            among=self.among,
            types=self.types,
            role=role,
            empty=self.empty,
            selector=_selector(self.claim),
        )

    def wrong(self, one: Known, actual: ClaimValue, shown: str) -> Known:
        """A refuted value beside the true one: for a row of a table that of the same row, else the whole."""
        truth = shown
        if one.of and isinstance(actual, tuple):
            counts = {str(pair[0]): pair[1] for pair in actual if isinstance(pair, tuple)}
            truth = str(next((counts[name] for name in one.of if name in counts), shown))
        elif one.unit != LINES and isinstance(actual, tuple) and one.sort is Sort.NUMBER:
            truth = str(len(actual))
        return replace(one, true=False, truth=truth)

    def of_value(self, value: ClaimValue) -> Iterator[Known]:
        claim = self.claim
        if claim.kind in (ClaimKind.COMPARISON, ClaimKind.SHARE):
            yield from self._sides(value)
        elif isinstance(value, tuple):
            yield from self._table(value)
        elif isinstance(value, int):
            yield self.make(Sort.NUMBER, value, self._unit())
        elif value is not None:
            yield from self._word(value)

    def _unit(self) -> str:
        claim = self.claim
        if claim.kind is ClaimKind.RATE:
            return f"{LINES}/{claim.by}"
        if claim.kind is ClaimKind.DISTINCT:
            return UNITS.get(claim.by, "") if claim.by is not None else ""
        return _SINGLE.get(claim.kind, "")

    def _sides(self, value: ClaimValue) -> Iterator[Known]:
        numbers = [pair[1] for pair in value if isinstance(pair, tuple)] if isinstance(value, tuple) else []
        if len(numbers) != 2:
            return
        one, other = numbers
        against = self.claim.against or Selector()
        if self.claim.kind is ClaimKind.SHARE:
            yield self.make(Sort.SHARE, f"{one}/{other}")
        else:
            yield self.make(Sort.SHARE, f"{one}:{other}")
        yield self.make(Sort.NUMBER, one, LINES)
        there = frozenset(value for _, value in _words(against, self.names))
        yield replace(
            self.make(Sort.NUMBER, other, LINES), among=there, types=frozenset(against.types), selector=against
        )

    def _table(self, rows: tuple[object, ...]) -> Iterator[Known]:
        by = self.claim.by or (Dimension.IP if self.claim.kind in (ClaimKind.PER_IP, ClaimKind.SET) else None)
        for row in rows:
            value, lines = (str(row[0]), row[1]) if isinstance(row, tuple) else (str(row), None)
            if lines == 0 or not (self.named is None or len(rows) <= _SHORT or value in self.named):
                continue
            one = self._named(by, value)
            yield one
            if lines is not None:
                yield self.make(Sort.NUMBER, lines, LINES, () if by in SECONDS else (one.value,))
        whole = self.claim.kind in _COMPLETE or (self.claim.kind is ClaimKind.TOP and self.claim.limit is None)
        if whole and by is not None and by in UNITS:
            yield self.make(Sort.NUMBER, len(rows), UNITS[by])

    def _named(self, by: Dimension | None, value: str) -> Known:
        """A value of a dimension."""
        if by is Dimension.IP:
            return self.make(Sort.ADDRESS, value)
        if by is Dimension.SOURCE:
            return self.make(Sort.TEXT, self.names.get(SourceId(value), value))
        if by is Dimension.STATUS:
            return self.make(Sort.STATUS, value)
        if by is Dimension.TYPE:
            return self.make(Sort.TYPE, value)
        if by in SECONDS:
            return self.make(Sort.TIME, value)
        return self.make(Sort.TEXT, value)

    def _word(self, value: str) -> Iterator[Known]:
        claim = self.claim
        if claim.kind in (ClaimKind.FIRST, ClaimKind.LAST):
            yield self.make(Sort.TIME, value, role=claim.kind.value)
        elif claim.kind is ClaimKind.TYPE:
            yield self.make(Sort.TYPE, value)
        elif claim.kind is ClaimKind.OUTCOME:
            yield self.make(Sort.OUTCOME, value)
        elif claim.kind is ClaimKind.TECHNIQUE:
            yield self.make(Sort.TECHNIQUE, value)
        elif claim.kind is ClaimKind.NETWORK:
            yield self.make(Sort.NETWORK, value)
        elif claim.kind in (ClaimKind.QUOTE, ClaimKind.EXCERPT):
            yield from self._quote(value)
        elif claim.kind in (ClaimKind.ORDER, ClaimKind.SEQUENCE):
            yield self.make(Sort.RELATION, value)
        elif claim.kind is ClaimKind.ONLY:
            yield self._named(claim.by, value)

    def _quote(self, value: str) -> Iterator[Known]:
        if self.claim.ref is None:
            return
        yield self.make(Sort.LINE, f"{self.names.get(self.claim.ref.source, '')}:{self.claim.ref.line}")
        yield self.make(Sort.QUOTE, bytes.fromhex(value).decode("utf-8", "backslashreplace"))

    def constants(self) -> Iterator[Known]:
        """What the claim's selectors name, and the types of the lines."""
        for selector in (self.claim.selector, *([self.claim.against] if self.claim.against is not None else [])):
            for sort, value in _words(selector, self.names):
                yield self.make(sort, value)
            for role, time in (("first", selector.since), ("last", selector.until)):
                if time is not None:
                    yield self.make(Sort.TIME, iso(time), role=role)
            for kind in selector.types if selector is not self.claim.selector else self.types:
                yield self.make(Sort.TYPE, kind.value)
                yield self.make(Sort.TECHNIQUE, TECHNIQUE[kind])


def _words(selector: Selector, names: Names) -> Iterator[tuple[Sort, str]]:
    for ip in selector.ips:
        yield (Sort.NETWORK if "/" in ip else Sort.ADDRESS), ip
    for low, high in selector.status_codes:
        if low == high:
            yield Sort.STATUS, str(low)
        elif (high - low, low % 100) == (99, 0):
            yield Sort.STATUS, f"{low // 100}xx"
    for values in (
        selector.paths,
        selector.url_contains,
        selector.agent_contains,
        selector.user_contains,
        selector.raw_contains,
        selector.referrer_contains,
        selector.methods,
        selector.actions,
        selector.datasets,
        selector.rules,
        tuple(names.get(one, one) for one in selector.sources),
    ):
        for value in values:
            yield Sort.TEXT, value.removesuffix("*") if values is selector.paths else value
