"""Getting logs in: the upload, the sample incident, and what became of each file."""

from collections.abc import Callable, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Protocol

import streamlit as st

from app.i18n import coded, number, text
from app.inert import inert
from app.reading import Reading, read_into
from app.sample import FILES
from app.views.notice import refuse, warn
from app.views.session import cases, choose_case, known, language, now
from core.errors import AkashiError
from ingestion.fetch.expand import Expansion, expand, from_stream
from ingestion.pipeline import Options, Progress

_READING = "reading"
_UPLOADS = "uploads"
_NEW_NAME = "new-name"
SAMPLE_CASE = "sample"


class Upload(Protocol):
    """What the upload widget hands over."""

    name: str
    size: int

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        ...


def welcome() -> None:
    """The first page of a new case."""
    lang = language()
    st.title(text("start.title", lang), anchor=False)
    st.write(text("start.what", lang))
    intake(None, lang)
    st.write("")
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(width=520, gap="xxsmall"):
            st.write(f"**{text('start.or', lang)}**")
            st.caption(text("start.sample_help", lang))
        if st.button(text("start.sample", lang), icon=":material/play_arrow:"):
            take(SAMPLE_CASE, lambda _: [expand(list(FILES))], Options(), lang)


def intake(case: str | None, lang: str) -> None:
    """Upload, options, and the button that starts reading."""
    round_ = st.session_state.setdefault(_UPLOADS, 0)
    files = st.file_uploader(
        text("start.upload", lang),
        accept_multiple_files=True,
        help=text("start.upload_help", lang),
        key=f"upload-{round_}",
    )
    with st.expander(text("start.options", lang), icon=":material/tune:"):
        name = case or st.text_input(text("case.new_name", lang), value=new_name())
        columns = st.columns([2, 1, 1])
        layout = columns[0].text_input(text("start.format", lang), help=text("start.format_help", lang))
        zone = columns[1].text_input(text("start.zone", lang), help=text("start.zone_help", lang))
        year = columns[2].number_input(
            text("start.year", lang), 1970, 9999, value=None, step=1, help=text("start.year_help", lang)
        )
    pressed = st.button(text("start.go", lang), type="primary", disabled=not files, icon=":material/search:")
    if pressed and files:
        options = Options(format=layout or None, zone=zone or None, year=int(year) if year else None)
        st.session_state[_UPLOADS] = round_ + 1
        take(name, lambda folder: spooled(files, folder), options, lang)


def new_name() -> str:
    """`incident-2026-11-14-3fa9`: of this session alone, so that two uploads at once do not mix."""
    return str(st.session_state.setdefault(_NEW_NAME, f"incident-{now():%Y-%m-%d}-{token_hex(2)}"))


def spooled(files: Sequence[Upload], folder: Path) -> list[Expansion]:
    """Uploads sit in memory; each is copied to disk piece by piece and read from there."""
    return [from_stream(file.name, file, spool=folder) for file in files]  # type: ignore[arg-type]


def take(case: str, find: Callable[[Path], Sequence[Expansion]], options: Options, lang: str) -> None:
    """Read into the case with a progress bar, then show its report at once."""
    bar = st.progress(0.0, text("report.title", lang))
    name = st.empty()

    def show(step: Progress) -> None:
        share = min(1.0, step.done / step.total) if step.total else 0.0
        bar.progress(share, text("start.progress", lang, lines=number(step.lines)))
        name.text(text("start.reading", lang, name=inert(step.name)))

    try:
        folder = cases().create(case)
        reading = read_into(folder, find(folder), options, now(), known().scanner, show)
    except AkashiError as error:
        bar.empty()
        name.empty()
        refuse(error, lang)
        return
    st.session_state[_READING] = reading
    st.session_state.pop(_NEW_NAME, None)
    choose_case(folder.name)
    bar.progress(1.0, text("start.investigating", lang))
    st.rerun()


def outcome_of_reading(lang: str) -> None:
    """What became of the files read last: refusals and remarks, until the next reading."""
    reading: Reading | None = st.session_state.get(_READING)
    if reading is None:
        return
    for refusal in reading.refusals:
        refuse(refusal, lang)
    for result in reading.results:
        if result.error is not None:
            refuse(result.error, lang, inert(result.name))
        elif result.status in {"empty", "duplicate"}:
            warn(f"{inert(result.name)}: {text(f'status.{result.status}', lang)}")
    for skipped in reading.skipped:
        warn(f"{inert(skipped.name)}: {coded('skipped', skipped.code, lang)}")
