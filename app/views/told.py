"""What a model said, below the verified answer: its words as plain text, each checked piece with its sign."""

from functools import partial

import streamlit as st

from app.i18n import text
from app.inert import inert
from app.render.answer import AnswerView
from app.render.told import CLOSE, HOLDS, OPEN, WRONG, ToldFindingView, ToldView
from app.views.evidence import framed, number_button
from app.views.finding import proof
from app.views.notice import remark
from app.views.sent import sent
from core.told import Standing

_STANDING = {
    Standing.KNOWN: ("green", ":material/rule:"),
    Standing.PROPOSED: ("orange", ":material/lightbulb:"),
    Standing.STRUCK: ("red", ":material/cancel:"),
}


def told(view: AnswerView, key: str) -> None:
    """All that a model added to the answer; nothing where none was asked."""
    said, lang = view.told, view.lang
    if said is None:
        return
    with st.container(key=f"told-{key}", gap="small", border=said.said):
        if said.said:
            head(said.told.model, lang)
        if said.fault:
            remark(said.fault)
        for words in filter(None, (said.words, said.unclear)):
            st.text(words)
        for place, finding in enumerate(said.findings):
            _finding(finding, f"{key}-{place}", lang)
        _benign(said, lang)
        _struck(said, lang)
        if said.omitted:
            remark(said.omitted)
        _usage(said, key, lang)


def head(model: str, lang: str) -> None:
    """Whose words follow, and how to read them; the model's name is hostile, so it is text."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(text("told.title", lang), icon=":material/smart_toy:", color="gray")
        st.text(inert(model))
    st.caption(text("told.how_to_read", lang, holds=HOLDS, wrong=WRONG, open=OPEN, close=CLOSE))


def _finding(finding: ToldFindingView, key: str, lang: str) -> None:
    """One finding of the model: what it is worth before what it says."""
    colour, icon = _STANDING[finding.finding.standing]
    with st.container(key=f"told-finding-{key}", gap="xsmall"):
        st.badge(finding.standing, color=colour, icon=icon)  # type: ignore[arg-type]
        for words in filter(None, (finding.title, finding.reason)):
            st.text(words)
        for quote in finding.quotes:
            with st.container(gap="xxsmall"):
                st.text(quote.where)
                st.code(framed(quote.before, quote.match, quote.after), language=None, wrap_lines=True)
        label, selector = text("chat.show_lines", lang), finding.finding.selector
        struck = finding.finding.standing is Standing.STRUCK
        lines = None if struck else partial(number_button, label, f"told-lines-{key}", finding.title, selector)
        proof(finding.verdicts, finding.claims, f"told-claims-{key}", lang, lines)


def _benign(said: ToldView, lang: str) -> None:
    if said.benign:
        with st.container(gap="xxsmall"):
            st.caption(text("told.benign", lang))
            for words in said.benign:
                st.text(f"• {words}")


def _struck(said: ToldView, lang: str) -> None:
    """What the model said that is not so, always in sight, with what is."""
    if said.struck:
        with st.container(gap="xxsmall"):
            st.badge(text("told.struck", lang), icon=":material/cancel:", color="red")
            for words in said.struck:
                st.text(words)


def _usage(said: ToldView, key: str, lang: str) -> None:
    """What it took, call by call, and the way to what left the machine."""
    if not said.attempts:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(said.usage, width="stretch")
        sent(said, key, lang)
