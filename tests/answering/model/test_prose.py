"""Pieces of sentences: true ones are verified, false ones are not, and nothing that could be checked stays plain."""

from typing import Any

import pytest

from answering.model.clean import clean, flat
from answering.open_case import OpenCase
from core.taxonomy import AttackType
from core.told import Mark
from tests.answering.model.told import A, B, C, said_of, selector, statement, tell, truthful

V, W, U = Mark.VERIFIED, Mark.WRONG, Mark.UNKNOWN

TRUE = [
    "There are 6 lines of SQL injection from 2 addresses.",
    "SQL injection: six lines.",
    f"{A} sent 5 lines and {B} sent 1.",
    f"6 lines came from {A} and {B}.",
    "At least 6 lines, at most 6 lines, more than 5 lines.",
    "SQLインジェクションは６行、送信元は2個のIPアドレスです。",
    "SQLインジェクションが六行あり、5行以上です。",
    "It began at 2026-11-01T10:00:00+00:00 and ended at 2026-11-01T10:01:00Z.",
    "first 10:00:00, last 10:01 UTC",
    "first 2026-11-01 19:00 JST",
    "2026年11月1日10時0分から10時1分までT1190でした。",
    "Nov 1, 2026: the attack failed.",
    "攻撃は失敗しました。",
    "The attack did not succeed.",
    f"All 6 lines came from {A} and {B}.",
    f"{A} (5), {B} (1).",
    f"{A}: 5 lines; {B}: 1 line.",
]
FALSE = [
    ("There are 7 lines.", "7"),
    ("There are 2 lines from 6 addresses.", "2"),
    ("There are 2 lines from 6 addresses.", "6"),
    ("There are seven lines.", "seven"),
    ("There are 6,000 lines.", "6,000"),
    ("There are 6.0 lines.", "6.0"),
    ("There are 6e0 lines.", "6e0"),
    ("There are 0x6 lines.", "0x6"),
    ("There are 6k lines.", "6k"),
    ("There are dozens of lines.", "dozens"),
    ("6 sessions were seen.", "6"),
    ("There are more than 6 lines.", "6"),
    ("There are at least 7 lines.", "7"),
    ("七行です。", "七"),
    ("6万行です。", "6万"),
    ("７行です。", "７"),
    ("6行超です。", "6"),
    (f"{A} sent 6 lines.", "6"),
    (f"{A} sent 1 line and {B} sent 5.", "1"),
    (f"{A} sent 1 line and {B} sent 5.", "5"),
    (f"{C} took part.", C),
    ("203.0.113.3 took part.", "203.0.113.3"),
    ("203.0.113.l1 took part.", "203.0.113.l1"),
    ("203[.]0[.]113[.]9 took part.", "203[.]0[.]113[.]9"),
    ("203.0.113.x took part.", "203.0.113.x"),
    ("２０３.0.113.1 took part.", "２０３.0.113.1"),
    ("203.0.113.0/24 took part.", "203.0.113.0/24"),
    ("2001:db8::1 took part.", "2001:db8::1"),
    (f"Only {A} did it.", "Only"),
    (f"{A}だけです。", "だけ"),
    (f"All lines came from {A}.", "All"),
    ("It began at 10:01.", "10:01"),
    ("It ended at 10:00:00.", "10:00:00"),
    ("It began at 2026-11-01T10:00:00+09:00.", "2026-11-01T10:00:00+09:00"),
    ("2026-11-01T10:00:00+09:00に始まりました。", "2026-11-01T10:00:00+09:00"),
    ("It began on Sunday.", "Sunday"),
    ("It began on 11/01/2026.", "11/01/2026"),
    ("It began at 10 pm.", "10 pm"),
    ("昨日の22時に始まりました。", "昨日"),
    ("昨日の22時に始まりました。", "22時"),
    ("The attack succeeded.", "succeeded"),
    ("The attack was blocked.", "blocked"),
    ("攻撃は成功しました。", "成功"),
    ("This is benign.", "benign"),
    ("攻撃ではありません。", "攻撃ではあり"),
    ("XSS was seen.", "XSS"),
    ("They used sqlmap.", "sqlmap"),
    ("The user root was used.", "root"),
    ("The tool is called 'mytool'.", "'mytool'"),
    ("CVE-2021-44228 was used.", "CVE-2021-44228"),
    ("T9999です。", "T9999"),
    ("45 % of all lines.", "45 %"),
    ("Three times as many: 3 times as many.", "3 times"),
    ("Most of the lines are from one host.", "Most"),
    ("大半です。", "大半"),
    ("In line 12 of other.log.", "12"),
    ("In line 12 of other.log.", "other.log"),
    ("web.log:12", "web.log:12"),
    ("They asked for /etc/passwd.", "/etc/passwd"),
    ("They asked for /items.", "/items"),
    ("POSTで送られました。", "POST"),
    ("The server answered 200.", "200"),
    ("The customer data was stolen.", "stolen"),
    ("APT28 from China.", "China"),
    ("It is ongoing.", "ongoing"),
    ("A botnet did it.", "botnet"),
    ("The severity is critical.", "critical"),
    ("✅ verified", "✅"),
    ("検証済みです。", "検証済み"),
    ("Several hosts.", "Several"),
    ("A scheduled penetration test.", "scheduled"),
    ("It sent 250 MB.", "250"),
    ("Not 6 lines.", "6"),
    ("It did not send 6 lines.", "6"),
    ("Twice 6 lines.", "6"),
    ("6行の2倍です。", "6"),
    ("6 lines each.", "6"),
    ("6行ずつです。", "6"),
    ("6行ではありません。", "6"),
    ("6 requests per second.", "6"),
    ("毎秒6件です。", "6"),
    ("On port 6.", "6"),
    ("ポート6です。", "6"),
    (f"{A} is the victim.", "victim"),
    ("No SQL injection happened.", "SQL injection"),
    ("SQLインジェクションは発生していません。", "SQLインジェクション"),
    ("The lines are normal.", "are normal"),
    ("六六六", "六六六"),
    ("There are 七 lines.", "七"),
]


