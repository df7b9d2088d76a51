"""Which lines are meant: the pieces that narrow, what is left out, and the selector they make."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.event import ParseStatus
from core.line import SourceId
from core.plan import ANY_ATTACK, CaseFacts
from core.selector import Selector
from core.taxonomy import AttackType, Outcome
from retrieval.plan.piece import NARROWING, Kind, Piece

DATASETS = ("apache.access", "apache.error", "nginx.access", "nginx.error", "syslog.auth")
"""Formats that a question can name though this case has none of them: the answer then says so."""

_LINKS = frozenset({Kind.FILLER, Kind.JOIN, Kind.DIMENSION, Kind.LINE, Kind.WHEN, Kind.PRONOUN})
_AMONG = frozenset({"among"})
"""「POSTのうちX以外」, 「/loginでX以外」: what stands in front of such a particle is kept, not left out."""

_SERVERS = frozenset({"nginx", "apache"})
_FIELDS = {
    Kind.IP: "ips", Kind.METHOD: "methods", Kind.URL: "url_contains", Kind.AGENT: "agent_contains",
    Kind.USER: "user_contains", Kind.REFERRER: "referrer_contains", Kind.RAW: "raw_contains", Kind.RULE: "rules",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions of one clause: `fields` by name of a selector's field, the outcomes, and the pieces they come from."""

    fields: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    without: tuple[Selector, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing narrows."""
        return not self.fields and not self.outcomes and not self.without

    def over(self, base: "Filter") -> "Filter":
        """These conditions in place of a base's own ones of the same kind; the others of the base stay."""
        fields = {**base.fields, **self.fields}
        without = tuple(dict.fromkeys((*base.without, *self.without)))
        return Filter(fields, self.outcomes or base.outcomes, without)

    def selector(self) -> Selector:
        """The selector of these conditions."""
        fields = dict(self.fields)
        since, until = fields.pop("window", (None, None))
        return Selector(**fields, since=since, until=until, without=self.without)  # type: ignore[arg-type]


def filter_of(selector: Selector, outcomes: tuple[Outcome, ...] = ()) -> Filter:
    """The conditions of a selector, to be narrowed or replaced by a following question."""
    names = (
        "ips", "types", "rules", "methods", "status_codes", "url_contains", "paths", "agent_contains", "user_contains",
        "referrer_contains", "raw_contains", "actions", "datasets", "sources", "statuses",
    )  # fmt: skip
    fields: dict[str, tuple[object, ...]] = {name: getattr(selector, name) for name in names if getattr(selector, name)}
    if selector.since or selector.until:
        fields["window"] = (selector.since, selector.until)
    return Filter(fields, outcomes, selector.without)


def conditions(pieces: Sequence[Piece], facts: CaseFacts) -> Filter:
    """What the pieces of a clause say about lines; those behind "except" or in front of 「以外」 leave lines out."""
    negative = negated(pieces)
    wanted = [piece for at, piece in enumerate(pieces) if at not in negative]
    found = _filter(wanted, facts)
    without = list(found.without)
    outcomes = found.outcomes
    for group in _groups(pieces, negative):
        left_out = _filter(group, facts)
        if left_out.outcomes:
            outcomes = tuple(one for one in Outcome if one not in left_out.outcomes)
            left_out = replace(left_out, outcomes=())
        if not left_out.empty:
            without.append(left_out.selector())
    return Filter(found.fields, outcomes, tuple(without))


def negated(pieces: Sequence[Piece]) -> frozenset[int]:
    """Places of the pieces that are to be left out."""
    found: set[int] = set()
    for at, piece in enumerate(pieces):
        if piece.kind is Kind.NOT_BEFORE:
            found |= set(_reach(pieces, range(at + 1, len(pieces))))
        elif piece.kind is Kind.NOT_AFTER:
            found |= set(_reach(pieces, range(at - 1, -1, -1), ends=_AMONG))
    return frozenset(found)


def _reach(pieces: Sequence[Piece], places: Iterable[int], ends: Container[str] = ()) -> Iterable[int]:
    """The narrowing pieces next to a negation, as far as only small words stand between them; `ends` end it."""
    seen = False
    for place in places:
        kind = pieces[place].kind
        if seen and kind is Kind.FILLER and pieces[place].value in ends:
            return
        if kind in NARROWING:
            seen = True
            yield place
        elif kind not in _LINKS or (seen and kind is Kind.FILLER and pieces[place].value == "verb"):
            return


def _groups(pieces: Sequence[Piece], negative: frozenset[int]) -> list[list[Piece]]:
    """What is left out, apart where "and" or "or" stands between, or two are of one kind (then any of them)."""
    groups: list[list[Piece]] = []
    apart = True
    for at, piece in enumerate(pieces):
        if at in negative:
            if apart or not groups:
                same = next((group for group in groups if {one.kind for one in group} == {piece.kind}), None)
                if same is None:
                    groups.append([piece])
                else:
                    same.append(piece)
            else:
                groups[-1].append(piece)
            apart = False
        elif piece.kind not in {Kind.FILLER, Kind.LINE, Kind.DIMENSION, Kind.WHEN}:
            apart = True
    return groups


def _filter(pieces: Sequence[Piece], facts: CaseFacts) -> Filter:
    fields: dict[str, tuple[object, ...]] = {}
    for kind, name in _FIELDS.items():
        values = [value for piece in pieces if piece.kind is kind for value in _split(piece)]
        if values:
            fields[name] = tuple(dict.fromkeys(values))
    paths = [one for piece in pieces if piece.kind is Kind.PATH for one in piece.value.split("\n")]
    types = _types(pieces)
    for name, found in (
        ("paths", paths),
        ("types", types),
        ("status_codes", [_codes(piece) for piece in pieces if piece.kind is Kind.STATUS]),
        ("actions", [one for piece in pieces if piece.kind is Kind.ACTION for one in piece.value.split(",")]),
        ("datasets", [one for piece in pieces if piece.kind is Kind.DATASET for one in _datasets(piece.value, facts)]),
        ("sources", [SourceId(one) for piece in pieces if piece.kind is Kind.SOURCE for one in piece.value.split(",")]),
        ("statuses", [ParseStatus.UNPARSED for piece in pieces if piece.kind is Kind.PARSE]),
    ):
        if found:
            fields[name] = tuple(dict.fromkeys(found))
    window = window_of(pieces)
    if window is not None:
        fields["window"] = window
    outcomes = {Outcome(one) for piece in pieces if piece.kind is Kind.OUTCOME for one in piece.value.split(",")}
    harmless = any(piece.kind is Kind.HARMLESS for piece in pieces)
    without = (Selector(types=ANY_ATTACK),) if harmless else ()
    return Filter(fields, tuple(one for one in Outcome if one in outcomes), without)


def _split(piece: Piece) -> list[str]:
    return piece.value.split(",") if piece.kind in {Kind.IP, Kind.AGENT} else [piece.value]


def _codes(piece: Piece) -> tuple[int, int]:
    low, _, high = piece.value.partition("-")
    return int(low), int(high)


def _types(pieces: Sequence[Piece]) -> list[AttackType]:
    named = [AttackType(one) for piece in pieces if piece.kind is Kind.TYPE for one in piece.value.split(",")]
    if named:
        return named
    return list(ANY_ATTACK) if any(piece.kind in {Kind.ATTACK, Kind.ATTACKER} for piece in pieces) else []


def _datasets(value: str, facts: CaseFacts) -> list[str]:
    """The case's own formats that a name means; the known ones where it has none such.

    nginx and Apache write the same access lines, so a format is named after either: where the case has no format of
    the server that is named, its one of the other server is meant.
    """
    for known in (facts.datasets, DATASETS):
        meant = {one for one in known if value in {one, *one.split(".")}}
        if meant and value in _SERVERS:
            kinds = {one.partition(".")[2] for one in meant}
            meant |= {one for one in known if one.partition(".")[0] in _SERVERS and one.partition(".")[2] not in kinds}
        if not meant and known is facts.datasets:
            server, _, kind = value.partition(".")
            meant = {one for one in known if server in _SERVERS and one.partition(".")[0] in _SERVERS}
            meant = {one for one in meant if kind in {"", one.partition(".")[2]}}
        if meant:
            return sorted(meant)
    return [value]


def window_of(pieces: Sequence[Piece]) -> tuple[datetime | None, datetime | None] | None:
    """The overlap of all windows named, or None; two that do not overlap are the stretch from one to the other."""
    windows = [_instants(piece.value) for piece in pieces if piece.kind is Kind.TIME]
    if not windows:
        return None
    starts = [since for since, _ in windows if since is not None]
    ends = [until for _, until in windows if until is not None]
    since, until = max(starts, default=None), min(ends, default=None)
    if since is not None and until is not None and since >= until:
        return min(starts), max(ends)
    return since, until


def _instants(value: str) -> tuple[datetime | None, datetime | None]:
    since, _, until = value.partition("/")
    return (datetime.fromisoformat(since) if since else None), (datetime.fromisoformat(until) if until else None)
