"""Settings of the whole suite."""

import gc
import os

import pytest
from hypothesis import settings

from tests import kept_rules

# No deadlines (the machine may be busy); in CI the same examples every time, elsewhere new ones are explored. The
# everyday gate asks for `--hypothesis-profile everyday`, which tries fewer; the whole suite tries all.
settings.register_profile("suite", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.register_profile("everyday", parent=settings.get_profile("suite"), max_examples=25)
settings.load_profile("suite")
kept_rules.install()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Only the process that starts the others tidies up."""
    if not hasattr(session.config, "workerinput"):
        kept_rules.forget_old()


def pytest_collection_finish() -> None:
    """What was imported stays: the collector of garbage need not look at it again and again."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """At the end all of it is let go of, or libraries complain of what they take for leaks."""
    gc.unfreeze()
