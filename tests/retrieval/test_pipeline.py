"""Chunks found by meaning and by words within a selector; whatever is asked, and whatever became of the index."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.plan import ANY_ATTACK, EVERYTHING
from core.selector import Selector
from core.taxonomy import AttackType
from ingestion.chunk.build import Cut
from ingestion.index import index_case
from retrieval.pipeline import retrieve
from retrieval.retrieved import Retrieved, Way
from retrieval.telling import LONGEST_WORDS
from retrieval.tokens import at_most
from stores.cases import Cases
from stores.embedding import BuiltIn, Embedder, Vectors
from stores.lake import Lake
from tests.stores.filling import START, fill

EMBEDDER = BuiltIn()
A, B, C = "203.0.113.1", "203.0.113.2", "198.51.100.9"
LINES = "".join(
    (
        *(f"{n} {A} GET /item?id=attack-union-select-{n} 404 - sqlmap/1.7\n" for n in range(4)),
        *(f"{600 + n} {B} GET /probe/.git/config 404 - curl\n" for n in range(3)),
        *(f"{1200 * n} {C} GET /shop/teapot 200 alice Mozilla\n" for n in range(1, 6)),
        f"7300 {A} POST /checkout/pay 500 bob Mozilla\n",
    )
).encode()


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Cases(tmp_path_factory.mktemp("data")).create("case")
    fill(made, "one.log", LINES, per_segment=5)
    index(made)
    return made


@pytest.fixture
def copy(case: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(case, tmp_path / "copy"))


def index(case_dir: Path, embedder: Embedder = EMBEDDER) -> None:
    with Lake.open(case_dir) as lake:
        index_case(case_dir, lake, lake.hits(EVERYTHING), "rules", embedder, cut=Cut(seconds=300))


def found(case_dir: Path, words: str, selector: Selector = EVERYTHING, k: int = 20, budget: int = 6_000) -> Retrieved:
    return retrieve(case_dir, words, selector, embedder=EMBEDDER, k=k, budget_tokens=budget)


def lines_of(retrieved: Retrieved) -> list[int]:
    return [ref.line for hit in retrieved.hits for ref in hit.chunk.refs]


def codes(retrieved: Retrieved) -> list[str]:
    return [note.code for note in retrieved.notes]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("SQL injection?", {1, 2, 3, 4}),
        ("SQLインジェクションはあった?", {1, 2, 3, 4}),
        ("who looked for secret files", {5, 6, 7}),
        ("機密ファイルを探した人", {5, 6, 7}),
        ("/shop/teapot", {8, 9, 10, 11, 12}),
        ("payments at the checkout", {13}),
        ("サーバーエラー", {13}),
    ],
)
def test_what_comes_first(case: Path, words: str, first: set[int]) -> None:
    assert {ref.line for ref in found(case, words).hits[0].chunk.refs} <= first


@pytest.mark.parametrize(
    ("selector", "lines"),
    [
        (EVERYTHING, set(range(1, 14))),
        (Selector(ips=(A,)), {1, 2, 3, 4, 13}),
        (Selector(ips=("203.0.113.0/24",)), {1, 2, 3, 4, 5, 6, 7, 13}),
        (Selector(since=START + timedelta(seconds=900)), {8, 9, 10, 11, 12, 13}),
        (Selector(until=START + timedelta(seconds=300)), {1, 2, 3, 4}),
        (Selector(ips=(B,), since=START + timedelta(seconds=900)), set()),
        (Selector(types=(AttackType.SQL_INJECTION,)), {1, 2, 3, 4}),
        (Selector(types=ANY_ATTACK), {1, 2, 3, 4, 5, 6, 7}),
        (Selector(types=(AttackType.XSS,)), set()),
        (Selector(ips=(A,), status_codes=((500, 599),)), {13}),
        (Selector(agent_contains=("SQLMAP",)), {1, 2, 3, 4}),
        (Selector(url_contains=("nowhere",)), set()),
        (Selector(without=(Selector(ips=(A, B)),)), {8, 9, 10, 11, 12}),
        (Selector(rules=("r.probe",)), {5, 6, 7}),
        (Selector(ips=("192.0.2.1",)), set()),
    ],
)
@pytest.mark.parametrize("words", ["SQL injection", ""])
def test_a_selector_narrows(case: Path, words: str, selector: Selector, lines: set[int]) -> None:
    retrieved = found(case, words, selector, k=50)
    assert set(lines_of(retrieved)) == lines
    assert (retrieved.selector, retrieved.index.whole) == (selector, True)


def test_one_quiet_chunk_stands_for_its_shape_before_the_others_follow(case: Path) -> None:
    shapes = [hit.chunk.shape for hit in found(case, "/shop/teapot").hits]
    assert len(set(shapes[: len(set(shapes))])) == len(set(shapes)) < len(shapes)
    assert shapes[0] == shapes[-1]


def test_hits_tell_the_rank_of_each_way(case: Path) -> None:
    first, *others = found(case, "SQL injection").hits
    assert (first.dense, first.keyword) == (1, 1)
    assert all(first.score > hit.score for hit in others)


def test_the_same_question_gives_the_same_answer(case: Path) -> None:
    assert found(case, "attack on the shop") == found(case, "attack on the shop")


@pytest.mark.parametrize("k", [0, 1, 2, 5])
def test_no_more_hits_than_asked(case: Path, k: int) -> None:
    assert len(found(case, "SQL injection", k=k).hits) == k


@pytest.mark.parametrize("budget", [0, 50, 200, 1_000, 10_000])
def test_the_packed_text_keeps_its_budget(case: Path, budget: int) -> None:
    packed = found(case, "teapot", budget=budget).packed
    assert packed.tokens == at_most(packed.text) <= budget
    assert (len(packed.chunks) > 0) == (budget >= 200)


HOSTILE = (
    '"',
    "' OR 1=1 --",
    "NEAR(a b, 2) AND NOT c* ^d",
    "text:foo AND col : bar",
    "{id} MATCH 'x'",
    "-- ; DROP TABLE entry; /* */",
    "$p0 ? :name @x",
    "%s %% \\x00 \\",
    "\x00\x01\x1b[31m",
    "\ud800\udfff",
    "*" * 1000,
    "(" * 10_000,
    "あ" * 10_000,
    "a b " * 2_500,
    "\u202e\ufeff\u200b",
    "🫖" * 300,
)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_only_words(case: Path, copy: Path, words: str) -> None:
    shutil.rmtree(copy / "index")
    for where in (case, copy):
        retrieved = found(where, words)
        assert ("words_cut" in codes(retrieved)) == (len(words) > LONGEST_WORDS)


@given(words=st.text(st.characters(), max_size=200))
def test_any_text_is_a_question(case: Path, words: str) -> None:
    assert found(case, words).packed.tokens <= 6_000


@pytest.mark.parametrize("selector", [Selector(ips=("not an address/33",)), Selector(ips=("203.0.113.0/99",))])
def test_a_selector_that_cannot_be_asked_is_refused(case: Path, selector: Selector) -> None:
    with pytest.raises(InputError):
        found(case, "SQL injection", selector)


@dataclass(frozen=True)
class Other:
    """Another embedder."""

    name: str = "other"
    dimensions: int = 8

    def embed(self, texts: Sequence[str]) -> Vectors:
        return EMBEDDER.embed(texts)[:, :8]


def no_index(case_dir: Path) -> None:
    shutil.rmtree(case_dir / "index")
    shutil.rmtree(case_dir / "chunks")


def no_vectors(case_dir: Path) -> None:
    shutil.rmtree(case_dir / "index")


def other_embedder(case_dir: Path) -> None:
    shutil.rmtree(case_dir / "index")
    index(case_dir, Other())


def damaged_index(case_dir: Path) -> None:
    for path in (case_dir / "index").rglob("*.sqlite"):
        path.write_bytes(b"not a database" * 100)


def damaged_chunks(case_dir: Path) -> None:
    for path in (case_dir / "chunks").glob("*.parquet"):
        path.write_bytes(path.read_bytes()[:-7])


def more_lines(case_dir: Path) -> None:
    fill(case_dir, "two.log", f"9000 {B} GET /teapot-of-tomorrow 200\n".encode())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (no_index, "index_missing"),
        (no_vectors, "index_incomplete"),
        (other_embedder, "index_other_embedder"),
        (damaged_index, "index_damaged"),
        (damaged_chunks, "index_damaged"),
        (more_lines, "index_stale"),
    ],
)
def test_without_a_whole_index_the_lines_are_searched_and_it_is_said(
    copy: Path, change: Callable[[Path], None], code: str
) -> None:
    change(copy)
    retrieved = found(copy, "teapot")
    assert codes(retrieved) == [code, "raw_lines"]
    assert {line.ref.line for line in retrieved.lines} >= {8, 9, 10, 11, 12}
    assert all(line.words == ("teapot",) for line in retrieved.lines)
    assert (Way.RAW in retrieved.ways, retrieved.index.whole) == (True, False)


def test_lines_that_are_newer_than_the_index_are_found(copy: Path) -> None:
    more_lines(copy)
    assert found(copy, "teapot-of-tomorrow").lines[0].ref.line == 1


def test_a_whole_index_needs_no_lines_searched(case: Path) -> None:
    retrieved = found(case, "teapot")
    assert (retrieved.lines, codes(retrieved), retrieved.ways) == ((), [], (Way.DENSE, Way.KEYWORD))
    assert retrieved.index.indexed == retrieved.index.shapes > 1


def test_a_question_without_words_gives_suspicious_chunks_first(case: Path) -> None:
    retrieved = found(case, " \n")
    assert [hit.chunk.suspicious for hit in retrieved.hits] == [True, True, *[False] * (len(retrieved.hits) - 2)]
    assert codes(retrieved) == ["no_words"]


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six hundred chunks of one shape; the last line of all was written by somebody else."""
    made = Cases(tmp_path_factory.mktemp("data")).create("case")
    many = "".join(f"{300 * n} {C} GET /same 200\n" for n in range(600)) + f"180000 {C} GET /same 200 carol\n"
    fill(made, "many.log", many.encode(), per_segment=1_000)
    index(made)
    return made


