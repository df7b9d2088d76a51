"""Settings of the whole suite; compiled rules are kept, so that not every module compiles the shipped ones again."""

import gc
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

from detection import scanner

# No deadlines (the machine may be busy); in CI the same examples every time, elsewhere new ones are explored.
settings.register_profile("suite", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.load_profile("suite")

KEPT = Path(__file__).parents[1] / ".cache" / "rules"
MANY = 50
"""Sets with so many rules take seconds to compile: the shipped ones, with or without some of a test's own."""
_made = scanner._database


def _kept(ruleset: scanner.RuleSet, cache: Path | None) -> object:
    """The product's own cache, named by the patterns it holds, also for those who do not ask for one."""
    return _made(ruleset, cache or (KEPT if len(ruleset.rules) >= MANY else None))


vars(scanner)["_database"] = _kept


def pytest_sessionstart(session: pytest.Session) -> None:
    """Forget what was compiled of rules that have changed since."""
    if not hasattr(session.config, "workerinput"):
        for old in sorted(KEPT.glob("*.hsdb"), key=lambda path: path.stat().st_mtime)[:-20]:
            with suppress(OSError):
                old.unlink()


def pytest_collection_finish() -> None:
    """What was imported stays: the collector of garbage need not look at it again after every few tests."""
    gc.collect()
    gc.freeze()
