"""The report page: conclusion, totals, findings with their proof, coverage, next steps, downloads."""

from collections.abc import Sequence

import streamlit as st

from app import VERSION
from app.i18n import moment, text
from app.reading import Investigation
from app.render.entries import CAMPAIGN_HEAD, IGNORED_HEAD
from app.render.html import render_html
from app.render.json import render_json
from app.render.markdown import render_markdown
from app.render.view import FindingView, ReportView, report_view
from app.views.chat_box import box, want
from app.views.evidence import drawer, number_button
from app.views.finding import card
from app.views.session import chosen_case, current, language, page_of
from app.views.start import intake, outcome_of_reading, welcome
from core.report import Conclusion
from core.selector import Selector
from core.taxonomy import AttackType

_FIRST_STEPS = 5


def page() -> None:
    """Draw the page of the chosen case, or the welcome page."""
    case = chosen_case()
    if case is None:
        welcome()
        return
    lang = language()
    found = current(case)
    view = report_view(found.report, lang)
    outcome_of_reading(lang)
    _head(view)
    if found.report.conclusion is Conclusion.NO_LOG_MATCHES:
        intake(case, lang)
        return
    _totals(view)
    with st.container():  # the box stands here then: as a footer it would make the page open at its end
        _ask(case, lang)
    _next_steps(view)
    _findings(view)
    _beside("campaigns", CAMPAIGN_HEAD, view.campaigns, lang)
    _benign(view)
    _beside("ignored", IGNORED_HEAD, [item.row for item in view.ignored], lang)
    _coverage(view)
    _downloads(found, view)
    with st.expander(text("start.add", lang), icon=":material/add:"):
        intake(case, lang)
    drawer(found)


def _ask(case: str, lang: str) -> None:
    """A question sent here is answered on the chat page; files are read and reported here."""
    asked, chat = box(case, lang), page_of("chat")
    if asked is not None and chat is not None:
        want(asked)
        st.switch_page(chat)


def _head(view: ReportView) -> None:
    lang, report = view.lang, view.report
    facts = f"{text('report.title', lang)} · {report.case} · {moment(report.generated_at)}"
    st.text(facts)
    st.title(view.conclusion, anchor=False)


def _totals(view: ReportView) -> None:
    """The three totals; the lines and addresses lead to their raw lines."""
    lang = view.lang
    types = tuple(finding.finding.type for finding in view.findings)
    columns = st.columns(3)
    for column, (label, value) in zip(columns, view.totals, strict=True):
        column.metric(label, value, border=True)
    if types:
        with st.container(horizontal=True, vertical_alignment="center"):
            label, lines = view.totals[1]
            shown = text("report.show_lines", lang, count=lines)
            number_button(shown, "total-lines", f"{label}: {lines}", Selector(types=types))
    st.caption(text("totals.help", lang))


def _next_steps(view: ReportView) -> None:
    if not view.next_steps:
        return
    st.subheader(text("report.next_steps", view.lang), anchor=False)
    steps = [f"{place}. {step}" for place, step in enumerate(view.next_steps, 1)]
    st.markdown("\n".join(steps[:_FIRST_STEPS]))
    if len(steps) > _FIRST_STEPS:
        with st.expander(text("report.more_steps", view.lang, count=len(steps) - _FIRST_STEPS)):
            st.markdown("\n".join(steps[_FIRST_STEPS:]))


def _findings(view: ReportView) -> None:
    lang = view.lang
    if not view.findings:
        return
    st.subheader(text("report.findings", lang), anchor=False)
    for finding in _filtered(view):
        card(finding, lang)


def _filtered(view: ReportView) -> Sequence[FindingView]:
    """Filters appear when there is something to choose from."""
    if len(view.findings) < 2:
        return view.findings
    lang = view.lang
    titles = {finding.finding.type: finding.title for finding in view.findings}
    outcomes = {finding.outcome: finding.outcome_text for finding in view.findings}
    left, middle, right = st.columns([2, 1, 1])
    types: list[AttackType] = left.multiselect(
        text("report.filter_types", lang), list(titles), format_func=lambda kind: titles[kind], placeholder=""
    )
    wanted: list[str] = middle.multiselect(
        text("report.filter_outcomes", lang), list(outcomes), format_func=lambda code: outcomes[code], placeholder=""
    )
    ip = right.text_input(text("report.filter_ip", lang))
    chosen = [
        finding
        for finding in view.findings
        if (not types or finding.finding.type in types)
        and (not wanted or finding.outcome in wanted)
        and (not ip.strip() or any(ip.strip() in address for address, _ in finding.ips))
    ]
    if not chosen:
        st.text(text("report.nothing_left", lang))
    return chosen


def _benign(view: ReportView) -> None:
    if not view.benign:
        return
    lang = view.lang
    st.subheader(text("report.benign", lang), anchor=False)
    st.caption(text("report.benign_note", lang))
    names, lines, verified = zip(*view.benign, strict=True)
    st.dataframe(
        {
            text("report.benign_name", lang): names,
            text("report.lines", lang): lines,
            text("report.benign_verified", lang): verified,
        },
        hide_index=True,
        width="content",
    )


def _beside(name: str, keys: Sequence[str], rows: Sequence[Sequence[str]], lang: str) -> None:
    """A section with a note and a box a row: its cells are too long for columns, and may be log text."""
    if not rows:
        return
    st.subheader(text(f"report.{name}", lang), anchor=False)
    st.caption(text(f"report.{name}_note", lang))
    head = [text(f"report.{key}", lang) for key in keys]
    for row in rows:
        with st.container(border=True, gap="xxsmall"):
            for label, cell in zip(head, row, strict=True):
                st.text(f"{label}: {cell}")


def _coverage(view: ReportView) -> None:
    lang = view.lang
    st.subheader(text("report.coverage", lang), anchor=False)
    st.write(view.coverage)
    if view.gaps:
        st.markdown(f"**{text('report.gaps', lang)}**")
        st.caption(text("report.gaps_note", lang))
        names, since, until = zip(*view.gaps, strict=True)
        head = [text(f"report.{key}", lang) for key in ("source", "gap_since", "gap_until")]
        st.dataframe(dict(zip(head, (names, since, until), strict=True)), hide_index=True)
    if view.blind_spots:
        st.markdown(f"**{text('report.blind_spots', lang)}**")
        st.markdown("\n".join(f"- {spot}" for spot in view.blind_spots))


def _downloads(found: Investigation, view: ReportView) -> None:
    lang, case = view.lang, view.report.case
    st.subheader(text("report.downloads", lang), anchor=False)
    with st.container(horizontal=True):
        for label, ending, mime, content in (
            ("HTML", "html", "text/html", lambda: render_html(view)),
            ("Markdown", "md", "text/markdown", lambda: render_markdown(view)),
            ("JSON", "json", "application/json", lambda: render_json(found.report, found.line_numbers())),
        ):
            name = f"akashi-{case}.{lang}.{ending}"
            st.download_button(label, content, name, mime, on_click="ignore", icon=":material/download:", key=ending)
    st.caption(text("report.verified_means", lang))
    st.caption(text("report.footer", lang, version=VERSION))
