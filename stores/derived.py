"""What was worked out from one state of a case, kept beside it so that the next process need not do it again.

Nothing in here is evidence: every file can be deleted at any time, and is made again.
"""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from shutil import rmtree

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = "derived"
_KEPT = 2
"""States kept: the newest, and the one before, which a reader elsewhere may still look at."""


@lru_cache(maxsize=1)
def code_state() -> str:
    """Digest of the sources that results depend on: other code may find something else in the same lines."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for room in ("answering", "core", "detection", "stores"):
        for path in sorted((root / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


class Derived:
    """The folder of one state; `facts` are all that the results depend on beside the code."""

    def __init__(self, case_dir: Path, facts: Iterable[str]) -> None:
        self._root = case_dir / FOLDER
        self._folder = self._root / hashlib.sha256("\0".join((code_state(), *facts)).encode()).hexdigest()[:32]

    def holds(self, name: str) -> bool:
        """Whether a table was kept under the name; it may be damaged."""
        return (self._folder / f"{name}.parquet").is_file()

    def table(self, name: str) -> pa.Table | None:
        """What was kept under the name; None when nothing was, or it cannot be read."""
        try:
            return pq.ParquetFile(self._folder / f"{name}.parquet").read()
        except (OSError, pa.ArrowException):
            return None

    def text(self, name: str) -> bytes | None:
        """The same for bytes."""
        try:
            return (self._folder / f"{name}.json").read_bytes()
        except OSError:
            return None

    def keep_table(self, name: str, table: pa.Table) -> None:
        """Keep it for the next process; where that cannot be done (disk full, read-only), it is worked out again."""
        self._keep(f"{name}.parquet", lambda path: pq.write_table(table, path, compression="snappy"))

    def keep_text(self, name: str, text: bytes) -> None:
        """The same for bytes."""
        self._keep(f"{name}.json", lambda path: path.write_bytes(text))

    def _keep(self, name: str, write: Callable[[Path], object]) -> None:
        staged = self._folder / f".{token_hex(8)}"
        try:
            new = not self._folder.is_dir()
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write(staged)
            staged.replace(self._folder / name)
            if new:
                self._drop_older()
        except (OSError, pa.ArrowException):
            with suppress(OSError):
                staged.unlink()

    def _drop_older(self) -> None:
        folders = sorted((one for one in self._root.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime)
        for folder in folders[:-_KEPT]:
            if folder != self._folder:
                rmtree(folder, ignore_errors=True)
