"""The query engine reaches the files of its case and nothing else, whatever SQL it is given."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from core.errors import StorageError
from stores.cases import Cases
from stores.engine import Engine
from tests.stores.filling import fill

SECRET = "swordfish"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    case_dir = Cases(tmp_path).create("a")
    fill(case_dir, "web.log", b"1 10.0.0.1 GET / 200\n")
    (tmp_path / "secret.csv").write_text(SECRET)
    engine = Engine(case_dir / "segments")
    yield engine
    engine.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM SECRET",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('{root}/secret.csv')",
        "SELECT * FROM '{root}/secret.csv'",
        "SELECT * FROM read_text('{root}/a/segments/../../secret.csv')",
        "SELECT * FROM read_text('{root}/a/registry.sqlite')",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '{root}/stolen.csv'",
        "EXPORT DATABASE '{root}/stolen'",
        "ATTACH '{root}/stolen.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '10GB'",
        "SET python_enable_replacements = true",
        "SELECT getenv('HOME')",
    ],
)
def test_refused(engine: Engine, tmp_path: Path, sql: str) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StorageError):
        engine.rows(sql.format(root=tmp_path), {})
    assert sorted(tmp_path.iterdir()) == before


def test_its_own_files_are_read(engine: Engine, tmp_path: Path) -> None:
    (file,) = (tmp_path / "a" / "segments").iterdir()
    assert engine.rows("SELECT count(*) FROM read_parquet($f)", {"f": str(file)}) == [(1,)]


def test_too_large_a_query_is_named(engine: Engine) -> None:
    with pytest.raises(StorageError, match="query_too_large"):
        engine.rows("SELECT a, count(*) FROM range(40000000) r(a) GROUP BY a ORDER BY 2, 1", {})


def test_many_kept_rows_leave_room_for_queries(engine: Engine) -> None:
    """Each batch takes 64 MB as it comes, and all of them more than queries may."""
    line = pa.array(range(1_000_000))
    for _ in range(10):
        engine.keep("kept_rows", pa.table({f"column_{number}": line for number in range(8)}))
    assert engine.rows("SELECT count(*), max(column_7) FROM kept_rows", {}) == [(10_000_000, 999_999)]
