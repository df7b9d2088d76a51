"""A case in Azure AI Search: apart from other cases, redacted before anything leaves, committed at one instant."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.stubs.azure_search import AzureSearchStub, Fault
from stores.index import HybridIndex, IndexChoice, as_it_leaves, index_writer, open_index
from tests.stores.index.azure_case import choice
from tests.stores.index.toy import Toy, names, scattered

DIMENSIONS = 8
EMBEDDER = Toy(DIMENSIONS)
ROWS = scattered(200, DIMENSIONS)
ROOT = Path(__file__).parents[3]
SECRET = "AKIA" + "NOTAREALKEY12345"


@pytest.fixture
def stub() -> Iterator[AzureSearchStub]:
    with AzureSearchStub() as running:
        yield running


def add(case_dir: Path, where: IndexChoice, start: int, count: int, *, rebuild: bool = False) -> None:
    ids = names(200)[start : start + count]
    with index_writer(case_dir, EMBEDDER, where, rebuild=rebuild) as writer:
        writer.add(ids, [f"text{int(one)} of them" for one in ids], ROWS[start : start + count])
        writer.commit({"lake": str(start + count)})


def hybrid(case_dir: Path, where: IndexChoice, words: str, row: int, among: list[str] | None = None) -> list[str]:
    reader = open_index(case_dir, EMBEDDER, where)
    assert isinstance(reader, HybridIndex)
    found = reader.hybrid(words, ROWS[row], 5, among)
    reader.close()
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    return [hit.id for hit in found]


def test_two_cases_in_one_index_do_not_see_each_other(stub: AzureSearchStub, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for case_dir, start in ((one, 0), (other, 5)):
        case_dir.mkdir()
        add(case_dir, choice(stub), start, 10)
    for case_dir, start in ((one, 0), (other, 5)):
        reader = open_index(case_dir, EMBEDDER, choice(stub))
        assert reader.ids() == set(names(200)[start : start + 10])
        assert {hit.id for hit in reader.query(ROWS[7], 50)} == reader.ids()
        assert set(hybrid(case_dir, choice(stub), "text7 them", 7)) <= reader.ids()
        reader.close()
    add(one, choice(stub), 0, 3, rebuild=True)
    assert open_index(other, EMBEDDER, choice(stub)).query(ROWS[7], 1)[0].id == "000007"
    assert all("case eq '" in one.body["filter"] for one in stub.asked("search.post"))


def test_what_leaves_is_redacted_and_what_stays_is_not(stub: AzureSearchStub, case_dir: Path) -> None:
    seen: list[str] = []

    def redact(text: str) -> str:
        return text.replace(SECRET, "⟨secret⟩")

    class Watched(Toy):
        def embed(self, texts):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            seen.extend(texts)
            return ROWS[: len(texts)]

    where = choice(stub, redact=redact, semantic=True)
    embedder = as_it_leaves(Watched(DIMENSIONS), where)
    with index_writer(case_dir, embedder, where) as writer:
        writer.add(["a"], [f"GET /?key={SECRET} 200"], embedder.embed([f"GET /?key={SECRET} 200"]))
        writer.commit({})
    reader = open_index(case_dir, embedder, where)
    assert isinstance(reader, HybridIndex)
    assert [hit.id for hit in reader.match(SECRET, 3)] == ["a"]
    assert [hit.id for hit in reader.hybrid(f"who sent {SECRET}?", embedder.embed([SECRET])[0], 3)] == ["a"]
    reader.close()
    assert seen == ["GET /?key=⟨secret⟩ 200", "⟨secret⟩"]
    said = json.dumps([one.body for one in stub.heard], ensure_ascii=False).lower()
    assert SECRET.lower() not in said
    assert "⟨secret⟩" in said


def test_words_and_vector_are_joined_by_the_service(stub: AzureSearchStub, case_dir: Path) -> None:
    add(case_dir, choice(stub), 0, 60)
    assert hybrid(case_dir, choice(stub), "text7", 7)[0] == "000007"
    assert set(hybrid(case_dir, choice(stub), "text7", 9)[:2]) == {"000007", "000009"}
    assert hybrid(case_dir, choice(stub), "text7", 9, ["000009", "000011", "nobody"])[0] == "000009"
    assert hybrid(case_dir, choice(stub), "text7", 9, ["nobody"]) == []
    assert hybrid(case_dir, choice(stub), "of the", 9) == []


HOSTILE = ['" OR "1"="1', "+text7 -(of*) ~them", "text7' or case ne '", "\\", "*", "|", "text7~2"]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_question_is_only_ever_words(stub: AzureSearchStub, case_dir: Path, words: str) -> None:
    add(case_dir, choice(stub), 0, 10)
    assert set(hybrid(case_dir, choice(stub), words, 7)) <= set(names(200)[:10])
    for one in stub.asked("search.post"):
        assert one.body["filter"].count("'") == 2


@pytest.mark.parametrize(("there", "kinds"), [(True, ["semantic"]), (False, ["semantic", "simple"])])
def test_the_semantic_ranker_is_asked_and_may_be_off(
    stub: AzureSearchStub, case_dir: Path, kinds: list[str], *, there: bool
) -> None:
    stub.semantic = there
    add(case_dir, choice(stub), 0, 20)
    stub.heard.clear()
    assert "000007" in hybrid(case_dir, choice(stub, semantic=True), "where is text7?", 9)
    asked = [one.body for one in stub.asked("search.post")]
    assert [one.get("queryType", "simple") for one in asked] == kinds
    assert asked[0]["semanticQuery"] == "where is text7?"
    assert "where" not in asked[0]["search"]


def test_a_list_too_long_for_one_filter_is_asked_in_parts(stub: AzureSearchStub, case_dir: Path) -> None:
    many, rows = names(1_600), scattered(1_600, DIMENSIONS, seed=4)
    with index_writer(case_dir, EMBEDDER, choice(stub)) as writer:
        writer.add(many, many, rows)
        writer.commit({})
    reader = open_index(case_dir, EMBEDDER, choice(stub))
    stub.heard.clear()
    exact = reader.query(rows[3], 20, many[:1_500])
    parts = [
        one.body["filter"].split("'")[3].count(",") + 1
        for one in stub.asked("search.post")
        if one.body.get("vectorQueries")
    ]
    assert sorted(parts) == [500, 1_000]
    assert exact == [hit for hit in reader.query(rows[3], 60) if hit.id in set(many[:1_500])][:20]
    reader.close()


def test_a_copied_case_takes_nothing_from_the_one_it_was_copied_from(stub: AzureSearchStub, tmp_path: Path) -> None:
    case_dir = tmp_path / "case"
    case_dir.mkdir()
    add(case_dir, choice(stub), 0, 10)
    copy = Path(shutil.copytree(case_dir, tmp_path / "copy"))
    with index_writer(copy, EMBEDDER, choice(stub)) as writer:
        assert writer.ids() == frozenset()
        writer.add(names(3), ["text0", "text1", "text2"], ROWS[:3])
        writer.commit({})
    assert open_index(copy, EMBEDDER, choice(stub)).query(ROWS[0], 1)[0].id == "000000"
    assert len(open_index(case_dir, EMBEDDER, choice(stub)).query(ROWS[0], 50)) == 10


def test_another_index_starts_from_nothing(stub: AzureSearchStub, case_dir: Path) -> None:
    add(case_dir, choice(stub), 0, 10)
    other = choice(stub, index="other")
    assert open_index(case_dir, EMBEDDER, other).ids() == frozenset()
    assert open_index(case_dir, EMBEDDER).ids() == frozenset()
    add(case_dir, other, 0, 3)
    assert len(open_index(case_dir, EMBEDDER, other).query(ROWS[0], 50)) == 3


def test_old_documents_are_deleted_once_nobody_needs_them(stub: AzureSearchStub, case_dir: Path) -> None:
    where = choice(stub)
    add(case_dir, where, 0, 10)
    add(case_dir, where, 10, 10)
    with index_writer(case_dir, EMBEDDER, where) as writer:
        writer.remove(names(5))
        writer.commit({})
    assert len(stub.indexes["akashi"].documents) == 15
    add(case_dir, where, 0, 4, rebuild=True)
    assert len(stub.indexes["akashi"].documents) == 4
    assert len([path for path in (case_dir / "search").iterdir() if path.is_dir()]) == 1


def test_what_was_not_committed_is_forgotten(stub: AzureSearchStub, case_dir: Path) -> None:
    where = choice(stub)
    add(case_dir, where, 0, 10)
    for rebuild in (False, True):
        with index_writer(case_dir, EMBEDDER, where, rebuild=rebuild) as writer:
            writer.add(["x"], ["x"], ROWS[:1])
            writer.remove(names(5))
        reader = open_index(case_dir, EMBEDDER, where)
        assert len(reader.query(ROWS[0], 50)) == 10
        reader.close()
    with index_writer(case_dir, EMBEDDER, where):
        pass
    assert len(stub.indexes["akashi"].documents) == 10


READER = """
import sys
from pathlib import Path
from eval.stubs.azure_search import AzureSearchStub
from stores.index import open_index
from tests.stores.index.azure_case import choice
from tests.stores.index.toy import Toy, names, scattered

