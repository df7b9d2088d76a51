"""Score one case: what was reported against what is true, as counters that add up over cases."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from core.taxonomy import AttackType, Outcome
from eval.dataset import FileLine, Incident, Truth


@dataclass(frozen=True, slots=True)
class Flagged:
    """One reported (line, type), with the line's address."""

    ref: FileLine
    type: AttackType
    ip: str | None


@dataclass(frozen=True, slots=True)
class Reported:
    """What the product said about a case; `lines` is how many physical lines it read."""

    flagged: tuple[Flagged, ...]
    outcomes: Mapping[AttackType, Outcome]
    lines: int


@dataclass(slots=True)
class TypeScore:
    """Counters of one type (a truth type may be out of taxonomy).

    `truth`, `found` count labelled lines; `wrong` benign lines flagged with this type; `confused` attack lines flagged
    with this type although it is neither theirs nor accepted. `pairs_*` count (type, IP) pairs; `counts_*` incidents.
    """

    truth: int = 0
    found: int = 0
    reported: int = 0
    wrong: int = 0
    confused: int = 0
    pairs_truth: int = 0
    pairs_found: int = 0
    pairs_reported: int = 0
    pairs_right: int = 0
    counts_known: int = 0
    counts_exact: int = 0
    count_expected: int = 0
    count_got: int = 0
    outcomes_known: int = 0
    outcomes_right: int = 0

    @property
    def missed(self) -> int:
        """Labelled lines that no accepted type was reported for."""
        return self.truth - self.found

    def add(self, other: "TypeScore") -> None:
        """Add another case's counters."""
        for counter in fields(self):
            setattr(self, counter.name, getattr(self, counter.name) + getattr(other, counter.name))


@dataclass(frozen=True, slots=True)
class CaseScore:
    """All counters of one case.

    `attack_lines`/`found_lines` are unions over incidents (no line twice); `benign_lines` of them `wrong_lines` were
    flagged at all; `confusion` counts (true type, reported type) of lines reported as something else.
    """

    name: str
    lines: int
    types: Mapping[str, TypeScore]
    attack_lines: int
    found_lines: int
    benign_lines: int
    wrong_lines: int
    confusion: Mapping[tuple[str, str], int] = field(default_factory=dict)


class _Judge:
    """The truth of a case and the report about it, indexed by line and by address."""

    def __init__(self, truth: Truth, reported: Reported) -> None:
        self.truth = truth
        self.reported = reported
        self.at: dict[FileLine, set[AttackType]] = {}
        for flag in reported.flagged:
            self.at.setdefault(flag.ref, set()).add(flag.type)
        self.incidents: dict[FileLine, list[Incident]] = {}
        for incident in truth.incidents:
            for ref in incident.refs():
                self.incidents.setdefault(ref, []).append(incident)

    @cached_property
    def benign(self) -> frozenset[FileLine]:
        named = {(name, line) for name, lines in self.truth.benign_lines.items() for line in lines}
        return frozenset(named - self.incidents.keys())

    def is_benign(self, ref: FileLine) -> bool:
        return ref not in self.incidents and (self.truth.unlabelled == "benign" or ref in self.benign)

    def is_judged(self, ref: FileLine) -> bool:
        return ref in self.incidents or self.is_benign(ref)

    def found(self, incident: Incident, ref: FileLine) -> bool:
        return any(incident.accepts(kind) for kind in self.at.get(ref, ()))

    def benign_total(self) -> int:
        if self.truth.unlabelled == "benign":
            return self.reported.lines - len(self.incidents)
        return len(self.benign)


def score_case(name: str, truth: Truth, reported: Reported) -> CaseScore:
    """Compare a report with the truth; nothing about lines that the truth does not judge is counted."""
    judge = _Judge(truth, reported)
    types: dict[str, TypeScore] = {}
    _score_lines(judge, types)
    confusion = _score_flags(judge, types)
    _score_pairs(judge, types)
    for incident in truth.incidents:
        _score_count(judge, incident, types[incident.type])
        _score_outcome(judge, incident, types[incident.type])
    found = sum(any(judge.found(one, ref) for one in incidents) for ref, incidents in judge.incidents.items())
    wrong = sum(judge.is_benign(ref) for ref in judge.at)
    return CaseScore(name, reported.lines, types, len(judge.incidents), found, judge.benign_total(), wrong, confusion)


