"""Raw log lines as production reads and scans them."""

from datetime import UTC

from core.event import TimeSource
from detection.scanner import Scanner
from ingestion.fetch.blocks import Block
from ingestion.parse.messages import Calendar
from ingestion.parse.table import recognise
from ingestion.parse.years import YearPlan
from ingestion.parse.zones import LocalTime
from ingestion.segment import Plan, Segment, build

CALENDAR = Calendar(LocalTime(UTC, TimeSource.ASSUMED), YearPlan(2026))


def read(line: str, scanner: Scanner) -> Segment:
    """One line as a source of its own."""
    data = line.encode() + b"\n"
    return build(Block(data, 1, 0, 1, True), Plan(0, recognise(data), CALENDAR), scanner)


def fired(line: str, scanner: Scanner) -> set[str]:
    """Ids of the rules that hit the line."""
    return set(read(line, scanner).hits.column("rule.id").to_pylist())
