"""What a model said is drawn beside the verified answer: marked, inert, and never instead of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO

import pytest

from app.i18n import LANGUAGES, words
from app.render.answer import answer_view, names_of
from app.render.answer_json import render_answer_json
from app.render.answer_markdown import render_answer_markdown
from app.render.answer_terminal import print_answer
from app.render.told import joined, sentence_text, spans_text, told_view
from core.answer import Answer
from core.line import SourceId
from core.part import Part
from core.plan import Operation, Plan, Step
from core.report import Report
from core.told import Mark, Span, ToldSentence
from models.chat import FaultCode

from .conftest import HOSTILE, at
from .told_sample import told

ACTIVE = set("\x1b\x07\x9b\u202e\u200b")


@pytest.fixture
def answer(report: Report) -> Answer:
    part = Part(Step(Operation.REPORT), "report_found", {"types": 1, "lines": 12_345, "source_ips": 2}, report=report)
    return Answer("q?", Plan((part.step,)), (part,), (), "default", "0123", "fedc", at(10))


@pytest.fixture
def names(report: Report) -> Mapping[SourceId, str]:
    return names_of(report.coverage.sources)


def drawn(answer: Answer, names: Mapping[SourceId, str], lang: str) -> dict[str, str]:
    view, terminal = answer_view(answer, lang, names), StringIO()
    print_answer(view, terminal)
    markdown, facts = render_answer_markdown(view), render_answer_json(answer, names)
    return {"terminal": terminal.getvalue(), "markdown": markdown, "json": facts}


SPANS = (
    ((Span("14", Mark.VERIFIED),), "14✓"),
    ((Span("99", Mark.WRONG, "c", "14"),), "‹99 ✗ 14›"),
    ((Span("99", Mark.WRONG),), "‹99 ✗›"),
    ((Span("192.0.2.1", Mark.UNKNOWN),), "‹192.0.2.1 ?›"),
    ((Span("seen "), Span(" 14 ", Mark.VERIFIED), Span("times")), "seen  14✓ times"),
    ((Span("two\nlines\r\n"),), "two lines"),
    ((Span("99✓ ‹9 ✔›"),), "99\\u{2713} \\u{2039}9 \\u{2714}\\u{203a}"),
    ((Span("a\x1b[2J\u202eb"),), "a\\x1b[2J\\u{202e}b"),
    ((Span("99", Mark.WRONG, "c", "x✓\u202e"),), "‹99 ✗ x\\u{2713}\\u{202e}›"),
    ((Span("", Mark.VERIFIED), Span("  ", Mark.UNKNOWN)), ""),
)


@pytest.mark.parametrize(("spans", "words"), SPANS)
def test_a_piece_bears_its_mark_and_nothing_poses_as_one(spans: tuple[Span, ...], words: str) -> None:
    assert spans_text(spans) == words
    assert sentence_text(ToldSentence(spans)) == words


def test_sentences_run_on_as_their_script_does() -> None:
    assert joined(["One.", "Two 14✓", "Three."]) == "One. Two 14✓ Three."
    assert joined(["一つ。", "", "二つ。"]) == "一つ。二つ。"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["terminal", "markdown", "json"])
def test_everything_is_said_and_nothing_is_active(
    answer: Answer, names: Mapping[SourceId, str], lang: str, kind: str
) -> None:
    said = drawn(replace(answer, told=told(HOSTILE)), names, lang)[kind]
    assert not set(said) & ACTIVE
    for word in ("title of proposed", "192.0.2.9", "a health check", "Which host?"):
        assert word in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_a_model_stand_in_fences_only(answer: Answer, names: Mapping[SourceId, str], lang: str) -> None:
    said = drawn(replace(answer, told=told(HOSTILE)), names, lang)["markdown"]
    outside = re.sub(r"^(`{3,})text\n.*?^\1$", "", said, flags=re.MULTILINE | re.DOTALL)
    assert "![x](http" in said
    assert not re.search(r"(?<!\\)!?(?<!\\)\[\w\]\(|(?<!\\)<img|https?://", outside)


def test_the_verified_part_of_the_json_is_the_same_bytes(answer: Answer, names: Mapping[SourceId, str]) -> None:
    alone = drawn(answer, names, "en")["json"].encode()
    beside = drawn(replace(answer, told=told(HOSTILE)), names, "en")["json"].encode()
    shared = alone.rstrip().removesuffix(b"}").rstrip()
    assert beside.startswith(shared + b',\n  "told": ')
    assert json.loads(beside)["told"]["sentences"][0]["spans"][1] == {"text": "14", "mark": "verified", "claim": "m.1"}
    assert list(json.loads(alone)) == [key for key in json.loads(beside) if key != "told"]


@pytest.mark.parametrize("kind", ["terminal", "markdown"])
def test_the_verified_part_comes_first_and_unchanged(answer: Answer, names: Mapping[SourceId, str], kind: str) -> None:
    alone = drawn(answer, names, "en")[kind]
    beside = drawn(replace(answer, told=told(HOSTILE)), names, "en")[kind]
    verified = alone.partition("\n\n2026")[0].rstrip() if kind == "markdown" else alone.rstrip()
    assert beside.startswith(verified)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_struck_left_out_and_spent_is_said(lang: str) -> None:
    view = told_view(told(), {}, lang, 0)
    assert view.struck[0].startswith("99 ")
    assert "✗ 14" in view.struck[0]
    assert words(lang)["type.xss.title"] in view.omitted
    assert ("2,910" in view.usage, "340" in view.usage, "0.0030" in view.usage) == (True, True, True)
    assert len(view.attempts) == 3
    assert words(lang)["fault.deadline"] in (view.fault, view.attempts[2])


def test_a_model_that_only_failed_leaves_one_sentence(answer: Answer, names: Mapping[SourceId, str]) -> None:
    silent = replace(told(), parts=(), sentences=(), findings=(), benign=(), struck=(), unclear="", omitted=())
    said = drawn(replace(answer, told=silent), names, "en")["terminal"]
    assert words("en")["fault.deadline"] in said
    assert words("en")["told.title"] not in said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", FaultCode)
def test_every_fault_has_a_sentence(lang: str, code: FaultCode) -> None:
    assert "{" not in words(lang)[f"fault.{code}"]