def _of(types: dict[str, TypeScore], name: str) -> TypeScore:
    return types.setdefault(str(name), TypeScore())


def _score_lines(judge: _Judge, types: dict[str, TypeScore]) -> None:
    for incident in judge.truth.incidents:
        _of(types, incident.type)
    for ref, incidents in judge.incidents.items():
        for kind in sorted({incident.type for incident in incidents}):
            score = _of(types, kind)
            score.truth += 1
            score.found += any(judge.found(one, ref) for one in incidents if one.type == kind)


def _score_flags(judge: _Judge, types: dict[str, TypeScore]) -> dict[tuple[str, str], int]:
    confusion: Counter[tuple[str, str]] = Counter()
    for ref, kinds in judge.at.items():
        incidents = judge.incidents.get(ref, [])
        for kind in kinds:
            if not judge.is_judged(ref):
                continue
            score = _of(types, kind)
            score.reported += 1
            score.wrong += not incidents
            if incidents and not any(one.accepts(kind) for one in incidents):
                score.confused += 1
                confusion.update({(one.type, str(kind)) for one in incidents})
    return dict(sorted(confusion.items()))


def _score_pairs(judge: _Judge, types: dict[str, TypeScore]) -> None:
    by_ip: dict[str, list[Incident]] = {}
    for incident in judge.truth.incidents:
        for ip in incident.source_ips:
            by_ip.setdefault(ip, []).append(incident)
    pairs = _judged_pairs(judge, by_ip)
    for kind, ip in pairs:
        score = _of(types, kind)
        score.pairs_reported += 1
        score.pairs_right += any(one.accepts(kind) for one in by_ip.get(ip, ()))
    reported_of: dict[str, set[AttackType]] = {}
    for kind, ip in pairs:
        reported_of.setdefault(ip, set()).add(kind)
    for ip, incidents in by_ip.items():
        for kind_name in {one.type for one in incidents}:
            same = [one for one in incidents if one.type == kind_name]
            score = _of(types, kind_name)
            score.pairs_truth += 1
            score.pairs_found += any(one.accepts(kind) for one in same for kind in reported_of.get(ip, ()))


def _judged_pairs(judge: _Judge, by_ip: Mapping[str, list[Incident]]) -> set[tuple[AttackType, str]]:
    """Reported (type, IP) pairs that can be right or wrong: the truth names them, or judges one of their lines.

    Without any labelled address there is nothing to compare pairs with.
    """
    if judge.truth.incidents and not by_ip:
        return set()
    pairs = set()
    for flag in judge.reported.flagged:
        if flag.ip is not None:
            named = any(one.accepts(flag.type) for one in by_ip.get(flag.ip, ()))
            if named or judge.is_judged(flag.ref):
                pairs.add((flag.type, flag.ip))
    return pairs


def _score_count(judge: _Judge, incident: Incident, score: TypeScore) -> None:
    """Lines the report gives for the incident's addresses (lines when it names none) against its count.

    Lines that belong to other incidents only are left out: two attacks from one address are two counts.
    """
    if incident.count is None:
        return
    mine = incident.refs()
    ips = frozenset(incident.source_ips)
    got = {
        flag.ref
        for flag in judge.reported.flagged
        if incident.accepts(flag.type) and (flag.ref in mine or (flag.ip in ips and flag.ref not in judge.incidents))
    }
    score.counts_known += 1
    score.counts_exact += len(got) == incident.count
    score.count_expected += incident.count
    score.count_got += len(got)


def _score_outcome(judge: _Judge, incident: Incident, score: TypeScore) -> None:
    """The outcome of the finding of the incident's own type, else of any accepted type."""
    if incident.outcome is None:
        return
    said = judge.reported.outcomes
    own = {outcome for kind, outcome in said.items() if kind == incident.type}
    accepted = {outcome for kind, outcome in said.items() if incident.accepts(kind)}
    score.outcomes_known += 1
    score.outcomes_right += incident.outcome in (own or accepted)


def merge(scores: Iterable[CaseScore]) -> dict[str, TypeScore]:
    """Counters per type over all cases, in type order."""
    total: dict[str, TypeScore] = {}
    for case in scores:
        for kind, score in case.types.items():
            _of(total, kind).add(score)
    return dict(sorted(total.items()))
