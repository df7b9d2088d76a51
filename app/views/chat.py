"""The chat page: ask the case, see the answer with its proof, correct what was misread, ask on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from app.asking import ask_and_keep, exchange_of
from app.i18n import error_text, number, text
from app.inert import inert
from app.model_access import model_name
from app.reading import Investigation
from app.render.answer import AnswerView, answer_view, names_of, suggestion_text
from app.render.markdown import escape
from app.views.answer import draw
from app.views.chat_box import Wanted, box, sent, want, wanted
from app.views.chat_history import CHAT, TURN, conversation, history_picker, keep_address
from app.views.chat_live import Live
from app.views.chat_plan import plan_form
from app.views.evidence import drawer
from app.views.indexing import index_line
from app.views.model_session import model_access
from app.views.notice import refuse, warn
from app.views.session import cases, chosen_case, current, language, now
from app.views.start import outcome_of_reading
from core.errors import AkashiError
from core.plan import Exchange
from stores.conversations import Conversations, Turn, TurnState

SHOWN = 20
"""Newest turns that are drawn at once."""

_LONG = 800
_MORE = "chat-more"
_VIEWS = "chat-views"
_PERSON, _AKASHI = ":material/person:", ":material/search_insights:"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page is: the case, its folder, what is known of it, and the conversation."""

    case: str
    folder: Path
    found: Investigation
    conversation: str
    lang: str


def page() -> None:
    """Draw the conversation with the chosen case."""
    lang, case = language(), chosen_case()
    st.title(text("chat.title", lang), anchor=False)
    if case is None:
        st.text(text("chat.no_case", lang))
        box(None, lang)
        return
    outcome_of_reading(lang)
    folder, asked = cases().open(case), wanted()
    with _kept_when_stopped(folder, asked or sent()), st.spinner(text("chat.opening", lang)):
        found = current(case)
    place = Place(case, folder, found, conversation(folder), lang)
    _warm()
    history_picker(folder, place.conversation, lang)
    turns = _turns(place)
    _draw_turns(place, turns)
    beginning = st.empty()
    if not turns and asked is None:
        with beginning.container():
            st.text(text("chat.empty", lang))
            _starters(place)
    index_line(folder, found, lang)
    asked = box(case, lang) or asked
    if asked is not None:
        beginning.empty()
        _ask(place, asked, turns)
    drawer(found)


def _warm() -> None:
    """The libraries of a provider take seconds to load: beside whoever writes his first question, not after it."""
    access = model_access()
    if access is not None and access.asks:
        from app.advising import warm

        warm(access)


@contextmanager
def _kept_when_stopped(folder: Path, asked: Wanted | None) -> Iterator[None]:
    """A question that is stopped before the case is open stands in the conversation all the same."""
    try:
        yield
    except AkashiError:
        raise
    except BaseException:
        if asked is not None:
            with Conversations.open(folder) as store:
                store.stopped(store.begin(conversation(folder), asked.question, now()))
        raise


def _turns(place: Place) -> tuple[Turn, ...]:
    with Conversations.open(place.folder) as store:
        return store.turns(place.conversation)


def _draw_turns(place: Place, turns: Sequence[Turn]) -> None:
    """The newest turns, or the one that a link names; what came before on demand."""
    linked = st.query_params.get(TURN, "")
    if linked:
        named = [turn for turn in turns if str(turn.number) == linked]
        if not named:
            warn(text("chat.no_turn", place.lang))
        elif len(turns) > 1:
            st.button(
                text("chat.whole", place.lang),
                icon=":material/forum:",
                on_click=keep_address,
                args=(place.conversation,),
            )
        turns = named or turns
    more = int(st.session_state.get(_MORE, 0)) if not linked else 0
    hidden = max(0, len(turns) - SHOWN - more)
    if hidden:
        label = text("chat.earlier", place.lang, count=number(min(hidden, SHOWN)))
        st.button(label, icon=":material/expand_less:", key="chat-earlier", on_click=_show_more)
    for turn in turns[hidden:]:
        _turn(place, turn, newest=turn is turns[-1])


def _show_more() -> None:
    st.session_state[_MORE] = int(st.session_state.get(_MORE, 0)) + SHOWN


