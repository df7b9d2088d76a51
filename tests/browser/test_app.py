"""A person with a browser: upload, report, click a number, see the raw line; in both languages, hostile logs too."""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from .conftest import SCREENSHOTS, Open, Sink

pytestmark = pytest.mark.browser

WORDS = {
    "en-US": {"go": "Read and report", "found": "Attacks were found", "sample": "Try the sample", "proof": "Proof"},
    "ja-JP": {"go": "読み込んで調べる", "found": "攻撃が見つか", "sample": "サンプルの事案", "proof": "証明"},
}
LANGUAGES = tuple(WORDS)
QUIET = '192.0.2.1 - - [10/Nov/2026:03:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n'


def attack(ip: str, agent: str = "curl/8", referrer: str = "-", path: str = "/i") -> str:
    request = f"GET {path}?id=1%27%20UNION%20SELECT%20a,b%20FROM%20users-- HTTP/1.1"
    return f'{ip} - - [10/Nov/2026:03:04:05 +0000] "{request}" 200 512 "{referrer}" "{agent}"\n'


def file(name: str, content: str | bytes) -> FilePayload:
    data = content if isinstance(content, bytes) else content.encode()
    return {"name": name, "mimeType": "text/plain", "buffer": data}


def upload(page: Page, files: Sequence[FilePayload] | Path, lang: str = "en-US") -> None:
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name=WORDS[lang]["go"]).click()
    expect(page.get_by_role("heading", name=re.compile(WORDS[lang]["found"]))).to_be_visible(timeout=180_000)


def card(page: Page, kind: str = "sql_injection") -> None:
    expect(page.locator(f".st-key-finding-{kind}")).to_be_visible(timeout=60_000)
    settled(page)


