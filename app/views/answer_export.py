"""An answer taken along: copied, downloaded, linked to."""

import streamlit as st

from app.i18n import text
from app.render.answer import AnswerView
from app.render.answer_json import render_answer_json
from app.render.answer_markdown import render_answer_markdown


def export(view: AnswerView, key: str, address: str) -> None:
    """Made only when somebody looks."""
    lang, case = view.lang, view.answer.case
    box = st.popover(
        text("chat.copy", lang), icon=":material/ios_share:", type="tertiary", key=f"export-{key}", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        with st.container(horizontal=True):
            for label, ending, mime in (
                (text("chat.markdown", lang), "md", "text/markdown"),
                (text("chat.json", lang), "json", "application/json"),
            ):
                st.download_button(
                    label,
                    lambda ending=ending: _written(view, ending),  # type: ignore[misc]
                    f"akashi-{case}-{key}.{lang}.{ending}",
                    mime,
                    on_click="ignore",
                    icon=":material/download:",
                    key=f"{ending}-{key}",
                )
        st.caption(text("chat.link", lang))
        st.code(address, language=None, wrap_lines=True)
        st.caption(text("chat.copy_help", lang))
        st.code(render_answer_markdown(view), language=None, wrap_lines=True, height=240)


def _written(view: AnswerView, ending: str) -> str:
    return render_answer_markdown(view) if ending == "md" else render_answer_json(view.answer, view.names)
