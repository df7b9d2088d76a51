"""What goes wrong between here and Azure AI Search: each fault has a code, nothing waits too long, nothing is half."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from azure.core.credentials import AccessToken

from core.errors import CaseError, StorageError
from eval.stubs.azure_search import AzureSearchStub, Fault
from stores.index import (
    AzureSearch,
    IndexChoice,
    check_index,
    forget_index,
    index_writer,
    open_index,
)
from stores.index.azure.calls import Calls
from stores.index.azure.connection import Connection
from stores.index.azure.settings import Patience
from tests.stores.index.azure_case import SOON, choice, said
from tests.stores.index.toy import Toy, names, scattered

EMBEDDER = Toy(8)
ROWS = scattered(30, 8)
OLD, NEW = frozenset(names(20)), frozenset(names(30)[5:])


@pytest.fixture
def stub() -> Iterator[AzureSearchStub]:
    with AzureSearchStub() as running:
        yield running


def first(case_dir: Path, where: IndexChoice) -> None:
    with index_writer(case_dir, EMBEDDER, where) as writer:
        writer.add(names(20), [f"text{place}" for place in range(20)], ROWS[:20])
        writer.commit({"lake": "old"})


def more(case_dir: Path, where: IndexChoice) -> None:
    with index_writer(case_dir, EMBEDDER, where) as writer:
        writer.remove(names(5))
        new = [one for one in names(30)[5:] if one not in writer.ids()]
        writer.add(new, [f"text{int(one)}" for one in new], ROWS[[int(one) for one in new]])
        writer.commit({"lake": "new"})


def seen(case_dir: Path, where: IndexChoice) -> frozenset[str]:
    """The ids that readers see, each of which is found by its row and by its words."""
    reader = open_index(case_dir, EMBEDDER, where)
    try:
        for one in reader.ids():
            assert reader.query(ROWS[int(one)], 1)[0].id == one
            assert reader.match(f"text{int(one)}", 1)[0].id == one
        return reader.ids()
    finally:
        reader.close()


def code_of(work: Callable[[Path, IndexChoice], None], case_dir: Path, where: IndexChoice) -> str:
    """The code of what it raises; empty when it does its work."""
    try:
        work(case_dir, where)
    except StorageError as fault:
        return fault.code
    return ""


def documents(stub: AzureSearchStub) -> int:
    return sum(len(one.documents) for one in stub.indexes.values())


FAULTS = [
    (Fault(401), "search_key_refused"),
    (Fault(403), "search_key_refused"),
    (Fault(404), "search_no_index"),
    (Fault(400), "search_rejected"),
    (Fault(413), "search_rejected"),
    (Fault(307, {"Location": "http://127.0.0.1:9/"}), "search_rejected"),
    (Fault(501), "search_broken"),
    (Fault(200, body="<html>"), "search_garbled"),
    (Fault(200, body="[]"), "search_garbled"),
    (Fault(200, body="{}"), "search_garbled"),
    (Fault(200, body='{"value": [{"key": 1}]}'), "search_garbled"),
]
LASTING = [
    (Fault(429), "search_busy"),
    (Fault(503, {"Retry-After": "86400"}), "search_busy"),
    (Fault(500), "search_broken"),
    (Fault(504, {"Retry-After": "soon"}), "search_broken"),
    (Fault(0), "search_silent"),
    (Fault(200, hang=0.7), "search_silent"),
]


@pytest.mark.parametrize(
    ("fault", "code"), FAULTS + LASTING, ids=[f"{fault.status}-{code}" for fault, code in FAULTS + LASTING]
)
def test_a_question_meets_a_fault(stub: AzureSearchStub, case_dir: Path, fault: Fault, code: str) -> None:
    """The same fault at every try: a code, soon; and the next question is answered."""
    where = choice(stub, patience=replace(SOON, read=0.3))
    first(case_dir, where)
    reader = open_index(case_dir, EMBEDDER, where)
    stub.faults.extend([fault] * SOON.tries)
    began = time.monotonic()
    with pytest.raises(StorageError, match=code):
        reader.query(ROWS[0], 3)
    assert time.monotonic() - began < SOON.total
    stub.faults.clear()
    assert reader.query(ROWS[0], 1)[0].id == "000000"
    reader.close()


@pytest.mark.parametrize("fault", [fault for fault, _ in LASTING], ids=[str(fault.status) for fault, _ in LASTING])
def test_what_passes_is_not_noticed(stub: AzureSearchStub, case_dir: Path, fault: Fault) -> None:
    where = choice(stub, patience=replace(SOON, read=0.3))
    first(case_dir, where)
    stub.faults.append(fault)
    assert seen(case_dir, where) == OLD


@pytest.mark.parametrize("number", range(9))
@pytest.mark.parametrize("work", [first, more])
def test_a_writer_that_fails_at_any_request_leaves_the_old_state(
    stub: AzureSearchStub, case_dir: Path, number: int, work: Callable[[Path, IndexChoice], None]
) -> None:
    where = choice(stub)
    before: frozenset[str] = frozenset()
    if work is more:
        first(case_dir, where)
        before = OLD
    after = NEW if work is more else OLD
    stub.faults.extend([*([Fault(200)] * number), *([Fault(403)] * SOON.tries)])
    if code_of(work, case_dir, where) == "search_key_refused":
        stub.faults.clear()
        assert seen(case_dir, where) == before
        work(case_dir, where)
    stub.faults.clear()
    assert seen(case_dir, where) == after
    with index_writer(case_dir, EMBEDDER, where):
        pass
    assert documents(stub) == len(after)


def test_nobody_answers(case_dir: Path) -> None:
    with AzureSearchStub() as gone:
        where = choice(gone)
    with pytest.raises(StorageError, match="search_unreachable"):
        first(case_dir, where)
    assert open_index(case_dir, EMBEDDER, where).query(ROWS[0], 3) == []


def test_a_service_that_drips_is_not_waited_for(stub: AzureSearchStub, case_dir: Path) -> None:
    where = choice(stub, patience=replace(SOON, total=0.5))
    first(case_dir, choice(stub))
    stub.faults.append(Fault(200, body="{" + " " * 100 + "}", drip=0.1))
    began = time.monotonic()
    with pytest.raises(StorageError, match="search_silent"):
        open_index(case_dir, EMBEDDER, where).query(ROWS[0], 3)
    assert time.monotonic() - began < 2


def waits(stub: AzureSearchStub, patience: Patience, faults: list[Fault]) -> list[float]:
    """Seconds slept between the tries of one call, by a clock that only sleeping moves."""
    slept: list[float] = []
    search = AzureSearch(stub.url, "akashi", stub.key, patience=patience)
    connection = Connection(search, calls=Calls(search, clock=lambda: sum(slept), sleep=slept.append))
    stub.faults.extend(faults)
    with pytest.raises(StorageError):
        connection.fields()
    connection.close()
    return slept


@pytest.mark.parametrize(
    ("patience", "faults", "expected"),
    [
        (Patience(tries=4, pause=1), [Fault(503)] * 4, [1, 2, 4]),
        (Patience(tries=5, pause=4, longest_pause=6), [Fault(503)] * 5, [4, 6, 6, 6]),
        (Patience(tries=3, pause=1), [Fault(429, {"Retry-After": "7"})] * 3, [7, 7]),
        (Patience(tries=3, pause=1, longest_pause=5), [Fault(429, {"Retry-After": "90"})] * 3, [5, 5]),
        (Patience(tries=3, pause=1), [Fault(429, {"Retry-After": "-3"})] * 3, [1, 2]),
        (Patience(tries=9, pause=5, total=12), [Fault(503)] * 9, [5]),
        (Patience(tries=1), [Fault(503)], []),
        (Patience(tries=9), [Fault(403)], []),
    ],
)
def test_how_long_is_waited(
    stub: AzureSearchStub, patience: Patience, faults: list[Fault], expected: list[float]
) -> None:
    assert waits(stub, patience, faults) == expected


@pytest.mark.parametrize("statuses", [[409], [422, 429], [503, 503], [409] * 20])
def test_documents_that_are_refused_for_a_moment_are_sent_again(
    stub: AzureSearchStub, case_dir: Path, statuses: list[int]
) -> None:
    stub.failing[""] = list(statuses)
    first(case_dir, choice(stub))
    sent = [len(one.body["value"]) for one in stub.asked("search.index")]
    assert sent == [20, len(statuses)]  # only what was refused
    assert seen(case_dir, choice(stub)) == OLD


@pytest.mark.parametrize(
    ("statuses", "facts"),
    [
        ([400], {"sent": 19, "failed": 1, "statuses": "400: 1"}),
        ([400, 503, 400], {"sent": 17, "failed": 3, "statuses": "400: 2, 503: 1"}),
        ([503] * 60, {"sent": 0, "failed": 20, "statuses": "503: 20"}),
    ],
)
def test_documents_that_are_refused_for_good_are_counted(
    stub: AzureSearchStub, case_dir: Path, statuses: list[int], facts: dict[str, object]
) -> None:
    stub.failing[""] = list(statuses)
    with pytest.raises(StorageError, match="search_upload_failed") as refusal:
        first(case_dir, choice(stub))
    assert dict(refusal.value.facts) == facts
    assert seen(case_dir, choice(stub)) == frozenset()
    first(case_dir, choice(stub))
    assert seen(case_dir, choice(stub)) == OLD
    assert documents(stub) == 20


def test_a_document_of_which_nothing_is_said_did_not_arrive(stub: AzureSearchStub, case_dir: Path) -> None:
    stub.faults.append(Fault(200, body='{"value": []}', only="search.index"))
    first(case_dir, choice(stub))
    assert seen(case_dir, choice(stub)) == OLD


@pytest.mark.parametrize("lag", [1, 4])
def test_a_commit_waits_until_what_it_uploaded_is_found(stub: AzureSearchStub, case_dir: Path, lag: int) -> None:
    stub.lag = lag
    first(case_dir, choice(stub))
    assert seen(case_dir, choice(stub)) == OLD


def test_a_commit_does_not_wait_for_ever(stub: AzureSearchStub, case_dir: Path) -> None:
    stub.lag = 1_000
    where = choice(stub, patience=replace(SOON, visible=0.2))
    with pytest.raises(StorageError, match="search_not_visible") as refusal:
        first(case_dir, where)
    assert dict(refusal.value.facts) == {"uploaded": 20, "visible": 0}
    assert seen(case_dir, where) == frozenset()


def lose(stub: AzureSearchStub, count: int) -> None:
    for index in stub.indexes.values():
        for key in sorted(index.documents)[:count]:
            del index.documents[key]


@pytest.mark.parametrize("count", [1, 20])
def test_documents_that_the_service_lost_are_noticed_and_uploaded_again(
    stub: AzureSearchStub, case_dir: Path, count: int
) -> None:
    where = choice(stub)
    first(case_dir, where)
    lose(stub, count)
    with pytest.raises(StorageError, match="index_damaged"):
        open_index(case_dir, EMBEDDER, where).query(ROWS[0], 20)
    with index_writer(case_dir, EMBEDDER, where) as writer:
        assert len(writer.ids()) == 20 - count
    more(case_dir, where)
    assert seen(case_dir, where) == NEW


def test_an_index_that_somebody_deleted_is_made_again(stub: AzureSearchStub, case_dir: Path) -> None:
    first(case_dir, choice(stub))
    stub.indexes.clear()
    with pytest.raises(StorageError, match="search_no_index"):
        open_index(case_dir, EMBEDDER, choice(stub)).query(ROWS[0], 3)
    more(case_dir, choice(stub))
    assert seen(case_dir, choice(stub)) == NEW


def test_an_index_for_other_vectors_is_left_alone(stub: AzureSearchStub, case_dir: Path) -> None:
    first(case_dir, choice(stub))
    before = dict(stub.indexes["akashi"].documents)
    with (
        pytest.raises(StorageError, match="search_schema") as refusal,
        index_writer(case_dir.parent / "incident", Toy(9), choice(stub), rebuild=True),
    ):
        pass
    assert refusal.value.facts["wrong"] == "dimensions 8, 9 needed"
    assert stub.indexes["akashi"].documents == before


@pytest.mark.parametrize("other", [Toy(8, "toy-2"), Toy(9)])
def test_another_embedder_is_refused(stub: AzureSearchStub, case_dir: Path, other: Toy) -> None:
    first(case_dir, choice(stub))
    with pytest.raises(StorageError, match="index_embedder_mismatch"):
        open_index(case_dir, other, choice(stub))
    with pytest.raises(StorageError, match="index_embedder_mismatch"), index_writer(case_dir, other, choice(stub)):
        pass


def test_one_writer_at_a_time_wherever_it_writes(stub: AzureSearchStub, case_dir: Path) -> None:
    with index_writer(case_dir, EMBEDDER, choice(stub)):
        with pytest.raises(CaseError, match="index_busy"), index_writer(case_dir, EMBEDDER):
            pass
        with pytest.raises(CaseError, match="index_busy"), index_writer(case_dir, EMBEDDER, choice(stub)):
            pass


def test_a_damaged_ledger_says_so_and_a_rebuild_mends_it(stub: AzureSearchStub, case_dir: Path) -> None:
    first(case_dir, choice(stub))
    (ledger,) = (case_dir / "search").rglob("ledger.sqlite")
    ledger.write_bytes(b"SQLite format 3\x00" + b"x" * 5_000)
    with pytest.raises(StorageError, match="index_damaged"):
        open_index(case_dir, EMBEDDER, choice(stub))
    with index_writer(case_dir, EMBEDDER, choice(stub), rebuild=True) as writer:
        writer.add(names(3), ["text0", "text1", "text2"], ROWS[:3])
        writer.commit({})
    assert seen(case_dir, choice(stub)) == frozenset(names(3))
    assert documents(stub) == 3


def test_a_redirect_is_not_followed_with_the_key(stub: AzureSearchStub, case_dir: Path) -> None:
    first(case_dir, choice(stub))
    with AzureSearchStub() as elsewhere:
        stub.faults.append(Fault(307, {"Location": f"{elsewhere.url}/indexes('akashi')/docs/search.post.search"}))
        with pytest.raises(StorageError, match="search_rejected"):
            open_index(case_dir, EMBEDDER, choice(stub)).query(ROWS[0], 3)
        assert elsewhere.heard == []


class Signed:
    """Whoever this machine is signed in as."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        assert scopes == ("https://search.azure.com/.default",)
        return AccessToken(self.token, int(time.time()) + 3_600)


