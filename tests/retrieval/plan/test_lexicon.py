"""The word lists: in the shape questions are folded to, one meaning a kind, every attack type in both languages."""

from collections import defaultdict

import pytest

from core.plan import Operation
from core.taxonomy import AttackType, Outcome
from retrieval.plan.fold import fold
from retrieval.plan.lexicon import LANGUAGES, entries, lexicon
from retrieval.plan.piece import Kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_written_as_questions_are_folded(language: str) -> None:
    assert [phrase for phrase, _, _ in entries(language) if fold(phrase).text != phrase] == []


def test_no_word_means_two_things_of_one_kind() -> None:
    found: dict[tuple[str, Kind], set[str]] = defaultdict(set)
    for language in LANGUAGES:
        for phrase, kind, value in entries(language):
            found[phrase, kind].add(value)
    doubled = {phrase: values for (phrase, kind), values in found.items() if len(values) > 1 and kind is not Kind.WHEN}
    assert doubled == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_type_outcome_and_operation_has_words(language: str) -> None:
    known = {(kind, one) for _, kind, value in entries(language) for one in value.split(",")}
    assert {(Kind.TYPE, one) for one in AttackType} <= known
    assert {(Kind.OUTCOME, one) for one in Outcome} <= known
    assert {
        (Kind.OPERATION, one) for one in Operation if one is not Operation.COUNT and one is not Operation.TOP
    } <= known


@pytest.mark.parametrize(
    ("text", "at", "phrase"),
    [
        ("sql injections", 0, "sql injections"),
        ("classic", 2, None),
        ("attacks", 0, "attacks"),
        ("attackers", 0, "attackers"),
        ("addresses", 0, "addresses"),
        ("attacker's", 0, "attacker's"),
        ("dosage", 0, None),
        ("攻撃者は", 0, "攻撃者"),
        ("ip別", 0, "ip"),
        ("zip別", 1, None),
    ],
)
def test_a_phrase_ends_where_the_word_ends(text: str, at: int, phrase: str | None) -> None:
    found = lexicon().longest(text, at)
    assert (found and text[found.start : found.end]) == phrase
