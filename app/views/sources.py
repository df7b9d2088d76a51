"""The sources page: where every physical line of every file went, and where zone and year come from."""

import streamlit as st

from app.i18n import coded, moment, text
from app.inert import inert
from app.naming import display_names
from app.views.session import chosen_case, current, language
from core.source import Accounting, Source

_PARTS = ("parsed", "continuation", "header", "blank", "unparsed", "oversize")


def page() -> None:
    """Draw the accounting of the chosen case."""
    lang, case = language(), chosen_case()
    st.title(text("sources.title", lang), anchor=False)
    lake = current(case).lake if case is not None else None
    if lake is None or not lake.sources:
        st.text(text("sources.empty", lang))
        return
    st.write(text("sources.intro", lang))
    shown = {number: inert(name) for number, name in display_names(lake.sources).items()}
    _accounting(lake.sources, shown, lake.accounting(), lang)
    for source in lake.sources:
        _source(source, shown[source.number], lang)


def adds_up(accounting: Accounting) -> bool:
    """Whether every physical line is accounted for."""
    parts = [int(getattr(accounting, part)) for part in _PARTS]
    return accounting.lines == sum(parts)


def _accounting(sources: tuple[Source, ...], shown: dict[int, str], total: Accounting, lang: str) -> None:
    rows = [source.accounting for source in sources]
    names = [shown[source.number] for source in sources]
    if len(sources) > 1:
        rows.append(total)
        names.append(text("sources.total", lang))
    columns: dict[str, list[object]] = {text("sources.name", lang): list(names)}
    for key in ("lines", *_PARTS):
        columns[text(f"sources.{key}", lang)] = [getattr(row, key) for row in rows]
    columns[text("sources.adds_up", lang)] = [adds_up(row) for row in rows]
    st.dataframe(columns, hide_index=True)


def _source(source: Source, name: str, lang: str) -> None:
    """Everything known about one source; its name is log text."""
    with st.container(border=True):
        st.text(name)
        facts = {
            "format": source.dataset,
            "first": moment(source.first_seen),
            "last": moment(source.last_seen),
            "zone": f"{source.zone} ({coded('provenance', source.zone_source, lang)})",
            "year": coded("provenance", source.year_source, lang),
            "lines": f"{source.accounting.lines:,}",
            "size": f"{source.size:,}",
            "ingested": moment(source.ingested_at),
        }
        for row in (("format", "lines", "size", "ingested"), ("first", "last", "zone", "year")):
            for column, key in zip(st.columns(4), row, strict=True):
                with column.container(gap=None):
                    st.caption(text(f"sources.{key}", lang))
                    st.text(facts[key])
        st.caption(text("sources.sha256", lang))
        st.code(source.sha256, language=None)
        for note in source.notes:
            st.caption(coded("note", note, lang))
        for reason, count in (source.accounting.reasons or {}).items():
            st.caption(f"{coded('reason', reason.lower(), lang)}: {count:,}")
