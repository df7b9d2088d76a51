"""A model beside the chat: the verified answers stay as they are, its words come below them, and none of them acts."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.asking import answer_question, exchange_of
from app.reading import engine, open_investigation
from app.render.answer import names_of
from app.render.answer_json import answer_facts
from app.render.plan_words import Names
from app.render.told import HOLDS
from core.answer import Answer
from core.plan import Exchange
from eval.stubs.openai import OpenAIStub
from stores.conversations import Conversations

from .conftest import NO_MODEL, Open, Sink, listening, opening, running_app
from .model_says import says
from .test_app import LANGUAGES, settled, shoot
from .test_chat import TALK, answers, chat, sample, say

pytestmark = pytest.mark.browser

CASE = "sample"
SCREENS = (("en-US", 1280), ("ja-JP", 390))
USED = re.compile("cost 0|費用 0")
"""Stands below an answer only once the model is done."""
PROPOSED = {"en-US": "Proposed by the model", "ja-JP": "モデルの提案"}
STRUCK = {"en-US": "Struck from what the model said", "ja-JP": "モデルの言葉のうち取り消したもの"}
PAGE = {"en-US": ("Provider", "Address of the server", "Test", "replies"),
        "ja-JP": ("プロバイダー", "サーバーのアドレス", "テスト", "応答")}  # fmt: skip


@dataclass(frozen=True)
class Running:
    """An app whose model is the stub, and a foreign host that the model's text points to."""

    address: str
    folder: Path
    stub: OpenAIStub
    sink: Sink


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("model")
    with listening() as sink, OpenAIStub(replier=says(sink.url)) as stub:
        settings = {"OPENAI_BASE_URL": f"{stub.url}/v1", "OPENAI_MODEL": "stub-model", "AKASHI_MODEL": "compatible",
                    "AKASHI_PRICE_INPUT": "1", "AKASHI_PRICE_OUTPUT": "2", "NO_PROXY": "127.0.0.1"}  # fmt: skip
        with running_app(folder, {**NO_MODEL, **settings}) as address:
            yield Running(address, folder / "data", stub, sink)


@pytest.fixture
def visit(browser: Browser, running: Running) -> Iterator[Open]:
    with opening(browser, running.address) as new:
        yield new


def told(answer: Locator) -> Locator:
    return answer.locator("[class*=st-key-told-]").first


def hear(page: Page, question: str, words: str) -> Locator:
    """Ask, and wait until the model is done as well."""
    say(page, question, words)
    expect(told(answers(page).last)).to_contain_text(USED)
    settled(page)
    return answers(page).last


def kept(running: Running, page: Page) -> list[Answer]:
    """The answers of the conversation in the page's address, as the app has stored them."""
    found = re.search(r"chat=([0-9a-f]+)", page.url)
    assert found is not None
    with Conversations.open(running.folder / CASE) as store:
        turns = [store.turn(turn.number) for turn in store.turns(found[1])]
    return [turn.answer for turn in turns if turn is not None and turn.answer is not None]


def without_a_model(running: Running, questions: tuple[str, ...]) -> list[str]:
    """What the same questions are answered where no model is set up."""
    folder = running.folder / CASE
    history: list[Exchange] = []
    said = []
    found = open_investigation(folder, CASE, engine(None), datetime.now(UTC))
    try:
        for question in questions:
            answer = answer_question(question, found, folder, tuple(history))
            history.append(exchange_of(answer))
            said.append(verified(answer, names_of(found.lake.sources)))
    finally:
        found.lake.close()
    return said


