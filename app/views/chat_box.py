"""The box to ask in, on the chat page and on the report: a question, or files that are read into the case."""

from dataclasses import dataclass

import streamlit as st

from app.i18n import text
from app.views.notice import warn
from app.views.start import new_name, spooled, take
from core.plan import Plan
from ingestion.pipeline import Options

_WANTED, _BOX = "chat-wanted", "chat-box"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be asked; `plan` is one made by hand."""

    question: str
    plan: Plan | None = None


def want(asked: Wanted) -> None:
    """Ask this in the next run of the chat page."""
    st.session_state[_WANTED] = asked


def wanted() -> Wanted | None:
    """What was to be asked next, once."""
    found: Wanted | None = st.session_state.pop(_WANTED, None)
    return found


def sent() -> Wanted | None:
    """The question that this run was started with, before the box is drawn."""
    words = str(getattr(st.session_state.get(_BOX), "text", "") or "").strip()
    return Wanted(words) if words else None


def box(case: str | None, lang: str) -> Wanted | None:
    """Draw the box; the question that was sent. Files are read first, and what they hold is asked for then."""
    entered = st.chat_input(text("chat.placeholder", lang), key=_BOX, accept_file="multiple", submit_mode="stop")
    if entered is None:
        return None
    words = entered.text.strip()
    if entered.files:
        want(Wanted(words or text("chat.report_question", lang)))
        files = list(entered.files)
        take(case or new_name(), lambda folder: spooled(files, folder), Options(), lang)
        wanted()  # still here: nothing was read
        return None
    if case is None:
        warn(text("chat.no_case", lang))
        return None
    return Wanted(words) if words else None