def settled(page: Page) -> None:
    """The script has ended: nothing moves under the pointer any more."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(500)


def open_lines(page: Page, kind: str = "sql_injection") -> None:
    card(page, kind)
    page.locator(f".st-key-lines-{kind}").get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def shoot(page: Page, name: str, width: int) -> None:
    """The whole page in one picture."""
    page.wait_for_timeout(1500)
    height = page.evaluate(
        "document.querySelector('[data-testid=stAppScrollToBottomContainer],[data-testid=stMain]').scrollHeight"
    )
    page.set_viewport_size({"width": width, "height": min(height + 20, 7000)})
    page.wait_for_timeout(1000)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_upload_report_number_raw_line(visit: Open, lang: str) -> None:
    page = visit(lang=lang)
    upload(page, [file("access.log", QUIET * 5 + attack("203.0.113.7"))], lang)
    open_lines(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("access.log:6")
    shown = dialog.get_by_test_id("stCode").inner_text()
    raw = attack("203.0.113.7").rstrip("\n")
    assert "▸" in shown
    assert shown.replace("▸", "").replace("◂", "").strip() == raw


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sample_incident_on_wide_and_narrow_screens(visit: Open, lang: str, width: int) -> None:
    page = visit(lang=lang, width=width)
    page.get_by_role("button", name=re.compile(WORDS[lang]["sample"])).click()
    card(page, "webshell_access")
    expect(page.get_by_role("heading", name=re.compile(WORDS[lang]["found"]))).to_be_in_viewport()
    shoot(page, f"report-{lang[:2]}-{width}", width)
    page.goto(page.url.replace("/?", "/overview?"))
    expect(page.get_by_test_id("stVegaLiteChart").nth(3)).to_be_visible()
    shoot(page, f"overview-{lang[:2]}-{width}", width)
    page.goto(page.url.replace("/overview?", "/sources?"))
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    shoot(page, f"sources-{lang[:2]}-{width}", width)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_language_can_be_switched(visit: Open) -> None:
    page = visit()
    expect(page.get_by_role("heading", name="What happened on your server?")).to_be_visible()
    page.get_by_role("radio", name="日本語").click()
    expect(page.get_by_role("heading", name="サーバーで何が起きましたか？")).to_be_visible()


def test_a_bar_leads_to_its_lines(visit: Open) -> None:
    page = visit()
    upload(page, [file("bars.log", QUIET * 5 + attack("203.0.113.7"))])
    page.goto(page.url.replace("/?", "/overview?"))
    chart = page.locator(".st-key-top-sources [role=graphics-document]")
    expect(chart).to_be_visible()
    settled(page)
    box = chart.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.15)
    expect(page.get_by_text("bars.log:6")).to_be_visible()


# -- hostile log text: nothing but the app itself is ever asked for anything


def hostile(sink: Sink) -> list[FilePayload]:
    url = sink.url
    agents = (
        f"![x]({url}/agent.png)",
        f"<img src={url}/html.png><script>fetch('{url}/script')</script>",
        f"![x][1] [1]: {url}/ref.png",
        f"\x1b]8;;{url}/osc\x07link\x1b]8;;\x07 \u202egnp.{url}/bidi",
        f"[c]({url}/link) <{url}/auto> :material/home: $x^2$ `{url}/code`",
        f"</code></pre><style>@import url({url}/css)</style>",
    )
    lines = [attack("203.0.113.7", agent, f"![r]({url}/ref{at}.png)") for at, agent in enumerate(agents)]
    lines += [attack("203.0.113.8", path=f"/![p]({url}/path.png)")]
    entity = url.replace("/", "&#47;")
    member = io.BytesIO()
    with zipfile.ZipFile(member, "w") as archive:
        archive.writestr(f"![m]({url}/member.png)<img src={url}/member2.png>.log", "".join(lines) + QUIET)
    return [file(f"![n]({entity}&#47;name.png)<b>.log", "".join(lines)), file("logs.zip", member.getvalue())]


def walk(page: Page, tmp_path: Path) -> None:
    """Every place where log text is shown."""
    open_lines(page)
    expect(page.get_by_role("dialog").get_by_test_id("stCode").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".st-key-finding-sql_injection").get_by_text("Proof").click()
    page.wait_for_timeout(1000)
    with page.expect_download() as started:
        page.get_by_role("button", name="HTML").click()
    report = tmp_path / "report.html"
    started.value.save_as(report)
    case = page.url
    for name in ("overview", "sources"):
        page.goto(case.replace("/?", f"/{name}?"))
        expect(page.get_by_test_id("stDataFrame").or_(page.get_by_test_id("stVegaLiteChart")).first).to_be_visible()
        page.wait_for_timeout(1500)
    page.goto(report.as_uri())
    expect(page.get_by_role("heading", name="SQL injection")).to_be_visible()
    page.wait_for_timeout(500)


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["with CSP", "without CSP"])
def test_hostile_log_text_fetches_nothing(visit: Open, sink: Sink, tmp_path: Path, bypass_csp: bool) -> None:
    page = visit(bypass_csp=bypass_csp)
    foreign: list[str] = []
    own = re.match(r"https?://[^/]+", page.url)
    assert own is not None
    allowed = (own.group(), own.group().replace("http", "ws", 1), "data:", "blob:", "file:")
    page.on("request", lambda request: None if request.url.startswith(allowed) else foreign.append(request.url))
    upload(page, hostile(sink))
    walk(page, tmp_path)
    assert foreign == []
    assert sink.hits == []


@pytest.mark.parametrize(("bypass_csp", "fetched"), [(True, ["/control.png"]), (False, [])])
def test_the_counter_counts_and_the_policy_holds(visit: Open, sink: Sink, bypass_csp: bool, fetched: list[str]) -> None:
    """An image put into the page on purpose: without the policy the sink sees it, with the policy it does not."""
    page = visit(bypass_csp=bypass_csp)
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    page.evaluate("url => document.body.append(Object.assign(new Image(), {src: url}))", f"{sink.url}/control.png")
    page.wait_for_timeout(1500)
    assert sink.hits == fetched


def test_two_sessions_at_once_see_only_their_case(visit: Open) -> None:
    left, right = visit(), visit()
    addresses = {left: "198.51.100.1", right: "198.51.100.2"}
    for page, ip in addresses.items():
        page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
            [file("access.log", attack(ip) * 3)]
        )
    for page in addresses:
        page.get_by_role("button", name=WORDS["en-US"]["go"]).click()
    for page, ip in addresses.items():
        open_lines(page)
        expect(page.get_by_role("dialog").get_by_test_id("stCode")).to_have_count(3)
        shown = page.get_by_role("dialog").inner_text()
        assert shown.count(ip) == 3
        assert not [other for other in addresses.values() if other != ip and other in shown]


def test_a_large_upload(visit: Open, tmp_path: Path) -> None:
    """200 MB, streamed from disk to disk; the count over all lines is exact."""
    block = "".join(
        QUIET.replace("192.0.2.1", f"192.0.2.{n % 250}").replace("GET /", f"GET /p{n}") for n in range(5_000)
    )
    copies = 200_000_000 // len(block) + 1
    path = tmp_path / "large.log"
    with path.open("w") as out:
        for _ in range(copies):
            out.write(block)
        out.write(attack("203.0.113.7"))
    page = visit()
    page.set_default_timeout(240_000)
    upload(page, path)
    expect(page.get_by_text(f"{copies * 5_000 + 1:,} lines were read")).to_be_visible(timeout=120_000)
    open_lines(page)
    expect(page.get_by_role("dialog")).to_contain_text(f"large.log:{copies * 5_000 + 1}")
