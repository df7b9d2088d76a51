"""Options all commands share, and how a refusal becomes a message and an exit code."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer
from rich.console import Console

from app import settings
from app.i18n import error_text
from app.render.json import dumps
from core.errors import AkashiError, CaseError, StorageError

P = ParamSpec("P")


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    REFUSED = 1  # the command ran, and something was refused or failed
    USAGE = 2
    CASE = 3  # the case is unknown, busy or damaged
    INTERRUPTED = 130


class Lang(StrEnum):
    """Languages of messages and reports."""

    EN = "en"
    JA = "ja"


def _default_data_dir() -> Path:
    return settings.from_environment().data_dir


def _default_lang() -> str:
    return settings.from_environment().language


DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir",
        help=f"Folder of the cases (or {settings.DATA_DIR}; else ~/.local/share/akashi).",
        default_factory=_default_data_dir,
        show_default=False,
    ),
]
RulesDir = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        envvar=settings.RULES_DIR,
        help="Folder of your own rules (else the folder rules in the data folder).",
        show_default=False,
        show_envvar=False,
    ),
]
Case = Annotated[str, typer.Option("--case", help="Name of the case.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Language = Annotated[
    Lang,
    typer.Option("--lang", help="Language of messages.", default_factory=_default_lang, show_default=False),
]


def now() -> datetime:
    """The clock is read here and handed down."""
    return datetime.now(UTC)


def exit_code(error: AkashiError) -> Exit:
    """Trouble with the case itself is told apart from an input that was refused."""
    return Exit.CASE if isinstance(error, CaseError | StorageError) else Exit.REFUSED


def error_facts(error: AkashiError, lang: str) -> dict[str, object]:
    """A refusal as JSON: code, sentence and facts."""
    facts = {key: value if isinstance(value, int) else str(value) for key, value in error.facts.items()}
    return {"code": error.code, "message": error_text(error, lang), "facts": facts}


def refusals(command: Callable[P, None]) -> Callable[P, None]:
    """Let a command raise AkashiError: it is worded on stderr (or printed as JSON) and becomes the exit code."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            settings.check_env_file()
            command(*args, **kwargs)
        except AkashiError as error:
            lang = str(kwargs.get("lang") or _default_lang())
            if kwargs.get("as_json"):
                say(dumps({"error": error_facts(error, lang)}))
            else:
                complain(error_text(error, lang))
            raise typer.Exit(exit_code(error)) from error

    return guarded


def say(words: str) -> None:
    """Print to stdout; log text in `words` must be inert already."""
    sys.stdout.write(words if words.endswith("\n") else words + "\n")


def complain(words: str) -> None:
    """Print to stderr."""
    sys.stderr.write(words + "\n")


def plain_console() -> Console:
    """A console that reads nothing in a text as markup; as wide as the content when nobody watches."""
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = 240
    return console
