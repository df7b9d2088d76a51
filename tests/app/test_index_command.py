"""`akashi index` says what it did, in words and as JSON."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app

LINE = '203.0.113.{0} - - [10/Nov/2026:03:04:05 +0000] "GET /page/{0}?q=%27%20OR%201=1-- HTTP/1.1" 200 5 "-" "a"\n'


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    log = tmp_path / "access.log"
    log.write_text("".join(LINE.format(number) for number in range(1, 9)))
    done = CliRunner().invoke(app, ["ingest", str(log), "--data-dir", str(tmp_path / "data"), "--no-index"])
    assert done.exit_code == 0, done.output
    return tmp_path / "data"


def index(data_dir: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["index", "--data-dir", str(data_dir), *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_says_what_it_did(data_dir: Path) -> None:
    made = json.loads(index(data_dir, "--json"))
    assert (made["made"], made["lines"], made["chunks"], made["suspicious"]) == (True, 8, 8, 8)
    assert made["added"] == made["shapes"] >= 1
    again = json.loads(index(data_dir, "--json"))
    assert (again["made"], again["added"], again["kept"]) == (False, 0, made["shapes"])
    anew = json.loads(index(data_dir, "--json", "--rebuild"))
    assert (anew["made"], anew["added"], anew["kept"]) == (True, made["shapes"], 0)


@pytest.mark.parametrize(("lang", "words"), [("en", "8 lines in 8 chunks"), ("ja", "8 行 → 8 チャンク")])
def test_says_it_in_the_language_asked(data_dir: Path, lang: str, words: str) -> None:
    assert words in index(data_dir, "--lang", lang)


def test_says_that_it_repaired(data_dir: Path) -> None:
    index(data_dir)
    next((data_dir / "default" / "chunks").glob("*-parts-*")).unlink()
    assert "damaged" in index(data_dir, "--lang", "en")
