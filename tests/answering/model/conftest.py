"""One case for all tests of what a model adds to an answer; nothing writes to it."""

from collections.abc import Iterator

import pytest

from answering.open_case import OpenCase
from detection.scanner import Scanner
from tests.answering.model.told import opened


@pytest.fixture(scope="package")
def case(tmp_path_factory: pytest.TempPathFactory, scanner: Scanner) -> Iterator[OpenCase]:
    with opened(tmp_path_factory.mktemp("told"), scanner) as found:
        yield found
