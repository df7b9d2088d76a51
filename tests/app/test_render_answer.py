"""An answer in words: the same values in both languages, nothing active from log or question, nothing lost in JSON."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO

import pytest

from answering.absence.collect import collectable
from app.i18n import words
from app.render.answer import answer_view, names_of
from app.render.answer_json import answer_facts, render_answer_json
from app.render.answer_markdown import render_answer_markdown
from app.render.answer_terminal import print_answer
from app.render.facts import fact_text, sentence, time_text
from app.render.plan_words import selector_text, step_text
from core.answer import Answer, Suggestion
from core.dimension import Dimension
from core.event import ParseStatus
from core.line import SourceId
from core.part import (
    Advice,
    Backtest,
    BlockRule,
    Certificate,
    Chart,
    ChartKind,
    Fact,
    Missing,
    Note,
    Part,
    Row,
    Sight,
    Table,
)
from core.plan import ANY_ATTACK, Operation, Plan, Reading, Step
from core.report import Gap, Report
from core.selector import Selector
from core.taxonomy import AttackType, Outcome

from .conftest import HOSTILE, at

QUESTION = "how many? ![q](http://203.0.113.99/q.png) ```` <img src=x> \x1b[2J\u202e\nsecond line"
HOSTILE_TEXT = HOSTILE.decode("utf-8", "backslashreplace")
LANGUAGES = ("en", "ja")
TOKYO = 9 * 3600


@pytest.fixture
def answer(report: Report) -> Answer:
    selector = Selector(types=(AttackType.SQL_INJECTION,), ips=("203.0.113.7",), since=at(3))
    rows = (Row(("203.0.113.7", 12_000, 0.972), selector), Row((HOSTILE_TEXT, 345, 0.028)))
    certificate = Certificate(
        Sight.UNKNOWN,
        (("evil\x1b[2J.log", "nginx.access", 10, 1, at(1), at(5)),),
        10, 9, 1,
        (Gap("0000000000000001", at(2), at(3)),),
        ("no_request_bodies",),
        40, 9,
        (Missing("access_log", "nginx", "log_format x;\naccess_log y;"),),
        (Note("unseen_url", {"lines": 3}),),
    )  # fmt: skip
    part = Part(
        Step(Operation.TOP, selector, Dimension.IP, limit=10),
        "top",
        {"by": "ip", "value": "203.0.113.7", "value_lines": 12_000, "lines": 12_345, "count": 2},
        report.claims,
        Table(("ip", "lines", "share"), rows, 7),
        Chart(ChartKind.BARS, "ip", "lines"),
        selector,
        report.findings[0].quotes,
        (Note("shown_some", {"shown": 2, "total": 7}), Note("no_such_note", {"said": HOSTILE_TEXT})),
        certificate,
        (Advice("contain", "no_such_advice", {"path": HOSTILE_TEXT}, selector),),
        (
            BlockRule("nginx", "deny 203.0.113.7;", ("203.0.113.7",), selector, Backtest(12_345, 3, 0.9), ()),
            BlockRule("nginx", "return 404;", (), selector, Backtest(12, 0, 0.1), (), "paths"),
        ),
    )
    plan = Plan((part.step,), "en", (Reading(0, 8, "operation", "top"),), ("![u](x)",))
    return Answer(QUESTION, plan, (part, Part(Step(Operation.REPORT), "report_found", {"types": 1, "lines": 12_345,
                  "source_ips": 2}, report=report)), (Suggestion("profile_ip", {"ip": "203.0.113.7"}),),
                  "default", "0123", "fedc", at(10), TOKYO, (Note("words_unread", {"words": "![u](x)"}),))  # fmt: skip


@pytest.fixture
def names(report: Report) -> Mapping[SourceId, str]:
    return names_of(report.coverage.sources)


def drawn(answer: Answer, names: Mapping[SourceId, str], lang: str) -> dict[str, str]:
    view, terminal = answer_view(answer, lang, names), StringIO()
    print_answer(view, terminal)
    return {
        "terminal": terminal.getvalue(),
        "markdown": render_answer_markdown(view),
        "json": render_answer_json(answer, names),
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["terminal", "markdown", "json"])
def test_nothing_active_is_drawn(answer: Answer, names: Mapping[SourceId, str], lang: str, kind: str) -> None:
    words = drawn(answer, names, lang)[kind]
    assert "203.0.113.7" in words
    assert not set(words) & set("\x1b\x07\x9b\u202e\u200b")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_question_and_log_text_stand_in_fences_only(answer: Answer, names: Mapping[SourceId, str], lang: str) -> None:
    """Outside of the code blocks, nothing that Markdown would fetch, link or draw."""
    words = drawn(answer, names, lang)["markdown"]
    outside = re.sub(r"^(`{3,})text\n.*?^\1$", "", words, flags=re.MULTILINE | re.DOTALL)
    assert "![q](http" in words
    assert not re.search(r"(?<!\\)!?(?<!\\)\[\w\]\(|(?<!\\)<img|https?://", outside)


def test_both_languages_say_the_same_values(answer: Answer, names: Mapping[SourceId, str]) -> None:
    """Numbers, addresses and times are those of the ledger whatever the language."""
    value = re.compile(r"\d[\d,.:+-]*\d|\d")
    en, ja = (answer_view(answer, lang, names) for lang in LANGUAGES)
    for ours, theirs in zip(en.parts, ja.parts, strict=True):
        assert sorted(value.findall(ours.sentence)) == sorted(value.findall(theirs.sentence))
        assert [[value.findall(cell) for cell in row] for row in ours.rows] == [
            [value.findall(cell) for cell in row] for row in theirs.rows
        ]
    assert value.findall(" ".join(en.plan)) == value.findall(" ".join(ja.plan))


def test_json_has_the_documented_shape(answer: Answer, names: Mapping[SourceId, str]) -> None:
    facts = answer_facts(answer, names)
    assert list(facts)[:3] == ["question", "language", "state"]
    assert {"plan", "parts", "suggestions", "notes"} <= facts.keys()
    (part, _) = json.loads(render_answer_json(answer, names))["parts"]
    assert list(part) == [
        "operation", "code", "facts", "claims", "table", "lines", "evidence", "notes", "certificate", "advice",
        "block_rules", "report",
    ]  # fmt: skip
    assert part["claims"][1]["verdict"] == "refuted"
    assert part["claims"][1]["actual"] == ["2001:db8::7", "203.0.113.7"]
    assert (part["lines"][0]["line"], part["table"]["total"], part["certificate"]["sight"]) == (7, 7, "unknown")


@pytest.mark.parametrize("kind", ["terminal", "markdown"])
def test_rules_of_one_product_stand_below_what_they_stop(
    answer: Answer, names: Mapping[SourceId, str], kind: str
) -> None:
    drawing = drawn(answer, names, "en")[kind]
    places = [drawing.index(one) for one in ("Block addresses", "deny 203", "Keep files from", "return 404")]
    assert places == sorted(places)


SOFTWARE = {one.software for one in collectable()} | {"nginx", "apache", "nftables", "fail2ban"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_software_has_words(lang: str) -> None:
    assert {f"software.{one}" for one in SOFTWARE} - words(lang).keys() == set()


def test_a_refuted_claim_shows_the_true_value(answer: Answer, names: Mapping[SourceId, str]) -> None:
    for kind in ("terminal", "markdown"):
        assert "Counted again: 2001:db8::7, 203.0.113.7" in drawn(answer, names, "en")[kind]


def test_times_stand_in_the_zone_of_the_log() -> None:
    assert time_text(at(15, 4), TOKYO) == "2026-11-11 00:04:00 +09:00"
    assert time_text(at(15, 4), 0) == "2026-11-10 15:04:00 UTC"
    assert time_text(at(1), -int(3.5 * 3600)) == "2026-11-09 21:30:00 -03:30"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("lines", 12_345, "12,345"),
        ("status", 1404, "1404"),
        ("share", 0.5, "50.0%"),
        ("score", 0.25, "0.25"),
        ("type", "sql_injection", "SQL injection"),
        ("types", "sql_injection, xss", "SQL injection, Cross-site scripting"),
        ("type", "no_such_type", "no_such_type"),
        ("outcome", "succeeded", "Succeeded"),
        ("day", at(15), "2026-11-11"),
        ("first", None, "—"),
        ("path", "a\x1bb", "a\\x1bb"),
    ],
)
def test_values_are_drawn_as_their_name_says(name: str, value: Fact, words: str) -> None:
    assert fact_text(name, value, "en", TOKYO) == words


def test_a_code_without_words_shows_itself_and_its_facts() -> None:
    assert sentence("answer", "brand_new", {"lines": 1234}, "en", 0) == "brand_new: lines 1,234"
    assert "?" in sentence("answer", "count_lines", {}, "en", 0)


SELECTORS = (
    (Selector(), "all lines"),
    (Selector(ips=("203.0.113.7",)), "address: 203.0.113.7"),
    (Selector(types=ANY_ATTACK), "attack lines of any type"),
    (Selector(status_codes=((404, 404), (500, 599), (400, 451))), "status: 404, 5xx, 400–451"),
    (Selector(url_contains=("a\x1bb",)), "URL contains: a\\x1bb"),
    (Selector(without=(Selector(ips=("192.0.2.1",)),)), "without: address: 192.0.2.1"),
)


@pytest.mark.parametrize(("selector", "words"), SELECTORS)
def test_a_selector_in_words(selector: Selector, words: str) -> None:
    assert selector_text(selector, {}, "en", 0) == words


def test_every_condition_of_a_selector_is_said() -> None:
    """Whatever is set changes the words: a plan never does what it does not show."""
    values: dict[str, object] = {
        "since": at(1),
        "until": at(2),
        "types": (AttackType.XSS,),
        "status_codes": ((1, 2),),
        "without": (Selector(),),
        "statuses": (ParseStatus.UNPARSED,),
        "sources": (SourceId("a"),),
    }
    for name in Selector.__dataclass_fields__:
        value = values.get(name, ("x",))
        if value:
            changed = replace(Selector(), **{name: value})  # type: ignore[arg-type]
            assert selector_text(changed, {}, "en", 0) != "all lines", name


def test_every_part_of_a_step_is_said() -> None:
    step = Step(Operation.TOP)
    changes: dict[str, object] = {"by": Dimension.IP, "limit": 5, "against": Selector(), "newest": True, "words": "x",
                                  "outcomes": (Outcome.FAILED,), "selector": Selector(ips=("192.0.2.1",))}  # fmt: skip
    said = {step_text(replace(step, **{name: value}), {}, "en", 0) for name, value in changes.items()}  # type: ignore[arg-type]
    assert len(said - {step_text(step, {}, "en", 0)}) == len(changes)
