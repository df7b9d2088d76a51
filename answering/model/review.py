"""A draft checked: its facts first, then its sentences one by one against the facts that they refer to."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from answering.model import limits
from answering.model.checker import Checker
from answering.model.cited import referred
from answering.model.clean import clean, visible
from answering.model.findings import Detectors, Judged, judge_finding, types_among
from answering.model.known import Known, known_of
from answering.model.prose import prose
from answering.model.saying import Said
from answering.model.selecting import RefusedError, selector_for
from answering.model.shown import complete_sets, text_of
from answering.model.statements import Meaning, claim_of
from core.claim import CheckedClaim, Claim, ClaimKind, VerdictStatus
from core.draft import BenignNote, Draft, DraftFinding, DraftSentence, Statement
from core.selector import Selector
from core.taxonomy import AttackType
from core.told import Mark, Span, Standing, Struck, ToldFinding, ToldSentence

_ID = re.compile(r"[fs][0-9]{1,4}")
Item = TypeVar("Item", DraftFinding, Statement)


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands before a model says anything: the answer's claims by id, what the detectors know, and the attacks."""

    checker: Checker
    detectors: Detectors
    claims: Mapping[str, CheckedClaim]
    attacks: frozenset[AttackType]
    shown: frozenset[AttackType] = frozenset()


@dataclass
class Review:
    """The facts of a draft with their verdicts, and what was made of its texts so far."""

    ground: Ground
    draft: Draft
    findings: tuple[Judged, ...]
    claims: tuple[CheckedClaim, ...]
    struck: list[Struck]
    heard: list[DraftSentence] = field(default_factory=list)
    sentences: list[ToldSentence] = field(default_factory=list)
    benign: list[ToldSentence] = field(default_factory=list)
    told: tuple[ToldFinding, ...] = ()
    wrong: int = 0
    _sets: dict[str, Mapping[Selector, frozenset[str]]] = field(default_factory=dict)

    @property
    def refuted(self) -> int:
        """How much of it is not so."""
        return len([one for one in self.struck if one.code != "markup"]) + self.wrong

    @property
    def full(self) -> bool:
        """Whether no further sentence is checked."""
        return len(self.sentences) >= limits.SENTENCES

    @property
    def omitted(self) -> tuple[AttackType, ...]:
        """Types that the answer reports and the draft does not find."""
        named = {one.draft.type for one in self.findings if one.standing is Standing.KNOWN}
        return tuple(kind for kind in AttackType if kind in self.ground.shown and kind not in named)

    def sentence(self, draft: DraftSentence) -> ToldSentence:
        """A sentence of the answer, kept in its order."""
        ids, lost = referred(draft.refers[: limits.VALUES], self._known())
        self.struck += [Struck("unknown_reference", visible(one)) for one in lost]
        made = ToldSentence(self._spans(draft.text, ids), ids)
        self.heard.append(draft)
        self.sentences.append(made)
        return made

    def finding(self, one: Judged) -> ToldFinding:
        """A finding with its texts, which may say what was verified of it."""
        ids = tuple(item.claim.id for item in one.claims)
        return ToldFinding(
            id=one.draft.id,
            type=one.draft.type,
            title=self._spans(one.draft.title, ids),
            standing=one.standing,
            selector=one.selector,
            claims=ids,
            reason=self._spans(one.draft.reason, ids),
            quotes=one.quotes,
        )

    def _known(self) -> Mapping[str, CheckedClaim]:
        return {**self.ground.claims, **{item.claim.id: item for item in self.claims}}

    def _said(self, ids: Sequence[str], named: frozenset[str], harmless: bool) -> Said:
        claims = self._known()
        items = [claims[one] for one in ids]
        known = known_of(items, self.ground.checker.names, named)
        fallen = {one.draft.id for one in self.findings if one.standing is Standing.STRUCK}
        return Said(
            tuple(_kept(known, fallen)),
            self._complete(item for item in items if item.claim.id.partition(".")[0] not in fallen),
            self.ground.checker.offset,
            frozenset() if harmless else self.ground.attacks,
            frozenset((*ids, *(one.partition(".")[0] for one in ids))),
        )

    def _spans(self, text: str, ids: Sequence[str], harmless: bool = False) -> tuple[Span, ...]:
        if self.ground.checker.late:
            self.struck.append(Struck("no_time_left", visible(text)))
            return (Span(clean(text).text, Mark.UNKNOWN),)
        made = prose(text, lambda named: self._said(ids, named, harmless))
        self.struck += [Struck("markup", visible(one)) for one in made.removed]
        if len(text) > limits.TEXT:
            self.struck.append(Struck("too_long", visible(text[limits.TEXT :])))
        self.wrong += made.wrong
        return made.spans

    def _complete(self, items: Iterable[CheckedClaim]) -> Mapping[Selector, frozenset[str]]:
        found: dict[Selector, frozenset[str]] = {}
        for item in items:
            if item.claim.id not in self._sets:
                self._sets[item.claim.id] = complete_sets((item,))
            found.update(self._sets[item.claim.id])
        return found

    def note(self, draft: BenignNote, number: int) -> None:
        """An opinion about lines; where rules or behaviours know them as attacks it is struck."""
        checker = self.ground.checker
        try:
            selector = selector_for(draft.selector, checker.sources)
        except RefusedError as refusal:
            self.struck.append(Struck(str(refusal), visible(draft.reason)))
            return
        recount = checker.inquiry.opened.recount
        keys = recount.second.keys(selector)
        hits = recount.rescanned(Selector())
        if not len(keys) or bool(np.isin(keys, hits.keys).any()):
            code = "benign_attack" if len(keys) else "no_lines"
            self.struck.append(Struck(code, visible(draft.reason), ", ".join(types_among(hits, keys))))
            return
        counted = checker.check((Claim(f"b{number}.count", ClaimKind.COUNT, None, selector, len(keys)),))
        self.claims = (*self.claims, *counted)
        ids = tuple(item.claim.id for item in counted)
        self.benign.append(ToldSentence(self._spans(draft.reason, ids, harmless=True), ids))


