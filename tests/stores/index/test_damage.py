"""A damaged index says so, whichever file is hurt and however; a rebuild then makes it whole."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import CaseError, StorageError
from stores.cases import Cases
from stores.index import index_writer, open_index, shard
from stores.index.chroma import DATABASE
from stores.index.protocol import Hit
from tests.stores.index.toy import Toy, names, scattered

pytestmark = pytest.mark.slow

DIMENSIONS, ROWS = 16, 1_500
ENDINGS = ("-wal", "-shm")
EMBEDDER = Toy(DIMENSIONS)
VECTORS = scattered(ROWS, DIMENSIONS)
TEXTS = [f"text{place} word{place % 9}" for place in range(ROWS)]


def filled(case_dir: Path, *, rebuild: bool = False) -> None:
    with index_writer(case_dir, EMBEDDER, rebuild=rebuild) as writer:
        writer.add(names(ROWS), TEXTS, VECTORS)
        writer.commit({"lake": "1"})


def asked(case_dir: Path) -> list[list[Hit]]:
    """What a reader answers to all kinds of questions."""
    reader = open_index(case_dir, EMBEDDER)
    try:
        found = [reader.query(VECTORS[place], 3) for place in range(0, ROWS, 50)]
        found += [reader.query(VECTORS[7], 3, names(30)), reader.match("text11 word3", 5)]
        assert reader.count() == ROWS
        return found
    finally:
        reader.close()


def asked_or_code(case_dir: Path) -> list[list[Hit]] | str:
    """The answers, or the code of the refusal."""
    try:
        return asked(case_dir)
    except StorageError as fault:
        return fault.code


@pytest.fixture(scope="module", autouse=True)
def _graphs() -> Iterator[None]:
    """Shards as small as these have a graph, and it is believed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shard, "GRAPH_FROM", 2)
        patch.setattr(shard, "CLOSE", -2)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with an index that is large enough for a graph, to be copied and hurt."""
    case_dir = Cases(tmp_path_factory.mktemp("whole")).create("incident")
    filled(case_dir)
    return case_dir


@pytest.fixture(scope="module")
def answers(whole: Path) -> list[list[Hit]]:
    return asked(whole)


def files(case_dir: Path) -> list[Path]:
    """All that hold what was indexed: not the lock, the pointer, and what SQLite keeps beside its file."""
    found = (path for path in (case_dir / "index").rglob("*") if path.is_file())
    return sorted(path for path in found if path.name not in ("lock", "current") and not path.name.endswith(ENDINGS))


def gone(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def halved(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def garbled(path: Path) -> None:
    content, chance = bytearray(path.read_bytes()), random.Random(path.name)
    for _ in range(max(1, len(content) // 20)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path.write_bytes(content)


def foreign(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + random.Random(1).randbytes(9_000))


@pytest.mark.parametrize("hurt", [gone, emptied, halved, garbled, foreign])
def test_every_hurt_file_is_noticed(
    whole: Path, answers: list[list[Hit]], tmp_path: Path, hurt: Callable[[Path], None]
) -> None:
    """Noticed, or without any effect: never a crash of the process, and never another answer."""
    noticed = set()
    for number, file in enumerate(files(whole)):
        case_dir = Path(shutil.copytree(whole, tmp_path / str(number) / "incident"))
        path = case_dir / file.relative_to(whole)
        hurt(path)
        found = asked_or_code(case_dir)
        assert found in (answers, "index_damaged"), path
        if found == "index_damaged":
            noticed.add(path.name)
    assert {"vectors.npy", "data_level0.bin", "header.bin", "manifest.sqlite", DATABASE} <= noticed
    filled(case_dir, rebuild=True)
    assert asked(case_dir) == answers


def test_a_lost_folder_is_noticed(whole: Path, tmp_path: Path) -> None:
    folders = [path for path in (whole / "index").rglob("*") if path.is_dir()]
    assert len(folders) == 4
    for number, folder in enumerate(folders):
        case_dir = Path(shutil.copytree(whole, tmp_path / str(number) / "incident"))
        shutil.rmtree(case_dir / folder.relative_to(whole))
        with pytest.raises(StorageError, match="index_damaged"):
            asked(case_dir)


def test_without_its_pointer_nothing_was_ever_indexed(whole: Path, tmp_path: Path) -> None:
    case_dir = Path(shutil.copytree(whole, tmp_path / "incident"))
    (case_dir / "index" / "current").unlink()
    assert open_index(case_dir, EMBEDDER).count() == 0
    filled(case_dir)
    assert len([path for path in (case_dir / "index").iterdir() if path.is_dir()]) == 1


def test_a_writer_notices_a_damaged_manifest(whole: Path, tmp_path: Path) -> None:
    case_dir = Path(shutil.copytree(whole, tmp_path / "incident"))
    (manifest,) = (case_dir / "index").rglob("manifest.sqlite")
    foreign(manifest)
    with pytest.raises(StorageError, match="index_damaged"), index_writer(case_dir, EMBEDDER):
        pass


@pytest.mark.parametrize("text", ["../../etc", "/etc", "", "a/b", "名前\x00", "\udcff"])
def test_a_pointer_that_leads_elsewhere_is_damage(whole: Path, tmp_path: Path, text: str) -> None:
    case_dir = Path(shutil.copytree(whole, tmp_path / "incident"))
    (case_dir / "index" / "current").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(StorageError, match="index_damaged"):
        asked(case_dir)


@pytest.mark.parametrize("other", [Toy(DIMENSIONS, "toy-2"), Toy(8)], ids=["another name", "other dimensions"])
def test_another_embedder_is_refused_until_a_rebuild(case_dir: Path, other: Toy) -> None:
    with index_writer(case_dir, EMBEDDER) as writer:
        writer.add(names(3), TEXTS[:3], VECTORS[:3])
        writer.commit({})
    with pytest.raises(StorageError, match="index_embedder_mismatch") as refusal:
        open_index(case_dir, other)
    assert dict(refusal.value.facts) == {"index": EMBEDDER.name, "now": other.name}
    with pytest.raises(StorageError, match="index_embedder_mismatch"), index_writer(case_dir, other):
        pass
    with index_writer(case_dir, other, rebuild=True) as writer:
        assert writer.ids() == frozenset()
        writer.add(["x"], ["x"], scattered(1, other.dimensions))
        writer.commit({})
    assert open_index(case_dir, other).ids() == {"x"}
    with pytest.raises(StorageError, match="index_embedder_mismatch"):
        open_index(case_dir, EMBEDDER)


def test_one_writer_at_a_time(case_dir: Path) -> None:
    with index_writer(case_dir, EMBEDDER) as writer:
        with pytest.raises(CaseError, match="index_busy"), index_writer(case_dir, EMBEDDER, rebuild=True):
            pass
        writer.commit({"lake": "1"})
    with index_writer(case_dir, EMBEDDER):
        pass


def test_a_case_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="unknown_case"), index_writer(tmp_path / "nobody", EMBEDDER):
        pass
    assert open_index(tmp_path / "nobody", EMBEDDER).count() == 0
    assert list(tmp_path.iterdir()) == []


def test_a_case_deleted_under_reader_and_writer(cases: Cases, case_dir: Path) -> None:
    filled(case_dir)
    reader = open_index(case_dir, EMBEDDER)
    with index_writer(case_dir, EMBEDDER) as writer:
        writer.remove(names(3))
        cases.delete("incident")
        with pytest.raises(CaseError, match="unknown_case"):
            writer.commit({})
        cases.create("incident")
    assert reader.count() == 0
    assert reader.query(VECTORS[0], 3) == []
    reader.close()
    assert not (case_dir / "index").exists()
    filled(case_dir)
    assert open_index(case_dir, EMBEDDER).count() == ROWS
