"""The overview: when, what, from where, with which answer; clicking a bar shows its raw lines."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from app.i18n import text
from app.inert import inert
from app.reading import Investigation
from app.views.evidence import evidence
from app.views.session import chosen_case, current, language
from core.event import IP, STATUS_CODE, TIME
from core.finding import Finding
from core.selector import Selector
from core.taxonomy import AttackType

_STEPS = (60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 86_400, 7 * 86_400)
_MOST_BARS = 120
_TOP = 12
_PICK = "pick"
_CLASSES = {"2xx": "#5b8a52", "3xx": "#4b98a3", "4xx": "#c29a3f", "5xx": "#b3563b"}


def page() -> None:
    """Draw the charts of the chosen case."""
    lang, case = language(), chosen_case()
    st.title(text("overview.title", lang), anchor=False)
    if case is None:
        st.text(text("overview.empty", lang))
        return
    found = current(case)
    if found.lake.accounting().lines == 0:
        st.text(text("overview.empty", lang))
        return
    types = tuple(finding.type for finding in found.report.findings)
    st.caption(text("overview.click", lang))
    chosen: Selector | None = None
    if types:
        chosen = _timeline(found, types, lang)
    _all_lines(found, lang)
    if types:
        left, right = st.columns(2)
        with left:
            chosen = _types(found, lang) or chosen
        with right:
            chosen = _sources(found, types, lang) or chosen
    chosen = _statuses(found, types, lang) or chosen
    if chosen is not None:
        st.subheader(text("overview.selected", lang), anchor=False)
        evidence(found, chosen, "overview")


def bucket(first: datetime | None, last: datetime | None) -> int:
    """Seconds per bar, so that at most 120 bars cover the time."""
    span = (last - first).total_seconds() if first and last else 0
    return next((step for step in _STEPS if span / step <= _MOST_BARS), _STEPS[-1])


def _titles(lang: str) -> Mapping[str, str]:
    return {kind.value: text(f"type.{kind}.title", lang) for kind in AttackType}


def _step(found: Investigation) -> int:
    return bucket(found.report.coverage.first_seen, found.report.coverage.last_seen)


def _time_axis(found: Investigation, lang: str) -> alt.X:
    """The whole time the logs cover, so that both charts over time line up."""
    first, last = found.report.coverage.first_seen, found.report.coverage.last_seen
    scale = alt.Scale(type="utc")
    span = timedelta()
    if first is not None and last is not None:
        span = last - first
        scale = alt.Scale(type="utc", domain=[_milliseconds(first), _milliseconds(last) + _step(found) * 1000])
    layout = "%m-%d %H:%M" if span > timedelta(hours=30) else "%H:%M" if span > timedelta(minutes=20) else "%H:%M:%S"
    return alt.X(
        "time:T",
        title=text("overview.time", lang),
        scale=scale,
        axis=alt.Axis(format=layout, tickCount=8, labelFlush=False),
    )


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)


def _by_count(found: Investigation) -> list[Finding]:
    return sorted(found.report.findings, key=lambda finding: -finding.count)


def _type_colour(found: Investigation, lang: str) -> alt.Color:
    """The same colour for a type in every chart; the bars per type are the legend."""
    titles = _titles(lang)
    scale = alt.Scale(domain=[titles[finding.type] for finding in _by_count(found)])
    return alt.Color("title:N", title=None, legend=None, scale=scale)


def _lines_axis() -> alt.Axis:
    """Lines are whole."""
    return alt.Axis(format="d", tickMinStep=1, tickCount=5)


def _stacked(frame: pd.DataFrame) -> pd.DataFrame:
    """Where each part of a bar begins and ends."""
    top = frame.groupby("time", sort=False)["lines"].cumsum()
    return frame.assign(bottom=top - frame["lines"], top=top)


def _chart(chart: alt.Chart, key: str, height: int) -> list[dict[str, Any]]:
    """Draw a chart whose marks can be clicked; the points picked."""
    pick = alt.selection_point(name=_PICK, fields=chart.usermeta["fields"], on="click", clear="dblclick")
    opacity = alt.condition(pick, alt.value(1.0), alt.value(0.35))
    drawn = chart.encode(opacity=opacity).add_params(pick).properties(height=height)
    state = st.altair_chart(drawn, key=key, on_select="rerun")
    return list(state["selection"].get(_PICK, ()))


def _timeline(found: Investigation, types: tuple[AttackType, ...], lang: str) -> Selector | None:
    """Attack lines over time, stacked by type."""
    step = _step(found)
    table = found.lake.histogram(Selector(types=types), step, by_type=True).to_pandas()
    titles = _titles(lang)
    frame = pd.DataFrame(
        {
            "time": pd.to_datetime(table[TIME], utc=True),
            "end": pd.to_datetime(table[TIME], utc=True) + pd.Timedelta(seconds=step),
            "type": table["akashi.type"].astype(str),
            "title": [titles[kind] for kind in table["akashi.type"]],
            "lines": table["lines"],
        }
    )
    st.markdown(f"**{text('overview.timeline', lang)}**")
    chart = alt.Chart(_stacked(frame), usermeta={"fields": ["time", "type"]}).mark_rect()
    chart = chart.encode(
        x=_time_axis(found, lang),
        x2="end:T",
        y=alt.Y("bottom:Q", title=text("overview.attack_lines", lang), axis=_lines_axis()),
        y2="top:Q",
        color=_type_colour(found, lang),
        tooltip=["title:N", "lines:Q"],
    )
    points = _chart(chart, "timeline", 240)
    if not points:
        return None
    since = datetime.fromtimestamp(points[0]["time"] / 1000, UTC)
    until = datetime.fromtimestamp(points[0]["time"] / 1000 + step, UTC)
    return Selector(types=(AttackType(points[0]["type"]),), since=since, until=until)


def _all_lines(found: Investigation, lang: str) -> None:
    """All lines over time, as the background to compare with."""
    step = _step(found)
    table = found.lake.histogram(Selector(), step).to_pandas()
    start = pd.to_datetime(table[TIME], utc=True)
    frame = pd.DataFrame({"time": start, "end": start + pd.Timedelta(seconds=step), "lines": table["lines"], "none": 0})
    chart = alt.Chart(frame).mark_rect(opacity=0.5, color="#7a7f87")
    chart = chart.encode(
        x=_time_axis(found, lang),
        x2="end:T",
        y=alt.Y("none:Q", title=text("overview.all_lines", lang), axis=_lines_axis()),
        y2="lines:Q",
        tooltip=["lines:Q"],
    )
    st.altair_chart(chart.properties(height=120), key="all-lines")


def _bars(
    frame: pd.DataFrame, field: str, title: str, key: str, colour: alt.Color | alt.ColorValue
) -> list[dict[str, Any]]:
    st.markdown(f"**{title}**")
    chart = alt.Chart(frame, usermeta={"fields": [field]}).mark_bar()
    chart = chart.encode(
        color=colour,
        x=alt.X("lines:Q", title=None, axis=_lines_axis()),
        y=alt.Y("title:N", sort=None, title=None, axis=alt.Axis(labelLimit=240)),
        tooltip=["title:N", "lines:Q"],
    )
    return _chart(chart, key, 34 * len(frame) + 50)


def _types(found: Investigation, lang: str) -> Selector | None:
    titles = _titles(lang)
    findings = _by_count(found)
    frame = pd.DataFrame(
        {
            "type": [finding.type.value for finding in findings],
            "title": [titles[finding.type] for finding in findings],
            "lines": [finding.count for finding in findings],
        }
    )
    points = _bars(frame, "type", text("overview.types", lang), "types", _type_colour(found, lang))
    return Selector(types=tuple(AttackType(point["type"]) for point in points)) if points else None


def _sources(found: Investigation, types: tuple[AttackType, ...], lang: str) -> Selector | None:
    top = found.lake.top(Selector(types=types), IP, _TOP)
    frame = pd.DataFrame(
        {"ip": [ip for ip, _ in top], "title": [inert(ip) for ip, _ in top], "lines": [count for _, count in top]}
    )
    points = _bars(frame, "ip", text("overview.top_sources", lang), "top-sources", alt.ColorValue("#50616d"))
    return Selector(types=types, ips=tuple(point["ip"] for point in points)) if points else None


def _statuses(found: Investigation, types: tuple[AttackType, ...], lang: str) -> Selector | None:
    """Status codes of attack lines, or of all lines when there is no attack."""
    chosen = Selector(types=types)
    top = sorted(found.lake.top(chosen, STATUS_CODE, 40))
    if not top:
        return None
    frame = pd.DataFrame(
        {
            "code": [int(code) for code, _ in top],
            "title": [code for code, _ in top],
            "class": [f"{code[0]}xx" for code, _ in top],
            "lines": [count for _, count in top],
        }
    )
    st.markdown(f"**{text('overview.statuses', lang)}**")
    known = [name for name in _CLASSES if name in set(frame["class"])]
    chart = alt.Chart(frame, usermeta={"fields": ["code"]}).mark_bar(size=40)
    chart = chart.encode(
        x=alt.X("title:N", title=text("overview.status", lang), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("lines:Q", title=None, axis=_lines_axis()),
        color=alt.Color(
            "class:N", title=None, scale=alt.Scale(domain=known, range=[_CLASSES[name] for name in known]), legend=None
        ),
        tooltip=["title:N", "lines:Q"],
    )
    points = _chart(chart, "statuses", 200)
    codes = tuple((int(point["code"]), int(point["code"])) for point in points)
    return Selector(types=types, status_codes=codes) if codes else None
