"""One finding as a card: what, how often, from where, why, with which outcome, and the proof."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from app.i18n import text
from app.render.view import ClaimView, FindingView, QuoteView
from app.views.evidence import Asked, framed, number_button, picked
from core.claim import VerdictStatus
from core.taxonomy import Outcome

_OUTCOME = {
    Outcome.SUCCEEDED: ("red", ":material/crisis_alert:"),
    Outcome.UNKNOWN: ("orange", ":material/help:"),
    Outcome.FAILED: ("blue", ":material/block:"),
    Outcome.BLOCKED: ("green", ":material/shield:"),
}
_VERDICT = {
    VerdictStatus.VERIFIED: ("green", ":material/verified:"),
    VerdictStatus.REFUTED: ("red", ":material/cancel:"),
    VerdictStatus.UNVERIFIABLE: ("orange", ":material/help:"),
}
_TALLEST = 8
_QUOTES = 2


def card(finding: FindingView, lang: str) -> None:
    """Draw one finding."""
    kind = finding.finding.type.value
    with st.container(border=True, key=f"finding-{kind}"):
        _title(finding)
        _figures(finding, lang)
        st.write(finding.why)
        st.caption(f"{text('report.outcome', lang)}: {finding.decided}")
        left, right = st.columns([2, 3])
        with left:
            _addresses(finding, lang)
        with right:
            _rules(finding, lang)
        if finding.waf_rules:
            st.text(f"{text('report.waf_rules', lang)}: {finding.waf_rules}")
        for quote in finding.quotes[:_QUOTES]:
            _quote(quote)
        _proof(finding, lang)


def _title(finding: FindingView) -> None:
    colour, icon = _OUTCOME[finding.finding.outcome]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(finding.title, anchor=False, width="content")
        st.badge(finding.outcome_text, color=colour, icon=icon)  # type: ignore[arg-type]
        st.badge(finding.technique, color="gray")


def _figures(finding: FindingView, lang: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        label = text("report.show_lines", lang, count=finding.count)
        caption = f"{finding.title}: {finding.count}"
        number_button(label, f"lines-{finding.finding.type.value}", caption, finding.finding.selector)
        st.caption(f"{finding.first} – {finding.last}", width="content")


def _addresses(finding: FindingView, lang: str) -> None:
    if not finding.ips:
        return
    selector = finding.finding.selector
    asked = [Asked(f"{finding.title} · {ip}: {count}", replace(selector, ips=(ip,))) for ip, count in finding.ips]
    counts = [item.count for item in finding.finding.source_ips]
    _clickable(
        f"ips-{finding.finding.type.value}",
        {text("report.address", lang): [ip for ip, _ in finding.ips], text("report.lines", lang): counts},
        asked,
    )
    if finding.unattributed:
        st.caption(f"{text('report.unattributed', lang)}: {finding.unattributed}")


def _rules(finding: FindingView, lang: str) -> None:
    selector = finding.finding.selector
    items = finding.finding.rules
    asked = [
        Asked(f"{finding.title} · {item.rule}: {item.count}", replace(selector, rules=(item.rule,))) for item in items
    ]
    _clickable(
        f"rules-{finding.finding.type.value}",
        {
            text("report.rule", lang): [item.rule for item in items],
            text("report.lines", lang): [item.count for item in items],
            text("report.rule_title", lang): [title for _, _, title, _ in finding.rules],
            text("report.technique", lang): [attack for _, _, _, attack in finding.rules],
        },
        asked,
    )


def _clickable(key: str, columns: Mapping[str, Sequence[str | int]], asked: Sequence[Asked]) -> None:
    """A table whose rows lead to their lines."""
    st.dataframe(
        columns,
        hide_index=True,
        key=key,
        on_select=picked(key, asked),
        selection_mode="single-row",
        height=36 * (min(len(asked), _TALLEST) + 1) if len(asked) > _TALLEST else "content",
    )


def _quote(quote: QuoteView) -> None:
    with st.container(gap="xxsmall"):
        st.text(f"{quote.where}   {quote.rule}")
        st.code(framed(quote.before, quote.match, quote.after), language=None, wrap_lines=True)


def _proof(finding: FindingView, lang: str) -> None:
    """Verdict badges with their counts; inside, each statement with its digest."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for status in VerdictStatus:
            number_of = sum(claim.status == status for claim in finding.claims)
            if number_of:
                verdict_badge(status, f"{text(f'verdict.{status}', lang)} {number_of}/{len(finding.claims)}")
    with st.expander(text("report.show_proof", lang), icon=":material/fact_check:"):
        claims_table(finding.claims, lang)


def verdict_badge(status: VerdictStatus, label: str) -> None:
    """A badge in the colour of the verdict; the label is ours."""
    colour, icon = _VERDICT[status]
    st.badge(label, color=colour, icon=icon)  # type: ignore[arg-type]


def claims_table(claims: tuple[ClaimView, ...], lang: str) -> None:
    """Each statement with its verdict, the true value and the digest of its lines."""
    st.dataframe(
        {
            text("report.verdict", lang): [claim.verdict for claim in claims],
            text("report.claim", lang): [claim.label for claim in claims],
            text("report.claimed", lang): [claim.claimed for claim in claims],
            text("report.actual", lang): [claim.actual for claim in claims],
            text("report.matched", lang): [claim.matched for claim in claims],
            text("report.digest", lang): [claim.digest for claim in claims],
        },
        hide_index=True,
    )


def proof(
    verdicts: Sequence[tuple[VerdictStatus, str]],
    claims: tuple[ClaimView, ...],
    name: str,
    lang: str,
    lines: Callable[[], object] | None,
) -> None:
    """Verdicts beside the way to the lines (`lines` draws it); each statement with its digest where somebody asks.

    `name` is the key of what is unfolded.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for status, label in verdicts:
            verdict_badge(status, label)
        if lines is not None:
            lines()
    if claims:
        box = st.expander(
            text("chat.claims", lang), key=name, icon=":material/fact_check:", type="compact", on_change="rerun"
        )
        if box.open:
            with box:
                claims_table(claims, lang)
