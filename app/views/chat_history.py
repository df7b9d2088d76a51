"""Which conversation is looked at: kept in the address, chosen in the side bar, deleted on demand."""

from collections.abc import Mapping
from itertools import chain, count
from pathlib import Path

import streamlit as st

from app.i18n import moment, text
from app.inert import inert
from app.views.notice import refuse
from app.views.session import language
from core.errors import AkashiError
from stores.conversations import Conversation, Conversations, is_conversation, new_conversation

CHAT, TURN = "chat", "turn"
"""Parameters of the page's address."""

_HELD, _CHOSEN = "chat-conversation", "chat-history"
_TITLE = 40


def conversation(folder: Path) -> str:
    """The conversation of this session with the case; the address keeps it over a reload and in a link."""
    held: dict[str, str] = st.session_state.setdefault(_HELD, {})
    asked = st.query_params.get(CHAT, "")
    if is_conversation(asked):
        held[str(folder)] = asked
    return held.setdefault(str(folder), new_conversation())


def look_at(folder: Path, name: str | None) -> None:
    """Look at this conversation from now on; None: at a new one."""
    name = name or new_conversation()
    st.session_state.setdefault(_HELD, {})[str(folder)] = name
    st.query_params.pop(TURN, None)
    st.query_params.pop(CHAT, None)


def keep_address(name: str) -> None:
    """Write the conversation into the address, whole."""
    st.query_params.pop(TURN, None)
    st.query_params[CHAT] = name


def history_picker(folder: Path, now_shown: str, lang: str) -> None:
    """In the side bar: a new conversation, and those there were; titles are hostile, so they are options."""
    with st.sidebar:
        st.button(
            text("chat.new", lang),
            icon=":material/add_comment:",
            key="chat-new",
            on_click=look_at,
            args=(folder, None),
        )
        with Conversations.open(folder) as store:
            known = {one.id: one for one in store.all()}
        if not known:
            return
        options = list(known) if now_shown in known else ["", *known]
        titles = _titles(known)
        st.session_state[_CHOSEN] = now_shown if now_shown in known else ""
        st.selectbox(
            text("chat.history", lang),
            options,
            key=_CHOSEN,
            format_func=lambda name: titles.get(name) or text("chat.new", lang),
            on_change=_choose,
            args=(folder,),
        )
        if now_shown in known and st.button(
            text("chat.forget", lang), type="tertiary", icon=":material/delete:", key="chat-forget"
        ):
            _forget(folder, now_shown, known[now_shown])


def _choose(folder: Path) -> None:
    """Before the page is drawn, so that nothing that was sent at the same moment is lost."""
    name = str(st.session_state[_CHOSEN])
    look_at(folder, name)
    if name:
        keep_address(name)


def _titles(known: Mapping[str, Conversation]) -> dict[str, str]:
    """Each its own: a browser says which one was chosen by its title, so those that are equal are numbered."""
    titles: dict[str, str] = {}
    for name, one in sorted(known.items(), key=lambda pair: pair[1].started_at):
        title = _title(one)
        same = (f"{title} #{number}" for number in count(2))
        titles[name] = next(each for each in chain([title], same) if each not in titles.values())
    return titles


def _title(one: Conversation) -> str:
    title = inert(one.title)
    return f"{title[:_TITLE]}… ({one.turns})" if len(title) > _TITLE else f"{title} ({one.turns})"


def _forget(folder: Path, name: str, known: Conversation) -> None:
    lang = language()

    @st.dialog(text("chat.forget", lang))
    def ask() -> None:
        st.text(f"{_title(known)} · {moment(known.started_at)}")
        st.write(text("chat.forget_question", lang))
        with st.container(horizontal=True):
            gone = st.button(
                text("case.delete_confirm", lang), type="primary", on_click=_forget_now, args=(folder, name)
            )
            if st.button(text("case.cancel", lang)) or gone:
                st.rerun()

    ask()


def _forget_now(folder: Path, name: str) -> None:
    try:
        with Conversations.open(folder) as store:
            store.forget(name)
    except AkashiError as error:
        refuse(error, language())
        return
    look_at(folder, None)
