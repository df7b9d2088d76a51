"""A model that reads every question rightly is never refused, and its plans are answered as the truth says."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from core.plan import CaseFacts, Exchange, Plan, Planner
from detection.ruleset import load_rules
from eval.questions.fit import Fit, fit
from eval.questions.judge import Judgement
from eval.questions.run import ask_suite
from eval.questions.schema import Picked, Question, Wording, load_questions
from eval.questions.truthful import truthful
from eval.stories.__main__ import SUITES
from models.fakes.scripted import ScriptedModel
from retrieval.plan.by_model import ModelPlan, plan_by_model
from tests.retrieval.plan.direct import Direct

NOW = datetime(2026, 11, 21, tzinfo=UTC)

WRONG_OTHERWISE = {
    "bots_apache/bot_ips",
    "credential_stuffing_apache/stuffing_ips",
    "credential_stuffing_apache/taken_accounts",
    "credential_stuffing_apache/taken_who",
    "flood_distributed_apache/flood_lines",
    "flood_distributed_apache/was_down",
}
"""Planned rightly, and yet not answered as the labels say: what the rules do not find, however it is asked."""


def planned(question: Question, wording: Wording, facts: CaseFacts, history: Sequence[Exchange]) -> ModelPlan:
    model = ScriptedModel([truthful(question.expect).model_dump_json()])
    return plan_by_model(wording.question, facts, history, Direct(model), deadline=9.0)


def says_what_is_meant(question: Question) -> bool:
    return question.expect.plan is not None or question.expect.not_understood


def alone() -> Iterator[tuple[Question, Wording]]:
    """Every wording of every question that needs no conversation, and says which lines it means."""
    for folder in sorted(SUITES.iterdir()):
        for question in load_questions(folder, folder.name):
            if says_what_is_meant(question) and not question.history:
                yield from ((question, wording) for wording in question.wordings)


def facts_of(question: Question) -> CaseFacts:
    """A case that has the formats asked for; nothing else of it matters to the rules."""
    plan = question.expect.plan
    sides: list[Picked] = [] if plan is None else [plan.selector, *(plan.without or ()), plan.against or Picked()]
    return CaseFacts(datasets=tuple(name for side in sides for name in side.datasets))


def test_no_true_plan_is_refused_in_any_wording() -> None:
    steps = 0
    for question, wording in alone():
        found = planned(question, wording, facts_of(question), ())
        assert (found.fault, found.struck) == ("", ()), (question.id, wording.question, found)
        assert bool(found.unclear) == question.expect.not_understood
        for step in () if found.plan is None else found.plan.steps:
            assert fit(step, question.expect.plan) is Fit.SAME, (question.id, wording.question, step)
            steps += 1
    assert steps > 1_400


@pytest.mark.slow
def test_true_plans_are_answered_truly() -> None:
    def planner(question: Question, wording: Wording, facts: CaseFacts, history: Sequence[Exchange]) -> Plan | None:
        if not says_what_is_meant(question):
            return None
        found = planned(question, wording, facts, history)
        return found.plan or Plan((), planner=Planner.MODEL)

    report = ask_suite(SUITES, load_rules(), now=NOW, planner=planner)
    judged = [
        (score.name, one.judged)
        for score in report.questions
        for one in score.asked
        if says_what_is_meant(score.question)
    ]
    assert [name for name, one in judged if not one.operation or one.selection is False] == []
    assert {name for name, one in judged if one.judgement is not Judgement.RIGHT} == WRONG_OTHERWISE
