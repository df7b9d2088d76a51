"""Conversations: what a question takes over from the one before it, and what it does not."""

from typing import Any

import pytest

from core.dimension import Dimension
from core.plan import Exchange, Step
from core.taxonomy import AttackType
from retrieval.plan import plan
from tests.retrieval.plan.plans import FACTS, FAILED, IP, PATH, step, where

A, B = "203.0.113.7", "198.51.100.23"
YESTERDAY: dict[str, Any] = {"since": "14T00:00", "until": "15T00:00"}


def last_steps(*questions: str) -> tuple[Step, ...]:
    """The steps of the last question of a conversation whose answers all named the same things."""
    history: list[Exchange] = []
    for question in questions:
        made = plan(question, FACTS, history)
        history.append(
            Exchange(
                question,
                made,
                ips=(A, B),
                types=(AttackType.XSS, AttackType.DOS),
                users=("root", "alice"),
                paths=("/login", "/cart"),
            )
        )
    return history[-1].plan.steps


@pytest.mark.parametrize(
    ("conversation", "wanted"),
    [
        (("how many SQL injections?", "and XSS?"), step("count", types="xss")),
        (("SQLインジェクションは何件?", "じゃあXSSは?"), step("count", types="xss")),
        (("SQLインジェクションは何件?", "昨日は?"), step("count", types="sql_injection", **YESTERDAY)),
        (("how many SQL injections?", "what about yesterday?"), step("count", types="sql_injection", **YESTERDAY)),
        (("was there any XSS?", "from where?"), step("top", IP, types="xss")),
        (("XSSはあった?", "どこから?"), step("top", IP, types="xss")),
        (("was there any XSS?", "which pages?"), step("top", PATH, types="xss")),
        (("was there any XSS?", "show me the raw lines"), step("lines", types="xss")),
        (("XSSはあった?", "生ログを見せて"), step("lines", types="xss")),
        (("was there any XSS?", "when did it start?"), step("first", types="xss")),
        (("was there any XSS?", "did it succeed?"), step("outcome", types="xss")),
        (("XSSはあった?", "それは成功した?"), step("outcome", types="xss")),
        (("how many XSS yesterday?", "not from 10.0.0.1"),
         step("count", types="xss", **YESTERDAY, without=(where(ips=("10.0.0.1",)),))),
        (("how many XSS?", "only the failed ones"), step("count", types="xss", outcomes=(FAILED,))),
        (("XSSは何件?", "失敗したものだけ"), step("count", types="xss", outcomes=(FAILED,))),
        (("what happened yesterday?", "which of those succeeded?"), step("outcome", **YESTERDAY)),
        (("昨日何があった?", "その中で成功したのは?"), step("outcome", **YESTERDAY)),
        (("what happened yesterday?", "how many?"), step("count", types="any", **YESTERDAY)),
        (("what happened yesterday?", "show me the raw lines"), step("lines", types="any", **YESTERDAY)),
        (("top 5 attackers", "what did the second one do?"), step("profile", ips=(B,))),
        (("攻撃者トップ5", "2番目は何をした?"), step("profile", ips=(B,))),
        (("top attackers", "the second one"), step("profile", ips=(B,))),
        (("which users were attacked?", "the second one"), step("profile", user_contains=("alice",))),
        (("how many XSS from 203.0.113.7?", "what else did it do?"), step("profile", ips=(A,))),
        (("203.0.113.7は何をした?", "そのIPからの404は何件?"), step("count", ips=(A,), status_codes=((404, 404),))),
        (("who did the XSS?", "what else did that IP do?"), step("profile", ips=(A,))),
        (("XSSは誰?", "そのIPは他に何をした?"), step("profile", ips=(A,))),
        (("who did the XSS?", "他に何してた?"), step("profile", ips=(A,))),
        (("show me the raw lines", "more"), step("lines", limit=100)),
        (("生ログを見せて", "もっと"), step("lines", limit=100)),
        (("show me the lines of XSS, raw lines", "全部見せて"), step("lines", limit=1000, types="xss")),
        (("how many XSS yesterday?", "more than the day before?"),
         step("compare", types="xss", **YESTERDAY, against=where(types="xss", since="13T00:00", until="14T00:00"))),
        (("昨日のXSSは何件?", "前日より多い?"),
         step("compare", types="xss", **YESTERDAY, against=where(types="xss", since="13T00:00", until="14T00:00"))),
        (("XSSは何件?", "why?"), step("explain", types="xss", words="xss")),
        (("XSSは何件?", "なぜ?"), step("explain", types="xss", words="xss")),
        (("what happened yesterday?", "what should I do about it?"), step("respond", **YESTERDAY)),
        (("401は何件?", "22時台だけだと?", "全期間では?"), step("count", status_codes=((401, 401),))),
        (("how many 401s?", "only yesterday?", "and without the time window?"),
         step("count", status_codes=((401, 401),))),
        (("SQLインジェクションは何行?", "XSSは?"), step("count", types="xss")),
        (("203.0.113.7は何行?", "198.51.100.23だとどう?"), step("count", ips=("198.51.100.23",))),
        (("PUTは何件?", "203.0.113.7に限ると何件?"), step("count", methods=("PUT",), ips=("203.0.113.7",))),
        (("404は何件?", "一番多く出してるIPは?"), step("top", IP, status_codes=((404, 404),))),
        (("203.0.113.7は何行?", "distinct paths among those?"), step("count", PATH, ips=("203.0.113.7",))),
    ],
)  # fmt: skip
def test_it_goes_on_from_the_question_before(conversation: tuple[str, ...], wanted: Step) -> None:
    assert last_steps(*conversation) == (wanted,)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("how many SQL injections were there?", step("count", types="sql_injection")),
        ("what attacks happened?", step("report")),
        ("どんな攻撃があった?", step("report")),
        ("how many requests in total?", step("count")),
        ("top 5 IPs", step("top", IP, 5)),
        ("what else did 203.0.113.7 do?", step("profile", ips=(A,))),
        ("what should I do now?", step("respond")),
        ("どう対処すればいい?", step("respond")),
        ("which logs did you read?", step("coverage")),
        ("requests per hour", step("timeline", Dimension.HOUR)),
        ("このログを解析して", step("report")),
        ("access.logだけ解析して", step("report", sources=("aaaa",))),
        ("help", step("help")),
    ],
)
@pytest.mark.parametrize("before", ["how many XSS from 10.0.0.1 yesterday?", "what happened yesterday?"])
def test_a_question_of_its_own_takes_nothing_over(before: str, question: str, wanted: Step) -> None:
    assert last_steps(before, question) == (wanted,)


@pytest.mark.parametrize(
    "question", ["what did that IP do?", "そのIPは何をした?", "2番目は?", "and that user?", "もっと", "more"]
)
def test_nothing_is_pointed_at_without_a_conversation(question: str) -> None:
    assert last_steps(question) == ()


def test_help_between_does_not_break_the_thread() -> None:
    assert last_steps("how many XSS?", "help", "from where?") == (step("top", IP, types="xss"),)


def test_a_question_that_was_not_understood_does_not_break_the_thread() -> None:
    assert last_steps("how many XSS?", "asdf", "from where?") == (step("top", IP, types="xss"),)


def test_every_question_is_answered_for_each_thing_asked() -> None:
    wanted = (step("count", types="xss"), step("top", IP, types="xss"))
    assert last_steps("how many SQL injections and from where?", "and XSS?") == wanted
