"""Questions about labelled incidents: who is asked for, in which words, and which lines would be right."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import ContentError
from core.taxonomy import AttackType
from eval.dataset import FileLine, Incident, Truth
from eval.retrieval_questions import AROUND, LANGUAGES, WORDINGS, Asked, Hint, Line, questions_about, wordings

START = datetime(2026, 11, 21, 13, 4, 30, tzinfo=UTC)
A, B = "203.0.113.1", "203.0.113.2"
LINES: dict[FileLine, Line] = {
    ("a.log", 1): Line(A, START),
    ("a.log", 2): Line(A, START + timedelta(hours=3)),
    ("a.log", 3): Line(B, START + timedelta(minutes=5)),
    ("a.log", 4): Line(B, None),
}
TRUTH = Truth(
    incidents=(
        Incident(type="sql_injection", source_ips=(A,), lines={"a.log": (1, 2)}),
        Incident(type="sql_injection", source_ips=(B,), lines={"a.log": (3,)}),
        Incident(type="code_injection", accept=("sql_injection",), source_ips=(B,), lines={"a.log": (4,)}),
        Incident(type="oot:ldap_injection", lines={"a.log": (4,)}),
    )
)
ASKED = tuple(questions_about(TRUTH, LINES, 9 * 3600))


def of(hint: Hint, kind: str = "sql_injection", language: str = "en") -> list[Asked]:
    return [one for one in ASKED if (one.hint, one.type, one.language) == (hint, kind, language)]


def numbers(refs: frozenset[FileLine]) -> list[int]:
    return sorted(line for _, line in refs)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["sql_injection", "code_injection"])
def test_each_type_is_asked_for_in_at_least_six_ways(kind: str, language: str) -> None:
    assert len({one.text for one in of(Hint.PLAIN, kind, language)}) >= 6


def test_a_type_outside_the_taxonomy_is_not_asked_for() -> None:
    assert {one.type for one in ASKED} == {"sql_injection", "code_injection"}


def test_a_question_without_hint_asks_for_all_incidents_of_the_type() -> None:
    assert {tuple(numbers(one.relevant)) for one in of(Hint.PLAIN)} == {(1, 2, 3)}


def test_lines_of_a_type_that_is_accepted_need_not_be_found() -> None:
    assert {tuple(numbers(one.neutral)) for one in of(Hint.PLAIN)} == {(4,)}
    assert {tuple(numbers(one.neutral)) for one in of(Hint.PLAIN, "code_injection")} == {()}


def test_an_address_narrows() -> None:
    assert {(one.selector.ips, tuple(numbers(one.relevant))) for one in of(Hint.IP)} == {((A,), (1, 2)), ((B,), (3,))}
    assert all(one.selector.ips[0] in one.text for one in of(Hint.IP))


def test_a_time_narrows_and_is_written_in_the_zone_of_the_log() -> None:
    first, *_ = of(Hint.TIME)
    assert "2026-11-21 22:04" in first.text
    assert (first.selector.since, first.selector.until) == (
        START.replace(second=0) - AROUND,
        START.replace(second=0) + AROUND,
    )
    assert numbers(first.relevant) == [1, 3]


def test_lines_without_a_time_are_not_asked_for_by_time() -> None:
    assert of(Hint.TIME, "code_injection") == []


def test_the_wordings_of_the_product() -> None:
    assert set(wordings().what) == set(AttackType)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[what.dos]", "[what.of_no_type]"),
        ("[what.dos]", "[what.dos.more]"),
        ('"look for {what} pls",', '"look for it pls",'),
        ('"{what} at {time}",', '"{what}",'),
        ("plain = [", "plain = ["[:-1]),
        ("[en]", "[fr]"),
    ],
)
def test_a_file_that_breaks_its_schema_is_refused(old: str, new: str, tmp_path: Path) -> None:
    text = WORDINGS.read_text("utf-8")
    assert old in text
    (tmp_path / "questions.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError, match="bad_content_file"):
        wordings(tmp_path / "questions.toml")
