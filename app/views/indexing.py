"""A small line while the index for search is being made beside the pages; answers never wait for it."""

from pathlib import Path

import streamlit as st

from app.i18n import text
from app.index_beside import Job, keep_current, make_anew
from app.reading import Investigation, rules_folder
from app.views.model_session import in_force, model_access
from app.views.session import settings
from stores.state import newest_state

_EVERY = 2


def index_line(folder: Path, found: Investigation, lang: str) -> None:
    """Have the index made when it is older than the case, and say how far that is; only where a browser looks on."""
    if not st.context.url or not found.lake.sources:
        return
    known = settings()
    rules = rules_folder(known.data_dir, known.rules_dir)
    report = found.report
    job = keep_current(known.data_dir, folder, rules, report.state, report.rules_version, model_access(), in_force())
    if job is not None:
        _progress(job, lang)


def reindex_button(folder: Path, lang: str) -> None:
    """Makes the index anew with what is chosen in this session."""
    help_ = text("model.reindex_why", lang)
    if st.button(text("model.reindex", lang), icon=":material/refresh:", help=help_, key="model-reindex"):
        known = settings()
        rules = rules_folder(known.data_dir, known.rules_dir)
        _progress(make_anew(known.data_dir, folder, rules, newest_state(folder), in_force()), lang)


@st.fragment(run_every=_EVERY)
def _progress(job: Job, lang: str) -> None:
    if job.running:
        share = text("chat.index", lang, percent=f"{job.share:.0%}")
        st.caption(f"{share} · {text('chat.index_why', lang)}")
