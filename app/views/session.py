"""What one browser session holds: its language, its case, and the investigation it looks at."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import streamlit as st
from streamlit.navigation.page import Page

from app.i18n import language_of
from app.reading import Engine, Investigation, engine, open_investigation, rules_folder
from app.settings import Settings, from_environment
from core.errors import AkashiError
from core.report import Report
from stores.cases import Cases
from stores.ignore_file import read_ignores
from stores.state import newest_state

_LANG, _CASE, _HELD, _PAGES, _LOCK = "lang", "case", "held", "pages", "lock"
CASE_PARAMETER = "case"


def settings() -> Settings:
    """Settings of the process."""
    return from_environment()


def now() -> datetime:
    """The clock is read here and handed down."""
    return datetime.now(UTC)


def cases() -> Cases:
    """All cases of the data folder."""
    return Cases(settings().data_dir)


def known() -> Engine:
    """The rules, the user's included."""
    return engine(rules_folder(settings().data_dir, settings().rules_dir))


def language() -> str:
    """What the person chose, at first what the browser prefers."""
    if _LANG not in st.session_state:
        st.session_state[_LANG] = language_of(st.context.locale)
    return str(st.session_state[_LANG])


def chosen_case() -> str | None:
    """The case this session looks at; the address of the page keeps it over a reload."""
    name = st.session_state.get(_CASE) or st.query_params.get(CASE_PARAMETER)
    if name not in cases().names():
        choose_case(None)
        return None
    choose_case(name)
    return str(name)


def choose_case(name: str | None) -> None:
    """Look at this case from now on; None: at a new one."""
    st.session_state[_CASE] = name
    if name is None:
        st.query_params.pop(CASE_PARAMETER, None)
    elif st.query_params.get(CASE_PARAMETER) != name:
        st.query_params[CASE_PARAMETER] = name


def remember_pages(pages: Mapping[str, Page]) -> None:
    """The pages of this run by name, so that one can lead to another."""
    st.session_state[_PAGES] = dict(pages)


def page_of(name: str) -> Page | None:
    """The page of this name; None where a page is drawn on its own."""
    pages: dict[str, Page] = st.session_state.get(_PAGES, {})
    return pages.get(name)


@contextmanager
def exclusive() -> Iterator[None]:
    """One run of a session at a time: a run that was stopped may still be counting when the next begins."""
    lock: Lock = st.session_state.setdefault(_LOCK, Lock())
    with lock:
        yield


def release() -> None:
    """Let go of the snapshot in hand."""
    held: Investigation | None = st.session_state.pop(_HELD, None)
    if held is not None:
        held.lake.close()


def current(case: str) -> Investigation:
    """The investigation of the newest state of the case; counted again only when the state has changed."""
    folder = cases().open(case)
    held: Investigation | None = st.session_state.get(_HELD)
    rules, ignores = known(), read_ignores(settings().data_dir, folder)
    if held is not None and held.ignores == ignores and _still_holds(held.report, case, rules, folder):
        return held
    release()
    opened = open_investigation(folder, case, rules, now(), ignores)
    st.session_state[_HELD] = opened
    return opened


def _still_holds(report: Report, case: str, rules: Engine, folder: Path) -> bool:
    """Whether neither the case nor the rules have changed since the report was made."""
    same_rules = report.rules_version == rules.rules.version
    return report.case == case and same_rules and report.state == _state(folder)


def _state(folder: Path) -> str:
    try:
        return newest_state(folder)
    except AkashiError:
        return ""
