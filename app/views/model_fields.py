"""Fields of the model page, each under the name that the environment has for it; keys are never shown again."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from app.i18n import text
from app.views.model_session import entered, in_force, round_of

OFF, OPENAI, AZURE, COMPATIBLE, BUILT_IN = "off", "openai", "azure", "compatible", "built-in"
_TRUE = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class Field:
    """`setting` is the variable, `label` a locale key `model.<label>`; `example` stands in the empty field."""

    setting: str
    label: str
    example: str = ""
    secret: bool = False
    switch: bool = False


_OPENAI_KEY = Field("OPENAI_API_KEY", "key", secret=True)
_BASE_URL = Field("OPENAI_BASE_URL", "base_url", "http://127.0.0.1:11434/v1")
_AZURE = (
    Field("AZURE_OPENAI_ENDPOINT", "endpoint", "https://NAME.openai.azure.com"),
    Field("AZURE_OPENAI_API_KEY", "key", secret=True),
    Field("AZURE_OPENAI_USE_ENTRA", "entra", switch=True),
    Field("AZURE_OPENAI_API_VERSION", "api_version", "v1"),
)
CHAT = {
    OFF: (),
    OPENAI: (_OPENAI_KEY, Field("OPENAI_MODEL", "model", "gpt-5-mini")),
    AZURE: (*_AZURE, Field("AZURE_OPENAI_DEPLOYMENT_NAME", "deployment", "my-gpt")),
    COMPATIBLE: (_BASE_URL, Field("OPENAI_MODEL", "model", "qwen3:8b"), _OPENAI_KEY),
}
"""What each provider of words needs."""

_EMBEDDING = Field("OPENAI_EMBEDDING_MODEL", "embedding_model", "text-embedding-3-small")
EMBEDDINGS = {
    BUILT_IN: (),
    OPENAI: (_OPENAI_KEY, _EMBEDDING),
    AZURE: (*_AZURE, Field("AZURE_OPENAI_EMBEDDING_DEPLOYMENT_NAME", "embedding_deployment", "my-embeddings")),
    COMPATIBLE: (_BASE_URL, _EMBEDDING, _OPENAI_KEY),
}
"""What each provider of embeddings needs."""

SEARCH = (
    Field("AZURE_SEARCH_ENDPOINT", "search_endpoint", "https://NAME.search.windows.net"),
    Field("AZURE_SEARCH_INDEX_NAME", "search_index", "akashi"),
    Field("AZURE_SEARCH_KEY", "search_key", secret=True),
    Field("AZURE_SEARCH_SEMANTIC", "search_semantic", switch=True),
)
LIMITS = (
    Field("AKASHI_BUDGET_QUESTION_TOKENS", "question_tokens", "200000"),
    Field("AKASHI_BUDGET_CASE_TOKENS", "case_tokens", "5000000"),
    Field("AKASHI_BUDGET_CASE_MONEY", "case_money", "5"),
    Field("AKASHI_TURN_SECONDS", "turn_seconds", "90"),
    Field("AKASHI_PRICE_INPUT", "price_input", "0.25"),
    Field("AKASHI_PRICE_OUTPUT", "price_output", "2"),
    Field("AKASHI_PRICE_EMBEDDING", "price_embedding", "0.02"),
)


def set_to(setting: str, value: str) -> None:
    """From now on this value counts, in this session."""
    entered()[setting] = value.strip()


def key_of(setting: str) -> str:
    """The key of a setting's field."""
    return f"model-{setting}-{round_of()}"


def draw(fields: Sequence[Field], lang: str, columns: int = 2) -> None:
    """The fields side by side; each counts as soon as it is left."""
    places = st.columns(columns) if fields else []
    for at, field in enumerate(fields):
        with places[at % columns]:
            _switch(field, lang) if field.switch else _text(field, lang)


def _switch(field: Field, lang: str) -> None:
    st.checkbox(
        text(f"model.{field.label}", lang),
        value=in_force().get(field.setting, "").lower() in _TRUE,
        help=f"`{field.setting}`",
        key=key_of(field.setting),
        on_change=_take_switch,
        args=(field.setting,),
    )


def _text(field: Field, lang: str) -> None:
    """A key that is set stands nowhere on the page: only that there is one."""
    known = in_force().get(field.setting, "")
    st.text_input(
        text(f"model.{field.label}", lang),
        value="" if field.secret else known,
        type="password" if field.secret else "default",
        placeholder=text("model.key_is_set", lang) if field.secret and known else field.example,
        help=f"`{field.setting}`",
        autocomplete="off",
        key=key_of(field.setting),
        on_change=_take_text,
        args=(field.setting, field.secret),
    )


def _take_switch(setting: str) -> None:
    set_to(setting, "1" if st.session_state[key_of(setting)] else "")


def _take_text(setting: str, secret: bool) -> None:
    """An emptied key field leaves the key: what is not shown cannot be taken out by looking at it."""
    value = str(st.session_state[key_of(setting)])
    if value.strip() or not secret:
        set_to(setting, value)
