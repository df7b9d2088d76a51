"""The model page: what is entered counts for the session only, keys are never shown, and a trial says what to mend."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.model_access import access
from app.settings import DATA_DIR
from eval.stubs.openai import OpenAIStub

pytestmark = pytest.mark.slow

PAGE = "from app.views.model import page\npage()\n"
FAKE = "not-a-real-" + "key-1234"
NAMES = (
    "AKASHI_MODEL",
    "OPENAI_API_KEY",
    "OPENAI_MODEL",
    "OPENAI_BASE_URL",
    "AZURE_OPENAI_ENDPOINT",
    "SSL_CERT_FILE",
    "HTTP_PROXY",
)


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def opened(lang: str = "en") -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.session_state["lang"] = lang
    return app.run()


def shown(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in (*app.text, *app.code, *app.markdown, *app.caption, *app.subheader))


def choose(app: AppTest, setting: str, value: str) -> AppTest:
    app.selectbox(key=f"model-{setting}-0").set_value(value).run()
    assert not app.exception
    return app


def enter(app: AppTest, setting: str, value: str) -> AppTest:
    app.text_input(key=f"model-{setting}-0").set_value(value).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "nothing leaves this machine"), ("ja", "このマシンの外には何も出ず")]
)
def test_without_a_model_the_page_says_that_nothing_leaves(lang: str, words: str) -> None:
    app = opened(lang)
    assert not app.exception
    assert words in shown(app)


@pytest.mark.parametrize("provider", ["openai", "azure", "compatible"])
def test_each_provider_asks_for_what_it_needs(provider: str) -> None:
    app = choose(opened(), "AKASHI_MODEL", provider)
    assert "is missing" in shown(app)
    assert len(app.text_input) > len(opened().text_input)


def test_what_is_entered_counts_and_the_key_is_never_shown(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    app = enter(choose(opened(), "AKASHI_MODEL", "openai"), "OPENAI_API_KEY", FAKE)
    app = enter(app, "OPENAI_MODEL", "some-model")
    assert "some-model at https://api.openai.com/v1" in shown(app)
    app = AppTest.from_string(PAGE, default_timeout=60) if app.exception else app.run()
    assert app.session_state["model-entered"]["OPENAI_API_KEY"] == FAKE
    assert FAKE not in shown(app) + str(app.query_params) + repr(app.session_state["model-access"][1])
    assert FAKE not in "".join(capfd.readouterr())
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and FAKE.encode() in path.read_bytes()]
    app.button(key="model-forget").click().run()
    assert "nothing leaves this machine" in shown(app)


def test_what_is_entered_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_MODEL", "from-the-environment")
    app = opened()
    assert "from-the-environment at http://127.0.0.1:9/v1" in shown(app)
    assert "entered at http://127.0.0.1:9/v1" in shown(enter(app, "OPENAI_MODEL", "entered"))
    assert "nothing leaves this machine" in shown(choose(app, "AKASHI_MODEL", "off"))


def test_where_people_share_the_app_a_session_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKASHI_SESSION_MODELS", "0")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_MODEL", "of-the-operator")
    app = opened()
    assert not app.text_input
    assert not app.selectbox
    assert "of-the-operator" in shown(app) + "".join(str(one.value) for one in app.warning)


def test_a_hostile_model_name_is_text_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_MODEL", "![x](http://203.0.113.99/p.png)")
    app = opened()
    spoken = [*app.markdown, *app.caption, *app.title, *app.subheader]
    assert "![x](http://203.0.113.99/p.png)" in "\n".join(str(part.value) for part in app.text)
    assert not [part for part in spoken if "![" in str(part.value)]


def test_what_is_hidden_is_chosen_by_kind() -> None:
    app = opened()
    app.checkbox(key="model-AKASHI_REDACT-ips-0").check().run()
    app.checkbox(key="model-AKASHI_REDACT-users-0").check().run()
    assert app.session_state["model-entered"]["AKASHI_REDACT"] == "ips,users"


@pytest.mark.parametrize(
    ("lang", "works", "mend"), [("en", "reachable", "Nothing answers"), ("ja", "接続", "応答がありません")]
)
def test_a_trial_says_what_works_and_what_to_mend(lang: str, works: str, mend: str) -> None:
    with OpenAIStub() as stub:
        app = enter(choose(opened(lang), "AKASHI_MODEL", "compatible"), "OPENAI_BASE_URL", f"{stub.url}/v1")
        app = enter(app, "OPENAI_MODEL", "any-model")
        app.button(key="model-test").click().run(timeout=60)
        assert not app.exception
        assert works in shown(app)
        assert mend not in shown(app)
    app.button(key="model-test").click().run(timeout=60)
    assert mend in shown(app)


@pytest.mark.parametrize(
    ("values", "asks", "refused"),
    [
        ({}, False, None),
        ({"OPENAI_API_KEY": FAKE}, False, None),
        ({"AKASHI_MODEL": "off", "OPENAI_MODEL": "m"}, False, None),
        ({"OPENAI_API_KEY": FAKE, "OPENAI_MODEL": "m"}, True, None),
        ({"OPENAI_MODEL": "m"}, False, "model_setting_missing"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_MODEL": "m", "AKASHI_REDACT": "faces"}, False,
         "model_setting_bad"),
        ({"AZURE_SEARCH_ENDPOINT": "https://x.search.windows.net"}, False, "search_settings"),
    ],
)  # fmt: skip
def test_a_model_is_used_only_where_it_is_set_up(values: dict[str, str], asks: bool, refused: str | None) -> None:
    found = access(values)
    assert (found is not None and found.asks) is asks
    assert (found.refusal.code if found and found.refusal else None) == refused
    assert FAKE not in repr(found)