@pytest.mark.parametrize("text", TRUE)
def test_what_a_claim_states_is_verified(case: OpenCase, text: str) -> None:
    spans = said_of(case, text, "f1")
    assert {span.mark for span in spans} == {V}, [(span.text, span.mark) for span in spans]


@pytest.mark.parametrize("text", [f"{A} (2).", f"{B}: 2", f"{B}（2）"])
def test_a_number_behind_an_address_is_its_own(case: OpenCase, text: str) -> None:
    assert [span.mark for span in said_of(case, text, "f1") if span.text == "2"] == [U]


@pytest.mark.parametrize("text", ["No SQL injection succeeded.", "最も長い空白はありません。"])
def test_what_is_no_denial_is_not_taken_for_one(case: OpenCase, text: str) -> None:
    assert {span.mark for span in said_of(case, text, "f1")}.isdisjoint({W, U})


@pytest.mark.parametrize(("text", "piece"), FALSE)
def test_what_no_claim_states_is_marked(case: OpenCase, text: str, piece: str) -> None:
    spans = [span for span in said_of(case, text, "f1") if piece.startswith(span.text) or span.text.startswith(piece)]
    assert spans
    assert {span.mark for span in spans} <= {W, U}, spans


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("There are 7 lines.", "6"),
        ("It began at 10:01.", "2026-11-01T10:00:00Z"),
        ("The attack succeeded.", "failed"),
        ("No attacks at all.", "sensitive_file_probe, sql_injection, vulnerability_scan, xss"),
    ],
)
def test_what_is_wrong_is_told_with_the_truth(case: OpenCase, text: str, truth: str) -> None:
    assert (W, truth) in {(span.mark, span.truth) for span in said_of(case, text, "f1")}


def test_a_value_of_another_claim_does_not_hold(case: OpenCase) -> None:
    """5 lines are those of one address of f1; f2 has 1 line of another type."""
    assert {span.mark for span in said_of(case, "sensitive file probe: 6 lines.", "f2") if span.text == "6"} == {W}
    both = said_of(case, "SQL injection has 1 line, the sensitive file probe has 6.", "f1", "f2")
    assert [span.mark for span in both if span.text in "16"] == [W, U]


def test_a_refuted_claim_is_told_where_it_is_repeated(case: OpenCase) -> None:
    wrong = statement("s1", kind="count", selector=selector(ips=(C,)), number=99)
    (span,) = said_of(case, "99 lines.", "s1", statements=(wrong,))
    assert (span.mark, span.truth, span.claim) == (W, "9", "s1")
    (span,) = said_of(case, "9 lines.", "s1", statements=(wrong,))
    assert span.mark is V


