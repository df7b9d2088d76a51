"""The button that tries the settings of the model page, and what came of it."""

import streamlit as st

from app.examining import examine
from app.i18n import text
from app.render.examined import examined_line
from app.views.model_session import model_access
from app.views.session import settings

_COLOURS = {True: ":green[:material/check_circle:]", False: ":red[:material/cancel:]", None: ":material/pending:"}


def try_out(lang: str) -> None:
    """Tries everything once; what is found is shown as it is found, as text."""
    with st.container(border=True, gap="xsmall", key="model-tested"), st.spinner(text("model.testing", lang)):
        for one in examine(model_access(), settings().data_dir):
            with st.container(horizontal=True, vertical_alignment="top", gap="xsmall", wrap=False):
                st.markdown(_COLOURS[one.ok], width="content")
                st.text(examined_line(one, lang)[2:], width="stretch")
