"""The model page: who is asked, with what key, what is hidden from him, what it may cost; tried with one button."""

import streamlit as st

from app.i18n import error_text, text
from app.inert import inert
from app.model_access import CHAT as CHAT_SETTING
from app.model_access import EMBEDDINGS as EMBEDDINGS_SETTING
from app.model_access import HIDEABLE, REDACT, Access, hidden
from app.views import model_fields as fields
from app.views.indexing import reindex_button
from app.views.model_session import entered, forget, in_force, model_access
from app.views.model_trial import try_out
from app.views.model_usage import usage
from app.views.notice import plain, warn
from app.views.session import cases, chosen_case, language, settings
from core.errors import AkashiError


def page() -> None:
    """Draw the page."""
    lang = language()
    st.title(text("model.page", lang), anchor=False)
    _standing(model_access(), lang)
    if settings().session_models:
        _form(lang)
    else:
        plain(text("model.by_operator", lang), ":material/admin_panel_settings:")
    case = chosen_case()
    if case is not None:
        reindex_button(cases().open(case), lang)
        usage(cases().open(case), lang)


def _form(lang: str) -> None:
    """All that can be set for this session."""
    _provider(CHAT_SETTING, "chat", fields.CHAT, fields.OFF, lang)
    _provider(EMBEDDINGS_SETTING, "embeddings", fields.EMBEDDINGS, fields.BUILT_IN, lang)
    with st.expander(text("model.search", lang), icon=":material/travel_explore:"):
        st.caption(text("model.search_why", lang))
        fields.draw(fields.SEARCH, lang)
    _redaction(lang)
    with st.expander(text("model.limits", lang), icon=":material/savings:"):
        st.caption(text("model.limits_why", lang))
        fields.draw(fields.LIMITS, lang)
    with st.container(horizontal=True):
        pressed = st.button(text("model.test", lang), icon=":material/stethoscope:", type="primary", key="model-test")
        if entered():
            st.button(text("model.forget", lang), icon=":material/undo:", on_click=forget, key="model-forget")
    if pressed:
        try_out(lang)


def _standing(found: Access | None, lang: str) -> None:
    """Who is asked now, and what leaves this machine."""
    if found is None:
        plain(text("model.none", lang), ":material/lock:")
        return
    if found.refusal is not None:
        plain(error_text(found.refusal, lang), ":red[:material/error:]")
        return
    for words in leaving(found, lang):
        warn(words)
    st.caption(text("model.memory_only", lang))


def leaving(found: Access, lang: str) -> list[str]:
    """What leaves this machine, a sentence for each place it goes to."""
    chat, embeddings, said = found.models.chat, found.models.embeddings, []
    if chat is not None:
        said.append(text("model.leaves_chat", lang, model=inert(chat.model), where=inert(chat.base_url)))
    if embeddings is not None:
        said.append(text("model.leaves_embeddings", lang, where=inert(embeddings.base_url)))
    if found.search is not None:
        said.append(text("model.leaves_search", lang, where=inert(found.search.endpoint)))
    return said


def _provider(setting: str, name: str, known: dict[str, tuple[fields.Field, ...]], usual: str, lang: str) -> None:
    """The choice of a provider, and what the chosen one needs."""
    with st.container(border=True):
        st.subheader(text(f"model.{name}", lang), anchor=False)
        options = list(known)
        chosen = _chosen(setting, usual)
        st.selectbox(
            text("model.provider", lang),
            options,
            index=options.index(chosen) if chosen in options else 0,
            format_func=lambda one: text(f"provider.{one.replace('-', '_')}", lang),
            help=f"`{setting}`",
            key=fields.key_of(setting),
            on_change=_take,
            args=(setting,),
        )
        shown = [] if name == "chat" else [one.setting for one in fields.CHAT[_chosen(CHAT_SETTING, fields.OFF)]]
        fields.draw([one for one in known.get(chosen, ()) if one.setting not in shown], lang)


def _take(setting: str) -> None:
    fields.set_to(setting, str(st.session_state[fields.key_of(setting)]))


def _chosen(setting: str, usual: str) -> str:
    """The provider that was named, else the one that the settings amount to."""
    values = in_force()
    named = values.get(setting, "").strip().lower()
    if named:
        return named if named in (fields.CHAT if setting == CHAT_SETTING else fields.EMBEDDINGS) else usual
    if setting == CHAT_SETTING:
        if values.get("AZURE_OPENAI_ENDPOINT"):
            return fields.AZURE
        if values.get("OPENAI_BASE_URL"):
            return fields.COMPATIBLE
        if values.get("OPENAI_MODEL"):
            return fields.OPENAI
    return usual


def _redaction(lang: str) -> None:
    """What is hidden beside secrets."""
    with st.container(border=True):
        st.subheader(text("model.redaction", lang), anchor=False)
        st.caption(text("model.redaction_why", lang))
        try:
            now = hidden(in_force().get(REDACT, ""))
        except AkashiError as refusal:
            warn(error_text(refusal, lang))
            return
        with st.container(horizontal=True):
            for name in HIDEABLE:
                st.checkbox(
                    text(f"hide.{name}", lang),
                    value=bool(getattr(now, name)),
                    key=fields.key_of(f"{REDACT}-{name}"),
                    on_change=_take_redaction,
                )


def _take_redaction() -> None:
    chosen = [name for name in HIDEABLE if st.session_state[fields.key_of(f"{REDACT}-{name}")]]
    fields.set_to(REDACT, ",".join(chosen) or "none")
