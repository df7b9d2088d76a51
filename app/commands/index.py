"""`akashi index`: make a case findable by meaning and by words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from app.commands.options import Case, DataDir, Json, Language, RulesDir, now, refusals, say
from app.i18n import coded, number, text
from app.model_access import access
from app.reading import Engine, engine, rules_folder
from app.render.json import dumps
from stores.cases import Cases

if TYPE_CHECKING:
    from ingestion.index import Indexed, Progress

Rebuild = Annotated[bool, typer.Option("--rebuild", help="Forget the index and make it anew from the lines.")]


@refusals
def index(
    *,
    data_dir: DataDir,
    lang: Language,
    case: Case = "default",
    rules_dir: RulesDir = None,
    rebuild: Rebuild = False,
    as_json: Json = False,
) -> None:
    """Bring the index of a case up to date; questions are answered meanwhile and without it."""
    case_dir = Cases(data_dir).open(case)
    done, seconds = index_now(data_dir, case_dir, engine(rules_folder(data_dir, rules_dir)), lang, rebuild=rebuild)
    if as_json:
        say(dumps(indexed_facts(done, case, seconds)))
        return
    for line in indexed_lines(done, seconds, lang):
        say(line)


def index_now(
    data_dir: Path, case_dir: Path, known: Engine, lang: str, *, rebuild: bool = False
) -> tuple["Indexed", float]:
    """What the job did and how many seconds it took, with a progress bar where somebody watches."""
    from app.indexing import index as bring_up_to_date

    started = perf_counter()
    with _bar(lang) as advance:
        done = bring_up_to_date(data_dir, case_dir, known, now(), access=access(), rebuild=rebuild, progress=advance)
    return done, perf_counter() - started


def indexed_facts(done: "Indexed", case: str, seconds: float) -> dict[str, object]:
    """What was done, as JSON."""
    built = done.built
    return {
        "case": case,
        "made": done.made,
        "repaired": list(done.repaired),
        "lines": built.lines if built else 0,
        "chunks": built.chunks if built else 0,
        "suspicious": built.suspicious if built else 0,
        "shapes": built.shapes if built else 0,
        "added": done.added,
        "kept": done.kept,
        "dropped": done.dropped,
        "bytes": done.bytes,
        "seconds": round(seconds, 2),
    }


def indexed_lines(done: "Indexed", seconds: float, lang: str) -> Iterator[str]:
    """The same in words."""
    for code in done.repaired:
        yield coded("repaired", code, lang)
    if done.built is not None:
        facts = {name: number(getattr(done.built, name)) for name in ("lines", "chunks", "suspicious", "shapes")}
        yield text("index.made" if done.made else "index.current", lang, **facts)
    yield text("index.vectors", lang, added=number(done.added), kept=number(done.kept), dropped=number(done.dropped))
    yield text("index.cost", lang, seconds=f"{seconds:.1f}", megabytes=f"{done.bytes / 1e6:.1f}")


class _Steps:
    """Feeds a rich bar from the job's progress."""

    def __init__(self, bar: Bar, lang: str) -> None:
        self._bar = bar
        self._lang = lang
        self._task = bar.add_task("", total=None)

    def __call__(self, step: "Progress") -> None:
        words = coded("index", step.stage, self._lang)
        self._bar.update(self._task, completed=step.done, total=step.total, description=words)


@contextmanager
def _bar(lang: str) -> Iterator[_Steps]:
    """A bar on stderr; invisible when stderr is no terminal."""
    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield _Steps(bar, lang)
