"""Compile every hot loop once, so that no user waits for the compiler: `python -m ingestion.warm`."""

from datetime import UTC

import numpy as np

from core.event import EVENT_SCHEMA, TimeSource
from detection.compiled import drop_older_code
from detection.ruleset import load_rules
from detection.scanner import Scanner
from ingestion.chunk.templates import Folder
from ingestion.chunk.vocabulary import Vocabulary
from ingestion.fetch.blocks import Block
from ingestion.parse.messages import Calendar
from ingestion.parse.table import FORMATS
from ingestion.parse.zones import LocalTime
from ingestion.segment import Plan, build
from stores.segment import complete

_LINES = (
    b'203.0.113.9 - - [02/Mar/2026:00:00:44 +0000] "GET /a%20b?c=d+e HTTP/1.1" 200 3 "-" "agent"\n'
    b'2001:db8::1 - - [02/Mar/2026:00:00:45 +0000] "\\x16\\x03" 400 - "http://host.example/" "agent"\n'
    b"not a line of any log\n"
)


def main() -> None:
    """Read and fold three lines: what that calls is compiled and kept, older machine code dropped."""
    block = Block(_LINES, 1, 0, _LINES.count(b"\n"), terminated=True)
    plan = Plan(1, FORMATS[0], Calendar(LocalTime(UTC, TimeSource.ASSUMED)))
    segment = build(block, plan, Scanner(load_rules()))
    Folder(Vocabulary(), {}).codes(complete(segment.events, EVENT_SCHEMA), np.zeros(block.lines, np.uint32))
    drop_older_code()


if __name__ == "__main__":
    main()
