"""The index for search made beside the pages: a process of its own, started when lines are newer, never waited for."""

from pathlib import Path


def index_line(case: str, folder: Path, lang: str) -> None:
    """A small line while the index is being made."""