stub = AzureSearchStub()
stub.url = sys.argv[2]
rows, ids = scattered(200, 8), names(200)
index = open_index(Path(sys.argv[1]), Toy(8), choice(stub))
print("ready", flush=True)
seen = asked = 0
while seen < int(sys.argv[3]):
    found = sorted(hit.id for hit in index.query(rows[asked % 200], 200))
    assert found == ids[: len(found)], found
    assert len(found) >= seen, (len(found), seen)
    assert len(found) % 10 == 0, len(found)
    seen, asked = len(found), asked + 1
print("done", seen)
"""


@pytest.mark.slow
def test_another_process_sees_one_state_after_the_other(stub: AzureSearchStub, case_dir: Path) -> None:
    last = 80
    command = [sys.executable, "-c", READER, str(case_dir), stub.url, str(last)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for start in range(0, last, 10):
            add(case_dir, choice(stub), start, 10)
            if start == last // 2:  # a rebuild swaps all at once
                add(case_dir, choice(stub), 0, start + 10, rebuild=True)
        out, err = reader.communicate(timeout=100)
        assert (reader.returncode, out, err) == (0, f"done {last}\n", "")


LATE = 0.4

WRITER = """
import sys
from pathlib import Path
from eval.stubs.azure_search import AzureSearchStub
from stores.index import index_writer
from tests.stores.index.azure_case import choice
from tests.stores.index.test_azure import change

