"""What stands below an answer's figures: what an absence rests on, what to do now, and block rules to copy."""

import streamlit as st

from app.i18n import coded, text
from app.render.markdown import escape
from app.render.part import SOURCE_HEAD, BlockRuleView, CertificateView, PartView
from app.views.evidence import lines_button
from app.views.notice import remark


def certificate(part: PartView, key: str, lang: str) -> None:
    """What was read and what these logs cannot show; what would have to be collected is never folded away."""
    found = part.certificate
    if found is None:
        return
    for note in found.notes:
        remark(note)
    box = st.expander(
        text("chat.certificate", lang), key=f"rests-{key}", icon=":material/verified_user:", type="compact"
    )
    with box:
        _rests_on(found, lang)
    for missing in found.missing:
        with st.container(gap="xxsmall"):
            st.text(f"{missing.what} · {missing.software}")
            st.code(missing.snippet, language=None, wrap_lines=True)


def _rests_on(found: CertificateView, lang: str) -> None:
    st.text(f"{found.read} {found.detectors}".rstrip())
    if found.sources:
        heads = [coded("column", code, lang) for code in SOURCE_HEAD]
        st.dataframe(dict(zip(heads, zip(*found.sources, strict=True), strict=True)), hide_index=True)
    if found.gaps:
        st.caption(text("report.gaps_note", lang))
        heads = [text(f"report.{key}", lang) for key in ("source", "gap_since", "gap_until")]
        st.dataframe(dict(zip(heads, zip(*found.gaps, strict=True), strict=True)), hide_index=True)
    for spot in found.blind_spots:
        st.text(f"• {spot}")


def advice(part: PartView, key: str, lang: str) -> None:
    """What to do: what is urgent in sight, the phases behind it folded; what rests on lines leads to them."""
    phases = list(dict.fromkeys(one.phase for one in part.advice))
    for at, phase in enumerate(phases):
        if at == 0:
            st.markdown(f"**{escape(phase)}**")
            _phase(part, phase, key, lang)
        else:
            count = sum(one.phase == phase for one in part.advice)
            with st.expander(f"{escape(phase)} ({count})"):
                _phase(part, phase, key, lang)


def _phase(part: PartView, phase: str, key: str, lang: str) -> None:
    with st.container(gap="xsmall"):
        for place, one in enumerate(part.advice):
            if one.phase != phase:
                continue
            with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
                st.text(f"• {one.words}", width="stretch")
                if one.advice.selector is not None:
                    lines_button(text("chat.show_lines", lang), f"do-{key}-{place}", one.words, one.advice.selector)


def block_rules(part: PartView, key: str, lang: str) -> None:
    """Ready configuration by what it stops, a tab a product, with what it would have hit in this very log."""
    for kind in dict.fromkeys(rule.rule.kind for rule in part.block_rules):
        rules = [rule for rule in part.block_rules if rule.rule.kind == kind]
        with st.expander(escape(coded("block", kind, lang)), icon=":material/shield:"):
            for place, (tab, rule) in enumerate(
                zip(st.tabs([escape(rule.product) for rule in rules]), rules, strict=True)
            ):
                with tab:
                    _block_rule(rule, f"block-{key}-{kind}-{place}", lang)


def _block_rule(rule: BlockRuleView, key: str, lang: str) -> None:
    st.code(rule.rule.text, language=None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.text(rule.backtest, width="stretch")
        lines_button(text("chat.show_lines", lang), key, rule.backtest, rule.rule.selector)
    for note in rule.notes:
        remark(note)
