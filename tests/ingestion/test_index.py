"""The index of a case: made, brought forward, repaired, stopped; what it holds already is not embedded again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.errors import CaseError, StorageError
from core.selector import Selector
from ingestion.chunk.build import Cut
from ingestion.index import Indexed, Progress, index_case
from stores.cases import Cases
from stores.chunk_files import FOLDER, MANIFEST
from stores.chunks import ChunkStore
from stores.embedding import BuiltIn, Vectors
from stores.index import index_writer, open_index
from stores.index.on_disk import current_folder
from stores.lake import Lake
from tests.stores.filling import fill

LOG = (
    b"".join(b"%d 10.0.0.%d GET /page/%d 200\n" % (i * 37, i % 3, i) for i in range(40))
    + b"7 10.0.0.1 GET /attack 403\n"
)
MORE = b"3 10.0.0.9 GET /other/page 404\n"


@dataclass
class Counting:
    """The built-in embedder, telling which texts it was given."""

    inner: BuiltIn = field(default_factory=BuiltIn)
    name: str = "built-in, counting"
    texts: list[str] = field(default_factory=list)

    @property
    def dimensions(self) -> int:
        return self.inner.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self.inner.embed(texts)


@pytest.fixture
def case_dir(tmp_path: Path) -> Path:
    found = Cases(tmp_path / "data").create("incident")
    fill(found, "a.log", LOG, per_segment=10)
    return found


def run(
    case_dir: Path,
    embedder: Counting | None = None,
    *,
    rules: str = "1",
    cut: Cut | None = None,
    rebuild: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Indexed:
    with Lake.open(case_dir) as lake:
        hits = lake.hits(Selector())
        known = embedder or Counting()
        return index_case(case_dir, lake, hits, rules, known, cut=cut, rebuild=rebuild, progress=progress, stop=stop)


def check(case_dir: Path) -> None:
    """Chunks are those of the lake, the index has a vector and the words of every text and nothing else."""
    with ChunkStore.open(case_dir) as store, Lake.open(case_dir) as lake:
        assert store.built is not None
        assert store.built.lake == lake.state
        assert store.built.lines == lake.accounting().lines == sum(len(lines) for _, lines in store.lines())
        index = open_index(case_dir, Counting())
        assert index.ids() == frozenset(store.shapes())
        assert index.stamp["lake"] == lake.state
        for shape, text in store.shape_texts():
            [nearest] = index.query(Counting().embed([text])[0], 1, [shape])
            assert nearest.id == shape
            assert nearest.score > 0.99
        index.close()


def test_a_case_is_indexed(case_dir: Path) -> None:
    embedder = Counting()
    done = run(case_dir, embedder)
    check(case_dir)
    assert done.built is not None
    assert (done.made, done.added, done.kept, done.dropped) == (True, done.built.shapes, 0, 0)
    assert len(embedder.texts) == done.built.shapes < done.built.chunks
    assert done.bytes > 0


def test_a_second_run_does_nothing(case_dir: Path) -> None:
    first, embedder = run(case_dir), Counting()
    before = {path: path.stat().st_mtime_ns for path in (case_dir / FOLDER).iterdir()}
    second = run(case_dir, embedder)
    assert (second.made, second.added, second.kept, second.dropped) == (False, 0, first.added, 0)
    assert embedder.texts == []
    assert {path: path.stat().st_mtime_ns for path in (case_dir / FOLDER).iterdir()} == before


def test_only_new_texts_are_embedded(case_dir: Path) -> None:
    first, embedder = run(case_dir), Counting()
    fill(case_dir, "b.log", MORE)
    second = run(case_dir, embedder)
    check(case_dir)
    assert (second.made, second.added, second.kept, second.dropped) == (True, 1, first.added, 0)
    assert len(embedder.texts) == 1
    assert "/other/page" in embedder.texts[0]


def test_texts_that_are_no_more_are_dropped(case_dir: Path) -> None:
    run(case_dir)
    fill(case_dir, "a.log", LOG + b"7 10.0.0.1 POST /page/7 500\n" * 2)
    second = run(case_dir)
    check(case_dir)
    assert second.dropped >= 1
    assert second.added >= 1


@pytest.mark.parametrize(
    "change", [{"rules": "2"}, {"cut": Cut(60)}, {"cut": Cut(300, 500)}, {"rebuild": True}], ids=str
)
def test_chunks_are_made_anew_when_what_they_are_made_from_changes(case_dir: Path, change: dict[str, object]) -> None:
    run(case_dir)
    assert run(case_dir, **change).made  # type: ignore[arg-type]
    check(case_dir)


def test_hits_that_change_make_other_chunks(case_dir: Path) -> None:
    first = run(case_dir)
    with Lake.open(case_dir) as lake:
        second = index_case(case_dir, lake, lake.hits(Selector()).slice(0, 0), "1", Counting())
    assert first.built is not None
    assert second.built is not None
    assert (first.built.suspicious, second.built.suspicious) == (1, 0)


def test_a_case_without_lines_is_indexed(tmp_path: Path) -> None:
    empty = Cases(tmp_path).create("empty")
    assert run(empty).added == 0
    check(empty)


def spoil_part(case_dir: Path) -> None:
    next((case_dir / FOLDER).glob("*-parts-*")).unlink()


def spoil_manifest(case_dir: Path) -> None:
    (case_dir / FOLDER / MANIFEST).write_bytes(b"\x00")


def spoil_index(case_dir: Path) -> None:
    folder = current_folder(case_dir / "index")
    assert folder is not None
    for path in folder.iterdir():
        if path.is_file():
            path.write_bytes(b"not a database")


@pytest.mark.parametrize(
    ("damage", "codes"),
    [
        ((spoil_part,), ("chunks_damaged",)),
        ((spoil_manifest,), ("chunks_damaged",)),
        ((spoil_index,), ("index_damaged",)),
        ((spoil_index, spoil_part), ("index_damaged", "chunks_damaged")),
    ],
)
def test_what_is_damaged_is_made_anew_and_said(
    case_dir: Path, damage: tuple[Callable[[Path], None], ...], codes: tuple[str, ...]
) -> None:
    run(case_dir)
    for each in damage:
        each(case_dir)
    done = run(case_dir)
    assert done.repaired == codes
    check(case_dir)
    assert run(case_dir).repaired == ()


def test_another_embedder_needs_a_rebuild(case_dir: Path) -> None:
    run(case_dir, Counting(name="another"))
    with pytest.raises(StorageError, match="index_embedder_mismatch"):
        run(case_dir)
    run(case_dir, rebuild=True)
    check(case_dir)


def test_one_at_a_time(case_dir: Path) -> None:
    with index_writer(case_dir, Counting()), pytest.raises(CaseError, match="index_busy"):
        run(case_dir)


def test_stopped_while_chunks_are_made_nothing_has_changed(case_dir: Path) -> None:
    first = run(case_dir)
    fill(case_dir, "b.log", MORE)
    done = run(case_dir, stop=lambda: True)
    assert (done.stopped, done.made, done.kept) == (True, False, first.added)
    with ChunkStore.open(case_dir) as store:
        assert store.built == first.built
    assert len(list((case_dir / FOLDER).iterdir())) == 5
    run(case_dir)
    check(case_dir)


def test_stopped_while_texts_are_embedded_what_was_done_is_kept(
    case_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.index.BATCH", 1)
    seen: list[Progress] = []
    done = run(case_dir, progress=seen.append, stop=lambda: seen[-1].stage == "embedding" and seen[-1].done == 1)
    assert (done.stopped, done.added) == (True, 1)
    embedder = Counting()
    rest = run(case_dir, embedder)
    assert (rest.made, rest.kept, rest.added) == (False, 1, len(embedder.texts))
    check(case_dir)


def test_progress_counts_lines_then_texts(case_dir: Path) -> None:
    seen: list[Progress] = []
    done = run(case_dir, progress=seen.append)
    assert done.built is not None
    assert seen == [Progress("chunking", 41, 41), Progress("embedding", done.added, done.added)]
