"""From paths or uploads to a verified report: the same steps for the command line and the pages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.settings import RULES_FOLDER, from_environment
from core.errors import InputError
from core.ignore import IgnoreEntry
from core.report import Report
from core.taxonomy import AttackType
from detection.ruleset import BUILT_IN_FOLDERS, RuleSet, load_rules
from detection.scanner import Scanner
from ingestion.fetch.expand import Expansion, Skipped
from ingestion.pipeline import Ingested, Options, Progress, ingest
from stores.rules_seen import note_rules, rules_seen

if TYPE_CHECKING:  # what only reports need is loaded by the first report: reading logs starts without it
    from answering.open_case import OpenCase
    from stores.lake import Lake


@dataclass(frozen=True, slots=True)
class Engine:
    """Rules and the scanner compiled from them; one of each serves the whole process."""

    rules: RuleSet
    scanner: Scanner


def rules_folder(data_dir: Path, named: Path | None) -> Path | None:
    """The folder of the user's rules: the one that was named here or in the settings, else `rules` in the data folder.

    A named folder that does not exist is refused: `InputError("no_rules_folder")`.
    """
    named = from_environment().rules_dir if named is None else named.expanduser()
    if named is not None and not named.is_dir():
        raise InputError("no_rules_folder", path=str(named))
    folder = named or data_dir / RULES_FOLDER
    return folder.resolve() if folder.is_dir() else None


def engine(folder: Path | None) -> Engine:
    """The built-in rules and those of the user's folder, compiled once for each state of its files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder is not None else []
    return _engine(folder, tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files))


@lru_cache(maxsize=2)
def _engine(folder: Path | None, _state: tuple[tuple[str, int, int], ...]) -> Engine:
    """The compiled form is kept for the next start where that is possible."""
    rules = load_rules(*BUILT_IN_FOLDERS, *([folder] if folder is not None else []))
    return Engine(rules, Scanner(rules, from_environment().cache_dir))


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of everything that was named: inputs, refusals, and files passed over."""

    results: tuple[Ingested, ...]
    refusals: tuple[InputError, ...]
    skipped: tuple[Skipped, ...]

    @property
    def failed(self) -> bool:
        """Whether anything was refused or failed."""
        return bool(self.refusals) or any(result.error is not None for result in self.results)


def read_into(
    case_dir: Path,
    found: Sequence[Expansion],
    options: Options,
    now: datetime,
    scanner: Scanner,
    progress: Callable[[Progress], None],
) -> Reading:
    """Ingest what was found into a case; spooled streams are released afterwards."""
    try:
        inputs = [entry for expansion in found for entry in expansion.inputs]
        results = ingest(case_dir, inputs, scanner, options, now, progress).inputs if inputs else ()
        if any(result.new_lines for result in results):
            note_rules(case_dir, scanner.ruleset.version)
    finally:
        for expansion in found:
            expansion.close()
    return Reading(
        tuple(results),
        tuple(refusal for expansion in found for refusal in expansion.refusals),
        tuple(skipped for expansion in found for skipped in expansion.skipped),
    )


@dataclass(frozen=True, slots=True)
class Investigation:
    """An open case, the report of all of it, and the ignore list both were made with."""

    opened: "OpenCase"
    report: Report
    ignores: tuple[IgnoreEntry, ...] = ()

    @property
    def lake(self) -> "Lake":
        """The snapshot the report was computed from (behaviours' hits included)."""
        return self.opened.lake

    def line_numbers(self) -> dict[AttackType, dict[int, list[int]]]:
        """Line numbers of each finding by source number."""
        return {finding.type: self.lake.line_numbers(finding.selector) for finding in self.report.findings}


def open_investigation(
    case_dir: Path, case: str, known: Engine, now: datetime, ignores: tuple[IgnoreEntry, ...] = ()
) -> Investigation:
    """Count over all lines of a case, but for what is ignored; whoever opens it closes the lake."""
    from answering.open_case import OpenCase

    opened = OpenCase.open(
        case_dir, known.rules, known.scanner, case=case, now=now, ignores=ignores, read_with=rules_seen(case_dir)
    )
    try:
        return Investigation(opened, opened.report(), ignores)
    except BaseException:
        opened.close()
        raise


@contextmanager
def investigation(
    case_dir: Path, case: str, known: Engine, now: datetime, ignores: tuple[IgnoreEntry, ...] = ()
) -> Iterator[Investigation]:
    """The same for the length of a `with` block."""
    opened = open_investigation(case_dir, case, known, now, ignores)
    try:
        yield opened
    finally:
        opened.lake.close()
