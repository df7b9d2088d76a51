"""What was worked out is found again by the same state alone, and is never needed."""

from pathlib import Path

import pyarrow as pa
import pytest

from stores.derived import FOLDER, Derived

TABLE = pa.table({"a": [1, 2]})


def test_the_same_facts_find_what_was_kept(tmp_path: Path) -> None:
    Derived(tmp_path, ("state", "rules")).keep_table("hits", TABLE)
    Derived(tmp_path, ("state", "rules")).keep_text("report", b"{}")
    again = Derived(tmp_path, ("state", "rules"))
    assert again.table("hits") == TABLE
    assert again.text("report") == b"{}"


@pytest.mark.parametrize("facts", [("state", "other"), ("staterules",), ("state",), ("rules", "state")])
def test_other_facts_find_nothing(tmp_path: Path, facts: tuple[str, ...]) -> None:
    Derived(tmp_path, ("state", "rules")).keep_table("hits", TABLE)
    assert Derived(tmp_path, facts).table("hits") is None
    assert Derived(tmp_path, facts).text("hits") is None


def test_a_damaged_file_is_nothing(tmp_path: Path) -> None:
    derived = Derived(tmp_path, ("state",))
    derived.keep_table("hits", TABLE)
    (file,) = (tmp_path / FOLDER).rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-7])
    assert derived.table("hits") is None


def test_only_the_newest_states_stay(tmp_path: Path) -> None:
    for number in range(5):
        Derived(tmp_path, (str(number),)).keep_text("report", b"")
    assert len(list((tmp_path / FOLDER).iterdir())) == 2
    assert Derived(tmp_path, ("4",)).text("report") == b""


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_bytes(b"in the way")
    derived = Derived(tmp_path, ("state",))
    derived.keep_table("hits", TABLE)
    assert derived.table("hits") is None
