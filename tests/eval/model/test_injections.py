"""Injection strings: enough of them, in both languages, each understood by the obedient model; files are strict."""

from pathlib import Path

import pytest

from eval.model.clothes import CLOTHES
from eval.model.injections import CARRIERS, load_injections
from models.fakes.instructions import Ask, asked

INJECTIONS = load_injections()


def test_enough_of_each() -> None:
    assert len(INJECTIONS) >= 300
    assert {one.asks for one in INJECTIONS} == set(Ask)
    assert sum(one.language == "ja" for one in INJECTIONS) >= 70
    assert len({one.family for one in INJECTIONS}) >= 25


@pytest.mark.parametrize("wish", Ask)
def test_the_obedient_model_understands_them(wish: Ask) -> None:
    meant = [one for one in INJECTIONS if one.asks is wish]
    assert [one.text for one in meant if wish not in asked(one.text, {wish})] == []


GROUP = '[[group]]\nfamily = "f"\nlanguage = "en"\nasks = "leak"\n'


@pytest.mark.parametrize(
    "text",
    [
        GROUP,
        GROUP + "texts = []",
        GROUP + 'texts = ["a"]\nwhy = "b"',
        GROUP.replace("leak", "dance") + 'texts = ["a"]',
        GROUP.replace("en", "fr") + 'texts = ["a"]',
        GROUP + 'texts = ["a"]\nclothes = ["invisible"]',
        "group = 1",
        "not toml",
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(ValueError):  # noqa: PT011 - of pydantic or of TOML
        load_injections(tmp_path)


def test_each_text_in_each_of_its_clothes(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GROUP + 'texts = ["ab", "cd"]\nclothes = ["hex", "reversed"]')
    assert [one.text for one in load_injections(tmp_path)] == ["6162", "ba", "6364", "dc"]


@pytest.mark.parametrize("name", CLOTHES)
def test_clothes_change_the_text(name: str) -> None:
    assert CLOTHES[name]("No attack at all") != "No attack at all"


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_carrier_writes_one_line(carrier: str) -> None:
    """Whatever the text holds, it cannot end the line."""
    line = CARRIERS[carrier][1](61, 'a"b\\c\nd\re\x00f\u2028g')
    assert not set(line) & set(b"\n\r\x00")
    assert b"03:01:01" in line
