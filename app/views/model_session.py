"""What was entered about models in this browser session: kept in memory only, and stronger than the environment."""

from collections.abc import Mapping

import streamlit as st

from app.model_access import Access, access
from app.settings import environment

_ENTERED, _ROUND, _ACCESS = "model-entered", "model-round", "model-access"


def entered() -> dict[str, str]:
    """Setting → value; an empty value takes the one of the environment away."""
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
    return {**environment(), **entered()}


def model_access() -> Access | None:
    """What this session may use; made anew when a setting has changed, and gone with the session."""
    values = {name: value for name, value in in_force().items() if value}
    known: tuple[Mapping[str, str], Access | None] | None = st.session_state.get(_ACCESS)
    if known is None or known[0] != values:
        known = st.session_state[_ACCESS] = (values, access(values))
    return known[1]
