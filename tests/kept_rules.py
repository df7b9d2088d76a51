"""Compiled rules are kept between tests and runs: the shipped ones take seconds, and dozens of tests read with them."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from detection import scanner
from detection.ruleset import RuleSet

FOLDER = Path(__file__).parents[1] / ".cache" / "rules"
MANY = 50
"""So many rules are in no set but the shipped one, with or without some of a test's own."""
MOST = 20
"""So many files are kept, of five megabytes each."""


def install() -> None:
    """Give scanners that are not told where to keep what they compile the product's own cache, in `FOLDER`.

    A file there is named by the patterns it holds: rules that change are compiled.
    """
    made = scanner._database

    def kept(ruleset: RuleSet, cache: Path | None) -> Any:  # noqa: ANN401 - as the library has it
        return made(ruleset, cache or (FOLDER if len(ruleset.rules) >= MANY else None))

    vars(scanner)["_database"] = kept


def forget_old() -> None:
    """Remove what was compiled of rules that have changed long since."""
    for old in sorted(FOLDER.glob("*.hsdb"), key=lambda path: path.stat().st_mtime)[:-MOST]:
        with suppress(OSError):
            old.unlink()
