"""Where a physical line lives: which source, which line number."""

from dataclasses import dataclass
from typing import NewType

SourceId = NewType("SourceId", str)
"""First 16 hex digits of the SHA-256 of the source's content when it was first read."""


@dataclass(frozen=True, slots=True, order=True)
class LineRef:
    """One physical line: `line` is the ordinal of LF-terminated lines from 1, as `sed -n Np` counts."""

    source: SourceId
    line: int
