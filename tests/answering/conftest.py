"""Real lakes, made from log text by the real pipeline."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from shutil import copytree

import pytest

from answering.open_case import OpenCase
from answering.pipeline import investigate
from core.claim import VerdictStatus
from core.ignore import IgnoreEntry
from core.report import Report
from core.selector import Selector
from detection.ruleset import load_rules
from detection.scanner import Scanner
from ingestion.fetch.expand import expand
from ingestion.pipeline import Options, ingest
from stores.cases import Cases
from stores.lake import Lake
from tests.answering.invented import EVERYTHING, NOW, RULES, lake_in


@pytest.fixture(scope="session")
def scanner() -> Scanner:
    return Scanner(RULES)


@pytest.fixture
def lake_of(tmp_path: Path, scanner: Scanner) -> Iterator[Callable[..., Lake]]:
    """Make a lake of files given as `name="text"`; an underscore in a name stands for a dot."""
    with ExitStack() as stack:
        yield lambda **files: stack.enter_context(lake_in(tmp_path, scanner, files))


@pytest.fixture
def report_of(lake_of: Callable[..., Lake], scanner: Scanner) -> Callable[..., Report]:
    """The report of files given as `name="text"`, of what `selector` picks."""

    def make(selector: Selector = EVERYTHING, **files: str) -> Report:
        return investigate(lake_of(**files), RULES, scanner, case="case", now=NOW, selector=selector)

    return make


@pytest.fixture(scope="session")
def production() -> Scanner:
    """The rules that Akashi brings along."""
    return Scanner(load_rules())


@pytest.fixture
def found_in(tmp_path: Path, production: Scanner) -> Iterator[Callable[..., tuple[Lake, Report]]]:
    """Lake and report by the rules that Akashi brings along; every claim of it is verified."""
    with ExitStack() as stack:

        def make(**files: str) -> tuple[Lake, Report]:
            lake = stack.enter_context(lake_in(tmp_path, production, files))
            report = investigate(lake, production.ruleset, production, case="case", now=NOW)
            assert {one.verdict.status for one in report.claims} <= {VerdictStatus.VERIFIED}
            return lake, report

        yield make


@pytest.fixture
def lines_of(found_in: Callable[..., tuple[Lake, Report]]) -> Callable[..., dict[str, list[int]]]:
    """Line numbers of each type that the rules and behaviours Akashi brings along find in the first file."""

    def make(**files: str) -> dict[str, list[int]]:
        lake, report = found_in(**files)
        return {one.type.value: lake.line_numbers(one.selector).get(1, []) for one in report.findings}

    return make


Opener = Callable[..., OpenCase]
Shelf = dict[tuple[Scanner, frozenset[tuple[str, str | bytes]]], Path]


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """Copies of cases that were opened, by scanner and files: the same files need not be read and judged twice."""
    return {}


@pytest.fixture
def opened(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, production: Scanner, shelf: Shelf
) -> Iterator[Opener]:
    """Open a case of files given as `{name: text or bytes}`."""
    with ExitStack() as stack:

        def make(
            files: Mapping[str, str | bytes],
            *,
            read_with: Collection[str] = (),
            ignores: Sequence[IgnoreEntry] = (),
            scanner: Scanner = production,
        ) -> OpenCase:
            known = (scanner, frozenset(files.items()))
            case_dir = tmp_path / "cases" / "case"
            first = not case_dir.exists()
            if first and known in shelf:
                copytree(shelf[known], case_dir)
            else:
                read_files(tmp_path, files, scanner)
            case = OpenCase.open(
                case_dir, scanner.ruleset, scanner, case="case", now=NOW, read_with=read_with, ignores=ignores
            )
            stack.enter_context(case)
            if first and known not in shelf:
                shelf[known] = copytree(case_dir, tmp_path_factory.mktemp("shelf") / "case")
            return case

        yield make


def read_files(folder: Path, files: Mapping[str, str | bytes], scanner: Scanner) -> None:
    """Files in the folder, and a case beside them with their lines."""
    case_dir = Cases(folder / "cases").create("case")
    for name, text in files.items():
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    with expand([folder / name for name in files]) as found:
        ingest(case_dir, found.inputs, scanner, Options(), NOW)
