"""Originals are put back: whole or in a stream, and never so that JSON breaks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.restoring import LONGEST_TOKEN, RestoringStream, restored_json

NAME = 'a"b\\c\n<証>'
TOKEN = "⟦USER:1⟧"


def restore(text: str) -> str:
    return text.replace(TOKEN, NAME)


@pytest.mark.parametrize(
    "text",
    [
        f'{{"a": ["{TOKEN}", {{"b": "x {TOKEN} y"}}], "c": 1.5}}',
        json.dumps({"a": [TOKEN, {"b": f"x {TOKEN} y"}], "c": 1.5}),  # the model may escape what it read
    ],
)
def test_every_string_is_restored_and_json_stays_json(text: str) -> None:
    assert json.loads(restored_json(text, restore)) == {"a": [NAME, {"b": f"x {NAME} y"}], "c": 1.5}


@given(st.lists(st.integers(1, 5)))
def test_a_stream_is_restored_however_it_is_cut(sizes: list[int]) -> None:
    text = f'{{"a": "{TOKEN}{TOKEN} ⟦ ⟦⟧ ⟦OTHER:2⟧ ⟦"}}'
    heard: list[str] = []
    stream = RestoringStream(restore, heard.append)
    place = 0
    for size in sizes:
        stream(text[place : place + size])
        place += size
    stream(text[place:])
    stream.end()
    escaped = json.dumps(NAME, ensure_ascii=False)[1:-1]
    assert "".join(heard) == text.replace(TOKEN, escaped)


def test_what_cannot_be_a_token_is_not_held_back() -> None:
    heard: list[str] = []
    RestoringStream(restore, heard.append)("⟦" + "a" * LONGEST_TOKEN)
    assert "".join(heard) == "⟦" + "a" * LONGEST_TOKEN


def test_a_beat_is_handed_on() -> None:
    heard: list[str] = []
    stream = RestoringStream(restore, heard.append)
    stream("⟦USER")
    stream("")
    assert heard == [""]
