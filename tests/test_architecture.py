"""The shape of the whole: import directions, foreign libraries, module size, names, and calls nobody may make."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("core", "stores", "detection", "prompts", "models", "ingestion", "retrieval", "answering", "app", "eval")
MODULES = tuple(sorted(path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py")))
LONGEST = 300

# What each room may import beyond the standard library and the rooms below it.
FOREIGN = {
    "core": {"numpy", "pyarrow", "pydantic"},
    "stores": {"azure", "chromadb", "duckdb", "numpy", "pyarrow", "pydantic"},
    "detection": {"hyperscan", "numba", "numpy", "pyarrow", "pydantic", "re2", "sigma", "yaml"},
    "ingestion": {"isal", "numpy", "pyarrow", "pydantic", "zstandard"},
    "prompts": {"pydantic"},
    "models": {
        "azure",
        "httpcore2",
        "httpx2",
        "langchain_core",
        "langchain_openai",
        "langsmith",
        "numpy",
        "openai",
        "pydantic",
    },
    "retrieval": {"numpy", "tiktoken"},
    "answering": {"numpy", "pyarrow", "pydantic"},
    "eval": {"numpy", "pyarrow", "pydantic"},
    "app": {"altair", "pandas", "pyarrow", "pydantic", "rich", "starlette", "streamlit", "typer"},
}
# The upload button and the `ingest` command need these of ingestion, and nothing else of it.
INGESTION_FACE = {
    "ingestion.pipeline",
    "ingestion.fetch",
    "ingestion.fetch.expand",
    "ingestion.fetch.input",
    "ingestion.index",
}

FORBIDDEN = {
    "unsafe_allow_html": "log text would become HTML",
    "st.html": "log text would become HTML",
    "components.v1.html": "log text would become HTML",
    "AutoAddPolicy": "an unknown host key must be refused",
    "pickle": "unpickling runs code",
    "marshal": "loading runs code",
    "shelve": "unpickling runs code",
    "eval": "runs text as code",
    "exec": "runs text as code",
    "yaml.load": "constructs arbitrary objects",
    "extractall": "writes where the archive says",
    "splitlines": "splits on more than LF: an attacker could forge lines",
    "os.system": "a shell would read log text",
    "shell=True": "a shell would read log text",
}
SURROUNDINGS = {"os.environ", "os.getenv", "datetime.now", "datetime.utcnow", "time.time"}
LAST_PARTS = {name.rpartition(".")[2] for name in (*FORBIDDEN, *SURROUNDINGS)}
VAGUE = re.compile(r"(utils?|helpers?|managers?|services?|common|misc|stuff)")
ABSOLUTE_PATH = re.compile(r"[\"'](/(?:home|root|Users|work|mnt)/|/tmp/)")


@cache
def tree(module: Path) -> ast.Module:
    """The syntax tree of a module of the project."""
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def imported(module: Path) -> Iterator[str]:
    """Every module name a file imports, wherever in the file."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            yield node.module or ""


def test_import_contracts_hold() -> None:
    """import-linter with the contracts of pyproject.toml; an entry that no longer matches fails as well."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_foreign_libraries_are_allow_listed(module: Path) -> None:
    known = FOREIGN[module.parts[0]] | set(sys.stdlib_module_names) | set(ROOMS)
    assert {name.partition(".")[0] for name in imported(module)} - known == set()


def test_only_the_face_of_ingestion_is_seen_from_above() -> None:
    inside = {
        (str(module), name)
        for module in MODULES
        if module.parts[0] in {"app", "eval"}
        for name in imported(module)
        if name.startswith("ingestion") and name not in INGESTION_FACE
    }
    assert inside == set()


def spelled(node: ast.Attribute) -> str:
    """The whole of `a.b.c` where its end is of interest, else nothing: to spell out every attribute takes long."""
    return ast.unparse(node) if node.attr in LAST_PARTS else ""


def reads_surroundings(module: Path) -> Iterator[str]:
    """Lines that read the environment or the clock; a parameter's default may name the real clock."""
    functions = (node for node in ast.walk(tree(module)) if isinstance(node, ast.FunctionDef | ast.Lambda))
    defaults = {id(node) for each in functions for given in each.args.defaults for node in ast.walk(given)}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Attribute) and spelled(node) in SURROUNDINGS and id(node) not in defaults:
            yield f"{module}:{node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "app"])