stub = AzureSearchStub()
stub.url = sys.argv[2]
change(Path(sys.argv[1]), choice(stub), rebuild=sys.argv[3] == "anew")
"""


def change(case_dir: Path, where: IndexChoice, *, rebuild: bool) -> None:
    """From the first 20 to those from 5 to 30."""
    with index_writer(case_dir, EMBEDDER, where, rebuild=rebuild) as writer:
        writer.remove(names(5))
        new = [one for one in names(30)[5:] if one not in writer.ids()]
        writer.add(new, [f"text{int(one)}" for one in new], ROWS[[int(one) for one in new]])
        writer.commit({"lake": "new"})


@pytest.mark.kill
@pytest.mark.parametrize(("how", "late"), [("more", True), ("more", False), ("anew", True)])
def test_killed_at_any_request(stub: AzureSearchStub, tmp_path: Path, how: str, *, late: bool) -> None:
    old, new = set(names(20)), set(names(30)[5:])
    seen: list[bool] = []
    for number in range(20):
        case_dir = tmp_path / str(number)
        case_dir.mkdir()
        add(case_dir, choice(stub), 0, 20)
        done = len(stub.heard)
        stub.faults.extend([*([Fault(200)] * number), Fault(200 if late else 0, hang=LATE)])
        command = [sys.executable, "-c", WRITER, str(case_dir), stub.url, how]
        with subprocess.Popen(command, cwd=ROOT) as writer:
            while len(stub.heard) <= done + number and writer.poll() is None:
                pass
            ended = writer.poll() is not None
            writer.kill()
        stub.faults.clear()
        reader = open_index(case_dir, EMBEDDER, choice(stub))
        found = {hit.id for hit in reader.query(ROWS[0], 50)}
        assert found == reader.ids()
        assert found in (old, new)
        seen.append(found == new)
        if found == old:
            change(case_dir, choice(stub), rebuild=how == "anew")
        time.sleep(LATE * late)  # what the killed one had sent is there now, and must not be seen either
        assert {hit.id for hit in reader.query(ROWS[0], 50)} == new
        reader.close()
        with index_writer(case_dir, EMBEDDER, choice(stub)):
            pass
        assert len(stub.indexes["akashi"].documents) == len(new)
        stub.indexes.clear()
        if ended:
            break
    assert seen[-1]
    assert set(seen) == {False, True}
