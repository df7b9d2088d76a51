"""A question planned by a model: it is told no text of a log, and nothing it writes is run that breaks a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

from core.draft_plan import DraftPlan
from core.part import Fact
from core.plan import CaseFacts, Exchange, Plan, Planner
from core.told import Attempt, Struck
from models.call import Asks, Call, Purpose
from models.chat import Clock, FaultCode, ModelFault, Reply
from prompts.prompt_file import prompt
from retrieval.plan.fold import is_japanese
from retrieval.plan.model_case import sources_of, told_of, visible
from retrieval.plan.model_names import names_of
from retrieval.plan.model_steps import Known, PlanRefusedError, steps_of

MOST_UNCLEAR = 500
"""Characters of what a model says instead of a plan."""


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """What became of the question: a plan, or `unclear` (the model's words: inert, unchecked), or a `fault`.

    `fault` is a code of `models.chat.FaultCode`, with `facts`: `reason` is the rule that a malformed plan breaks.
    `struck` are names for which steps were left out; where no step is left the plan is malformed. What was sent, and
    what it cost, stands in the case's record of calls (`stores.outgoing`).
    """

    attempt: Attempt
    plan: Plan | None = None
    unclear: str = ""
    fault: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    struck: tuple[Struck, ...] = ()


def plan_by_model(
    question: str,
    facts: CaseFacts,
    history: Sequence[Exchange],
    gateway: Asks,
    *,
    deadline: float,
    language: str | None = None,
    clock: Clock = monotonic,
) -> ModelPlan:
    """One call for a plan; every failure is a value, and nothing but what `gateway` lets through is raised.

    `deadline` is an instant of the gateway's clock, which `clock` should be. `language` (`ja` or `en`) is what the
    answer is to be worded in; None: what the question is written in.
    """
    began = clock()
    spoken = language or ("ja" if any(map(is_japanese, question)) else "en")
    known = Known(names_of(question, facts, history), sources_of(facts), facts.datasets)
    call = Call(Purpose.PLAN, prompt("plan"), told_of(question, facts, history, known.names, spoken), schema=DraftPlan)
    try:
        reply = gateway.ask(call, deadline=deadline)
    except ModelFault as fault:
        code = fault.code.value
        attempt = Attempt(Purpose.PLAN.value, "", 0, 0, clock() - began, fault=code)
        return ModelPlan(attempt, fault=code, facts=dict(fault.facts))
    return _planned(reply, known, spoken)


def _planned(reply: Reply, known: Known, language: str) -> ModelPlan:
    usage = reply.usage
    attempt = Attempt(Purpose.PLAN.value, reply.model, usage.input_tokens or 0, usage.output_tokens or 0, usage.seconds)
    try:
        draft = _draft(reply.text)
        steps, struck = steps_of(draft, known)
    except PlanRefusedError as refusal:
        return _refused(attempt, refusal.problem)
    attempt = replace(attempt, refuted=len(struck))
    if steps:
        return ModelPlan(attempt, Plan(steps, language, planner=Planner.MODEL), struck=struck)
    if struck:
        return replace(_refused(attempt, struck[0].code), struck=struck)
    unclear = visible(draft.unclear)[:MOST_UNCLEAR]
    return ModelPlan(attempt, unclear=unclear) if unclear else _refused(attempt, "nothing_said")


def _draft(text: str) -> DraftPlan:
    try:
        return DraftPlan.model_validate_json(text)
    except ValueError as error:
        raise PlanRefusedError("not_of_schema") from error


def _refused(attempt: Attempt, problem: str) -> ModelPlan:
    fault = FaultCode.MALFORMED.value
    return ModelPlan(replace(attempt, fault=fault), fault=fault, facts={"reason": problem})
