"""Settings come from the environment once; listening beyond loopback needs authentication."""

from pathlib import Path

import pytest

from app.commands.serve import check_binding, has_sign_in, is_loopback
from app.settings import from_environment
from core.errors import InputError


@pytest.mark.parametrize(
    ("environment", "data", "lang", "proxy"),
    [
        ({}, "~/.local/share/akashi", "en", False),
        ({"XDG_DATA_HOME": "/x"}, "/x/akashi", "en", False),
        ({"AKASHI_DATA_DIR": "~/cases", "LANG": "ja_JP.UTF-8"}, "~/cases", "ja", False),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C", "AKASHI_BEHIND_PROXY": "1"}, "~/.local/share/akashi", "en", True),
    ],
)
def test_settings(environment: dict[str, str], data: str, lang: str, proxy: bool) -> None:
    settings = from_environment(environment)
    assert (settings.data_dir, settings.language) == (Path(data).expanduser(), lang)
    assert settings.behind_proxy is proxy


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1"])
def test_reachable_from_elsewhere(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("host", "sign_in", "behind_proxy", "code"),
    [
        ("127.0.0.1", False, False, None),
        ("0.0.0.0", False, True, None),
        ("0.0.0.0", False, False, "not_loopback"),
        ("localhost.example", False, False, "bad_host"),
        ("0.0.0.0", True, False, "no_authlib"),
    ],
)
def test_binding(
    monkeypatch: pytest.MonkeyPatch, host: str, sign_in: bool, behind_proxy: bool, code: str | None
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    try:
        check_binding(host, sign_in=sign_in, behind_proxy=behind_proxy)
        refused = None
    except InputError as error:
        refused = error.code
    assert refused == code


def test_sign_in_is_found_in_the_secrets(tmp_path: Path) -> None:
    assert not has_sign_in(tmp_path)
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text("[auth]\nredirect_uri = 'x'\n")
    assert has_sign_in(tmp_path)
