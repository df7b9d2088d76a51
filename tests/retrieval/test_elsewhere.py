"""The index of a case in a search service: the same finds as on this disk, and an answer when the service has none."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import StorageError
from core.plan import EVERYTHING
from core.selector import Selector
from eval.stubs.azure_search import AzureSearchStub, Fault
from ingestion.index import Indexed, index_case
from retrieval.held import Held
from retrieval.pipeline import retrieve
from retrieval.retrieved import Retrieved, Way
from retrieval.search import search_shapes
from stores.cases import Cases
from stores.chunk_columns import ANY
from stores.chunks import ChunkStore
from stores.embedding import BuiltIn
from stores.index import IndexChoice, forget_index, open_index
from stores.lake import Lake
from tests.retrieval.test_pipeline import LINES, A, lines_of
from tests.stores.filling import fill
from tests.stores.index.azure_case import choice

EMBEDDER = BuiltIn()
QUESTIONS = (
    "SQL injection?",
    "SQLインジェクションはあった?",
    "who looked for secret files",
    "teapot",
    f"what did {A} do",
)


@pytest.fixture(scope="module")
def stub() -> Iterator[AzureSearchStub]:
    with AzureSearchStub() as running:
        yield running


def index(case_dir: Path, where: IndexChoice | None) -> Indexed:
    with Lake.open(case_dir) as lake:
        return index_case(case_dir, lake, lake.hits(EVERYTHING), "rules", EMBEDDER, where=where)


def found(case_dir: Path, words: str, where: IndexChoice | None, selector: Selector = EVERYTHING) -> Retrieved:
    return retrieve(case_dir, words, selector, embedder=EMBEDDER, where=where)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, stub: AzureSearchStub) -> Path:
    made = Cases(tmp_path_factory.mktemp("data")).create("case")
    fill(made, "one.log", LINES)
    index(made, None)
    first, again = index(made, choice(stub)), index(made, choice(stub))
    assert first.added == len(stub.indexes["akashi"].documents) == again.kept
    assert again.added == 0
    return made


@pytest.mark.parametrize("selector", [EVERYTHING, Selector(ips=(A,))], ids=["all", "one address"])
@pytest.mark.parametrize("words", QUESTIONS)
def test_the_same_is_found_as_on_this_disk(case: Path, stub: AzureSearchStub, words: str, selector: Selector) -> None:
    here, there = found(case, words, None, selector), found(case, words, choice(stub), selector)
    assert set(lines_of(there)) == set(lines_of(here))
    assert [(hit.dense, hit.keyword) for hit in sorted(there.hits, key=lambda hit: hit.chunk.id)] == [
        (hit.dense, hit.keyword) for hit in sorted(here.hits, key=lambda hit: hit.chunk.id)
    ]
    assert (there.notes, there.index) == (here.notes, here.index)
    assert there.ways == (Way.DENSE, Way.KEYWORD)


def test_what_the_service_ranks_itself_is_one_way_more(case: Path, stub: AzureSearchStub) -> None:
    with ChunkStore.open(case) as store:
        reader = open_index(case, EMBEDDER, choice(stub, semantic=True))
        fused = search_shapes(reader, store, EMBEDDER, "sqlmap union select", ANY)
        reader.close()
    assert {len(one.ranks) for one in fused} == {3}
    assert fused[0].ranks[2] == 1


@pytest.mark.parametrize(
    ("status", "note"),
    [(403, "index_refused"), (503, "index_unreachable"), (0, "index_unreachable"), (404, "index_damaged")],
)
def test_an_answer_without_the_service(case: Path, stub: AzureSearchStub, status: int, note: str) -> None:
    stub.faults.extend([Fault(status)] * 3)
    answered = found(case, "teapot", choice(stub))
    stub.faults.clear()
    assert [one.code for one in answered.notes] == [note, "raw_lines"]
    assert answered.lines


def test_two_places_are_held_apart(case: Path, stub: AzureSearchStub) -> None:
    held = Held(2)
    with held.opened(case, EMBEDDER) as here:
        pass
    with held.opened(case, EMBEDDER, choice(stub)) as there:
        assert there is not here
    with held.opened(case, EMBEDDER, choice(stub)) as again:
        assert again is there
    held.close()


def test_vectors_and_words_of_texts_and_questions_leave_redacted(tmp_path: Path, stub: AzureSearchStub) -> None:
    made = Cases(tmp_path).create("case")
    fill(made, "one.log", LINES)

    def redact(text: str) -> str:
        return text.replace("sqlmap", "⟨agent⟩").replace("teapot", "⟨item⟩")

    where = choice(stub, redact=redact)
    stub.heard.clear()
    index(made, where)
    assert lines_of(found(made, "teapot", where))
    assert json.dumps([one.body for one in stub.heard]).count("teapot") == 0
    sent = [
        one for batch in stub.asked("search.index") for one in batch.body["value"] if "⟨agent⟩" in one.get("text", "")
    ]
    assert sent
    for one in sent:
        assert one["vector"] == pytest.approx(EMBEDDER.embed([one["text"]])[0].tolist(), abs=1e-6)
    assert forget_index(made, where) > 0


def test_indexing_says_why_it_cannot(tmp_path: Path, stub: AzureSearchStub) -> None:
    made = Cases(tmp_path).create("case")
    fill(made, "one.log", LINES)
    stub.faults.extend([Fault(403)])
    with pytest.raises(StorageError, match="search_key_refused"):
        index(made, choice(stub))
    assert index(made, choice(stub)).added > 0
    assert forget_index(made, choice(stub)) > 0


@pytest.mark.parametrize("module", ["azure.identity", "azure.search.documents"])
def test_an_answer_without_the_packages(
    case: Path, stub: AzureSearchStub, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    for name in [name for name in sys.modules if name.startswith("stores.index.azure.")]:
        if not name.endswith((".settings", ".ledger")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    where = choice(stub)
    where = replace(where, search=replace(where.search, key=None))
    assert [one.code for one in found(case, "teapot", where).notes] == ["index_refused", "raw_lines"]