def _kept(known: Iterable[Known], fallen: set[str]) -> Iterator[Known]:
    """Of a finding that fell nothing holds, whatever of it was counted rightly."""
    return (one for one in known if not one.true or one.claim.partition(".")[0] not in fallen)


def review_facts(draft: Draft, ground: Ground) -> Review:
    """Findings, statements and notes of the draft, checked; sentences follow one by one."""
    struck: list[Struck] = []
    listed = _listed(draft.findings, limits.FINDINGS, struck)
    findings = [judge_finding(one, ground.checker, ground.detectors) for one in listed]
    claims = [item for one in findings for item in one.claims]
    for one in _listed(draft.statements, limits.STATEMENTS, struck):
        claims += _statement(one, ground.checker, struck)
    struck += [each for one in findings for each in one.struck]
    struck += [made for item in claims for made in _refuted(item, ground.checker)]
    review = Review(ground, draft, tuple(findings), tuple(claims), struck)
    for number, note in enumerate(draft.benign[: limits.BENIGN], 1):
        if ground.checker.late:
            struck.append(Struck("no_time_left", visible(note.reason)))
        else:
            review.note(note, number)
    _too_many(struck, "benign", len(draft.benign), limits.BENIGN)
    return review


def review_all(draft: Draft, ground: Ground, begun: Review | None = None) -> Review:
    """The whole draft; `begun` is a review of the same facts, whose first sentences were heard already."""
    review = begun or review_facts(draft, ground)
    review.draft = draft
    for one in draft.answer[len(review.sentences) : limits.SENTENCES]:
        review.sentence(one)
    review.told = tuple(map(review.finding, review.findings))
    _too_many(review.struck, "answer", len(draft.answer), limits.SENTENCES)
    return review


def _listed(items: Sequence[Item], most: int, struck: list[Struck]) -> list[Item]:
    """The first items, each with an id of its own."""
    kept: dict[str, Item] = {}
    for one in items[:most]:
        if not _ID.fullmatch(one.id):
            struck.append(Struck("bad_id", visible(one.id)))
        elif one.id in kept:
            struck.append(Struck("same_id", visible(one.id)))
        else:
            kept[one.id] = one
    _too_many(struck, "", len(items), most)
    return list(kept.values())


def _too_many(struck: list[Struck], name: str, given: int, most: int) -> None:
    if given > most:
        struck.append(Struck("too_many", f"{name} {given}".strip(), str(most)))


def _statement(one: Statement, checker: Checker, struck: list[Struck]) -> Iterator[CheckedClaim]:
    try:
        claim = claim_of(one, Meaning(checker.sources, checker.offset))
    except RefusedError as refusal:
        said = f"{one.id} {one.kind.value} {one.name or one.time or one.number or ''}"
        struck.append(Struck(str(refusal), visible(said.strip()), claim=one.id))
        return
    yield from checker.check((claim,))


def _refuted(item: CheckedClaim, checker: Checker) -> Iterator[Struck]:
    if item.verdict.status is VerdictStatus.REFUTED:
        said, true = (text_of(item.claim, one, checker.names) for one in (item.claim.value, item.verdict.actual))
        yield Struck("refuted", visible(said), visible(true), item.claim.id)
