"""The documents say what is there: every setting, flag, command, error and exit code, and no link leads nowhere."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from app.cli import app
from app.commands.options import Exit

ROOT = Path(__file__).parents[1]
GUIDES = {"en": ROOT / "docs/guide/user-guide.en.md", "ja": ROOT / "docs/guide/user-guide.ja.md"}
DOCUMENTS = tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]))
PRODUCT = ("core", "stores", "detection", "prompts", "models", "ingestion", "retrieval", "answering", "app", "eval")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)


def name(path: Path) -> str:
    """A document as tests name it."""
    return str(path.relative_to(ROOT))


@cache
def prose(document: Path) -> str:
    """A document without its code blocks."""
    return _FENCE.sub("", document.read_text(encoding="utf-8"))


def shell_lines(document: Path) -> Iterator[str]:
    """Commands of the `sh` blocks, comments cut off."""
    for language, block in _FENCE.findall(document.read_text(encoding="utf-8")):
        if language == "sh":
            yield from (line for line in block.split("\n") if line)


@cache
def commands() -> dict[str, set[str]]:
    """Every command with its flags: `cases delete` → {`--data-dir`, …}."""
    return dict(_commands(typer.main.get_command(app), ""))


def _commands(command: Any, path: str) -> Iterator[tuple[str, set[str]]]:  # noqa: ANN401 - typer ships a click of its own
    inner = getattr(command, "commands", None)
    if inner is None:
        flags = (flag for option in command.params for flag in (*option.opts, *option.secondary_opts))
        yield path, {flag for flag in flags if flag.startswith("-")}
        return
    for word, below in inner.items():
        yield from _commands(below, f"{path} {word}".strip())


@cache
def errors(lang: str) -> dict[str, str]:
    """Error code → sentence, as the application says it."""
    with (ROOT / f"app/locales/{lang}.toml").open("rb") as file:
        return dict(tomllib.load(file)["error"])


def settings() -> set[str]:
    """Every `AKASHI_…` variable the product names."""
    modules = (path for room in PRODUCT for path in (ROOT / room).rglob("*.py"))
    return {found for path in modules for found in re.findall(r"\bAKASHI_[A-Z_]+\b", path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("lang", GUIDES)
def test_every_setting_is_documented(lang: str) -> None:
    guide = GUIDES[lang].read_text(encoding="utf-8")
    assert settings()
    assert {setting for setting in settings() if f"`{setting}`" not in guide} == set()


def test_every_setting_is_in_the_example_file() -> None:
    assert {setting for setting in settings() if setting not in (ROOT / ".env.example").read_text()} == set()


@pytest.mark.parametrize("lang", GUIDES)
def test_every_command_is_documented(lang: str) -> None:
    guide = GUIDES[lang].read_text(encoding="utf-8")
    assert [command for command in commands() if f"akashi {command}" not in guide] == []


@pytest.mark.parametrize("lang", GUIDES)
def test_every_flag_is_documented(lang: str) -> None:
    words = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", GUIDES[lang].read_text(encoding="utf-8")))
    assert set().union(*commands().values()) - words == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_commands_in_documents_exist(document: Path) -> None:
    """The longest known command at the start of each `akashi …` line, and every flag on it."""
    for line in shell_lines(document):
        words = shlex.split(line.replace("[", " ").replace("]", " ").replace("|", " "), comments=True)
        if not words or words[0] != "akashi":
            continue
        known = [command for command in commands() if words[1 : 1 + len(command.split())] == command.split()]
        assert known, line
        flags = {word for word in words if word.startswith("--")}
        assert flags <= commands()[max(known, key=len)], line


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_make_targets_in_documents_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    spoken = re.findall(r"`make ([a-z]+(?: [a-z]+)*)", document.read_text(encoding="utf-8"))
    typed = re.findall(r"^make ([a-z]+)", "\n".join(shell_lines(document)), re.MULTILINE)
    assert {target for phrase in (*spoken, *typed) for target in phrase.split()} <= targets


def anchors(document: Path) -> set[str]:
    """The anchors GitHub gives to headings."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for _, heading in _HEADING.findall(prose(document)))
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    for link in _LINK.findall(prose(document)):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_guides_have_the_same_shape() -> None:
    shapes = [[len(marks) for marks, _ in _HEADING.findall(prose(guide))] for guide in GUIDES.values()]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    "pair", [("README.md", "README.ja.md"), ("docs/guide/user-guide.en.md", "docs/guide/user-guide.ja.md")]
)
def test_both_languages_show_the_same_commands(pair: tuple[str, str]) -> None:
    ours, theirs = ([shlex.split(line, comments=True) for line in shell_lines(ROOT / each)] for each in pair)
    assert ours == theirs


@pytest.mark.parametrize("lang", GUIDES)
def test_every_message_is_in_the_guide(lang: str) -> None:
    """Code and sentence, word for word as the application says it."""
    guide = GUIDES[lang].read_text(encoding="utf-8")
    rows = {f"| `{code}` | {sentence} |" for code, sentence in errors(lang).items()}
    assert {row for row in rows if row not in guide} == set()


@pytest.mark.parametrize("lang", GUIDES)
def test_what_the_guide_tells_to_press_is_on_the_screen(lang: str) -> None:
    with (ROOT / f"app/locales/{lang}.toml").open("rb") as file:
        words = set(texts(tomllib.load(file)))
    assert set(re.findall(r"(?<!\*)\*{1,2}([^*\n]+)\*{1,2}(?!\*)", prose(GUIDES[lang]))) - words == set()


def texts(table: dict[str, Any]) -> Iterator[str]:
    """Every sentence of a locale file."""
    for value in table.values():
        yield from [value] if isinstance(value, str) else texts(value)


@pytest.mark.parametrize("lang", GUIDES)
def test_exit_codes_are_documented(lang: str) -> None:
    section = re.split(r"^## ", GUIDES[lang].read_text(encoding="utf-8"), flags=re.MULTILINE)
    [codes] = [part for part in section if part.startswith(("Exit codes", "終了コード"))]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", codes, re.MULTILINE)} == {code.value for code in Exit}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_nothing_is_left_to_fill_in(document: Path) -> None:
    assert re.findall(r"<!--.*?-->|\bTODO\b|\bTBD\b", document.read_text(encoding="utf-8")) == []
