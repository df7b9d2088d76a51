"""Claims of a model, each re-computed once however often it is said, and none after the time is up."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from answering.case_facts import offset_of
from answering.operations.inquiry import Inquiry
from answering.validate.verdict import NO_LINES, canonical
from core.claim import CheckedClaim, Claim, ClaimKind, Comparator, Proof, Verdict, VerdictStatus
from core.errors import InputError
from core.line import SourceId
from core.selector import Selector

NO_TIME_LEFT = "no_time_left"
BAD_SELECTOR = "bad_selector"
_OF_A_SELECTION = (
    ClaimKind.COUNT,
    ClaimKind.PER_IP,
    ClaimKind.FIRST,
    ClaimKind.LAST,
    ClaimKind.TYPE,
    ClaimKind.OUTCOME,
)
"""Kinds that nothing but the selection decides."""


@dataclass
class Checker:
    """`clock` and `deadline` as in `models.chat`; what is not checked in time is unverifiable, never verified."""

    inquiry: Inquiry
    clock: Callable[[], float]
    deadline: float
    prior: Mapping[str, CheckedClaim] = field(default_factory=dict)
    """Claims of the answer, checked when it was made: what states the same of the same is not counted again."""
    _known: dict[Claim, Verdict] = field(default_factory=dict)

    @cached_property
    def sources(self) -> Mapping[str, SourceId]:
        """The case's sources by the names that a model is told; names that several have get the source's number."""
        return {name: source for source, name in self.names.items()}

    @cached_property
    def names(self) -> Mapping[SourceId, str]:
        """The same the other way round."""
        sources = self.inquiry.opened.lake.sources
        plain = [one.name for one in sources]
        return {one.id: one.name if plain.count(one.name) == 1 else f"{one.name}#{one.number}" for one in sources}

    @cached_property
    def offset(self) -> int:
        """The zone of the log, seconds east of UTC."""
        return offset_of(self.inquiry.opened.lake.sources)

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return self.clock() >= self.deadline

    def check(self, claims: Iterable[Claim]) -> tuple[CheckedClaim, ...]:
        """Every claim beside its verdict."""
        return tuple(CheckedClaim(one, self._verdict(one)) for one in claims)

    def _verdict(self, claim: Claim) -> Verdict:
        same = replace(claim, id="")
        if same not in self._known:
            if self.late:
                return _unverifiable(claim, NO_TIME_LEFT)
            self._known[same] = self._new(claim)
        return self._known[same]

    @cached_property
    def _stated(self) -> Mapping[tuple[ClaimKind, Selector], Verdict]:
        """What is verified of whole selections."""
        checked = (one for one in self.prior.values() if one.verdict.status is VerdictStatus.VERIFIED)
        whole = (one for one in checked if one.claim.kind in _OF_A_SELECTION)
        return {(one.claim.kind, canonical(one.claim)): one.verdict for one in whole}

    def _again(self, claim: Claim) -> Verdict | None:
        """The verdict where the answer stated the same of the same lines, or what is so instead."""
        known = self._stated.get((claim.kind, canonical(claim)))
        if known is None or claim.comparator is not Comparator.EXACTLY:
            return None
        same = repr(claim.value) == repr(known.actual)
        return known if same else replace(known, status=VerdictStatus.REFUTED)

    def _new(self, claim: Claim) -> Verdict:
        known = self._again(claim)
        if known is not None:
            return known
        try:
            (checked,) = self.inquiry.check((claim,))
        except InputError:
            return _unverifiable(claim, BAD_SELECTOR)
        verdict = checked.verdict
        empty = not verdict.proof.matched and claim.kind is not ClaimKind.ABSENCE
        if empty and verdict.status is VerdictStatus.VERIFIED:
            return replace(verdict, status=VerdictStatus.UNVERIFIABLE, reason=NO_LINES)
        return verdict


def _unverifiable(claim: Claim, reason: str) -> Verdict:
    return Verdict(VerdictStatus.UNVERIFIABLE, None, Proof(claim.selector, 0, ""), reason)
