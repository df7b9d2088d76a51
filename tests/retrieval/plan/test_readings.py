"""A plan says how each piece of the question was understood, where it stands, and what had no effect."""

import pytest

from app.i18n import LANGUAGES, words
from core.plan import Operation
from retrieval.plan import plan
from retrieval.plan.readings import CODES
from tests.retrieval.plan.plans import FACTS, asked


def readings(question: str) -> set[tuple[str, str, str]]:
    return {(question[one.start : one.end], one.code, one.value) for one in plan(question, FACTS).readings}


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many SQL injections from 203.0.113.7?", ("SQL injections", "type", "sql_injection")),
        ("How many SQL injections from 203.0.113.7?", ("How many", "operation", "count")),
        ("How many SQL injections from ２０３．０．１１３．７?", ("２０３．０．１１３．７", "ip", "203.0.113.7")),
        ("203[.]0[.]113[.]7は何をした?", ("203[.]0[.]113[.]7", "ip", "203.0.113.7")),
        ("ＳＱＬ　インジェクションは何件?", ("ＳＱＬ　インジェクション", "type", "sql_injection")),
        ("SQLｲﾝｼﾞｪｸｼｮﾝは何件?", ("SQLｲﾝｼﾞｪｸｼｮﾝ", "type", "sql_injection")),
        ("昨日の攻撃は?", ("昨日", "time", "2026-11-14 00:00:00+09:00/2026-11-15 00:00:00+09:00")),
        ("attacks since Monday", ("since Monday", "time", "2026-11-09 00:00:00+09:00/")),
        ("attacks except from 10.0.0.1", ("10.0.0.1", "without", "10.0.0.1")),
        ("how many SQL injectoin attempts", ("injectoin", "corrected", "injection")),
        ("攻撃者は何人?", ("攻撃者", "type", "any")),
        ("which pages were attacked?", ("pages", "by", "url.path")),
        ("how many errors", ("errors", "status", "400–599")),
        ("show 5xx lines", ("5xx", "status", "5xx")),
    ],
)
def test_a_piece_is_read_so(question: str, wanted: tuple[str, str, str]) -> None:
    assert wanted in readings(question)


def test_what_was_taken_over_is_said() -> None:
    made = plan("and yesterday?", FACTS, [asked("how many XSS?")])
    assert [one.value for one in made.readings if one.code == "inherited"] == ["how many XSS?"]


def test_a_question_of_its_own_takes_nothing_over() -> None:
    made = plan("how many SQL injections?", FACTS, [asked("how many XSS yesterday?")])
    assert {one.code for one in made.readings} == {"operation", "type"}


@pytest.mark.parametrize(
    ("question", "unread"),
    [
        ("attacks on 31 February", "31 February"),
        ("2月31日の攻撃", "2月31日"),
        ("attacks from Russia", "Russia"),
        ("ロシアからの攻撃は?", "ロシア"),
        ("critical attacks", "critical"),
        ("重大度の高い攻撃は?", "重大度"),
        ("how many requests from 300.1.2.3", "300.1.2.3"),
        ("attacks in missing.log", "missing.log"),
        ("attacks at 25:99", "25:99"),
        ("attacks on weekends", "weekends"),
        ("attacks by the flurble", "flurble"),
    ],
)
def test_what_had_no_effect_is_said(question: str, unread: str) -> None:
    made = plan(question, FACTS)
    assert made.steps
    assert unread in made.unread


@pytest.mark.parametrize(
    ("question", "language"), [("攻撃は?", "ja"), ("attacks?", "en"), ("XSSは?", "ja"), ("", "en")]
)
def test_the_language_is_that_of_the_question(question: str, language: str) -> None:
    assert plan(question, FACTS).language == language


def test_a_language_that_is_given_holds() -> None:
    assert plan("攻撃は?", FACTS, language="en").language == "en"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_codes_have_words(lang: str) -> None:
    known = words(lang).keys()
    assert {f"reading.{code}" for code in CODES} | {f"operation.{one}" for one in Operation} <= known
