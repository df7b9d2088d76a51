"""A model beside an answer: the truth is kept whole, every fault is a value, and one repair is all there is."""

import json
from dataclasses import replace

import pytest

from answering.model.advise import advise
from answering.open_case import OpenCase
from core.answer import Answer
from core.taxonomy import AttackType
from core.told import Mark, Standing, ToldSentence
from core.wire import to_json
from models.call import Purpose
from models.chat import FaultCode, ModelFault
from tests.answering.model.told import (
    SQLI,
    Says,
    answer_of,
    finding,
    marks,
    selector,
    sentence,
    statement,
    tell,
    truthful,
)


def test_a_truthful_draft_is_verified_whole(case: OpenCase) -> None:
    told = tell(case, truthful(case))
    assert (told.fault, told.struck, told.omitted) == ("", (), ())
    assert {one.standing for one in told.findings} == {Standing.KNOWN}
    assert {one.verdict.status.value for one in told.claims} == {"verified"}
    assert marks(told.sentences) == {Mark.PLAIN, Mark.VERIFIED}
    assert [len(one.quotes) for one in told.findings] == [1, 1, 1, 1]
    assert [(one.purpose, one.refuted, one.fault) for one in told.attempts] == [("ask", 0, "")]


@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_sentences_are_heard_as_they_come_and_are_those_that_stand(case: OpenCase, piece: int) -> None:
    heard: list[ToldSentence] = []
    told = tell(case, gateway=Says(json.dumps(truthful(case)), piece=piece), on_sentence=heard.append)
    assert tuple(heard) == told.sentences
    assert len(heard) == 4


def test_a_draft_whose_facts_come_last_is_only_checked_whole(case: OpenCase) -> None:
    heard: list[ToldSentence] = []
    draft = truthful(case)
    text = json.dumps({name: draft[name] for name in ("answer", "benign", "statements", "findings")})
    told = tell(case, gateway=Says(text), on_sentence=heard.append)
    assert heard == []
    assert marks(told.sentences) == {Mark.PLAIN, Mark.VERIFIED}


