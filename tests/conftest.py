"""Settings of the whole suite."""

import os

from hypothesis import settings

# No deadlines (the machine may be busy); in CI the same examples every time, elsewhere new ones are explored.
settings.register_profile("suite", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.load_profile("suite")
