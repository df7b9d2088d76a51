"""`.env` is read strictly: what it says counts after the environment, and a refusal never shows a value."""

from pathlib import Path

import pytest

from app.env_file import read_env_file
from app.settings import environment

FAKE = "not-a-real-" + "key"

LINES = (
    ("A=1", {"A": "1"}),
    ("  export A = 1  ", {"A": "1"}),
    ("A=", {"A": ""}),
    ("A=x y # why", {"A": "x y"}),
    ("A=x#y", {"A": "x#y"}),
    ("A=# nothing", {"A": ""}),
    ("A='x # y'  # why", {"A": "x # y"}),
    ('A="$B\\n`id`"', {"A": "$B\\n`id`"}),
    ("\ufeffA=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
    ("# A=1\n\nB=2", {"B": "2"}),
    ("A=1\nA=2", {"A": "2"}),
    ("A=日本語", {"A": "日本語"}),
    ("A=1\u2028B=2", {"A": "1\u2028B=2"}),
)


@pytest.mark.parametrize(("content", "found"), LINES)
def test_settings_are_read(tmp_path: Path, content: str, found: dict[str, str]) -> None:
    (tmp_path / ".env").write_bytes(content.encode())
    assert read_env_file(tmp_path / ".env") == (found, None)


@pytest.mark.parametrize(
    "line", [FAKE, f"{FAKE}=1", f"A='{FAKE}", f'A="{FAKE}"x', f"1A={FAKE}", f"A B={FAKE}", f"={FAKE}"]
)
def test_a_line_that_is_no_setting_is_refused_without_showing_it(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"GOOD=1\n{line}\nALSO=2\n")
    found, fault = read_env_file(tmp_path / ".env")
    assert found == {"GOOD": "1", "ALSO": "2"}
    assert fault is not None
    assert (fault.code, fault.facts["line"]) == ("bad_env_line", 2)
    assert FAKE not in f"{fault!r} {fault.facts}"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"A=1\n" * 30_000])
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    found, fault = read_env_file(tmp_path / ".env")
    assert (found, fault is not None) == ({}, True)


def test_no_file_is_no_refusal(tmp_path: Path) -> None:
    assert read_env_file(tmp_path / ".env") == ({}, None)


def test_the_environment_wins_unless_it_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.settings._env_file", lambda: ({"A": "file", "B": "file", "C": "file"}, None))
    assert environment({"A": "set", "B": ""}) == {"A": "set", "B": "file", "C": "file"}
