"""What left this machine for an answer: each call with the exact bytes that were sent, shown as text."""

import streamlit as st

from app.i18n import text
from app.render.told import ToldView
from app.sent import sent_text
from app.views.session import cases, chosen_case


def sent(said: ToldView, key: str, lang: str) -> None:
    """A button that opens the payloads of all calls; read from the case only then."""
    box = st.popover(
        text("told.sent", lang), icon=":material/outbox:", type="tertiary", key=f"sent-{key}", on_change="rerun"
    )
    if not box.open:
        return
    case = chosen_case()
    with box:
        st.caption(text("told.sent_why", lang))
        for words, attempt in zip(said.attempts, said.told.attempts, strict=True):
            st.text(words)
            payload = sent_text(cases().open(case), attempt.payload) if case and attempt.payload else None
            if payload is None:
                st.text(text("told.not_sent", lang))
            else:
                st.code(payload, language=None, wrap_lines=True, height=320)
