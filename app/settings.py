"""Settings of this run: the environment is read here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.i18n import language_of

DATA_DIR = "AKASHI_DATA_DIR"
RULES_DIR = "AKASHI_RULES_DIR"
BEHIND_PROXY = "AKASHI_BEHIND_PROXY"
RULES_FOLDER = "rules"
"""Where the user's rules are, inside the data folder, unless something else is said; no case has this name."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where cases live, which language is preferred, and whether something in front of the app authenticates.

    `cache_dir` holds compiled rules only; it may be deleted at any time. `rules_dir` is the folder of the user's rules
    when one is named (None: `rules` in the data folder, if it exists).
    """

    data_dir: Path
    cache_dir: Path
    language: str = "en"
    behind_proxy: bool = False
    rules_dir: Path | None = None


def default_data_dir(environment: Mapping[str, str]) -> Path:
    """`$XDG_DATA_HOME/akashi`, by default `~/.local/share/akashi`."""
    base = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "akashi"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `AKASHI_DATA_DIR`, `AKASHI_RULES_DIR`, `AKASHI_BEHIND_PROXY` and the usual locale variables."""
    folder = environment.get(DATA_DIR)
    rules = environment.get(RULES_DIR)
    locale = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG")
    return Settings(
        data_dir=Path(folder).expanduser() if folder else default_data_dir(environment),
        cache_dir=Path(environment.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "akashi",
        language=language_of(locale),
        behind_proxy=environment.get(BEHIND_PROXY, "").lower() in {"1", "true", "yes"},
        rules_dir=Path(rules).expanduser() if rules else None,
    )