def test_without_a_key_a_token_is_sent(stub: AzureSearchStub) -> None:
    search = AzureSearch(stub.url, "akashi", patience=SOON)
    connection = Connection(search, credential=Signed("token-of-the-stub"))
    connection.ensure(3)
    assert connection.count("born ge 0") == 0
    connection.close()
    assert all("api-key" not in one.headers for one in stub.heard)


def test_a_token_without_rights_is_said(stub: AzureSearchStub) -> None:
    connection = Connection(AzureSearch(stub.url, "akashi", patience=SOON), credential=Signed("of somebody else"))
    with pytest.raises(StorageError, match="search_role_refused"):
        connection.fields()
    connection.close()


@pytest.mark.parametrize("module", ["azure.identity", "azure.search.documents"])
def test_without_the_extra_the_way_to_it_is_said(case_dir: Path, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    for name in ("stores.index.azure.connection", "stores.index.azure.reader", "stores.index.azure.writer"):
        monkeypatch.delitem(__import__("sys").modules, name, raising=False)
    monkeypatch.setitem(__import__("sys").modules, module, None)
    where = IndexChoice(AzureSearch("http://127.0.0.1:9", "akashi", patience=SOON), said)
    with pytest.raises(StorageError, match="extra_missing") as refusal, index_writer(case_dir, EMBEDDER, where):
        pass
    assert refusal.value.facts["file"] == "requirements-azure.txt"


@pytest.mark.parametrize("semantic", [True, False])
def test_what_doctor_sees(stub: AzureSearchStub, case_dir: Path, *, semantic: bool) -> None:
    stub.semantic = semantic
    where = choice(stub, semantic=True)
    assert not check_index(where, 8).exists
    assert stub.indexes == {}
    first(case_dir, where)
    found = check_index(where, 8)
    assert (found.exists, found.documents, found.semantic) == (True, 20, semantic)
    assert documents(stub) == 20
    with pytest.raises(StorageError, match="search_schema"):
        check_index(where, 1536)
    reading = replace(where, search=replace(where.search, key=stub.query_key))
    with pytest.raises(StorageError, match="search_key_refused"):
        check_index(reading, 8)


def test_a_case_that_goes_takes_its_documents_with_it(stub: AzureSearchStub, case_dir: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    first(case_dir, choice(stub))
    first(other, choice(stub))
    assert forget_index(case_dir, choice(stub)) == 20
    assert forget_index(tmp_path, choice(stub)) == forget_index(case_dir, None) == 0
    assert seen(other, choice(stub)) == OLD
