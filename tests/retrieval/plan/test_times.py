"""Times as people write them, and the windows they are in a log of Monday 9 to Sunday 15 November 2026, 05:59."""

import pytest

from core.plan import CaseFacts
from retrieval.plan import plan
from tests.retrieval.plan.plans import FACTS, at, steps


def window(since: str | None, until: str | None) -> tuple[object, object]:
    return (at(since) if since else None, at(until) if until else None)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("2026-11-14", "14T00:00", "15T00:00"),
        ("2026/11/14", "14T00:00", "15T00:00"),
        ("11/14", "14T00:00", "15T00:00"),
        ("Nov 14", "14T00:00", "15T00:00"),
        ("14th of November", "14T00:00", "15T00:00"),
        ("November 14, 2026", "14T00:00", "15T00:00"),
        ("14/Nov/2026", "14T00:00", "15T00:00"),
        ("on the 14th", "14T00:00", "15T00:00"),
        ("on the 14th at 22:00", "14T22:00", "14T22:01"),
        ("at 10pm", "14T22:00", "14T23:00"),
        ("at 10 p.m.", "14T22:00", "14T23:00"),
        ("at 5am", "15T05:00", "15T06:00"),
        ("at 6am", "14T06:00", "14T07:00"),
        ("at 10 in the morning", "14T10:00", "14T11:00"),
        ("at half past ten in the evening", "14T22:30", "14T22:31"),
        ("yesterday evening", "14T18:00", "15T00:00"),
        ("between 23:00 and 01:00", "14T23:00", "15T01:00"),
        ("from 11pm to 1am", "14T23:00", "15T01:00"),
        ("from 22:00 yesterday to 02:00 today", "14T22:00", "15T02:00"),
        ("between Nov 10 and Nov 12", "10T00:00", "13T00:00"),
        ("after 22:00", "14T22:00", None),
        ("after Nov 12", "13T00:00", None),
        ("since Nov 12", "12T00:00", None),
        ("before Nov 12", None, "12T00:00"),
        ("until Nov 12", None, "13T00:00"),
        ("around Nov 12", "11T00:00", "14T00:00"),
        ("around 10pm", "14T21:30", "14T22:30"),
        ("in the last hour of the log", "15T04:59:30", None),
        ("in the past 30 minutes", "15T05:29:30", None),
        ("past week", "08T05:59:30", None),
        ("this week", "09T00:00", "16T00:00"),
        ("in the first hour", None, "09T03:00:03"),
        ("2 hours ago", "15T03:59:30", "15T04:59:30"),
        ("three days ago", "12T00:00", "13T00:00"),
        ("in the 10 minutes before 22:00", "14T21:50", "14T22:00"),
        ("2026-11-14T13:00:00Z", "14T22:00:00", "14T22:00:01"),
        ("14 November 13:00 UTC", "14T22:00", "14T22:01"),
        ("overnight", "14T18:00", "15T06:00"),
    ],
)
def test_english_times(words: str, since: str | None, until: str | None) -> None:
    (step,) = steps(f"attacks {words}")
    assert (step.selector.since, step.selector.until) == window(since, until)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("11月14日", "14T00:00", "15T00:00"),
        ("十一月十四日", "14T00:00", "15T00:00"),
        ("2026年11月14日", "14T00:00", "15T00:00"),
        ("令和8年11月14日", "14T00:00", "15T00:00"),
        ("R8年11月14日", "14T00:00", "15T00:00"),
        ("14日", "14T00:00", "15T00:00"),
        ("14日の22時", "14T22:00", "14T23:00"),
        ("午後10時", "14T22:00", "14T23:00"),
        ("午後十時", "14T22:00", "14T23:00"),
        ("夜10時", "14T22:00", "14T23:00"),
        ("深夜2時", "15T02:00", "15T03:00"),
        ("22時半", "14T22:30", "14T22:31"),
        ("22時15分", "14T22:15", "14T22:16"),
        ("22:00〜23:00", "14T22:00", "14T23:00"),
        ("22時から23時", "14T22:00", "14T23:00"),
        ("22-23時", "14T22:00", "14T23:00"),
        ("23時から1時まで", "14T23:00", "15T01:00"),
        ("午後10時から11時", "14T22:00", "14T23:00"),
        ("昨日の22時から今日の2時まで", "14T22:00", "15T02:00"),
        ("11月10日から12日まで", "10T00:00", "13T00:00"),
        ("22時以降", "14T22:00", None),
        ("11月12日以降", "12T00:00", None),
        ("11月12日より後", "13T00:00", None),
        ("11月12日より前", None, "12T00:00"),
        ("11月12日まで", None, "13T00:00"),
        ("22時頃", "14T21:30", "14T22:30"),
        ("22時から10分間", "14T22:00", "14T22:10"),
        ("直近1時間", "15T04:59:30", None),
        ("過去30分", "15T05:29:30", None),
        ("最後の10分", "15T05:49:30", None),
        ("冒頭の1時間", None, "09T03:00:03"),
        ("2時間前", "15T03:59:30", "15T04:59:30"),
        ("3日前", "12T00:00", "13T00:00"),
        ("今朝", "15T06:00", "15T12:00"),
        ("未明", "15T00:00", "15T06:00"),
        ("夜中", "14T22:00", "15T05:00"),
        ("昨晩", "14T18:00", "15T06:00"),
        ("おととい", "13T00:00", "14T00:00"),
        ("今週", "09T00:00", "16T00:00"),
        ("土曜日", "14T00:00", "15T00:00"),
        ("日本時間の22時", "14T22:00", "14T23:00"),
    ],
)
def test_japanese_times(words: str, since: str | None, until: str | None) -> None:
    (step,) = steps(f"{words}の攻撃は?")
    assert (step.selector.since, step.selector.until) == window(since, until)


@pytest.mark.parametrize(
    ("question", "unread"),
    [
        ("attacks on 31 February", "31 February"),
        ("2月31日の攻撃は?", "2月31日"),
        ("2026-13-45の攻撃は?", "2026-13-45"),
        ("attacks at 25:99", "25:99"),
        ("33時の攻撃は?", "33時"),
    ],
)
def test_an_impossible_time_is_no_filter_and_is_said(question: str, unread: str) -> None:
    made = plan(question, FACTS)
    assert [(one.selector.since, one.selector.until) for one in made.steps] == [(None, None)]
    assert unread in made.unread


def test_a_case_without_times_has_no_yesterday() -> None:
    made = plan("attacks yesterday", CaseFacts())
    assert made.unread == ("yesterday",)