def test_a_rare_line_is_found_among_many_chunks_alike(alike: Path) -> None:
    assert lines_of(found(alike, "same", Selector(user_contains=("carol",)))) == [601]


def test_too_many_chunks_to_look_at_are_cut_and_it_is_said(alike: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.among.FEW_LINES", 0)  # as if carol had written very many lines
    retrieved = found(alike, "same", Selector(user_contains=("carol",)))
    assert (retrieved.hits, codes(retrieved)) == ((), ["chunks_cut"])


@pytest.fixture
def lake(case: Path) -> Iterator[Lake]:
    with Lake.open(case) as opened:
        yield opened


def test_the_callers_own_view_of_the_case_is_used(case: Path, lake: Lake) -> None:
    lake.ignore([Selector(rules=("r.sql",))])
    selector = Selector(rules=("r.sql",))
    assert retrieve(case, "SQL", selector, embedder=EMBEDDER, lake=lake).hits == ()
    assert lake.count(EVERYTHING) == 13  # still open


def test_an_empty_case_has_nothing(tmp_path: Path) -> None:
    retrieved = found(Cases(tmp_path).create("case"), "SQL injection")
    assert (retrieved.hits, retrieved.lines, codes(retrieved)) == ((), (), ["index_missing", "raw_lines"])
