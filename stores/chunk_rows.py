"""Rows spread over Parquet files that are held open: single rows, whole columns, one file after the other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.arrow import empty, numbers
from core.errors import StorageError
from stores.chunk_files import File


class Rows:
    """The rows of some files one behind the other, numbered from 0; all files have the columns of `schema`.

    Raises `FileNotFoundError` when a file is gone at the start, and `StorageError("chunks_damaged")` when one is not
    what it was when it was written.
    """

    def __init__(self, folder: Path, files: Sequence[File], schema: pa.Schema) -> None:
        self._schema = schema
        self._files: list[tuple[str, pq.ParquetFile]] = []
        try:
            for one in files:
                self._files.append((one.name, _opened(folder / one.name, one)))
        except BaseException:
            self.close()
            raise
        self._groups = [
            (place, group) for place, (_, file) in enumerate(self._files) for group in range(file.num_row_groups)
        ]
        sizes = [self._files[place][1].metadata.row_group(group).num_rows for place, group in self._groups]
        self._starts = np.cumsum([0, *sizes])
        self.count = int(self._starts[-1])

    def close(self) -> None:
        """Lets go of the files."""
        for _, file in self._files:
            file.close()

    def take(self, places: NDArray[np.int64], names: Sequence[str] | None = None) -> pa.Table:
        """These rows in the order asked (of these columns); only groups that hold one of them are unpacked."""
        ordered = np.unique(places)
        held = np.unique(np.searchsorted(self._starts, ordered, side="right") - 1)
        found = []
        for group in held.tolist():
            low, high = np.searchsorted(ordered, (self._starts[group], self._starts[group + 1]))
            found.append(self._group(group, names).take(numbers(ordered[low:high] - self._starts[group])))
        if not found:
            return empty(self._schema if names is None else pa.schema([self._schema.field(name) for name in names]))
        return pa.concat_tables(found).take(numbers(np.searchsorted(ordered, places)))

    def columns(self, names: Sequence[str]) -> pa.Table:
        """All rows of these columns."""
        found = list(self.tables(names))
        return pa.concat_tables(found) if found else empty(pa.schema([self._schema.field(name) for name in names]))

    def tables(self, names: Sequence[str]) -> Iterator[pa.Table]:
        """The rows of these columns file by file."""
        for name, file in self._files:
            with _damage(name):
                table = file.read(columns=list(names), use_threads=False)
            yield table.select(list(names))

    def _group(self, number: int, names: Sequence[str] | None) -> pa.Table:
        place, group = self._groups[number]
        name, file = self._files[place]
        with _damage(name):
            return file.read_row_group(group, columns=names and list(names), use_threads=False)


def _opened(path: Path, known: File) -> pq.ParquetFile:
    with _damage(known.name):
        file = pq.ParquetFile(path, page_checksum_verification=True)
        if path.stat().st_size == known.size and file.metadata.num_rows == known.rows:
            return file
        file.close()
    raise StorageError("chunks_damaged", file=known.name)


@contextmanager
def _damage(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (OSError, pa.ArrowException) as fault:
        raise StorageError("chunks_damaged", file=name) from fault
