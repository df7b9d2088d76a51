"""Messages that may hold a file name or a log line: drawn as text, never as Markdown."""

import streamlit as st

from app.i18n import error_text
from core.errors import AkashiError


def plain(words: str, icon: str) -> None:
    """A bordered message; the icon is ours, the words are text only."""
    with st.container(border=True, horizontal=True, vertical_alignment="top", gap="small", wrap=False):
        st.markdown(icon, width="content")
        st.text(words, width="stretch")


def warn(words: str) -> None:
    """Something to know."""
    plain(words, ":material/info:")


def remark(words: str) -> None:
    """Something to know beside an answer, without a box of its own."""
    with st.container(horizontal=True, vertical_alignment="top", gap="xsmall", wrap=False):
        st.markdown(":orange[:material/info:]", width="content")
        st.text(words, width="stretch")


def refuse(error: AkashiError, lang: str, name: str = "") -> None:
    """A refusal as a sentence that says what to do."""
    sentence = error_text(error, lang)
    plain(f"{name}: {sentence}" if name and name not in sentence else sentence, ":red[:material/error:]")
