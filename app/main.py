"""The page script that Streamlit runs for every session: frame, navigation, page."""

from pathlib import Path

import streamlit as st

from app.commands.serve import ROOT, has_sign_in
from app.i18n import text
from app.settings import check_env_file
from app.views import chat, model, overview, report, sources
from app.views.notice import refuse
from app.views.session import exclusive, language, remember_pages
from app.views.shell import sidebar
from core.errors import AkashiError

_ICON = Path(__file__).with_name("icon.svg")  # a named icon would be fetched from a foreign host
_PAGES = (
    ("report", report.page, ":material/summarize:"),
    ("chat", chat.page, ":material/forum:"),
    ("overview", overview.page, ":material/bar_chart:"),
    ("sources", sources.page, ":material/description:"),
    ("model", model.page, ":material/smart_toy:"),
)


def main() -> None:
    """Draw one run of the script."""
    lang = language()
    st.set_page_config(page_title=text("app.name", lang), page_icon=str(_ICON), layout="wide")
    signed_in = has_sign_in(ROOT)
    if signed_in and not st.user.is_logged_in:
        _sign_in(lang)
        return
    pages = [
        st.Page(draw, title=text(f"page.{name}", lang), icon=icon, url_path=name, default=name == "report")
        for name, draw, icon in _PAGES
    ]
    page = st.navigation(pages)
    remember_pages({name: each for (name, _, _), each in zip(_PAGES, pages, strict=True)})
    try:
        with exclusive():
            check_env_file()
            sidebar()
            if signed_in:
                st.sidebar.button(text("login.out", lang), on_click=st.logout, type="tertiary")
            page.run()
    except AkashiError as error:
        refuse(error, lang)


def _sign_in(lang: str) -> None:
    st.title(text("login.title", lang), anchor=False)
    st.write(text("login.why", lang))
    st.button(text("login.button", lang), on_click=st.login, type="primary")


main()
