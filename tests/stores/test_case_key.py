"""A case has one secret of its own, whoever asks first; a damaged one is told and never used."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import StorageError
from stores.case_key import FILE, case_key


def test_the_key_stays_and_is_the_owners_alone(tmp_path: Path) -> None:
    key = case_key(tmp_path)
    assert (len(key), case_key(tmp_path)) == (32, key)
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_cases_have_different_keys(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    assert case_key(tmp_path / "a") != case_key(tmp_path / "b")


def test_all_who_ask_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(case_key, [tmp_path] * 64))) == 1


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StorageError, match="key_damaged"):
        case_key(tmp_path)


def test_a_case_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="write_failed"):
        case_key(tmp_path / "gone")
