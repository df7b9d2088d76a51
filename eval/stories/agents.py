"""User agents of the people and programs in the stories, read from `agents.toml`."""

import tomllib
from pathlib import Path
from typing import Any

_READ: dict[str, Any] = tomllib.loads(Path(__file__).with_name("agents.toml").read_text(encoding="utf-8"))

BROWSERS: tuple[str, ...] = tuple(_READ["browsers"])
NAMED: dict[str, str] = _READ["named"]
"""Programs by the short name that stories and hand-written requests use."""
