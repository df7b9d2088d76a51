"""The evidence drawer: the exact raw lines behind a number, the matched part marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import streamlit as st

from app.i18n import moment, number, text
from app.inert import inert, split_inert
from app.naming import display_names
from app.reading import Engine, Investigation
from app.views.session import known, language
from core.selector import Selector
from core.taxonomy import AttackType
from detection.explain import HitPlace, explain
from stores.lines import EvidenceLine

PAGE = 20
OPEN, CLOSE = "▸", "◂"
_ASKED = "evidence"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose lines are wanted: a caption of our own words and validated values, and the selection."""

    caption: str
    selector: Selector


def ask(caption: str, selector: Selector) -> None:
    """Open the drawer at the end of this run."""
    st.session_state[_ASKED] = Asked(caption, selector)


def number_button(label: str, key: str, caption: str, selector: Selector) -> None:
    """A number that leads to its lines."""
    st.button(label, key=key, icon=":material/manage_search:", on_click=ask, args=(caption, selector))


def lines_button(help_: str, key: str, caption: str, selector: Selector) -> None:
    """The same where many stand below each other: a sign alone, said in words when pointed at."""
    icon = ":material/manage_search:"
    st.button("", key=key, icon=icon, help=help_, type="tertiary", on_click=ask, args=(caption, selector))


def open_lines(choice: Asked | None) -> None:
    """Open the drawer for what was clicked, if it has lines."""
    if choice is not None:
        st.session_state[_ASKED] = choice


def picked(key: str, choices: Sequence[Asked | None]) -> Callable[[], None]:
    """For a table with row selection: clicking row n asks for `choices[n]`."""

    def open_row() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows:
            open_lines(choices[rows[0]])

    return open_row


def drawer(found: Investigation) -> None:
    """Show the drawer when one was asked for; called once, at the end of a page."""
    asked: Asked | None = st.session_state.get(_ASKED)
    if asked is None:
        return
    lang = language()

    @st.dialog(text("evidence.title", lang), width="large", position="right")
    def show() -> None:
        st.text(asked.caption)
        evidence(found, asked.selector, "drawer")

    show()
    st.session_state.pop(_ASKED)  # only now: a run that was cut short must open it again


def evidence(found: Investigation, selector: Selector, key: str) -> None:
    """The raw lines of a selection, page by page."""
    lang = language()
    count = found.lake.count(selector)
    if count == 0:
        st.text(text("evidence.none", lang))
        return
    at = 0
    if count > PAGE:
        at = PAGE * (st.pagination(-(-count // PAGE), key=f"{key}-page") - 1)
    table = found.lake.page(selector, PAGE, at)
    lines = found.lake.lines(found.lake.refs(selector, limit=at + PAGE)[at:])
    shown = f"{number(at + 1)}–{number(at + len(lines))}" if count > PAGE else number(count)
    st.caption(text("evidence.showing", lang, shown=shown, count=number(count)))
    names = display_names(found.lake.sources)
    labels = {source.id: names[source.number] for source in found.lake.sources}
    rules = known()
    for row, line in enumerate(lines):
        _line(line, labels[line.ref.source], _places(rules, table, row, selector.types), lang)
    st.caption(text("evidence.escaped", lang, open=OPEN, close=CLOSE))


def _places(engine: Engine, table: pa.Table, row: int, types: Sequence[AttackType]) -> list[HitPlace]:
    """Where rules of the wanted types match on the raw line."""
    hits = explain(engine.scanner, table, row).hits
    kinds = {rule.id: rule.type for rule in engine.rules.rules}
    return [hit for hit in hits if (not types or kinds.get(hit.rule) in types) and hit.start < hit.end]


def _line(line: EvidenceLine, name: str, places: Sequence[HitPlace], lang: str) -> None:
    start, end = (places[0].start, places[0].end) if places else (0, 0)
    head = f"{inert(name)}:{line.ref.line}   {moment(line.time)}"
    rules = " · ".join(dict.fromkeys(hit.rule for hit in places))
    with st.container(gap="xxsmall"):
        st.text(f"{head}   {rules}" if rules else f"{head}   {text('evidence.whole_line', lang)}")
        st.code(framed(*split_inert(line.raw, start, end)), language=None, wrap_lines=True)


def framed(before: str, match: str, after: str) -> str:
    """Inert text with the matched part between ▸ and ◂ (such signs in the log itself are escaped)."""
    before, match, after = (
        part.replace(OPEN, "\\u{25b8}").replace(CLOSE, "\\u{25c2}") for part in (before, match, after)
    )
    return f"{before}{OPEN}{match}{CLOSE}{after}" if match else before