TEXTS = {
    "empty": "",
    "prose": "I'm sorry, I cannot help with that.",
    "null": "null",
    "list": "[]",
    "nothing": "{}",
    "cut": '{"findings":[',
    "trailing": '{"findings":[],"statements":[],"benign":[],"answer":[]} and more',
    "twice": '{"findings":[],"findings":[],"statements":[],"benign":[],"answer":[]}',
    "unknown_key": '{"findings":[],"statements":[],"benign":[],"answer":[],"verdict":"verified"}',
    "missing_key": '{"findings":[],"statements":[],"answer":[]}',
    "nan": '{"findings":[],"statements":[],"benign":[],"answer":[{"text":NaN,"refers":[]}]}',
    "float": '{"findings":[],"statements":[],"benign":[],"answer":[{"text":"x","refers":[1.5]}]}',
    "deep": "[" * 100_000,
    "huge": '{"findings":[],"statements":[],"benign":[],"answer":[' + " " * 500_000 + "]}",
    "long_number": '{"findings":[' + "9" * 10_000 + "]}",
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_no_draft_is_a_fault(case: OpenCase, name: str) -> None:
    told = tell(case, gateway=Says(TEXTS[name]))
    assert (told.fault, told.sentences, told.claims) == ("malformed", (), ())
    assert [one.fault for one in told.attempts] == ["malformed"]


@pytest.mark.parametrize(
    "change",
    [
        {"count": "6"},
        {"count": 6.0},
        {"count": True},
        {"count": None},
        {"type": "zero_day"},
        {"outcome": "compromised"},
        {"verified": True},
        {"source_ips": {"203.0.113.1": 5}},
        {"selector": {}},
        {"evidence": [["web.log", 1, "x"]]},
    ],
    ids=str,
)
def test_a_finding_of_another_form_makes_the_reply_malformed(case: OpenCase, change: dict[str, object]) -> None:
    draft = truthful(case)
    draft["findings"][0] |= change
    assert tell(case, draft).fault == "malformed"


@pytest.mark.parametrize("code", list(FaultCode))
def test_every_fault_is_a_value_and_leaves_the_answer_as_it_was(case: OpenCase, code: FaultCode) -> None:
    answer = answer_of(case)
    before = to_json(Answer, answer)
    told = tell(case, ModelFault(code, status=503), answer=answer)
    assert (told.fault, told.facts, told.sentences) == (code.value, {"status": 503}, ())
    assert [(one.purpose, one.fault) for one in told.attempts] == [("ask", code.value)]
    assert to_json(Answer, answer) == before


def test_what_was_refuted_is_repaired_once(case: OpenCase) -> None:
    wrong = truthful(case)
    wrong["findings"][0]["count"] = 99
    says = Says(json.dumps(wrong), json.dumps(truthful(case)))
    told = tell(case, gateway=says)
    assert [call.purpose for call in says.calls] == [Purpose.ASK, Purpose.REPAIR]
    assert '"said": "f1.count 99"' in says.calls[1].variables["refutations"]
    assert '"true": "6"' in says.calls[1].variables["refutations"]
    assert told.struck == ()
    assert [one.refuted for one in told.attempts] == [1, 0]


def test_a_repair_that_is_no_better_is_not_taken(case: OpenCase) -> None:
    wrong, worse = truthful(case), truthful(case)
    wrong["findings"][0]["count"] = 99
    for one in worse["findings"]:
        one["count"] += 1
    told = tell(case, wrong, worse)
    assert [(one.said, one.truth) for one in told.struck] == [("99", "6")]
    assert len(told.attempts) == 2


@pytest.mark.parametrize("second", ['{"findings":[],"statements":[],"benign":[],"answer":[]}', "no", "{}"])
def test_a_repair_that_says_nothing_is_not_taken(case: OpenCase, second: str) -> None:
    wrong = truthful(case)
    wrong["findings"][0]["count"] = 99
    told = tell(case, wrong, second)
    assert told.fault == ""
    assert len(told.findings) == 4
    assert [(one.said, one.truth, one.claim) for one in told.struck] == [("99", "6", "f1.count")]


def test_what_the_draft_leaves_out_is_named(case: OpenCase) -> None:
    draft = truthful(case)
    del draft["findings"][0]
    draft["answer"] = []
    told = tell(case, draft)
    assert told.omitted == (SQLI,)


def test_a_proposal_has_what_was_verified_of_it(case: OpenCase) -> None:
    pages = {
        "id": "f9",
        "type": None,
        "title": "crawling",
        "selector": selector(paths=("/page/*",)),
        "count": 8,
        "source_ips": [{"value": "198.51.100.7", "count": 8}],
        "outcome": "succeeded",
        "reason": "Page after page.",
        "evidence": [{"source": "web.log", "line": 8, "quote": "GET /page/0"}],
        "first_seen": "2026-11-01T10:01:40+00:00",
        "last_seen": "2026-11-01T10:01:47+00:00",
    }
    draft = truthful(case)
    draft["findings"].append(finding(case, SQLI, "f9", **pages))
    told = tell(case, draft)
    (proposed,) = [one for one in told.findings if one.id == "f9"]
    assert proposed.standing is Standing.PROPOSED
    assert [quote.ref.line for quote in proposed.quotes] == [8]
    status = {one.claim.id: one.verdict.status.value for one in told.claims if one.claim.id.startswith("f9")}
    assert status.pop("f9.outcome") == "unverifiable"
    assert set(status.values()) == {"verified"}
    assert told.struck == ()


@pytest.mark.parametrize(
    ("changes", "standing", "code"),
    [
        ({"selector": selector(url_contains=("/nowhere",))}, Standing.STRUCK, "no_lines"),
        ({"selector": selector(ips=("203.0.113.0/24",))}, Standing.STRUCK, "other_type"),
        ({"selector": selector(types=(AttackType.XSS,))}, Standing.STRUCK, "other_type"),
        ({"selector": selector(types=(SQLI,), ips=("203.0.113.1",))}, Standing.KNOWN, "ad_hoc"),
        ({"selector": selector(url_contains=("union",))}, Standing.KNOWN, "ad_hoc"),
        ({"selector": selector(ips=("203.0.113.999",))}, Standing.STRUCK, "bad_selector"),
        ({"selector": selector(ips=("203.0.113.7/24",))}, Standing.STRUCK, "bad_selector"),
        ({"selector": selector() | {"since": "2026-11-01T10:00:00"}}, Standing.STRUCK, "bad_selector"),
        ({"selector": selector() | {"sources": ["other.log"]}}, Standing.STRUCK, "bad_selector"),
        ({"selector": selector() | {"raw_contains": [""]}}, Standing.STRUCK, "selector_too_large"),
        ({"selector": selector() | {"paths": ["/x"] * 1000}}, Standing.STRUCK, "selector_too_large"),
        ({"level": "critical"}, Standing.KNOWN, "level"),
        ({"first_seen": "2026-11-01 10:00:00"}, Standing.KNOWN, "bad_time"),
        ({"evidence": [{"source": "web.log", "line": 1, "quote": "GET"}]}, Standing.KNOWN, "short_quote"),
        ({"evidence": [{"source": "x.log", "line": 1, "quote": "GET /item"}]}, Standing.KNOWN, "bad_source"),
        ({"evidence": [{"source": "web.log", "line": 1, "quote": "GET /item"}] * 2}, Standing.KNOWN, "same_line"),
        ({"evidence": [{"source": "web.log", "line": 8, "quote": "GET /page/0"}]}, Standing.KNOWN, "refuted"),
        ({"id": "x"}, None, "bad_id"),
        ({"id": "f2"}, None, "same_id"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_finding_is_struck(
    case: OpenCase, changes: dict[str, object], standing: Standing | None, code: str
) -> None:
    draft = truthful(case)
    draft["findings"][0] |= changes
    draft["answer"] = []
    told = tell(case, draft)
    assert code in {one.code for one in told.struck}
    assert next((one.standing for one in told.findings if one.id == "f1"), None) is standing


def test_notes_that_clear_attacks_are_struck(case: OpenCase) -> None:
    draft = truthful(case)
    draft["benign"] = [
        {"selector": selector(types=(SQLI,)), "reason": "A scheduled test."},
        {"selector": selector(ips=("198.51.100.7",)), "reason": "Our own scanner."},
        {"selector": selector(paths=("/none",)), "reason": "Nothing."},
        {"selector": selector(paths=("/page/*",)), "reason": "8 ordinary pages."},
    ]
    told = tell(case, draft)
    assert [one.code for one in told.struck] == ["benign_attack", "benign_attack", "no_lines"]
    assert ["".join(span.text for span in one.spans) for one in told.benign] == ["8 ordinary pages."]


def test_a_hostile_draft_costs_no_more_than_it_may(case: OpenCase) -> None:
    draft = truthful(case)
    draft["findings"] = [finding(case, SQLI, f"f{number}") for number in range(1, 60)]
    draft["statements"] = [statement(f"s{number}", "count", number=number) for number in range(1, 120)]
    draft["answer"] = [sentence("Six.", "f1")] * 100
    told = tell(case, draft)
    assert (len(told.findings), len(told.sentences)) == (40, 60)
    assert len([one for one in told.struck if one.code == "too_many"]) == 3


def test_nothing_is_verified_when_the_time_is_up(case: OpenCase) -> None:
    answer = answer_of(case)
    draft = json.dumps(truthful(case))
    ticks = iter([0.0] * 4)
    told = advise("q", answer, case, Says(draft, draft), deadline=1.0, clock=lambda: next(ticks, 2.0))
    assert {one.verdict.status.value for one in told.claims} == {"unverifiable"}
    assert {one.standing for one in told.findings} == {Standing.STRUCK}
    assert Mark.VERIFIED not in marks(told.sentences)


def test_whoever_listens_may_stop(case: OpenCase) -> None:
    def stop(_sentence: ToldSentence) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell(case, truthful(case), on_sentence=stop)
    assert tell(case, truthful(case)).fault == ""


def test_instructions_in_lines_reach_the_model_as_data_only(case: OpenCase) -> None:
    says = Says(json.dumps(truthful(case)))
    tell(case, gateway=says)
    system, user = says.calls[0].template.render(says.calls[0].variables, "f" * 24)
    assert "scheduled test, ignore" in user
    assert "scheduled test, ignore" not in system


def test_what_was_not_understood_is_planned_by_the_model(case: OpenCase) -> None:
    answer = answer_of(case, "blorp?")
    assert not answer.plan.steps
    step = {"operation": "count", "selector": selector(types=(SQLI,)), "by": None, "limit": None, "against": None}
    plan = {"steps": [{**step, "outcomes": [], "newest": False, "words": ""}], "unclear": ""}
    draft = {"findings": [], "statements": [], "benign": [], "answer": [sentence("6 lines.", "lines")]}
    told = tell(case, plan, draft, answer=answer)
    assert [part.code for part in told.parts] == ["count_attack_lines"]
    assert told.plan is not None
    assert [one.purpose for one in told.attempts] == ["plan", "ask"]
    assert marks(told.sentences) == {Mark.VERIFIED, Mark.PLAIN}


@pytest.mark.parametrize(("words", "kept"), [("Which server do you mean?", True), ("No attack: 203.0.113.9.", False)])
def test_a_model_that_does_not_understand_says_nothing_checkable(case: OpenCase, words: str, kept: bool) -> None:
    told = tell(case, {"steps": [], "unclear": words}, answer=answer_of(case, "blorp?"))
    assert (told.unclear, [one.code for one in told.struck]) == ((words, []) if kept else ("", ["unclear"]))
    assert [one.purpose for one in told.attempts] == ["plan"]


def test_a_fault_of_the_plan_is_told(case: OpenCase) -> None:
    told = tell(case, ModelFault(FaultCode.UNAUTHORIZED), answer=answer_of(case, "blorp?"))
    assert (told.fault, [one.purpose for one in told.attempts]) == ("unauthorized", ["plan"])


def test_an_answer_with_what_was_told_can_be_kept(case: OpenCase) -> None:
    answer = answer_of(case)
    told = tell(case, truthful(case), answer=answer)
    assert to_json(Answer, replace(answer, told=told))
