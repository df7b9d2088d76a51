"""Real lakes, made from log text by the real pipeline."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from answering.pipeline import investigate
from core.report import Report
from core.selector import Selector
from detection.scanner import Scanner
from ingestion.fetch.expand import expand
from ingestion.pipeline import Options, ingest
from stores.cases import Cases
from stores.lake import Lake
from tests.answering.invented import EVERYTHING, NOW, RULES


@pytest.fixture(scope="session")
def scanner() -> Scanner:
    return Scanner(RULES)


@pytest.fixture
def lake_of(tmp_path: Path, scanner: Scanner) -> Iterator[Callable[..., Lake]]:
    """Make a lake of files given as `name="text"`; an underscore in a name stands for a dot."""
    with ExitStack() as stack:

        def make(**files: str) -> Lake:
            case_dir = Cases(tmp_path / "cases").create("case")
            paths = []
            for name, text in files.items():
                path = tmp_path / name.replace("_", ".")
                path.write_bytes(text.encode("utf-8"))
                paths.append(path)
            if paths:
                found = stack.enter_context(expand(paths))
                ingest(case_dir, found.inputs, scanner, Options(), NOW)
            return stack.enter_context(Lake.open(case_dir))

        yield make


@pytest.fixture
def report_of(lake_of: Callable[..., Lake], scanner: Scanner) -> Callable[..., Report]:
    """The report of files given as `name="text"`, of what `selector` picks."""

    def make(selector: Selector = EVERYTHING, **files: str) -> Report:
        return investigate(lake_of(**files), RULES, scanner, case="case", now=NOW, selector=selector)

    return make
