"""Score one case: what was reported against what is true, as counters that add up over cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

from core.taxonomy import AttackType, Outcome
from eval.confusion import Confusion, confusion_of
from eval.dataset import Incident, Truth
from eval.flagged import Reported
from eval.judge import Judge


@dataclass(slots=True)
class TypeScore:
    """Counters of one type (a truth type may be out of taxonomy).

    `truth`, `found` count labelled lines; `wrong` benign lines flagged with this type. Attack lines flagged with this
    type although it is neither theirs nor accepted are `extra` where a right type was reported as well, and `confused`
    where it was reported instead. `pairs_*` count (type, IP) pairs, `counts_*` incidents, `outcomes_*` findings.
    """

    truth: int = 0
    found: int = 0
    reported: int = 0
    wrong: int = 0
    extra: int = 0
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
    flagged at all; `confusion` counts lines per (true type, reported type).
    """

    name: str
    lines: int
    types: Mapping[str, TypeScore]
    attack_lines: int
    found_lines: int
    benign_lines: int
    wrong_lines: int
    confusion: Confusion = field(default_factory=dict)


def score_case(name: str, truth: Truth, reported: Reported) -> CaseScore:
    """Compare a report with the truth; nothing about lines that the truth does not judge is counted."""
    judge = Judge(truth, reported)
    types: dict[str, TypeScore] = {}
    _score_lines(judge, types)
    _score_flags(judge, types)
    _score_pairs(judge, types)
    for incident in truth.incidents:
        _score_count(judge, incident, types[incident.type])
    _score_outcomes(judge, types)
    found = sum(any(judge.found(one, ref) for one in incidents) for ref, incidents in judge.incidents.items())
    wrong = sum(judge.is_benign(ref) for ref in judge.at)
    return CaseScore(
        name, reported.lines, types, len(judge.incidents), found, judge.benign_total(), wrong, confusion_of(judge)
    )


_HARM = tuple(Outcome)
"""From harmless to harmful."""


def _of(types: dict[str, TypeScore], name: str) -> TypeScore:
    return types.setdefault(str(name), TypeScore())


def _score_lines(judge: Judge, types: dict[str, TypeScore]) -> None:
    for incident in judge.truth.incidents:
        _of(types, incident.type)
    for ref, incidents in judge.incidents.items():
        for kind in sorted({incident.type for incident in incidents}):
            score = _of(types, kind)
            score.truth += 1
            score.found += any(judge.found(one, ref) for one in incidents if one.type == kind)


def _score_flags(judge: Judge, types: dict[str, TypeScore]) -> None:
    for ref, kinds in judge.at.items():
        if not judge.is_judged(ref):
            continue
        incidents = judge.incidents.get(ref, [])
        right = any(judge.found(one, ref) for one in incidents)
        for kind in kinds:
            score = _of(types, kind)
            score.reported += 1
            score.wrong += not incidents
            if incidents and not any(one.accepts(kind) for one in incidents):
                score.extra += right
                score.confused += not right


def _score_pairs(judge: Judge, types: dict[str, TypeScore]) -> None:
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


def _judged_pairs(judge: Judge, by_ip: Mapping[str, list[Incident]]) -> set[tuple[AttackType, str]]:
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


def _score_count(judge: Judge, incident: Incident, score: TypeScore) -> None:
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


def _score_outcomes(judge: Judge, types: dict[str, TypeScore]) -> None:
    """Each finding's outcome against the incidents it tells of; an incident that no finding tells of is not right.

    A finding has the most harmful outcome over its lines: so have its incidents. It is no data unless all are labelled.
    """
    told = [(incident, _told_by(judge, incident)) for incident in judge.truth.incidents]
    for kind, outcome in judge.reported.outcomes.items():
        labels = [incident.outcome for incident, kinds in told if kind in kinds]
        labelled = [label for label in labels if label is not None]
        if labelled and len(labelled) == len(labels):
            score = _of(types, kind)
            score.outcomes_known += 1
            score.outcomes_right += max(labelled, key=_HARM.index) == outcome
    for incident, kinds in told:
        _of(types, incident.type).outcomes_known += incident.outcome is not None and not kinds


def _told_by(judge: Judge, incident: Incident) -> set[AttackType]:
    """The type under which the incident's lines were reported: its own, else the accepted ones."""
    said = {kind for ref in incident.refs() for kind in judge.at.get(ref, ())}
    return {kind for kind in said if kind == incident.type} or {kind for kind in said if incident.accepts(kind)}


def merge(scores: Iterable[CaseScore]) -> dict[str, TypeScore]:
    """Counters per type over all cases, in type order."""
    total: dict[str, TypeScore] = {}
    for case in scores:
        for kind, score in case.types.items():
            _of(total, kind).add(score)
    return dict(sorted(total.items()))
