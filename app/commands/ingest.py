"""`akashi ingest`: read logs into a case."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from app.commands.index import index_now, indexed_facts, indexed_lines
from app.commands.options import (
    Case,
    DataDir,
    Exit,
    Json,
    Language,
    RulesDir,
    complain,
    error_facts,
    now,
    refusals,
    say,
)
from app.i18n import coded, error_text, number, text
from app.inert import inert
from app.reading import Engine, Reading, engine, read_into, rules_folder
from app.render.json import accounting_facts, dumps
from core.errors import CaseError
from core.source import Accounting
from detection.scanner import Scanner
from ingestion.fetch.expand import expand
from ingestion.pipeline import Ingested, Options
from ingestion.pipeline import Progress as Step
from stores.cases import Cases

Paths = Annotated[list[str], typer.Argument(help="Files, folders, globs; - is standard input.", show_default=False)]
Format = Annotated[
    str | None, typer.Option("--format", help="Format name, or a log_format / LogFormat string (default: detect).")
]
Zone = Annotated[str | None, typer.Option("--timezone", help="Zone of lines that write none, e.g. Asia/Tokyo.")]
Year = Annotated[int | None, typer.Option("--year", min=1970, max=9999, help="Year of lines that write none.")]
Index = Annotated[bool, typer.Option("--index/--no-index", help="Make the new lines findable by meaning as well.")]


@refusals
def ingest(
    paths: Paths,
    *,
    data_dir: DataDir,
    lang: Language,
    case: Case = "default",
    rules_dir: RulesDir = None,
    log_format: Format = None,
    timezone: Zone = None,
    year: Year = None,
    index: Index = True,
    as_json: Json = False,
) -> None:
    """Read logs into a case and make it findable; what is known already adds nothing."""
    known = engine(rules_folder(data_dir, rules_dir))
    case_dir = Cases(data_dir).create(case)
    reading = read_paths(case_dir, paths, Options(format=log_format, zone=timezone, year=year), now(), known.scanner)
    facts = reading_facts(reading, case, lang) if as_json else {}
    if not as_json:
        print_reading(reading, lang)
    if index and any(result.new_lines for result in reading.results):
        facts["index"] = _index(data_dir, case_dir, known, lang, as_json=as_json)
    if as_json:
        say(dumps(facts))
    if reading.failed:
        raise typer.Exit(Exit.REFUSED)


def _index(data_dir: Path, case_dir: Path, known: Engine, lang: str, *, as_json: bool) -> dict[str, object]:
    """Every line has been kept and can be asked about by now; another process at the same work is no trouble."""
    try:
        done, seconds = index_now(data_dir, case_dir, known, lang)
    except CaseError as error:
        if not as_json:
            complain(error_text(error, lang))
        return {"error": error_facts(error, lang)}
    if not as_json:
        for line in indexed_lines(done, seconds, lang):
            say(line)
    return indexed_facts(done, case_dir.name, seconds)


def read_paths(case_dir: Path, paths: Sequence[str], options: Options, at: datetime, scanner: Scanner) -> Reading:
    """Expand what was named and ingest it, with a progress bar where somebody watches."""
    stdin = None if sys.stdin.isatty() else sys.stdin.buffer
    found = expand(paths, stdin, spool=case_dir)
    with progress_bar() as advance:
        return read_into(case_dir, [found], options, at, scanner, advance)


class _Bar:
    """Feeds a rich bar from the pipeline's progress."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)

    def __call__(self, step: Step) -> None:
        total = step.total or None
        self._bar.update(self._task, completed=step.done, total=total, description=inert(step.name)[-40:])


@contextmanager
def progress_bar() -> Iterator["_Bar"]:
    """A bar on stderr; invisible when stderr is no terminal."""
    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield _Bar(bar)


def accounting_text(accounting: Accounting, lang: str) -> str:
    """`400 lines = 398 parsed + …`."""
    facts = {key: number(value) for key, value in accounting_facts(accounting).items() if isinstance(value, int)}
    return text("cli.accounting", lang, **facts)


def print_reading(reading: Reading, lang: str) -> None:
    """One paragraph per input on stdout, refusals on stderr."""
    for result in reading.results:
        _print_result(result, lang)
    for skipped in reading.skipped:
        say(f"{inert(skipped.name)}: {coded('skipped', skipped.code, lang)}")
    for refusal in reading.refusals:
        complain(error_text(refusal, lang))
    if not reading.results:
        complain(text("cli.nothing_read", lang))


def _print_result(result: Ingested, lang: str) -> None:
    if result.error is not None:
        complain(f"{inert(result.name)}: {error_text(result.error, lang)}")
        return
    status = text(f"status.{result.status}", lang)
    source = result.source
    if source is None:
        say(f"{inert(result.name)}: {status}")
        return
    say(f"{inert(result.name)}: {status} · {source.dataset} · +{number(result.new_lines)}")
    say(f"  {accounting_text(source.accounting, lang)}")
    for note in source.notes:
        say(f"  {coded('note', note, lang)}")


def reading_facts(reading: Reading, case: str, lang: str) -> dict[str, object]:
    """The same as JSON."""
    return {
        "case": case,
        "inputs": [
            {
                "name": result.name,
                "status": str(result.status),
                "new_lines": result.new_lines,
                "format": result.source.dataset if result.source else None,
                "accounting": accounting_facts(result.source.accounting) if result.source else None,
                "notes": list(result.source.notes) if result.source else [],
                "error": error_facts(result.error, lang) if result.error else None,
            }
            for result in reading.results
        ],
        "refused": [error_facts(refusal, lang) for refusal in reading.refusals],
        "skipped": [{"name": skipped.name, "code": skipped.code} for skipped in reading.skipped],
    }
