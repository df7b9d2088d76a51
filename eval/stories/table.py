"""The one list of suites, by name."""

from collections.abc import Iterator

from eval.stories.case import CaseFiles
from eval.stories.hard_benign import benign_hard


def suites() -> Iterator[tuple[str, CaseFiles]]:
    """Every suite: its name and its files."""
    yield "benign_hard", benign_hard()
