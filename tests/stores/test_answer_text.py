"""What a model said is stored with its answer, and answers from before there was such a thing are read."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.answer import Answer
from core.plan import Operation, Plan, Step
from core.told import Attempt, Span, Struck, Told, ToldFinding, ToldSentence
from stores.answer_text import read_answer, write_answer
from tests.effort import examples

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
ANSWER = Answer("Q?", Plan((Step(Operation.COUNT),)), (), (), "case", "state", "rules", NOW)
TOLD = st.builds(
    Told,
    facts=st.just({"at": NOW, "said": NOW.isoformat(), "seconds": 3, "share": 1.0}),
    plan=st.none() | st.just(ANSWER.plan),
    parts=st.just(()),
    sentences=st.lists(st.from_type(ToldSentence), max_size=2).map(tuple),
    findings=st.lists(st.from_type(ToldFinding), max_size=1).map(tuple),
    benign=st.just((ToldSentence((Span("x"),)),)),
    claims=st.just(()),
    struck=st.lists(st.from_type(Struck), max_size=2).map(tuple),
    attempts=st.lists(st.from_type(Attempt), max_size=2).map(tuple),
)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(TOLD)
def test_what_a_model_said_comes_back_as_it_was(told: Told) -> None:
    answer = replace(ANSWER, told=told)
    assert repr(read_answer(write_answer(answer))) == repr(answer).replace(", fold=1", "")


def test_an_answer_from_before_there_was_a_model_is_read() -> None:
    stored = json.loads(write_answer(ANSWER))
    assert stored.pop("told") is None
    assert read_answer(json.dumps(stored)) == ANSWER


def test_a_stored_answer_that_says_less_of_the_model_is_read() -> None:
    """Only the model's name has no default: fields that come later do not make stored answers unreadable."""
    stored = json.loads(write_answer(replace(ANSWER, told=Told("m"))))
    stored["told"] = {"model": "m"}
    assert read_answer(json.dumps(stored)) == replace(ANSWER, told=Told("m"))
    assert len(fields(Told)) > 1
