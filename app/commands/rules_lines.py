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
from ingestion.pipeline import Options, format_of
from stores.cases import Cases

if TYPE_CHECKING:  # loaded by the commands that need it
    from stores.lake import Lake

Place = tuple[int, int]
"""Number of the source, line number in it."""


@contextmanager
def lake_of(
    lines: Sequence[bytes], scanner: Scanner, log_format: str | None = None
) -> Iterator[tuple["Lake", dict[Place, int]]]:
    """Every line read in the format that fits it alone; and which of the lines is at a place of the lake.

    Lines of one format are one source: a source a line takes most of a second for every hundred lines.
    """
    from stores.lake import Lake

    places: dict[Place, int] = {}
    with TemporaryDirectory(prefix="akashi-rules-") as folder:
        case_dir = Cases(Path(folder)).create("lines")
        for name, numbers in _by_format(lines, log_format).items():
            data = b"".join(lines[number] + b"\n" for number in numbers)
            found = [from_stream(f"lines {name}", BytesIO(data))]
            [result] = read_into(case_dir, found, Options(format=name), now(), scanner, lambda _: None).results
            if result.error is not None:
                raise result.error
            if result.source is not None:
                places |= {(result.source.number, at): number for at, number in _physical(lines, numbers)}
        with Lake.open(case_dir) as lake:
            yield lake, places


def _by_format(lines: Sequence[bytes], log_format: str | None) -> dict[str | None, list[int]]:
    found: dict[str | None, list[int]] = {}
    for number, line in enumerate(lines):
        found.setdefault(log_format or format_of(line), []).append(number)
    return found


def _physical(lines: Sequence[bytes], numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(line number in the source, number of the line it belongs to): what was given as one line may hold LFs."""
    owners = (number for number in numbers for _ in lines[number].split(b"\n"))
    yield from enumerate(owners, 1)