def verified(answer: Answer, names: Names) -> str:
    """The verified answer as text, but for the moment at which it was made."""
    facts = json.dumps(answer_facts(replace(answer, told=None), names))
    return re.sub(r'"(answered|generated)_at": "[^"]*"', "", facts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ten_turns_are_answered_as_without_a_model(visit: Open, running: Running, lang: str) -> None:
    page = visit(lang=lang)
    chat(page, sample(page, lang))
    for question, words in TALK[lang]:
        words_of = told(hear(page, question, words)).inner_text()
        assert [one for one in (f"14{HOLDS}", "‹99 ✗ 14›", "‹192.0.2.250 ?›") if one not in words_of] == []
    page.reload()
    expect(answers(page)).to_have_count(10)
    stored = kept(running, page)
    assert all(answer.told is not None and not answer.told.fault for answer in stored)
    names = _names(running)
    assert [verified(answer, names) for answer in stored] == without_a_model(
        running, tuple(question for question, _ in TALK[lang])
    )


def _names(running: Running) -> Names:
    found = open_investigation(running.folder / CASE, CASE, engine(None), datetime.now(UTC))
    try:
        return names_of(found.lake.sources)
    finally:
        found.lake.close()


@pytest.mark.parametrize(("lang", "width"), SCREENS)
def test_the_model_on_wide_and_narrow_screens(visit: Open, lang: str, width: int) -> None:
    page = visit(lang=lang, width=width)
    chat(page, sample(page, lang))
    answer = hear(page, *TALK[lang][1])
    expect(answer).to_contain_text(PROPOSED[lang])
    expect(answer).to_contain_text(STRUCK[lang])
    shoot(page, f"model-chat-{lang[:2]}-{width}", width)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_verified_answer_is_there_before_the_model_has_said_a_word(visit: Open, running: Running) -> None:
    page = visit()
    chat(page, sample(page))
    running.stub.delay = 0.08
    try:
        page.get_by_test_id("stChatInputTextArea").fill(TALK["en-US"][1][0])
        page.keyboard.press("Enter")
        part = page.locator("[class*=st-key-part-]").last
        expect(part).to_contain_text("Attack lines: 14")
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "running")
        assert f"14{HOLDS}" not in page.locator("[class*=st-key-told-]").last.inner_text()
        expect(page.locator("[class*=st-key-told-]").last).to_contain_text(f"14{HOLDS}", timeout=120_000)
    finally:
        running.stub.delay = 0
    settled(page)
    expect(answers(page).last).to_contain_text(PROPOSED["en-US"], timeout=120_000)


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["with CSP", "without CSP"])
def test_hostile_words_of_a_model_fetch_nothing(visit: Open, running: Running, bypass_csp: bool) -> None:
    page = visit(bypass_csp=bypass_csp)
    foreign: list[str] = []
    allowed = (running.address, running.address.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(allowed) else foreign.append(request.url))
    chat(page, sample(page))
    answer = hear(page, *TALK["en-US"][1])
    answer.get_by_text("What was checked").last.click()
    settled(page)
    answer.get_by_role("button", name="What was sent").click()
    expect(page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").first).to_contain_text("stub-model")
    page.keyboard.press("Escape")
    answer.get_by_role("button", name="Copy, export, link").click()
    page.wait_for_timeout(1500)
    page.reload()
    expect(answers(page)).to_have_count(1)
    page.wait_for_timeout(1000)
    assert answers(page).last.locator("a[href*='127.0.0.1']").count() == 0
    assert foreign == []
    assert running.sink.hits == []


@pytest.mark.parametrize(("lang", "width"), SCREENS)
def test_the_model_page(visit: Open, running: Running, lang: str, width: int) -> None:
    _, address, test, works = PAGE[lang]
    page = visit(path="/model", lang=lang, width=width)
    box = page.get_by_role("textbox", name=address, exact=True)
    expect(box).to_have_value(f"{running.stub.url}/v1")
    page.get_by_role("button", name=test, exact=True).click()
    expect(page.locator(".st-key-model-tested")).to_contain_text(works)
    settled(page)
    shoot(page, f"model-page-{lang[:2]}-{width}", width)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box.fill("http://127.0.0.1:9/v1")
    box.press("Tab")
    settled(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("http://127.0.0.1:9/v1")
