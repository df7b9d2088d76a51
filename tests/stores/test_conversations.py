"""Conversations: an answer comes back as it was, no turn is lost or mixed up, and a damaged file is told."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.answer import Answer
from core.claim import CheckedClaim
from core.errors import CaseError, StorageError
from core.finding import Quote
from core.part import Certificate, Note, Part, Table
from core.plan import Operation, Plan, Step
from core.told import Told
from stores.answer_text import read_answer, write_answer
from stores.cases import Cases
from stores.conversations import FILE, Conversations, TurnState, is_conversation, new_conversation
from tests.effort import examples

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 3, 4, 5, 678, tzinfo=UTC)
A, B = "a" * 16, "b" * 16
ANSWER = Answer(
    "Q?",
    Plan((Step(Operation.COUNT),)),
    (Part(Step(Operation.COUNT), "count", {"lines": 3, "share": 0.5, "at": NOW, "said": "2026-11-21T03:04:05+00:00"}),),
    (),
    "case",
    "state",
    "rules",
    NOW,
)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Cases(tmp_path).create("case")


STEP = Step(Operation.COUNT)
FACTS = st.dictionaries(
    st.text(),
    st.one_of(
        st.none(),
        st.text(),
        st.integers(),
        st.floats(),
        st.datetimes().map(lambda time: time.replace(tzinfo=UTC, fold=0)),
    ),
)
PARTS = st.one_of(
    st.builds(Part, st.just(STEP), st.text(), st.just({}), notes=st.tuples(st.builds(Note, st.text(), FACTS))),
    st.builds(Part, st.just(STEP), claims=st.tuples(st.from_type(CheckedClaim)), facts=st.just({})),
    st.builds(Part, st.just(STEP), table=st.from_type(Table), facts=st.just({})),
    st.builds(Part, st.just(STEP), quotes=st.tuples(st.from_type(Quote)), facts=st.just({})),
    st.builds(Part, st.just(STEP), certificate=st.builds(Certificate, notes=st.just(())), facts=st.just({})),
)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(PARTS)
def test_an_answer_comes_back_as_it_was(part: Part) -> None:
    """`repr` tells apart what `==` takes for equal: 1 and 1.0, a code and a text, a tuple and a list.

    A `fold` means nothing in the times we keep, which are UTC.
    """
    answer = replace(ANSWER, parts=(part,))
    assert repr(read_answer(write_answer(answer))) == repr(answer).replace(", fold=1", "")


def test_a_text_that_looks_like_a_time_stays_a_text() -> None:
    assert read_answer(write_answer(ANSWER)) == ANSWER


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"question": 1}', '{"$bytes": "?"}', write_answer(ANSWER)[:-1]]
)
def test_what_is_no_answer_is_none(text: str) -> None:
    assert read_answer(text) is None


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (lambda store, turn: store.answered(turn, ANSWER), TurnState.ANSWERED),
        (lambda store, turn: store.stopped(turn), TurnState.STOPPED),
        (lambda store, turn: store.failed(turn, "disk_full"), TurnState.FAILED),
        (lambda *_: None, TurnState.PENDING),
    ],
)
def test_a_turn_is_kept_with_what_became_of_it(case: Path, end: object, state: TurnState) -> None:
    with Conversations.open(case) as store:
        number = store.begin(A, "what?\x00\udc80日本語", NOW)
        end(store, number)  # type: ignore[operator]
    with Conversations.open(case) as store:
        turn = store.turn(number)
        (listed,) = store.turns(A)
    assert turn is not None
    assert (turn.state, turn.question, turn.asked_at) == (state, "what?\x00\\udc80日本語", NOW)
    assert turn.answer == (ANSWER if state is TurnState.ANSWERED else None)
    assert listed == replace(turn, answer=None)


def test_what_a_model_says_is_added_to_a_kept_answer(case: Path) -> None:
    with Conversations.open(case) as store:
        number, stopped = (store.begin(A, "Q?", NOW) for _ in range(2))
        store.answered(number, ANSWER)
        store.stopped(stopped)
        for one in (number, stopped):
            store.told(one, replace(ANSWER, told=Told("m", "timeout")))
        found = [store.turn(one) for one in (number, stopped)]
    assert [one.answer and one.answer.told for one in found if one] == [Told("m", "timeout"), None]


def test_what_ended_stays_ended(case: Path) -> None:
    with Conversations.open(case) as store:
        number = store.begin(A, "q", NOW)
        store.stopped(number)
        store.answered(number, ANSWER)
        turn = store.turn(number)
    assert turn is not None
    assert (turn.state, turn.answer) == (TurnState.STOPPED, None)


def test_conversations_are_listed_newest_question_first(case: Path) -> None:
    with Conversations.open(case) as store:
        store.begin(A, "first " + "x" * 200, NOW)
        store.begin(B, "second", NOW + timedelta(minutes=1))
        store.begin(A, "third", NOW + timedelta(minutes=2))
        listed = [(one.id, one.title[:8], one.turns, one.started_at) for one in store.all()]
        assert listed == [(A, "first xx", 2, NOW), (B, "second", 1, NOW + timedelta(minutes=1))]
        assert [turn.question[:5] for turn in store.turns(A)] == ["first", "third"]
        store.forget(A)
        assert [one.id for one in store.all()] == [B]
        assert store.turns(A) == ()


def test_an_unknown_turn_is_none(case: Path) -> None:
    with Conversations.open(case) as store:
        assert store.turn(7) is None
        assert store.turns(A) == ()


def test_an_answer_of_another_layout_is_told(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stores.conversations.write_answer", lambda _: '{"question": "of tomorrow"}')
    with Conversations.open(case) as store:
        number = store.begin(A, "q", NOW)
        store.answered(number, ANSWER)
        turn = store.turn(number)
    assert turn is not None
    assert (turn.state, turn.answer) == (TurnState.UNREADABLE, None)


ASKING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from stores.conversations import Conversations
from tests.stores.test_conversations import ANSWER
case, mine, shared = Path(sys.argv[1]), sys.argv[2], "c" * 16
for at in range(40):
    for conversation in (mine, shared):
        with Conversations.open(case) as store:
            number = store.begin(conversation, f"{mine} {at}", datetime.now(UTC))
        with Conversations.open(case) as store:
            store.answered(number, ANSWER)
"""


