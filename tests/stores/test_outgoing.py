"""What left: written before it leaves, held to the budget by any number of windows, and never without its count."""

import hashlib
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import CaseError, StorageError
from stores.cases import Cases
from stores.outgoing import FILE, PENDING, Outgoing
from stores.sending import Budget, Sending, Spent

NOW = datetime(2026, 11, 21, 3, 4, 5, 678, tzinfo=UTC)
ONE = Sending(NOW, "openai", "gpt", "ask", "q1", 100, '{"body": "証"}', reserved=50, cost=0.25, reserved_cost=0.5)
FREE = Budget()


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Cases(tmp_path).create("case")


def test_a_call_is_there_before_it_ends(case: Path) -> None:
    with Outgoing.open(case) as outgoing:
        number = outgoing.begin(ONE, FREE)
    with Outgoing.open(case) as outgoing:
        (call,) = outgoing.calls()
        assert (call.number, call.at, call.fault, call.input_tokens) == (number, NOW, PENDING, 100)
        assert call.sha256 == hashlib.sha256(ONE.payload.encode()).hexdigest()
        assert outgoing.payload(call.number) == ONE.payload
        assert outgoing.spent() == Spent(1, 100, 0, 0.25, 1, 0.0)


def test_what_became_of_it_replaces_what_was_held_back(case: Path) -> None:
    with Outgoing.open(case) as outgoing:
        number = int(outgoing.begin(ONE, FREE))
        outgoing.finish(number, input_tokens=98, output_tokens=7, cost=0.3, seconds=1.5, fault="cut", model="gpt-2026")
        (call,) = outgoing.calls(question="q1")
        assert (call.input_tokens, call.output_tokens, call.cost, call.fault, call.model) == (
            98,
            7,
            0.3,
            "cut",
            "gpt-2026",
        )
        assert outgoing.spent("q1") == Spent(1, 98, 7, 0.3, 1, 1.5)
        assert outgoing.spent("q2") == Spent()
        assert outgoing.calls(question="q2") == ()


@pytest.mark.parametrize(
    ("budget", "told"),
    [
        (Budget(), 2),
        (Budget(case_tokens=300), 2),
        (Budget(case_tokens=299), "case_tokens"),
        (Budget(question_tokens=150), 2),
        (Budget(question_tokens=149), "question_tokens"),
        (Budget(case_money=1.5), 2),
        (Budget(case_money=1.49), "case_money"),
    ],
)
def test_a_budget_counts_what_is_under_way_with_all_it_may_become(case: Path, budget: Budget, told: int | str) -> None:
    with Outgoing.open(case) as outgoing:
        outgoing.begin(ONE, FREE)
        assert outgoing.begin(replace(ONE, question="q2"), budget) == told
        assert len(outgoing.calls()) == (2 if told == 2 else 1)


def test_two_windows_do_not_both_get_the_last_of_a_budget(case: Path) -> None:
    Outgoing.open(case).__exit__(None, None, None)
    found: list[int | str] = []

    def ask() -> None:
        with Outgoing.open(case) as outgoing:
            found.append(outgoing.begin(ONE, Budget(case_tokens=4 * 150)))

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count("case_tokens") == 8


def test_old_texts_make_room_and_counts_stay(case: Path) -> None:
    with Outgoing.open(case, most_bytes=250) as outgoing:
        for _ in range(5):
            outgoing.begin(replace(ONE, payload="x" * 100), FREE)
        assert [call.held for call in outgoing.calls()] == [True, True, False, False, False]
        assert [outgoing.payload(call.number) is None for call in outgoing.calls()] == [False, False, True, True, True]
        assert outgoing.spent().input_tokens == 500
        outgoing.begin(replace(ONE, payload="x" * 1000), FREE)
        assert [call.held for call in outgoing.calls()] == [True, False, False, False, False, False]


def test_a_call_without_a_price_makes_the_cost_unknown(case: Path) -> None:
    with Outgoing.open(case) as outgoing:
        outgoing.begin(ONE, FREE)
        assert outgoing.spent().whole_cost == 0.25
        outgoing.begin(replace(ONE, cost=None), FREE)
        assert outgoing.spent().whole_cost is None


def test_no_text_is_too_odd_to_be_kept(case: Path) -> None:
    with Outgoing.open(case) as outgoing:
        number = int(outgoing.begin(replace(ONE, payload="a\udcff\x00b"), FREE))
        assert outgoing.payload(number) == "a\\udcff\x00b"


def test_a_damaged_file_is_told(case: Path) -> None:
    (case / FILE).write_bytes(b"no database" * 100)
    with pytest.raises(StorageError) as told:
        Outgoing.open(case)
    assert told.value.code == "outgoing_damaged"


def test_a_newer_layout_is_told(case: Path) -> None:
    connection = sqlite3.connect(case / FILE)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StorageError) as told:
        Outgoing.open(case)
    assert told.value.code == "newer_outgoing"


def test_an_unknown_case_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaseError):
        Outgoing.open(tmp_path / "none")
