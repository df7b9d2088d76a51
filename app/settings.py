"""Settings of this run: the environment and the file `.env` are read here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.env_file import NAME, read_env_file
from app.i18n import language_of
from core.errors import AkashiError

DATA_DIR = "AKASHI_DATA_DIR"
RULES_DIR = "AKASHI_RULES_DIR"
BEHIND_PROXY = "AKASHI_BEHIND_PROXY"
SESSION_MODELS = "AKASHI_SESSION_MODELS"
_YES = {"1", "true", "yes"}
RULES_FOLDER = "rules"
"""Where the user's rules are, inside the data folder, unless something else is said; no case has this name."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where cases live, which language is preferred, and whether something in front of the app authenticates.

    `cache_dir` holds compiled rules only; it may be deleted at any time. `rules_dir` is the folder of the user's rules
    when one is named (None: `rules` in the data folder, if it exists). `session_models`: whoever opens the app may set
    up a model for his session; where several people share the app, only who runs it may, unless he says otherwise.
    """

    data_dir: Path
    cache_dir: Path
    language: str = "en"
    behind_proxy: bool = False
    rules_dir: Path | None = None
    session_models: bool = True


def default_data_dir(environment: Mapping[str, str]) -> Path:
    """`$XDG_DATA_HOME/akashi`, by default `~/.local/share/akashi`."""
    base = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "akashi"


@cache
def _env_file() -> tuple[Mapping[str, str], AkashiError | None]:
    """Of the folder the process was started in, read once: `akashi serve` moves elsewhere."""
    return read_env_file(Path.cwd() / NAME)


def environment(of: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """What is set, in the environment or, second to it, in the file `.env`; the file's part stays in this process."""
    return {**_env_file()[0], **{name: value for name, value in of.items() if value or name not in _env_file()[0]}}


def env_file_fault() -> AkashiError | None:
    """The refusal of the file `.env`, if it is not as it should be."""
    return _env_file()[1]


def check_env_file() -> None:
    """Raises that refusal."""
    fault = env_file_fault()
    if fault is not None:
        raise fault


def from_environment(given: Mapping[str, str] | None = None) -> Settings:
    """Settings from `AKASHI_DATA_DIR`, `AKASHI_RULES_DIR`, `AKASHI_BEHIND_PROXY` and the usual locale variables."""
    known = environment() if given is None else given
    folder = known.get(DATA_DIR)
    rules = known.get(RULES_DIR)
    locale = known.get("LC_ALL") or known.get("LC_MESSAGES") or known.get("LANG")
    return Settings(
        data_dir=Path(folder).expanduser() if folder else default_data_dir(known),
        cache_dir=Path(known.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "akashi",
        language=language_of(locale),
        behind_proxy=known.get(BEHIND_PROXY, "").lower() in _YES,
        rules_dir=Path(rules).expanduser() if rules else None,
        session_models=(known.get(SESSION_MODELS) or "1").lower() in _YES,
    )
