"""Tables and charts of an answer: every row and every bar leads to its lines."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import altair as alt
import pandas as pd
import streamlit as st

from app.i18n import text
from app.render.part import PartView
from app.views.evidence import Asked, open_lines, picked
from core.dimension import SECONDS, Dimension
from core.part import ChartKind

_TALLEST = 10
_BARS = 15
_PICK = "pick"
_WIDTH = {dimension.name.lower(): seconds for dimension, seconds in SECONDS.items()}


def table(part: PartView, key: str, lang: str) -> None:
    """The table of a part; one that a chart over time shows already is folded away."""
    if not part.rows:
        return
    drawn = part.part.chart
    if drawn is not None and drawn.kind is ChartKind.TIMELINE and len(part.rows) > 3:
        box = st.expander(text("chat.table", lang), key=f"rows-{key}", icon=":material/table:", on_change="rerun")
        if box.open:
            with box:
                _table(part, key)
    else:
        _table(part, key)
    if part.more_rows:
        st.caption(part.more_rows)


def _table(part: PartView, key: str) -> None:
    choices = _choices(part)
    clickable = any(choice is not None for choice in choices)
    height = 36 * (_TALLEST + 1) if len(part.rows) > _TALLEST else "content"
    columns = _columns(part)
    whole = [name for name, values in columns.items() if isinstance(values[0], int)]
    config = {name: st.column_config.NumberColumn(format="localized") for name in whole}
    if clickable:
        st.dataframe(
            columns,
            hide_index=True,
            key=f"table-{key}",
            column_config=config,
            on_select=picked(f"table-{key}", choices),
            selection_mode="single-row",
            height=height,  # type: ignore[arg-type]
        )
    else:
        st.dataframe(columns, hide_index=True, column_config=config, height=height)  # type: ignore[arg-type]


def _columns(part: PartView) -> dict[str, Sequence[str | int]]:
    """Whole columns of numbers stay numbers, so that they stand and sort as such; everything else is inert text."""
    assert part.part.table is not None  # noqa: S101 - there are rows
    cells = [row.cells for row in part.part.table.rows]
    shown: dict[str, Sequence[str | int]] = {}
    for at, head in enumerate(part.head):
        raw = [row[at] for row in cells]
        name = head if head not in shown else f"{head} ({at})"
        whole = all(type(value) is int for value in raw) and part.part.table.columns[at] != "status"
        shown[name] = raw if whole else [row[at] for row in part.rows]  # type: ignore[assignment]
    return shown


def _choices(part: PartView) -> list[Asked | None]:
    rows = part.part.table.rows if part.part.table else ()
    return [
        Asked(" · ".join(cells[:2]), row.selector) if row.selector is not None else None
        for row, cells in zip(rows, part.rows, strict=True)
    ]


def chart(part: PartView, key: str, offset: int) -> None:
    """The chart of a part, drawn from its table."""
    drawn, found = part.part.chart, part.part.table
    if drawn is None or found is None or len(part.rows) < 2:
        return
    if drawn.x not in found.columns or drawn.y not in found.columns:
        return
    x, y = found.columns.index(drawn.x), found.columns.index(drawn.y)
    series = found.columns.index(drawn.series) if drawn.series in found.columns else None
    frame = pd.DataFrame(
        {
            "row": range(len(part.rows)),
            "x": [row.cells[x] for row in found.rows],
            "label": [cells[x] for cells in part.rows],
            "y": [row.cells[y] for row in found.rows],
            "series": [cells[series] if series is not None else "" for cells in part.rows],
        }
    )
    if drawn.kind is ChartKind.TIMELINE and isinstance(found.rows[0].cells[x], datetime):
        picture = _timeline(frame, part.head[y], offset, _WIDTH.get(drawn.x, SECONDS[Dimension.HOUR]), series)
        height = 200
    else:
        frame = frame.head(_BARS)
        picture, height = _bars(frame, part.head[y]), 26 * len(frame) + 40
    pick = alt.selection_point(name=_PICK, fields=["row"], on="click", clear="dblclick")
    picture = picture.encode(opacity=alt.condition(pick, alt.value(1.0), alt.value(0.35))).add_params(pick)
    name = f"chart-{key}"
    st.altair_chart(picture.properties(height=height), key=name, on_select=_clicked(name, _choices(part)))


def _clicked(key: str, choices: Sequence[Asked | None]) -> Callable[[], None]:
    def open_mark() -> None:
        points = st.session_state[key]["selection"].get(_PICK, ())
        if points:
            open_lines(choices[int(points[0]["row"])])

    return open_mark


def _timeline(frame: pd.DataFrame, title: str, offset: int, width: int, series: int | None) -> alt.Chart:
    """Bars over time; times are shown as the log writes them, so they are moved by its offset."""
    shift = timedelta(seconds=offset)
    start = pd.to_datetime([time.astimezone(UTC) + shift for time in frame["x"]], utc=True)
    frame = frame.assign(x=start, end=start + pd.Timedelta(seconds=width))
    frame = frame.assign(top=frame.groupby("x", sort=False)["y"].cumsum())
    frame = frame.assign(bottom=frame["top"] - frame["y"])
    chart = alt.Chart(frame).mark_rect()
    colour = alt.Color("series:N", title=None) if series is not None else alt.ColorValue("#1f5f8b")
    days = len({time.date() for time in frame["x"]})
    axis = alt.Axis(format="%H:%M" if days < 2 else "%m-%d %H:%M", tickCount=8, labelFlush=False)
    drawn: alt.Chart = chart.encode(
        x=alt.X("x:T", title=None, scale=alt.Scale(type="utc"), axis=axis),
        x2="end:T",
        y=alt.Y("bottom:Q", title=title, axis=alt.Axis(format="d", tickMinStep=1, tickCount=4)),
        y2="top:Q",
        color=colour,
        tooltip=["label:N", "y:Q"],
    )
    return drawn


def _bars(frame: pd.DataFrame, title: str) -> alt.Chart:
    drawn: alt.Chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("y:Q", title=title, axis=alt.Axis(format="d", tickMinStep=1, tickCount=5)),
            y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=240)),
            color=alt.ColorValue("#1f5f8b"),
            tooltip=["label:N", "y:Q"],
        )
    )
    return drawn
