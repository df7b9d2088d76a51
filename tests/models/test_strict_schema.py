"""Schemas as strict mode wants them, and JSON found where there is no strict mode."""

from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from eval.stubs.openai import example_of, lint_strict_schema
from models.chat import ModelFault
from models.doctor import Tried
from models.plain_json import found_json, in_words
from models.strict_schema import schema_name, strict_schema
from tests.models.asking import Found


class Kind(StrEnum):
    A = "a"
    B = "b"


class Inner(BaseModel):
    kind: Kind = Field(description="which one")
    at: datetime | None = None
    more: "list[Inner]" = Field(default_factory=list)


class One(BaseModel):
    type: Literal["one"]


class Two(BaseModel):
    type: Literal["two"]


class Wide(BaseModel):
    """Everything that a schema of ours may hold."""

    count: int = 5
    text: str = Field(default="", max_length=10)
    share: Annotated[float, Field(ge=0, le=1)] | None = None
    ip: IPv4Address
    inner: Inner = Field(description="described beside a reference")
    either: Annotated[One | Two, Field(discriminator="type")]
    listed: list[Inner] = Field(max_length=3)


class Free(BaseModel):
    free: dict[str, int]


@pytest.mark.parametrize("model", [Wide, Found, Tried, Inner])
def test_a_schema_is_accepted(model: type[BaseModel]) -> None:
    schema = strict_schema(model)
    assert lint_strict_schema(schema) == []
    model.model_validate(example_of(schema))


def test_what_strict_mode_has_no_words_for_is_noticed() -> None:
    assert lint_strict_schema(strict_schema(Free))


def test_a_schema_is_the_same_every_time() -> None:
    assert str(strict_schema(Wide)) == str(strict_schema(Wide))


def test_a_schema_has_a_name_that_may_be_sent() -> None:
    assert (schema_name(Wide), schema_name(type("漢字_a" + "b" * 80, (BaseModel,), {}))) == ("Wide", "_a" + "b" * 62)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ('```json\n{"a": 1}\n```', '{"a": 1}'),
        ('<think>maybe {"a": 2} or {b}</think> {"a": {"b": "}"}} Done.', '{"a": {"b": "}"}}'),
        ('{{{{ {"a": 1}', '{"a": 1}'),
    ],
)
def test_json_is_found_in_words(text: str, found: str) -> None:
    assert found_json(text) == found


@pytest.mark.parametrize("text", ["", "no", "{", '{"a": ', "{" * 10_000])
def test_no_json_is_a_fault(text: str) -> None:
    with pytest.raises(ModelFault):
        found_json(text)


def test_a_schema_in_words_holds_the_word_that_json_mode_wants() -> None:
    assert "JSON" in in_words(strict_schema(Found))
