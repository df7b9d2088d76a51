"""What was entered about models in this browser session: kept in memory only, and stronger than the environment."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from app.model_access import Access, access
from app.settings import environment
from app.views.session import settings

_OPENAI, _SEARCH = "AZURE_OPENAI_ENDPOINT", "AZURE_SEARCH_ENDPOINT"
_KEYS_OF: Mapping[str, tuple[str, ...]] = {
    "OPENAI_BASE_URL": ("OPENAI_API_KEY", "AKASHI_COMPATIBLE_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"),
    _OPENAI: ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_USE_ENTRA"),
    _SEARCH: ("AZURE_SEARCH_KEY",),
}
_CLOUDS = (
    *(".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com", ".search.windows.net"),
    *(".openai.azure.us", ".cognitiveservices.azure.us", ".search.azure.us"),
    *(".openai.azure.cn", ".cognitiveservices.azure.cn", ".search.azure.cn"),
)
"""Domains under which Azure alone answers."""

_ENTERED, _ROUND, _ACCESS = "model-entered", "model-round", "model-access"


def entered() -> dict[str, str]:
    """Setting → value; an empty value takes the one of the environment away. Nothing where sessions may set none."""
    if not settings().session_models:
        return {}
    found: dict[str, str] = st.session_state.setdefault(_ENTERED, {})
    return found


def forget() -> None:
    """The environment counts again."""
    st.session_state[_ENTERED] = {}
    st.session_state[_ROUND] = round_of() + 1


def round_of() -> int:
    """Part of the keys of all fields, so that forgetting empties them."""
    return int(st.session_state.get(_ROUND, 0))


def in_force() -> Mapping[str, str]:
    """Every setting as it counts in this session."""
    return combined(environment(), entered())


def combined(known: Mapping[str, str], own: Mapping[str, str]) -> Mapping[str, str]:
    """What was entered before what the environment says; but a key of the environment goes to its own address only.

    Else whoever opens the page could have the key, or a token of the machine's identity, sent to a server of his.
    """
    values = {**known, **own}
    for address, keys in _KEYS_OF.items():
        if own.get(address, known.get(address, "")) != known.get(address, ""):
            values |= {key: own.get(key, "") for key in keys}
            if address == _OPENAI and not _is_azure(values[address]):
                values["AZURE_OPENAI_USE_ENTRA"] = ""
            if address == _SEARCH and not (values["AZURE_SEARCH_KEY"] or _is_azure(values[address])):
                values[address] = ""  # without a key a token of the machine's identity would be sent
    return values


def _is_azure(address: str) -> bool:
    """Whether a token that is sent there is read by the cloud only."""
    host = urlsplit(address).hostname if address.startswith("https://") else None
    return (host or "").endswith(_CLOUDS)


def model_access() -> Access | None:
    """What this session may use; made anew when a setting has changed, and gone with the session."""
    values = {name: value for name, value in in_force().items() if value}
    known: tuple[Mapping[str, str], Access | None] | None = st.session_state.get(_ACCESS)
    if known is None or known[0] != values:
        known = st.session_state[_ACCESS] = (values, access(values))
    return known[1]
