"""A case folder to write into."""

from pathlib import Path

import pytest

from stores.cases import Cases


@pytest.fixture
def case_dir(tmp_path: Path) -> Path:
    return Cases(tmp_path / "data").create("incident")
