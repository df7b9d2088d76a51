"""An answer on the page: what it says, looked at and proven; question and log text only through text primitives."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from app.i18n import text
from app.render.answer import AnswerView
from app.render.markdown import escape
from app.render.part import PartView
from app.views.answer_export import export
from app.views.answer_rest import advice, block_rules, certificate
from app.views.answer_table import chart, table
from app.views.evidence import framed, number_button
from app.views.finding import proof
from app.views.notice import remark
from app.views.told import told
from core.plan import Planner

_QUOTES = 20


def draw(view: AnswerView, key: str, address: str, below: Callable[[], None] | None = None) -> None:
    """The whole answer; `key` is its own among all answers, `address` the link to it.

    `below` draws what stands below the verified parts in place of what a model said: a model that is still at it.
    """
    lang = view.lang
    for place, part in enumerate(view.parts):
        _part(part, f"{key}-{place}", view)
    for note in view.notes:
        remark(note)
    if below is not None:
        below()
    else:
        _planned_by_model(view, key)
        told(view, key)
    if view.answer.plan.planner is Planner.HAND:
        st.badge(text("chat.by_hand", lang), icon=":material/edit:", color="gray")
    _plan(view, key)
    export(view, key, address)


def _planned_by_model(view: AnswerView, key: str) -> None:
    """What the model's plan gave: counted and checked like any other part, and labelled."""
    parts = view.told.parts if view.told is not None else ()
    if parts:
        st.badge(text("told.parts", view.lang), icon=":material/smart_toy:", color="gray")
    for place, part in enumerate(parts):
        st.text(part.step)
        _part(part, f"{key}-told-{place}", view)


def _part(part: PartView, key: str, view: AnswerView) -> None:
    lang = view.lang
    with st.container(key=f"part-{key}", gap="small"):
        st.text(part.sentence)
        chart(part, key, view.answer.zone_offset)
        table(part, key, lang)
        for quote in part.quotes[:_QUOTES]:
            with st.container(gap="xxsmall"):
                st.text(f"{quote.where}   {quote.rule}")
                st.code(framed(quote.before, quote.match, quote.after), language=None, wrap_lines=True)
        for note in part.notes:
            remark(note)
        certificate(part, key, lang)
        advice(part, key, lang)
        block_rules(part, key, lang)
        _proof(part, key, lang)


def _proof(part: PartView, key: str, lang: str) -> None:
    evidence = part.part.evidence
    label = text("chat.show_lines", lang)
    lines = None if evidence is None else partial(number_button, label, f"lines-{key}", part.sentence, evidence)
    proof(part.verdicts, part.claims, f"claims-{key}", lang, lines)


def _plan(view: AnswerView, key: str) -> None:
    """How the question was understood, always in sight: whoever is misread must see it."""
    with st.container(key=f"plan-{key}", gap="xxsmall"):
        st.caption(escape(text("chat.plan", view.lang)))
        for line in view.plan or (text("chat.no_plan", view.lang),):
            st.text(line)
