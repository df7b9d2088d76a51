"""A provider and a case for the tests of the models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.stubs.openai import OpenAIStub
from stores.cases import Cases


@pytest.fixture
def stub() -> Iterator[OpenAIStub]:
    with OpenAIStub() as server:
        yield server


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Cases(tmp_path).create("case")
