"""DuckDB as a locked-down query engine: it reads the segment files of one case and nothing else."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from core.errors import StorageError

_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "memory_limit": "512MB",
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "preserve_insertion_order": False,
}
_KEPT = ("ATTACH ':memory:' AS kept (COMPRESS)", "USE kept")
"""Where tables are made: columns of in-memory tables are only compressed in such a database, by a checkpoint."""

MANY_ROWS = 100_000
"""So many rows are compressed once they are kept: to a tenth and less, and the memory of queries is bounded."""

_LOCKS = (
    "SET parquet_metadata_cache = true",
    "SET python_enable_replacements = false",  # else SQL could name the caller's Python variables
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)

Params = Mapping[str, object]


class Engine:
    """One in-memory database; calls from several threads take turns."""

    def __init__(self, folder: Path) -> None:
        self._connection = duckdb.connect(":memory:", config=_LIMITS)
        allowed = [f"{folder}/", f"{escape(str(folder))}/"]  # a name with wildcards is only found as a pattern
        self._connection.execute("SET allowed_directories = ?", [allowed])
        for setting in (*_KEPT, *_LOCKS):
            self._connection.execute(setting)
        self._turn = threading.Lock()

    def close(self) -> None:
        """Ends the database and frees its memory."""
        with self._turn:
            self._connection.close()

    def table(self, sql: str, params: Params, **given: pa.Table) -> pa.Table:
        """All rows of one SELECT, which may name the `given` tables."""
        with self._turn, _engine_faults(), self._given(given):
            return self._connection.sql(sql, params=dict(params)).to_arrow_table()

    def rows(self, sql: str, params: Params, **given: pa.Table) -> list[tuple[Any, ...]]:
        """The same as Python values."""
        with self._turn, _engine_faults(), self._given(given):
            return self._connection.execute(sql, dict(params)).fetchall()

    def keep(self, name: str, table: pa.Table) -> None:
        """Appends rows to the in-memory table `name`, made when it does not exist."""
        with self._turn, _engine_faults(), self._given({"incoming": table}):
            self._connection.execute(f"CREATE TABLE IF NOT EXISTS {name} AS SELECT * FROM incoming LIMIT 0")
            self._connection.execute(f"INSERT INTO {name} SELECT * FROM incoming")
            self._compress(table.num_rows)

    def insert(self, name: str, sql: str, params: Params) -> None:
        """Appends the rows of one SELECT to the in-memory table `name`."""
        with self._turn, _engine_faults():
            rows = self._connection.execute(f"INSERT INTO {name} {sql}", dict(params)).fetchall()
            self._compress(int(rows[0][0]))

    def select_into(self, name: str, sql: str, params: Params) -> int:
        """Keeps the rows of one SELECT as the in-memory table `name`; gives their number."""
        with self._turn, _engine_faults():
            self._connection.execute(f"CREATE TABLE {name} AS {sql}", dict(params))
            rows = int(self._connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])
            self._compress(rows)
            return rows

    def _compress(self, rows: int) -> None:
        if rows >= MANY_ROWS:
            self._connection.execute("CHECKPOINT kept")

    def view(self, name: str, sql: str) -> None:
        """Names a SELECT without parameters over in-memory tables."""
        with self._turn, _engine_faults():
            self._connection.execute(f"CREATE VIEW {name} AS {sql}")

    def drop(self, name: str) -> None:
        """Forgets an in-memory table."""
        with self._turn, _engine_faults():
            self._connection.execute(f"DROP TABLE IF EXISTS {name}")

    @contextmanager
    def _given(self, tables: Mapping[str, pa.Table]) -> Iterator[None]:
        for name, table in tables.items():
            self._connection.register(name, table)
        try:
            yield
        finally:
            for name in tables:
                self._connection.unregister(name)


@contextmanager
def _engine_faults() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as fault:
        raise StorageError(_code(fault), reason=type(fault).__name__) from fault


def _code(fault: duckdb.Error) -> str:
    if isinstance(fault, duckdb.OutOfMemoryException):
        return "query_too_large"
    if isinstance(fault, duckdb.IOException):
        return "segment_missing"
    return "query_failed"