def _turn(place: Place, turn: Turn, *, newest: bool) -> None:
    _question(turn.question)
    with st.chat_message("assistant", avatar=_AKASHI):
        view = _view(place, turn)
        if view is None:
            _unanswered(place, turn)
            return
        answer, report = view.answer, place.found.report
        if (answer.state, answer.rules_version) != (report.state, report.rules_version):
            warn(text("chat.older_state", place.lang))
        key = str(turn.number)
        draw(view, key, address(place, turn.number))
        plan_form(view, key)
        if newest:
            _suggestions(view, key)


def _question(question: str) -> None:
    """The question as text; a very long one is cut in sight only."""
    with st.chat_message("user", avatar=_PERSON):
        shown = "\n".join(inert(line) for line in question[:_LONG].split("\n"))
        st.text(shown + "…" if len(question) > _LONG else shown)


def _view(place: Place, turn: Turn) -> AnswerView | None:
    """An answer in words, read and worded once a session; None where there is none."""
    views: dict[tuple[str, int], AnswerView] = st.session_state.setdefault(_VIEWS, {})
    known = (turn.conversation, turn.number)  # a case made anew counts its turns anew
    if known not in views and turn.state is TurnState.ANSWERED:
        with Conversations.open(place.folder) as store:
            read = store.turn(turn.number)
        if read is not None and read.answer is not None:
            names = names_of(place.found.lake.sources)
            views[known] = answer_view(read.answer, read.answer.plan.language, names)
    return views.get(known)


def _unanswered(place: Place, turn: Turn) -> None:
    """Why there is no answer, and the way to one."""
    if turn.state is TurnState.FAILED:
        warn(error_text(AkashiError(turn.failure), place.lang))
    else:
        state = TurnState.UNREADABLE if turn.state is TurnState.ANSWERED else turn.state
        warn(text(f"chat.{state}", place.lang))
    st.button(
        text("chat.again", place.lang),
        key=f"again-{turn.number}",
        icon=":material/replay:",
        on_click=want,
        args=(Wanted(turn.question),),
    )


def _suggestions(view: AnswerView, key: str) -> None:
    if not view.suggestions:
        return
    with st.container(horizontal=True, gap="xsmall", key=f"suggestions-{key}"):
        for place, question in enumerate(view.suggestions):
            st.button(escape(question), key=f"suggest-{key}-{place}", on_click=want, args=(Wanted(question),))


def _starters(place: Place) -> None:
    """What a first question may be."""
    from answering.suggest import suggestions_of

    opened = place.found.opened
    with st.container(horizontal=True, gap="xsmall", key="suggestions"):
        for at, one in enumerate(suggestions_of(opened, (), ())):
            question = suggestion_text(one, place.lang, opened.facts.offset_seconds)
            st.button(escape(question), key=f"starter-{at}", on_click=want, args=(Wanted(question),))


def _ask(place: Place, asked: Wanted, turns: Sequence[Turn]) -> None:
    """Work on a question in sight; whatever interrupts the run leaves the turn as stopped."""
    keep_address(place.conversation)
    _question(asked.question)
    access = model_access()
    with st.chat_message("assistant", avatar=_AKASHI):
        status = st.status(text("chat.working", place.lang), state="running")
        names = names_of(place.found.lake.sources)
        live = Live(status, place.lang, names, model_name(access), lambda number: address(place, number))
        try:
            ask_and_keep(
                asked.question,
                place.found,
                place.folder,
                place.conversation,
                now(),
                history=_history(place, turns),
                plan=asked.plan,
                access=access,
                tell=live.tell,
                heard=live.heard(),
                begun=live.begun,
            )
        except AkashiError as error:
            status.update(state="error")
            refuse(error, place.lang)
            return
    st.rerun()


def _history(place: Place, turns: Sequence[Turn]) -> tuple[Exchange, ...]:
    views = (_view(place, turn) for turn in turns[-SHOWN:])
    return tuple(exchange_of(view.answer) for view in views if view is not None)


def address(place: Place, turn: int) -> str:
    """The link to an answer: it opens for whoever may open the case."""
    base = (st.context.url or "").split("?")[0]
    asked = urlencode({"case": place.case, CHAT: place.conversation, TURN: turn})
    return f"{base}?{asked}"
