"""Cases opened for questions, made of files by the real pipeline and the rules that Akashi brings along."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from answering.open_case import OpenCase
from core.ignore import IgnoreEntry
from detection.scanner import Scanner
from ingestion.fetch.expand import expand
from ingestion.pipeline import Options, ingest
from stores.cases import Cases
from tests.answering.invented import NOW

Opener = Callable[..., OpenCase]


@pytest.fixture
def opened(tmp_path: Path, production: Scanner) -> Iterator[Opener]:
    """Open a case of files given as `{name: text or bytes}`."""
    with ExitStack() as stack:

        def make(
            files: Mapping[str, str | bytes],
            *,
            read_with: Collection[str] = (),
            ignores: Sequence[IgnoreEntry] = (),
            scanner: Scanner = production,
        ) -> OpenCase:
            case_dir = Cases(tmp_path / "cases").create("case")
            for name, text in files.items():
                (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
            with expand([tmp_path / name for name in files]) as found:
                ingest(case_dir, found.inputs, scanner, Options(), NOW)
            case = OpenCase.open(
                case_dir, scanner.ruleset, scanner, case="case", now=NOW, read_with=read_with, ignores=ignores
            )
            return stack.enter_context(case)

        yield make