def test_only_entry_points_read_the_environment_and_the_clock(room: str) -> None:
    below = [module for module in MODULES if module.parts[0] == room and module.name != "__main__.py"]
    assert [line for module in below for line in reads_surroundings(module)] == []


def test_no_module_of_the_app_shadows_a_package() -> None:
    """Streamlit puts `app/` on the path, so `app/stores.py` would hide the package `stores`."""
    libraries = set().union(*FOREIGN.values()) | set(ROOMS) | set(sys.stdlib_module_names)
    assert {path.stem for path in (ROOT / "app").iterdir() if path.stem in libraries} == set()


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_module_says_what_it_is_in_one_sentence(module: Path) -> None:
    docstring = ast.get_docstring(tree(module)) or ""
    first = docstring.partition("\n\n")[0]
    assert re.search(r"[.:!?]$", first), f"{module}: {first!r}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_module_is_short(module: Path) -> None:
    assert (ROOT / module).read_bytes().count(b"\n") <= LONGEST


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_module_has_a_telling_name(module: Path) -> None:
    assert [part for part in (*module.parts[:-1], module.stem) if VAGUE.fullmatch(part)] == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_forbidden_calls(module: Path) -> None:
    assert list(forbidden(tree(module))) == []


def forbidden(syntax: ast.AST) -> Iterator[str]:
    """Line and reason of every use of something in FORBIDDEN: a name called, an attribute, a keyword, an import."""
    for node in ast.walk(syntax):
        for name in names_of(node):
            if name in FORBIDDEN:
                yield f"{getattr(node, 'lineno', 0)}: {name}: {FORBIDDEN[name]}"


def names_of(node: ast.AST) -> Iterator[str]:
    """The spellings under which FORBIDDEN may list a node."""
    if isinstance(node, ast.Attribute):
        yield node.attr
        if whole := spelled(node):
            yield from (".".join(whole.rsplit(".", count)[-count:]) for count in (2, 3))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.func.id
    elif isinstance(node, ast.keyword):
        yield node.arg or ""
        yield f"{node.arg}={ast.unparse(node.value)}"
    elif isinstance(node, ast.Import):
        yield from {alias.name for alias in node.names} - set(ROOMS)
    elif isinstance(node, ast.ImportFrom):
        yield from {node.module or ""} - set(ROOMS)
        yield from (alias.name for alias in node.names)


@pytest.mark.parametrize(
    "source",
    [
        "st.markdown(line, unsafe_allow_html=True)",
        "st.html(line)",
        "client.set_missing_host_key_policy(paramiko.AutoAddPolicy())",
        "import pickle",
        "from pickle import loads",
        "eval(line)",
        "yaml.load(text)",
        "archive.extractall(folder)",
        "block.splitlines()",
        "block.splitlines",
        "os.system(line)",
        "subprocess.run(line, shell=True)",
    ],
)
def test_the_net_catches(source: str) -> None:
    assert list(forbidden(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "from eval.run import run",
        "from eval import run",
        "re.compile(x).pattern",
        "evaluate(line)",
        "block.split(b'\\n')",
    ],
)
def test_the_net_lets_pass(source: str) -> None:
    assert list(forbidden(ast.parse(source))) == []


def test_nothing_is_tied_to_one_machine() -> None:
    tied = [
        f"{module}: {match}"
        for module in MODULES
        for match in ABSOLUTE_PATH.findall((ROOT / module).read_text(encoding="utf-8"))
    ]
    assert tied == []