def test_two_processes_ask_at_once_and_no_turn_is_lost(case: Path) -> None:
    """Both make the file, write into a conversation of their own, and into one they share."""
    running = [subprocess.Popen([sys.executable, "-c", ASKING, str(case), who], cwd=ROOT) for who in (A, B)]
    assert [process.wait(120) for process in running] == [0, 0]
    with Conversations.open(case) as store:
        for who in (A, B):
            assert [turn.question for turn in store.turns(who)] == [f"{who} {at}" for at in range(40)]
        shared = store.turns("c" * 16)
        assert {turn.state for turn in shared} == {TurnState.ANSWERED}
        assert sorted(turn.question for turn in shared) == sorted(f"{who} {at}" for who in (A, B) for at in range(40))


def test_a_damaged_file_is_told_and_nothing_else_is_touched(case: Path) -> None:
    (case / FILE).write_bytes(b"not a database, but long enough to be looked at as one" * 100)
    before = {path.name: path.read_bytes() for path in case.iterdir() if path.is_file()}
    with pytest.raises(StorageError) as error:
        Conversations.open(case)
    assert (error.value.code, error.value.facts["name"]) == ("history_damaged", FILE)
    assert {path.name: path.read_bytes() for path in case.iterdir() if path.is_file()} == before


def test_a_newer_layout_is_told(case: Path) -> None:
    Conversations.open(case).__exit__(None, None, None)
    import sqlite3

    connection = sqlite3.connect(case / FILE)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StorageError) as error:
        Conversations.open(case)
    assert error.value.code == "newer_history"


def test_a_case_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaseError):
        Conversations.open(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


def test_deleting_a_case_deletes_its_conversations(tmp_path: Path, case: Path) -> None:
    with Conversations.open(case) as store:
        store.begin(A, "secret", NOW)
    Cases(tmp_path).delete("case")
    assert not case.exists()


@pytest.mark.parametrize(
    ("text", "fits"), [(A, True), ("A" * 16, False), ("a" * 17, False), ("../etc", False), ("", False)]
)
def test_names_of_conversations(text: str, fits: bool) -> None:
    assert is_conversation(text) is fits
    assert is_conversation(new_conversation())
