"""What the case has taken so far, and the newest calls of it, each with the exact text that was sent."""

from pathlib import Path

import streamlit as st

from app.i18n import coded, moment, number, text
from app.inert import inert
from app.render.told import cost_text
from app.sent import newest_calls, sent_text, spent

_NEWEST = 20


def usage(folder: Path, lang: str) -> None:
    """Calls, tokens and cost of a case."""
    st.subheader(text("model.usage", lang), anchor=False)
    took = spent(folder)
    if not took.calls:
        st.text(text("model.usage_none", lang))
        return
    facts = {
        "calls": number(took.calls),
        "input": number(took.input_tokens),
        "output": number(took.output_tokens),
        "seconds": f"{took.seconds:.1f}",
        "cost": cost_text(took.whole_cost, lang),
    }
    st.text(text("told.usage", lang, **facts))
    calls = newest_calls(folder, _NEWEST)
    heads = ("time", "purpose", "model", "input", "output", "cost", "ended")
    rows = [
        (
            moment(call.at),
            coded("purpose", call.purpose, lang),
            inert(call.model),
            call.input_tokens,
            call.output_tokens,
            "—" if call.cost is None else f"{call.cost:.4f}",
            inert(call.fault) or text("told.went_well", lang),
        )
        for call in calls
    ]
    columns = dict(zip((text(f"call.{head}", lang) for head in heads), zip(*rows, strict=True), strict=True))
    chosen = st.dataframe(columns, hide_index=True, key="model-calls", on_select="rerun", selection_mode="single-row")
    for row in chosen["selection"]["rows"]:
        st.caption(text("told.sent_why", lang))
        body = sent_text(folder, calls[row].sha256)
        st.code(body or text("told.not_sent", lang), language=None, wrap_lines=True, height=320)
