"""The walk for Azure is followed to the letter against the two stubs; both languages say the same."""

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest

from core.plan import EVERYTHING
from eval.stubs.azure_search import AzureSearchStub
from ingestion.index import index_case
from models.environment import from_environment
from retrieval.pipeline import retrieve
from stores.cases import Cases
from stores.embedding import BuiltIn
from stores.index import AzureSearch, IndexChoice, azure_search, check_index
from stores.lake import Lake
from tests.stores.filling import fill

ROOT = Path(__file__).parents[1]
PAGES = {"en": ROOT / "docs/azure.md", "ja": ROOT / "docs/azure.ja.md"}
QUOTED = {"en": r"“([^”]+)”", "ja": r"「([^」]+)」"}
LOG = (
    '203.0.113.7 - - [10/Oct/2026:13:55:36 +0000] "GET /?id=1%27+UNION+SELECT+a+FROM+b-- HTTP/1.1" 200 5 "-" "sqlmap"\n'
    '198.51.100.9 - alice [10/Oct/2026:13:56:36 +0000] "GET /teapot HTTP/1.1" 200 512 "-" "Mozilla"\n'
)


@cache
def blocks(lang: str, kind: str) -> tuple[str, ...]:
    """The code blocks of a page that are written in this language of code."""
    return tuple(
        re.findall(rf"^```{kind}\n(.*?)^```", PAGES[lang].read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    )


def values(block: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in block.split("\n") if line)


def test_both_languages_show_the_same_blocks() -> None:
    for kind in ("sh", "ini"):
        assert blocks("en", kind) == blocks("ja", kind)
    headings = [re.findall(r"^#+ ", page.read_text(encoding="utf-8"), re.MULTILINE) for page in PAGES.values()]
    assert headings[0] == headings[1]


@pytest.mark.parametrize("lang", PAGES)
def test_what_doctor_is_said_to_say_it_says(lang: str) -> None:
    with (ROOT / f"app/locales/{lang}.toml").open("rb") as file:
        tables = tomllib.load(file)
    sentences = [*tables["error"].values(), *tables["remedy"].values()]
    rows = re.findall(r"^\| ([“「].*?) \|", PAGES[lang].read_text(encoding="utf-8"), re.MULTILINE)
    said = [part for row in rows for part in re.findall(QUOTED[lang], row)]
    assert len(rows) == 16
    assert [part for part in said if not any(part in sentence for sentence in sentences)] == []


def test_every_setting_of_the_page_is_in_the_example_file() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    page = PAGES["en"].read_text(encoding="utf-8")
    named = {*re.findall(r"\b(?:AZURE|AKASHI)_[A-Z_]+[A-Z]\b", page)} - {"AZURE_SEARCH", "AZURE_OPENAI"}
    assert {name for name in named if name not in example} == set()


def test_the_settings_for_azure_are_read() -> None:
    found = values(blocks("en", "ini")[0])
    search, models = azure_search(found), from_environment(found)
    assert search == AzureSearch("https://akashi-search-4711.search.windows.net", "akashi", "paste-the-admin-key-here")
    assert models.chat is not None
    assert models.chat.base_url == "https://akashi-openai-4711.openai.azure.com/openai/v1"
    assert models.embeddings is not None
    assert set(found) == set(values(blocks("en", "ini")[1]))


@pytest.fixture
def case_dir(tmp_path: Path) -> Path:
    made = Cases(tmp_path / "data").create("web")
    fill(made, "access.log", b"1 203.0.113.7 GET /attack 200\n2 198.51.100.9 GET /teapot 200\n")
    return made


def test_the_index_of_the_page_is_filled_and_searched(case_dir: Path) -> None:
    said = values(blocks("en", "ini")[1])
    with AzureSearchStub(key=said["AZURE_SEARCH_KEY"]) as stub:
        search = azure_search(said | {"AZURE_SEARCH_ENDPOINT": stub.url})
        assert search is not None
        where = IndexChoice(search, str)
        assert check_index(where, BuiltIn().dimensions).exists is False
        with Lake.open(case_dir) as lake:
            done = index_case(case_dir, lake, lake.hits(EVERYTHING), "rules", BuiltIn(), where=where)
        state = check_index(where, BuiltIn().dimensions)
        assert (state.documents, state.semantic) == (done.added, True)
        found = retrieve(case_dir, "who asked for the teapot?", EVERYTHING, embedder=BuiltIn(), where=where)
        assert found.notes == ()
        assert found.hits


@contextmanager
def served(command: str) -> Iterator[str]:
    """The address of a stub, started as the page says but on a free port."""
    words = shlex.split(command.replace(".venv/bin/python", shlex.quote(sys.executable)))
    words[words.index("--port") + 1] = "0"
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def run(line: str, folder: Path, environment: Mapping[str, str]) -> str:
    words = [str(Path(sys.executable).with_name("akashi")), *shlex.split(line)[1:]]
    done = subprocess.run(words, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False)
    assert done.returncode == 0, (line, done.stdout, done.stderr)
    return done.stdout


@pytest.mark.slow
def test_the_page_is_followed_to_the_letter(tmp_path: Path) -> None:
    """Both stubs as the page starts them, its settings with their addresses, its commands as they stand."""
    stubs = blocks("en", "sh")[-1].strip().split("\n")
    [commands] = (one.strip().split("\n") for one in blocks("en", "sh") if one.startswith("akashi doctor"))
    assert [command.split()[1] for command in commands] == ["doctor", "ingest", "index", "ask"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "AKASHI_DATA_DIR": str(tmp_path / "data"),
        "LANG": "C.UTF-8",
    }
    (tmp_path / "access.log").write_text(LOG)
    with ExitStack() as stack:
        openai, search = (stack.enter_context(served(command)) for command in stubs)
        text = (
            blocks("en", "ini")[1].replace("http://127.0.0.1:18080", openai).replace("http://127.0.0.1:18081", search)
        )
        (tmp_path / ".env").write_text(text)
        said = {command.split()[1]: run(command, tmp_path, environment) for command in [*commands, commands[0]]}
        assert "✗" not in said["doctor"]
        assert "Azure AI Search" in said["doctor"]
        assert "203.0.113.7" in said["ask"]
        where = azure_search(values(text))
        assert where is not None
        assert check_index(IndexChoice(where, str), 1_536).documents > 0
        run("akashi cases delete web", tmp_path, environment)
        assert check_index(IndexChoice(where, str), 1_536).documents == 0
