"""The truth of a case and the report about it, indexed by line."""

from functools import cached_property

from core.taxonomy import AttackType
from eval.dataset import FileLine, Incident, Truth
from eval.flagged import Reported


class Judge:
    """Answers what a line is in truth (`incidents`, benign, or not judged) and what was reported about it (`at`)."""

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
        """Lines that the truth names as benign; a line that is also part of an incident is none."""
        named = {(name, line) for name, lines in self.truth.benign_lines.items() for line in lines}
        return frozenset(named - self.incidents.keys())

    def is_benign(self, ref: FileLine) -> bool:
        """Whether any finding on the line is a false alarm."""
        return ref not in self.incidents and (self.truth.unlabelled == "benign" or ref in self.benign)

    def is_judged(self, ref: FileLine) -> bool:
        """Whether the truth says anything about the line."""
        return ref in self.incidents or self.is_benign(ref)

    def found(self, incident: Incident, ref: FileLine) -> bool:
        """Whether a type that counts as right for the incident was reported for the line."""
        return any(incident.accepts(kind) for kind in self.at.get(ref, ()))

    def benign_total(self) -> int:
        """Benign lines of the case."""
        if self.truth.unlabelled == "benign":
            return self.reported.lines - len(self.incidents)
        return len(self.benign)
