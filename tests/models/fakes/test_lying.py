"""The lying model as a chat model: one lie a draft, the last one again, nothing for other schemas."""

import json
from random import Random

from core.draft import Draft
from core.draft_plan import DraftPlan
from models.chat import ChatModel, Prompt, unheard
from models.fakes.lies.table import BY_ID
from models.fakes.lying import LyingModel
from tests.models.fakes.test_lies import DRAFT, FACTS


def asked(model: LyingModel, schema: type[Draft] | type[DraftPlan]) -> str:
    prompt = Prompt("ask", "1", "system", "user", schema)
    return model.reply(prompt, on_text=unheard, deadline=10.0, clock=lambda: 0.0).text


def test_it_is_a_chat_model() -> None:
    assert isinstance(LyingModel(DRAFT, FACTS, BY_ID["A1"], Random(1)), ChatModel)


def test_another_lie_at_each_attempt_then_the_last_again() -> None:
    model = LyingModel(DRAFT, FACTS, BY_ID["L10"], Random(1))
    heard = [asked(model, Draft) for _ in range(5)]
    assert heard == [*model.lies, model.lies[-1], model.lies[-1]]
    assert len(set(model.lies)) == 3


def test_plans_are_empty() -> None:
    plan = json.loads(asked(LyingModel(DRAFT, FACTS, BY_ID["A1"], Random(1)), DraftPlan))
    assert plan == {"steps": [], "unclear": ""}


def test_without_anything_to_lie_about_it_tells_the_draft() -> None:
    model = LyingModel(DRAFT, FACTS, BY_ID["C14"], Random(1))
    assert Draft.model_validate_json(asked(model, Draft)) == DRAFT
