"""The frame around every page: name, language, case."""

from pathlib import Path

import streamlit as st

from app.embedding import forget_elsewhere
from app.i18n import LANGUAGES, text
from app.index_beside import stop
from app.views.model_session import model_access
from app.views.notice import refuse
from app.views.session import cases, choose_case, chosen_case, language, release
from core.errors import AkashiError

_LOGO = Path(__file__).parents[1] / "logo.svg"
_REFUSED = "refused"


def sidebar() -> str | None:
    """Draw the sidebar; the chosen case."""
    lang = language()
    refused: AkashiError | None = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        refuse(refused, lang)
    st.logo(str(_LOGO), size="large")
    with st.sidebar:
        st.caption(text("app.tagline", lang))
        case = _case_picker(lang)
        if case is not None and st.button(text("case.delete", lang), type="tertiary", icon=":material/delete:"):
            _delete(case, lang)
        st.segmented_control(
            text("language.label", lang),
            LANGUAGES,
            format_func=lambda code: text(f"language.{code}", lang),
            key="lang_choice",
            default=lang,
            on_change=_choose_language,
            required=True,
        )
    return case


def _choose_language() -> None:
    chosen = st.session_state.get("lang_choice")
    if chosen in LANGUAGES:
        st.session_state["lang"] = chosen


def _case_picker(lang: str) -> str | None:
    current = chosen_case()
    names = cases().names()
    if not names:
        return None
    options = ["", *names]
    picked = st.selectbox(
        text("case.label", lang),
        options,
        index=options.index(current or ""),
        format_func=lambda name: name or text("case.new", lang),
    )
    if (picked or None) != current:
        choose_case(picked or None)
        st.rerun()
    return current


def _delete(case: str, lang: str) -> None:
    @st.dialog(text("case.delete", lang))
    def ask() -> None:
        st.text(case)
        st.write(text("case.delete_question", lang))
        with st.container(horizontal=True):
            gone = st.button(text("case.delete_confirm", lang), type="primary", on_click=_delete_now, args=(case,))
            if st.button(text("case.cancel", lang)) or gone:
                st.rerun()

    ask()


def _delete_now(case: str) -> None:
    release()
    try:
        stop(cases().open(case))
        forget_elsewhere(cases().open(case), model_access())
        cases().delete(case)
    except AkashiError as error:
        st.session_state[_REFUSED] = error
        return
    choose_case(None)
