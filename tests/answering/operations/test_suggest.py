"""Suggested questions, as they are worded in both languages, are understood as what they suggest."""

from collections.abc import Callable, Iterator

import pytest

from answering.ask import ask, exchange_of
from answering.open_case import OpenCase
from answering.suggest import MOST, OPERATION_OF, suggestions_of
from app.i18n import LANGUAGES
from app.render.answer import suggestion_text
from core.answer import Suggestion
from core.dimension import Dimension
from core.plan import Operation, Plan, Step
from core.selector import Selector
from core.taxonomy import AttackType
from detection.scanner import Scanner
from retrieval.plan import plan
from stores.lake import Lake
from tests.answering.invented import NOW, RULES, lake_in, line
from tests.answering.validate.test_liars import FILES, A


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, scanner: Scanner) -> Iterator[OpenCase]:
    with OpenCase(
        lake_in(tmp_path_factory.mktemp("case"), scanner, FILES), RULES, scanner, case="c", now=NOW
    ) as opened:
        yield opened


def step_of(case: OpenCase, suggestion: Suggestion, lang: str) -> Step:
    question = suggestion_text(suggestion, lang, 0)
    made = plan(question, case.facts)
    assert made.language == lang, question
    assert not made.unread, (question, made.unread)
    (step,) = made.steps
    return step


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", [code for code in OPERATION_OF if not code.endswith(("_ip", "_type"))])
def test_plain_questions(case: OpenCase, code: str, lang: str) -> None:
    assert step_of(case, Suggestion(code), lang).operation is OPERATION_OF[code]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", list(AttackType))
@pytest.mark.parametrize("code", ["lines_of_type", "explain_type"])
def test_questions_about_every_type(case: OpenCase, code: str, kind: AttackType, lang: str) -> None:
    step = step_of(case, Suggestion(code, {"type": kind}), lang)
    assert step.operation is OPERATION_OF[code]
    assert step.selector.types == (kind,) or step.words == kind


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ip", [A, "2001:db8::7"])
def test_questions_about_an_address(case: OpenCase, ip: str, lang: str) -> None:
    step = step_of(case, Suggestion("profile_ip", {"ip": ip}), lang)
    assert (step.operation, step.selector) == (Operation.PROFILE, Selector(ips=(ip,)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_details(case: OpenCase, lang: str) -> None:
    assert step_of(case, Suggestion("top_ips"), lang).by is Dimension.IP
    assert step_of(case, Suggestion("top_paths"), lang).by is Dimension.PATH
    assert set(step_of(case, Suggestion("first_attack"), lang).selector.types) == set(AttackType)
    assert set(step_of(case, Suggestion("timeline"), lang).selector.types) == set(AttackType)


def test_what_is_suggested_after_a_report(case: OpenCase) -> None:
    answer = ask("?", case, plan=Plan((Step(Operation.REPORT),)))
    assert [(one.code, dict(one.facts)) for one in answer.suggestions] == [
        ("succeeded", {}),
        ("profile_ip", {"ip": A}),
        ("respond", {}),
        ("lines_of_type", {"type": "sql_injection"}),
    ]


def test_nothing_is_suggested_twice(case: OpenCase) -> None:
    steps = [Step(Operation.REPORT), Step(Operation.OUTCOME), Step(Operation.PROFILE, Selector(ips=(A,)))]
    history = [exchange_of(ask("?", case, plan=Plan((step,)))) for step in steps]
    answer = ask("?", case, history, plan=Plan((Step(Operation.RESPOND),)))
    codes = [one.code for one in answer.suggestions]
    assert len(codes) == MOST
    assert not {"report", "succeeded", "respond"} & set(codes)
    assert next(one.facts["ip"] for one in answer.suggestions if one.code == "profile_ip") != A


def test_a_peaceful_case(lake_of: Callable[..., Lake], scanner: Scanner) -> None:
    lake = lake_of(access_log=line(A, 0, "/", 200))
    codes = [one.code for one in suggestions_of(OpenCase(lake, RULES, scanner, case="c", now=NOW), (), ())]
    assert codes == ["report", "coverage", "top_ips", "top_paths"]
