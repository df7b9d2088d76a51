"""How far an answer is, on a line of the terminal that the answer then takes; nothing when nobody watches."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.i18n import coded, text
from app.settings import from_environment

if TYPE_CHECKING:
    from answering.operations.inquiry import Progress

_CLEAR = "\r\x1b[K"


def teller(lang: str | None) -> "Callable[[Progress], None] | None":
    """Whom to tell of progress; None when standard error is no terminal."""
    if not sys.stderr.isatty():
        return None
    return lambda step: _show(progress_text(step, lang or from_environment().language))


def progress_text(step: "Progress", lang: str) -> str:
    """`Checking claims: 3 of 12`."""
    stage = coded("stage", step.stage, lang)
    return text("chat.progress", lang, stage=stage, done=step.done, total=step.total) if step.total else stage


def _show(words: str) -> None:
    sys.stderr.write(f"{_CLEAR}{words}")
    sys.stderr.flush()


def clear() -> None:
    """Takes the line away."""
    if sys.stderr.isatty():
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()
