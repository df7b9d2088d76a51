"""A conversation in the browser: ten turns in each language, stop, reload, two windows, hostile words, files."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Open, Sink
from .test_app import LANGUAGES, QUIET, attack, file, settled, shoot, upload

pytestmark = pytest.mark.browser

# question, and what must stand in its answer
TALK = {
    "en-US": (
        ("What attacks happened?", "Attack lines: 145"),
        ("How many SQL injections were there?", "Attack lines: 14"),
        ("Which IP address did they come from?", "198.51.100.23"),
        ("What else did 203.0.113.45 do?", "203.0.113.45: 32 lines"),
        ("Show me its raw lines", "- - [14/Nov/2026:01:42"),
        ("Which attacks succeeded?", "Types that succeeded: 3"),
        ("Show the attacks over time", "145"),
        ("When was the first attack?", "2026-11-14 01:00:03 +09:00"),
        ("Compare SQL injection with path traversal", "14"),
        ("What should I do now?", "Contain"),
    ),
    "ja-JP": (
        ("どんな攻撃がありましたか?", "145 行"),
        ("SQLインジェクションは何件ありましたか?", "14 行"),
        ("どのIPアドレスからですか?", "198.51.100.23"),
        ("203.0.113.45 はほかに何をしましたか?", "203.0.113.45"),
        ("そのIPの生ログを見せてください", "- - [14/Nov/2026:01:42"),
        ("成功した攻撃はどれですか?", "成功"),
        ("攻撃を時系列で見せてください", "145"),
        ("最初の攻撃はいつですか?", "2026-11-14 01:00:03 +09:00"),
        ("SQLインジェクションとパストラバーサルを比べてください", "14"),
        ("今何をすべきですか?", "封じ込め"),
    ),
}
SAMPLE = {"en-US": "Try the sample", "ja-JP": "サンプルの事案"}
PLACEHOLDER = re.compile("Ask in English|日本語か英語で質問")


def sample(page: Page, lang: str = "en-US") -> str:
    """The sample incident, and the address of its chat."""
    page.get_by_role("button", name=re.compile(SAMPLE[lang])).click()
    expect(page.locator(".st-key-finding-webshell_access")).to_be_visible(timeout=120_000)
    return page.url.replace("/?", "/chat?")


def chat(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.get_by_test_id("stChatInput")).to_be_visible()
    settled(page)
    return page


def answers(page: Page) -> Locator:
    return page.get_by_test_id("stChatMessage").filter(has=page.locator("[class*=st-key-plan-]"))


def say(page: Page, question: str, words: str | None = None) -> None:
    """Ask and wait for one answer more, with these words in it."""
    before = answers(page).count()
    page.get_by_test_id("stChatInputTextArea").fill(question)
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(before + 1)
    if words is not None:
        expect(answers(page).last).to_contain_text(words)
    settled(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ten_turns(visit: Open, lang: str) -> None:
    page = visit(lang=lang)
    chat(page, sample(page, lang))
    for question, words in TALK[lang]:
        say(page, question, words)
    address = page.url
    assert "chat=" in address
    page.reload()
    expect(answers(page)).to_have_count(10)
    for (_, words), answer in zip(TALK[lang], answers(page).all(), strict=True):
        expect(answer).to_contain_text(words)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chat_on_wide_and_narrow_screens(visit: Open, lang: str, width: int) -> None:
    page = visit(lang=lang, width=width)
    chat(page, sample(page, lang))
    for at in (1, 5, 6, 9):
        say(page, *TALK[lang][at])
    shoot(page, f"chat-{lang[:2]}-{width}", width)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_row_and_a_badge_lead_to_raw_lines(visit: Open) -> None:
    page = visit()
    chat(page, sample(page))
    say(page, *TALK["en-US"][1])
    answers(page).last.get_by_role("button", name="Show lines").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_test_id("stCode")).to_have_count(14)
    expect(dialog).to_contain_text("access.log:123")


def test_a_plan_is_corrected_by_hand(visit: Open) -> None:
    page = visit()
    chat(page, sample(page))
    say(page, "how many attacks from 203.0.113.45?")
    answers(page).last.get_by_text("Correct it by hand").click()
    box = page.get_by_role("textbox", name="Addresses or networks")
    expect(box).to_have_value("203.0.113.45")
    box.fill("198.51.100.23")
    page.get_by_role("button", name="Run this plan").click()
    expect(answers(page)).to_have_count(2)
    expect(answers(page).last).to_contain_text("address: 198.51.100.23")
    expect(answers(page).last).to_contain_text("plan corrected by hand")


def test_a_link_to_an_answer_opens_it(visit: Open) -> None:
    page = visit()
    chat(page, sample(page))
    say(page, *TALK["en-US"][1])
    say(page, "how many path traversals?")
    answers(page).first.get_by_role("button", name="Copy, export, link").click()
    link = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").first.inner_text().strip()
    other = visit()
    chat(other, link)
    expect(answers(other)).to_have_count(1)
    expect(answers(other).first).to_contain_text("Attack lines: 14")
    other.get_by_role("button", name="Show the whole conversation").click()
    expect(answers(other)).to_have_count(2)


def test_an_answer_is_exported(visit: Open) -> None:
    page = visit()
    chat(page, sample(page))
    say(page, *TALK["en-US"][1])
    answers(page).first.get_by_role("button", name="Copy, export, link").click()
    for kind, words in (("Markdown", "Attack lines: 14"), ("JSON", '"verdict": "verified"')):
        with page.expect_download() as started:
            page.get_by_role("button", name=kind).click()
        assert words in started.value.path().read_text("utf-8")


def test_a_stopped_answer_leaves_the_page_usable(visit: Open) -> None:
    """A large log, so that the first answer takes a while."""
    page = visit()
    lines = (attack("203.0.113.7", path=f"/p{n}") if n % 3 else QUIET for n in range(60_000))
    upload(page, [file("large.log", "".join(lines))])
    chat(page, page.url.replace("/?", "/chat?"))
    page.get_by_test_id("stChatInputTextArea").fill("What should I do now?")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stChatMessage").get_by_text("What should I do now?")).to_be_visible()
    expect(page.get_by_test_id("stExpander").first).to_be_visible()  # it says how far it is: the question is kept
    page.get_by_test_id("stChatInputStopButton").click()
    settled(page)
    page.reload()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    page.get_by_role("button", name="Ask again").click()
    expect(answers(page)).to_have_count(1)
    say(page, "How many SQL injections were there?", "Attack lines: 40,000")


def test_two_windows_on_one_case_do_not_mix(visit: Open) -> None:
    left = visit()
    address = sample(left)
    right = visit()
    chat(left, address)
    chat(right, address)
    say(left, "what else did 203.0.113.45 do?", "203.0.113.45: 32 lines")
    say(right, "what else did 198.51.100.77 do?", "198.51.100.77: 43 lines")
    say(left, "how many lines is that?", "32")
    say(right, "how many lines is that?", "43")
    for page in (left, right):
        page.reload()
        expect(answers(page)).to_have_count(2)
    assert left.url != right.url


def test_two_windows_on_two_cases(visit: Open) -> None:
    pages = {visit(): ("198.51.100.1", 3), visit(): ("198.51.100.2", 5)}
    for page, (ip, count) in pages.items():
        upload(page, [file("access.log", attack(ip) * count)])
        chat(page, page.url.replace("/?", "/chat?"))
    for page, (ip, count) in pages.items():
        say(page, "how many sql injections?", f"Attack lines: {count}")
        say(page, "which IP addresses have the most lines?", ip)


def test_a_file_dropped_into_the_box_is_read_and_reported(visit: Open) -> None:
    page = visit(path="/chat")
    expect(page.get_by_test_id("stChatInput")).to_be_visible()
    box = page.get_by_test_id("stChatInput")
    box.locator("input[type=file]").first.set_input_files([file("dropped.log", QUIET * 4 + attack("203.0.113.7"))])
    expect(box.get_by_text("dropped.log")).to_be_visible()
    page.get_by_test_id("stChatInputSubmitButton").click()
    expect(answers(page)).to_have_count(1, timeout=120_000)
    expect(answers(page).first).to_contain_text("Attacks were found")
    settled(page)
    say(page, "how many sql injections?", "Attack lines: 1")


def test_a_question_on_the_report_is_answered_in_the_chat(visit: Open) -> None:
    page = visit()
    sample(page)
    settled(page)
    page.get_by_test_id("stChatInputTextArea").fill("How many SQL injections were there?")
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(1)
    expect(answers(page).first).to_contain_text("Attack lines: 14")


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["with CSP", "without CSP"])
def test_hostile_questions_and_lines_fetch_nothing(visit: Open, sink: Sink, bypass_csp: bool) -> None:
    page = visit(bypass_csp=bypass_csp)
    foreign: list[str] = []
    own = re.match(r"https?://[^/]+", page.url)
    assert own is not None
    allowed = (own.group(), own.group().replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(allowed) else foreign.append(request.url))
    url = sink.url
    evil = f"![x]({url}/a.png) <img src={url}/b.png> [c]({url}/c) :material/home:"
    upload(
        page, [file(f"![n]({url.replace('/', '&#47;')}).log", attack("203.0.113.7", evil, f"![r]({url}/r.png)") * 3)]
    )
    chat(page, page.url.replace("/?", "/chat?"))
    for question in (
        f"show me the raw lines of sql injection {evil}",
        f"which user agents are most frequent? {evil}",
        f"search for {evil}",
        f"what else did 203.0.113.7 do? ![x][1]\n\n[1]: {url}/ref.png",
        f"{evil} " * 200,
    ):
        say(page, question)
    answers(page).first.get_by_text("What was checked").click()
    answers(page).first.get_by_text("Correct it by hand").click()
    answers(page).nth(1).get_by_role("button", name="Copy, export, link").click()
    page.wait_for_timeout(1500)
    page.reload()
    expect(answers(page)).to_have_count(5)
    page.wait_for_timeout(1500)
    assert foreign == []
    assert sink.hits == []
