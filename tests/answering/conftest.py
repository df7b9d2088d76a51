"""Real lakes, made from log text by the real pipeline."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from answering.pipeline import investigate
from core.report import Report
from core.selector import Selector
from detection.scanner import Scanner
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
