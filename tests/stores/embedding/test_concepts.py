"""The table of concepts is read strictly, and the one that comes along is in order."""

import pytest

from core.errors import ContentError
from core.taxonomy import AttackType
from stores.embedding.concepts import IMPLIED, NAMED, PLACES, built_in_concepts, read_concepts

GOOD = '[fire]\nen = ["big fire"]\nja = ["火事"]\nimplies = ["heat"]\n[heat]\nen = ["heat"]\nja = ["熱"]\n'


def test_a_good_table() -> None:
    found = read_concepts(GOOD.encode(), "x.toml")
    assert found.names == ("fire", "heat")
    assert found.english == {("big", "fire"): {0: NAMED, 1: IMPLIED}, ("heat",): {1: NAMED}}
    assert found.japanese == {"火事": {0: NAMED, 1: IMPLIED}, "熱": {1: NAMED}}
    assert found.digest != read_concepts(GOOD.replace("big", "small").encode(), "x.toml").digest


BAD = {
    "no table": ("fire = 1", "fire"),
    "an unknown key": (GOOD.replace("implies", "means"), "fire"),
    "no Japanese": ('[fire]\nen = ["fire"]\n', "fire.ja"),
    "no phrase": ('[fire]\nen = []\nja = ["火"]\n', "fire.en"),
    "no list": ('[fire]\nen = "fire"\nja = ["火"]\n', "fire.en"),
    "no text": ('[fire]\nen = [1]\nja = ["火"]\n', "fire.en"),
    "twice": (GOOD.replace('"big fire"', '"big fire", "big fire"'), "fire.en"),
    "an unknown concept": (GOOD.replace('["heat"]\n[', '["cold"]\n['), "fire.implies"),
    "four words": (GOOD.replace("big fire", "very big hot fire"), "fire.en"),
    "a word that says nothing": (GOOD.replace("big fire", "fire on the roof"), "fire.en"),
    "Japanese as English": (GOOD.replace("big fire", "火"), "fire.en"),
    "English as Japanese": (GOOD.replace("火事", "fire"), "fire.ja"),
    "a blank in Japanese": (GOOD.replace("火事", "火事 熱"), "fire.ja"),
    "nothing at all": ("", ""),
    "too many": ("".join(f'[c{n}]\nen = ["w{n}x"]\nja = ["火{n}"]\n' for n in range(PLACES + 1)), ""),
}


@pytest.mark.parametrize(("text", "key"), BAD.values(), ids=BAD)
def test_a_table_that_breaks_the_schema_is_refused(text: str, key: str) -> None:
    with pytest.raises(ContentError, match="bad_content_file") as refusal:
        read_concepts(text.encode(), "x.toml")
    assert refusal.value.facts["key"] == key


@pytest.mark.parametrize("content", [b"[", b"\xff"])
def test_what_is_not_toml_is_refused(content: bytes) -> None:
    with pytest.raises(ContentError, match="rule_not_toml"):
        read_concepts(content, "x.toml")


def test_every_attack_type_is_a_concept() -> None:
    renamed = {"webshell_access": "webshell"}
    assert {renamed.get(one.value, one.value) for one in AttackType} <= set(built_in_concepts().names)
