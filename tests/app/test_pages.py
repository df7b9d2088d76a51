"""The pages without a browser: start, report, overview and sources, in both languages."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest
from streamlit.testing.v1 import AppTest

from app.reading import engine, open_investigation, read_into
from app.sample import FILES
from app.settings import DATA_DIR
from ingestion.fetch.expand import expand
from ingestion.pipeline import Options
from stores.cases import Cases

MAIN = Path(__file__).parents[2] / "app" / "main.py"
READ_AT = datetime(2026, 11, 10, 10, tzinfo=UTC)
HOSTILE = (
    b'203.0.113.7 - - [10/Nov/2026:03:04:05 +0000] "GET /?q=%3Cscript%3E HTTP/1.1" 200 1 "-" "![x](http://x/y.png)"\n'
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    return tmp_path


@pytest.fixture
def app(data: Path) -> AppTest:
    return AppTest.from_file(str(MAIN), default_timeout=120)


def filled(data: Path, *paths: Path) -> Path:
    folder = Cases(data).create("case")
    read_into(folder, [expand(list(paths))], Options(), READ_AT, engine(None).scanner, lambda _: None)
    return folder


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case of the sample incident, read and judged."""
    folder = filled(tmp_path_factory.mktemp("sample"), *FILES)
    open_investigation(folder, "case", engine(None), READ_AT).opened.close()
    return folder


@pytest.fixture
def sample(data: Path, read_once: Path) -> Path:
    """A copy of it among the cases of the app."""
    return Path(copytree(read_once, data / "case"))


def shown(app: AppTest) -> str:
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.text, *app.code]
    return "\n".join(str(part.value) for part in parts)


def in_language(app: AppTest, lang: str) -> AppTest:
    app.session_state["lang"] = lang
    return app


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "What happened on your server?"), ("ja", "サーバーで何が起きましたか")]
)
def test_a_new_session_is_welcomed(app: AppTest, lang: str, words: str) -> None:
    in_language(app, lang).run()
    assert not app.exception
    assert words in app.title[0].value


@pytest.mark.parametrize(("lang", "words"), [("en", "Attacks were found"), ("ja", "攻撃が見つかり")])
def test_the_sample_leads_to_its_report_at_once(app: AppTest, lang: str, words: str) -> None:
    in_language(app, lang).run()
    sample = next(button for button in app.button if "ample" in button.label or "サンプル" in button.label)
    sample.click().run()
    assert not app.exception
    assert app.title[0].value.startswith(words)
    assert [metric.value for metric in app.metric] == ["10", "145", "7"]
    assert any("sqlmap" in code.value for code in app.code)


def test_a_number_leads_to_its_raw_lines(app: AppTest, sample: Path) -> None:
    app.query_params["case"] = "case"
    app.run()
    app.button(key="lines-login_after_failures").click().run()
    assert not app.exception
    (line,) = [code.value for code in app.code if '"POST /login HTTP/1.1" 302' in code.value][-1:]
    assert line == FILES[0].read_text("utf-8").split("\n")[230]


@pytest.mark.parametrize("lang", ["en", pytest.param("ja", marks=pytest.mark.slow)])  # the same page, in other words
@pytest.mark.parametrize("name", ["overview", "sources"])
def test_the_other_pages_draw(sample: Path, name: str, lang: str) -> None:
    script = f"from app.views.{name} import page\npage()\n"
    app = in_language(AppTest.from_string(script, default_timeout=120), lang)
    app.query_params["case"] = "case"
    app.run()
    assert not app.exception
    assert app.title[0].value in {"Overview", "概況", "Sources", "読み込んだログ"}


def test_the_sources_page_accounts_for_every_line(sample: Path) -> None:
    app = AppTest.from_string("from app.views.sources import page\npage()\n", default_timeout=120)
    app.query_params["case"] = "case"
    app.run()
    table = app.dataframe[0].value
    assert list(table["Lines"]) == [397, 59, 456]
    assert all(table["Adds up"])


QUIET = b'192.0.2.1 - - [10/Nov/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 1 "-" "Mozilla/5.0"\n'


@pytest.mark.parametrize(("content", "words"), [(QUIET, "No attack was found"), (b"", "no log line to judge")])
def test_quiet_and_empty_are_told_apart(app: AppTest, data: Path, content: bytes, words: str) -> None:
    (data / "x.log").write_bytes(content)
    filled(data, data / "x.log")
    app.query_params["case"] = "case"
    app.run()
    assert not app.exception
    assert words in app.title[0].value


def test_log_text_stays_out_of_markdown(app: AppTest, data: Path) -> None:
    log = data / "![n](x).log"
    log.write_bytes(HOSTILE)
    filled(data, log)
    app.query_params["case"] = "case"
    app.run()
    app.button(key="lines-xss").click().run()
    spoken = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.metric, *app.error, *app.warning]
    labels = [*(button.label for button in app.button), *(box.label for box in app.expander)]
    assert not [part for part in (*(str(part.value) for part in spoken), *labels) if "![" in part]
    assert any("![x](http://x/y.png)" in code.value for code in app.code)


def test_a_case_is_deleted_only_after_confirming(app: AppTest, data: Path, sample: Path) -> None:
    app.query_params["case"] = "case"
    app.run()
    next(button for button in app.button if button.label == "Delete this case").click().run()
    assert Cases(data).names() == ("case",)
    next(button for button in app.button if button.label == "Delete for good").click().run()
    assert not app.exception
    assert Cases(data).names() == ()


def test_an_unknown_case_in_the_address_shows_the_welcome(app: AppTest) -> None:
    app.query_params["case"] = "../../etc"
    app.run()
    assert not app.exception
    assert app.title[0].value == "What happened on your server?"
