import unicodedata
from pathlib import Path

import pytest

from core.errors import CaseError, InputError, StorageError
from stores.cases import Cases
from stores.lake import Lake
from stores.writer import CaseWriter
from tests.stores.filling import fill


@pytest.mark.parametrize("name", ["a", "2026-03.web_1", "侵害調査", "Ωmega", "x" * 64])
def test_good_names(cases: Cases, name: str) -> None:
    assert cases.create(name) == cases.open(name)
    assert cases.names() == (name,)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".hidden",
        "a/b",
        "a\\b",
        "a b",
        "a\n",
        "x" * 65,
        "字" * 64 + "字",
        "a\0",
        "\u202eexe",
        "a%00",
        "字" * 90,
    ],
)
def test_bad_names(cases: Cases, name: str) -> None:
    with pytest.raises(InputError, match="bad_case_name"):
        cases.create(name)
    assert cases.names() == ()


def test_one_case_however_the_name_is_composed(cases: Cases) -> None:
    assert cases.create(unicodedata.normalize("NFD", "ガ")) == cases.create("ガ")


def test_creating_twice_keeps_the_lines(cases: Cases) -> None:
    fill(cases.create("a"), "x.log", b"1 10.0.0.1 GET / 200\n")
    with Lake.open(cases.create("a")) as lake:
        assert lake.accounting().lines == 1


def test_unknown_case_tells_the_known_ones(cases: Cases) -> None:
    cases.create("b"), cases.create("a")
    with pytest.raises(CaseError) as refusal:
        cases.open("c")
    assert (refusal.value.code, refusal.value.facts["known"]) == ("unknown_case", ("a", "b"))


def test_cases_are_apart(cases: Cases) -> None:
    fill(cases.create("a"), "x.log", b"1 10.0.0.1 GET / 200\n")
    with Lake.open(cases.create("b")) as lake:
        assert lake.sources == ()


def test_delete_leaves_nothing(cases: Cases, tmp_path: Path) -> None:
    fill(cases.create("a"), "x.log", b"1 10.0.0.1 GET / 200\n")
    cases.delete("a")
    assert list((tmp_path / "data").iterdir()) == []


def test_delete_finishes_what_a_crash_left(cases: Cases, tmp_path: Path) -> None:
    (tmp_path / "data" / ".deleting-0123" / "segments").mkdir(parents=True)
    cases.create("a")
    assert cases.names() == ("a",)
    cases.delete("a")
    assert list((tmp_path / "data").iterdir()) == []


def test_delete_waits_for_no_writer(cases: Cases) -> None:
    path = cases.create("a")
    with CaseWriter.open(path), pytest.raises(CaseError, match="case_busy"):
        cases.delete("a")
    assert cases.names() == ("a",)


def test_delete_follows_no_link(cases: Cases, tmp_path: Path) -> None:
    treasure = tmp_path / "elsewhere" / "segments"
    treasure.mkdir(parents=True)
    (treasure / "kept.txt").write_text("kept")
    path = cases.create("a")
    (path / "segments" / "link").symlink_to(treasure)
    cases.delete("a")
    (tmp_path / "data" / "b").symlink_to(treasure.parent)
    with pytest.raises(CaseError, match="unknown_case"):
        cases.delete("b")
    assert (treasure / "kept.txt").read_text() == "kept"


def test_a_linked_case_is_not_written_into(cases: Cases, tmp_path: Path) -> None:
    cases.create("a")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data" / "b").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CaseError, match="unsafe_case"):
        cases.create("b")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_only_the_owner_reads_a_case(cases: Cases) -> None:
    assert cases.create("a").stat().st_mode & 0o077 == 0


def test_root_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="write_failed"):
        Cases(tmp_path / "file").create("a")