STATED = [
    ("duration", {"number": 60}, "It lasted 60 seconds, that is 1 minute.", {V}),
    ("duration", {"number": 60}, "The longest silence is 60 seconds.", {U}),
    ("gap", {"number": 20}, "The longest silence is 20 seconds.", {V}),
    ("rate", {"number": 3, "by": "minute"}, "3 lines per minute.", {V}),
    ("rate", {"number": 3, "by": "minute"}, "3 lines per hour.", {U}),
    ("share", {"number": 6, "of": 16, "against": selector()}, "That is 37.5 %.", {V}),
    ("share", {"number": 6, "of": 16, "against": selector()}, "That is 38 %.", {U}),
    ("compare", {"number": 6, "of": 2, "against": selector(ips=(B,))}, "That is 3 times as many.", {V}),
    ("compare", {"number": 6, "of": 2, "against": selector(ips=(B,))}, "That is 4 times as many.", {U}),
    ("bytes", {"number": 918}, "918 bytes were sent.", {V}),
    ("bytes", {"number": 918}, "918 KB were sent.", {W}),
    ("network", {"name": "203.0.113.0/30"}, "They came from 203.0.113.0/30.", {V}),
    ("only", {"by": "http.request.method", "name": "GET"}, f"Only {A}.", {U}),
    ("count", {"number": 5, "comparator": "at_least"}, "At least 5 lines.", {V}),
    ("count", {"number": 5, "comparator": "at_least"}, "5 lines.", {W}),
    ("count", {"number": 5, "comparator": "at_least"}, "6 lines.", {V}),
]


@pytest.mark.parametrize(("kind", "fields", "text", "expected"), STATED)
def test_statements_say_what_they_say(
    case: OpenCase, kind: str, fields: dict[str, object], text: str, expected: set[Mark]
) -> None:
    made = statement("s1", kind=kind, selector=selector(types=(AttackType.SQL_INJECTION,)), **fields)
    assert {span.mark for span in said_of(case, text, "s1", statements=(made,))} == expected


NOT_FORMED = [
    {"number": None},
    {"of": 3},
    {"name": "x"},
    {"by": "source.ip"},
    {"complete": True},
    {"number": -1},
    {"number": 10**30},
    {"kind": "top", "number": None},
    {"kind": "first", "number": None, "time": "yesterday"},
    {"kind": "type", "number": None, "name": "sql_injection", "comparator": "at_least"},
    {"number": 0, "comparator": "at_least"},
]


@pytest.mark.parametrize("fields", NOT_FORMED, ids=str)
def test_a_statement_that_is_none_is_struck(case: OpenCase, fields: dict[str, Any]) -> None:
    draft = truthful(case)
    draft["statements"] = [statement("s1", **{"kind": "count", "number": 6, **fields})]
    told = tell(case, draft)
    assert [one.code for one in told.struck if one.claim == "s1"] != []
    assert "s1" not in {one.claim.id for one in told.claims}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("![x](http://evil.example/a.png) and text", "x and text"),
        ("![x][1] and\n[1]: http://evil.example/x", "x and"),
        ("[click](javascript:alert(1)) here", "click here"),
        ("see https://evil.example/?q=203.0.113.1 now", "see now"),
        ("はwww.evil.example/x です", "は です"),
        ("<img src=x onerror=alert(1)>text<script>", "text"),
        ("<<b>script>x</<b>script>", "x"),
        ("&lt;b&gt; &#60;x", "b x"),
        ("**bold** ```sh\nrm```", "bold rm"),
        ("a\u202eb\u200bc\u0000d\u001b[31me", "abcd[31me"),
        ("two\nlines\r\nthree", "two lines three"),
        ("plain text, 3 < 4 & 5", "plain text, 3 < 4 & 5"),
    ],
)
def test_text_is_nothing_but_words(text: str, left: str) -> None:
    cleaned = clean(text)
    assert cleaned.text == left
    assert bool(cleaned.removed) == (cleaned.text != " ".join(text.split()))


def test_other_digits_are_digits_in_their_place() -> None:
    assert flat("１２٣४㎝x") == "1234㎝x"
