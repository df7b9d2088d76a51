"""A model asked beside an answer that stands: it plans what was not understood, explains, proposes; all is checked."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from answering.ask import parts_of
from answering.model.checker import Checker
from answering.model.cited import ids_of
from answering.model.clean import visible
from answering.model.context import EXCERPTS, refutations_of, variables_of
from answering.model.findings import Detectors
from answering.model.hearing import Heard, attempt_of, doubts_of
from answering.model.parse import MalformedError, parse_draft
from answering.model.prose import prose
from answering.model.review import Ground, Review, review_all
from answering.model.saying import Said
from answering.model.stream import DraftStream
from answering.open_case import OpenCase
from answering.operations.inquiry import Inquiry, Progress, Retriever, Stage, silent
from core.answer import Answer
from core.claim import ClaimKind
from core.draft import Draft
from core.errors import InputError
from core.part import Part
from core.plan import EVERYTHING, Exchange
from core.selector import Selector
from core.taxonomy import AttackType
from core.told import Attempt, Mark, Struck, Told, ToldSentence
from models.call import Asks, Call, Purpose
from models.chat import Clock, FaultCode, ModelFault
from prompts.prompt_file import prompt
from retrieval.plan.by_model import ModelPlan, plan_by_model
from retrieval.tokens import token_counter

OnSentence = Callable[[ToldSentence], None]
_BEAT = 0.25
"""Seconds between two words to whoever is told of progress."""
_OF_THE_REPLY = frozenset({FaultCode.MALFORMED, FaultCode.REFUSED, FaultCode.TRUNCATED, FaultCode.FILTERED})
"""Faults of one reply: the next call may go well."""


def unheard(_sentence: ToldSentence) -> None:
    """Nobody listens."""


def advise(
    question: str,
    answer: Answer,
    opened: OpenCase,
    gateway: Asks,
    history: Sequence[Exchange] = (),
    *,
    retriever: Retriever | None = None,
    progress: Callable[[Progress], None] | None = None,
    on_sentence: OnSentence = unheard,
    deadline: float,
    clock: Clock = time.monotonic,
) -> Told:
    """What a model adds to the answer: at most one plan, one draft and one repaired draft, each checked whole.

    `on_sentence` hears sentences of the first draft as they come, each checked against facts that were checked before;
    what it heard is provisional: it stands when the returned value has it. A fault at the draft leaves no sentence
    standing. `deadline` is an instant of the gateway's clock, which `clock` should be. Only what `progress` or
    `on_sentence` raise, and `StorageError`, comes through.
    """
    inquiry = Inquiry(opened, retriever, answer.plan.language, progress or silent)
    turn = _Turn(question, answer, inquiry, gateway, tuple(history), on_sentence, deadline, clock)
    return turn.told()


@dataclass
class _Turn:
    """One question put to a model."""

    question: str
    answer: Answer
    inquiry: Inquiry
    gateway: Asks
    history: tuple[Exchange, ...]
    on_sentence: OnSentence
    deadline: float
    clock: Clock
    attempts: list[Attempt] = field(default_factory=list)
    model: str = ""
    beat: float = float("-inf")

    def told(self) -> Told:
        planned = self._planned()
        parts = self._parts(planned)
        base = Told(
            model=self._name(),
            plan=planned.plan if planned is not None and parts else None,
            parts=parts,
            struck=planned.struck if planned is not None else (),
            attempts=tuple(self.attempts),
        )
        if planned is not None and planned.fault and FaultCode(planned.fault) not in _OF_THE_REPLY:
            return replace(base, fault=planned.fault, facts=planned.facts)
        if planned is not None and planned.unclear and not parts:
            return self._unclear(base, planned.unclear)
        try:
            return self._advised(base, parts)
        except ModelFault as fault:
            return self._with_calls(replace(base, fault=fault.code.value, facts=dict(fault.facts)))

    # ---- plan

    def _planned(self) -> ModelPlan | None:
        """The model's plan, where the built-in planner left something unread."""
        plan = self.answer.plan
        if plan.steps and not plan.unread:
            return None
        self.inquiry.tell(Progress(Stage.PLANNING, 0, 1))
        spent = self._spent()
        facts, language = self.inquiry.opened.facts, plan.language
        made = plan_by_model(
            self.question,
            facts,
            self.history,
            self.gateway,
            deadline=self.deadline,
            language=language,
            clock=self.clock,
        )
        self.attempts.append(replace(made.attempt, cost=self._cost(spent)))
        self.model = made.attempt.model
        return made

    def _parts(self, planned: ModelPlan | None) -> tuple[Part, ...]:
        """The results of the model's plan, where it is another one; counted and checked as any other."""
        if planned is None or planned.plan is None or planned.plan.steps == self.answer.plan.steps:
            return ()
        return parts_of(planned.plan.steps, self.inquiry)

    def _unclear(self, base: Told, words: str) -> Told:
        """What the model does not understand, as far as it says nothing that could be checked."""
        said = prose(words, lambda _: Said((), {}))
        if said.removed or any(one.mark is not Mark.PLAIN for one in said.spans):
            return replace(base, struck=(*base.struck, Struck("unclear", visible(words))))
        return replace(base, unclear="".join(one.text for one in said.spans))

    # ---- draft

    def _advised(self, base: Told, parts: tuple[Part, ...]) -> Told:
        ground = self._ground(parts)
        shared = self._variables(ground, (*self.answer.parts, *parts))
        review = self._asked(ground, shared)
        if review.refuted:
            review = self._repaired(review, ground, shared)
        return self._with_calls(self._whole(base, review))

    def _ground(self, parts: tuple[Part, ...]) -> Ground:
        opened, shown = self.inquiry.opened, (*self.answer.parts, *parts)
        reported = [one for part in shown if part.report is not None for one in part.report.findings]
        own: dict[AttackType, list[Selector]] = {}
        for one in reported:
            own.setdefault(one.type, []).append(one.selector)
        claims = ids_of(shown)
        stated = {item.claim.type for item in claims.values() if item.claim.type is not None}
        absent = any(item.claim.kind is ClaimKind.ABSENCE for item in claims.values())
        whole = opened.report(EVERYTHING)
        attacks = stated or (frozenset() if absent else {one.type for one in whole.findings})
        return Ground(
            Checker(self.inquiry, self.clock, self.deadline, claims),
            Detectors(whole, opened.rules, own),
            claims,
            frozenset(attacks),
            frozenset(one.type for one in reported),
        )

    def _variables(self, ground: Ground, parts: Sequence[Part]) -> dict[str, str]:
        language, count = self.answer.plan.language, token_counter().count
        return variables_of(self.question, ground.claims, parts, ground.checker, self.history, language, count)

    def _excerpts(self) -> str:
        """What retrieval found for the question among the lines that it is about."""
        retriever = self.inquiry.retriever
        if retriever is None:
            return ""
        steps = self.answer.plan.steps
        try:
            found = retriever(self.question, steps[0].selector if steps else EVERYTHING)
        except InputError:
            return ""
        return found.packed.text if found.packed.tokens <= EXCERPTS else ""

    def _asked(self, ground: Ground, shared: Mapping[str, str]) -> Review:
        """The first draft, checked while it comes; raises `ModelFault`."""
        self.inquiry.tell(Progress(Stage.RETRIEVING, 0, 1))
        variables = {**shared, "excerpts": self._excerpts()}
        heard = Heard(ground, self.on_sentence)
        draft = self._call(Purpose.ASK, variables, DraftStream(heard.facts, heard.sentence).heard)
        self.inquiry.tell(Progress(Stage.JUDGING, 0, 1))
        review = review_all(draft, ground, heard.begun(draft))
        self._refuted(review)
        return review

    def _repaired(self, first: Review, ground: Ground, shared: Mapping[str, str]) -> Review:
        """The better one of two drafts: that with less refuted, then the first; one that says less is not better."""
        variables = {name: value for name, value in shared.items() if name != "conversation"}
        variables |= {"draft": first.draft.model_dump_json(), "refutations": refutations_of(doubts_of(first))}
        try:
            draft = self._call(Purpose.REPAIR, variables, lambda _: None)
        except ModelFault:
            return first
        self.inquiry.tell(Progress(Stage.JUDGING, 0, 1))
        second = review_all(draft, ground)
        self._refuted(second)
        silent = not draft.answer or (
            len(draft.findings) < len(first.draft.findings) and second.omitted != first.omitted
        )
        return second if second.refuted < first.refuted and not silent else first

    def _call(self, purpose: Purpose, variables: Mapping[str, str], hear: Callable[[str], None]) -> Draft:
        """One call and its record; raises `ModelFault`."""

        def on_text(piece: str) -> None:
            now = self.clock()
            if now >= self.beat + _BEAT:
                self.beat = now
                self.inquiry.tell(Progress(Stage.ASKING, 0, 1))
            hear(piece)

        began, spent = self.clock(), self._spent()
        call = Call(purpose, prompt(purpose.value), variables, Draft)
        try:
            reply = self.gateway.ask(call, on_text=on_text, deadline=self.deadline)
            draft = parse_draft(reply.text)
        except ModelFault as fault:
            self._failed(purpose, began, spent, fault.code)
            raise
        except MalformedError as fault:
            self._failed(purpose, began, spent, FaultCode.MALFORMED)
            raise ModelFault(FaultCode.MALFORMED, reason=str(fault)) from fault
        self.model = reply.model or self.model
        self.attempts.append(attempt_of(purpose, reply, self._cost(spent)))
        return draft

    def _failed(self, purpose: Purpose, began: float, spent: float | None, code: FaultCode) -> None:
        took = self.clock() - began
        self.attempts.append(Attempt(purpose.value, self._name(), 0, 0, took, fault=code.value, cost=self._cost(spent)))

    def _refuted(self, review: Review) -> None:
        self.attempts[-1] = replace(self.attempts[-1], refuted=review.refuted)

    # ---- what it took

    def _name(self) -> str:
        return self.model or str(getattr(self.gateway, "model", ""))

    def _spent(self) -> float | None:
        """Money of this question so far, where the gateway keeps count and knows the price."""
        spent = getattr(self.gateway, "spent", None)
        return spent().whole_cost if spent is not None else None

    def _cost(self, before: float | None) -> float | None:
        after = self._spent()
        return None if before is None or after is None else after - before

    def _with_calls(self, told: Told) -> Told:
        return replace(told, model=self._name(), attempts=tuple(self.attempts))

    def _whole(self, base: Told, review: Review) -> Told:
        return replace(
            base,
            sentences=tuple(review.sentences),
            findings=review.told,
            benign=tuple(review.benign),
            claims=review.claims,
            struck=(*base.struck, *review.struck),
            omitted=review.omitted,
        )
