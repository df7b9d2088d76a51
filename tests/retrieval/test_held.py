"""Chunks and index stay open between questions, and never show yesterday's case."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import StorageError
from core.plan import EVERYTHING
from ingestion.index import index_case
from retrieval.held import Held
from retrieval.pipeline import retrieve
from stores.cases import Cases
from stores.embedding import BuiltIn
from stores.lake import Lake
from tests.stores.filling import fill

EMBEDDER = BuiltIn()
A = "203.0.113.1"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    made = Cases(tmp_path).create("case")
    add(made, "one.log", "/attack-on-tea")
    return made


@pytest.fixture
def held() -> Iterator[Held]:
    keeper = Held(1)
    yield keeper
    keeper.close()


def add(case_dir: Path, name: str, path: str) -> None:
    fill(case_dir, name, f"1 {A} GET {path} 200\n".encode())
    with Lake.open(case_dir) as lake:
        index_case(case_dir, lake, lake.hits(EVERYTHING), "rules", EMBEDDER)


def notes(case_dir: Path, held: Held) -> list[str]:
    return [note.code for note in retrieve(case_dir, "tea", EVERYTHING, embedder=EMBEDDER, held=held).notes]


def lines(case_dir: Path, held: Held) -> int:
    hits = retrieve(case_dir, "tea", EVERYTHING, embedder=EMBEDDER, held=held).hits
    return sum(hit.chunk.lines for hit in hits)


def test_the_same_is_asked_again(case: Path, held: Held) -> None:
    with held.opened(case, EMBEDDER) as first:
        pass
    with held.opened(case, EMBEDDER) as second:
        assert second is first


def test_two_at_a_time_have_their_own(case: Path, held: Held) -> None:
    with held.opened(case, EMBEDDER) as first, held.opened(case, EMBEDDER) as second:
        assert first is not second


def test_only_so_many_stay_open(case: Path, tmp_path: Path, held: Held) -> None:
    other = Path(shutil.copytree(case, tmp_path / "other"))
    with held.opened(case, EMBEDDER) as first:
        pass
    with held.opened(other, EMBEDDER):
        pass
    with held.opened(case, EMBEDDER) as again:
        assert again is not first


def test_new_lines_are_seen_at_once(case: Path, held: Held) -> None:
    assert lines(case, held) == 1
    add(case, "two.log", "/probe-for-tea")
    assert (lines(case, held), notes(case, held)) == (2, [])


def test_a_case_made_anew_is_another_one(case: Path, held: Held) -> None:
    assert lines(case, held) == 1
    Cases(case.parent).delete("case")
    add(Cases(case.parent).create("case"), "other.log", "/green-tea\n2 " + A + " GET /black-tea 404")
    assert (lines(case, held), notes(case, held)) == (2, [])


def test_what_is_damaged_is_not_kept(case: Path, held: Held) -> None:
    assert notes(case, held) == []
    with pytest.raises(StorageError), held.opened(case, EMBEDDER) as first:
        raise StorageError("chunks_damaged", file="")
    with held.opened(case, EMBEDDER) as second:
        assert second is not first


def test_a_manifest_that_cannot_be_read_is_told(case: Path, held: Held) -> None:
    assert notes(case, held) == []
    (case / "chunks" / "manifest.json").write_text("{")
    assert notes(case, held) == ["index_damaged", "raw_lines"]


def test_many_threads_get_one_answer(case: Path, held: Held) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(lambda _: lines(case, held), range(24))) == {1}
