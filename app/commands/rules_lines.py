"""Lines given on the command line, read and scanned by the whole pipeline."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.commands.options import now
from app.reading import read_into
from detection.scanner import Scanner
from ingestion.fetch.expand import from_stream
from ingestion.pipeline import Options
from stores.cases import Cases

if TYPE_CHECKING:  # loaded by the commands that need it
    from stores.lake import Lake


@contextmanager
def lake_of(
    lines: Sequence[bytes], scanner: Scanner, log_format: str | None = None
) -> Iterator[tuple["Lake", list[int]]]:
    """Every line as a source of its own (its format is recognised alone); the sources' numbers, 0 for an empty line."""
    from stores.lake import Lake

    with TemporaryDirectory(prefix="akashi-rules-") as folder:
        case_dir = Cases(Path(folder)).create("lines")
        found = [from_stream(f"line {at}", BytesIO(line + b"\n")) for at, line in enumerate(lines)]
        options = Options(format=log_format)
        reading = read_into(case_dir, found, options, now(), scanner, lambda _: None)
        for result in reading.results:
            if result.error is not None:
                raise result.error
        known: dict[bytes, int] = {}
        for line, result in zip(lines, reading.results, strict=True):
            if result.source is not None:
                known.setdefault(line, result.source.number)  # the same line again is a duplicate of the first
        with Lake.open(case_dir) as lake:
            yield lake, [known.get(line, 0) for line in lines]
