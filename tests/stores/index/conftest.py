"""A case to index."""

from pathlib import Path

import pytest

from stores.cases import Cases


@pytest.fixture
def cases(tmp_path: Path) -> Cases:
    return Cases(tmp_path / "data")


@pytest.fixture
def case_dir(cases: Cases) -> Path:
    return cases.create("incident")
