"""What every index answers, in memory, on disk with Chroma's graph or without, or in Azure: one suite for all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.stubs.azure_search import AzureSearchStub
from stores.index import Hit, IndexChoice, IndexWriter, MemoryIndex, VectorIndex, index_writer, open_index, shard
from stores.index.protocol import Vector, Vectors
from stores.index.words import match_expression
from tests.effort import examples
from tests.stores.index.azure_case import choice
from tests.stores.index.toy import Toy, crowded, names, scattered, unit

TOY = Toy()


class Kept(Protocol):
    """One index with its reader and a way to write."""

    @property
    def reader(self) -> VectorIndex: ...

    def writing(self) -> AbstractContextManager[IndexWriter]: ...


class InMemory:
    def __init__(self, dimensions: int) -> None:
        self.reader = MemoryIndex(dimensions)

    @contextmanager
    def writing(self) -> Iterator[IndexWriter]:
        yield self.reader


class InCase:
    """On this disk, or with `where` in the service that stands for Azure."""

    def __init__(self, case_dir: Path, dimensions: int, where: IndexChoice | None) -> None:
        self._case_dir, self._where = case_dir, where
        self._embedder = Toy(dimensions)
        self.reader = open_index(case_dir, self._embedder, where)

    @contextmanager
    def writing(self) -> Iterator[IndexWriter]:
        with index_writer(self._case_dir, self._embedder, self._where) as writer:
            yield writer


Make = Callable[..., Kept]

KINDS = ("memory", "disk", "chroma", "azure")
LARGE = pytest.mark.parametrize(
    "make", [*KINDS[:-1], pytest.param(KINDS[-1], marks=pytest.mark.slow)], indirect=["make"]
)


@pytest.fixture(scope="module")
def azure() -> Iterator[AzureSearchStub]:
    with AzureSearchStub() as stub:
        yield stub


@pytest.fixture(params=KINDS)
def make(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, azure: AzureSearchStub
) -> Iterator[Make]:
    """An index of each kind; "chroma" believes the graph wherever that is possible, however few rows there are."""
    made: list[Kept] = []
    azure.indexes.clear()
    if request.param == "chroma":
        monkeypatch.setattr(shard, "GRAPH_FROM", 2)
        monkeypatch.setattr(shard, "LEAST", 2)
        monkeypatch.setattr(shard, "CLOSE", -2)

    def new(dimensions: int = 3) -> Kept:
        case_dir = tmp_path / f"case-{len(made)}"
        case_dir.mkdir()
        where = choice(azure, index=f"akashi-{dimensions}") if request.param == "azure" else None
        kept = InMemory(dimensions) if request.param == "memory" else InCase(case_dir, dimensions, where)
        made.append(kept)
        return kept

    yield new
    for kept in made:
        kept.reader.close()


def put(kept: Kept, entries: dict[str, str], texts: Sequence[str] = ()) -> None:
    """Adds id → vector written as text."""
    with kept.writing() as writer:
        writer.add(list(entries), texts or list(entries.values()), TOY.embed(list(entries.values())))
        writer.commit({})


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.id for hit in hits]


def vector(text: str) -> Vector:
    return np.asarray(TOY.embed([text])[0])


def test_an_empty_index_answers_nothing(make: Make) -> None:
    reader = make().reader
    assert (reader.count(), reader.ids(), dict(reader.stamp)) == (0, frozenset(), {})
    assert reader.query(vector("1 0 0"), 5) == []
    assert reader.query(vector("1 0 0"), 5, ["a"]) == []
    assert reader.match("anything", 5) == []
    assert reader.vectors(["a"]).tolist() == [[0.0, 0.0, 0.0]]


def test_nearest_first_and_equal_ones_by_id(make: Make) -> None:
    kept = make()
    put(kept, {"c": "1 0 0", "a": "1 0 0", "b": "1 0.5 0", "z": "0 0 1", "y": "-1 0 0"})
    assert ids(kept.reader.query(vector("1 0 0"), 4)) == ["a", "c", "b", "z"]
    assert [hit.score for hit in kept.reader.query(vector("1 0 0"), 5)] == [1.0, 1.0, 0.894427, 0.0, -1.0]
    assert ids(kept.reader.query(vector("1 0 0"), 1)) == ["a"]


@pytest.mark.parametrize("k", [-1, 0, 1, 2, 3, 10])
def test_no_more_than_k(make: Make, k: int) -> None:
    kept = make()
    put(kept, {"a": "1 0 0", "b": "0 1 0", "c": "0 0 1"}, ["red", "red", "red"])
    assert len(kept.reader.query(vector("1 1 1"), k)) == min(max(k, 0), 3)
    assert len(kept.reader.query(vector("1 1 1"), k, ["a", "b"])) == min(max(k, 0), 2)
    assert len(kept.reader.match("red", k)) == min(max(k, 0), 3)


def test_among_restricts_and_unknown_ids_do_not_count(make: Make) -> None:
    kept = make()
    put(kept, {"a": "1 0 0", "b": "1 0.1 0", "c": "0 1 0"}, ["red fox", "red", "fox"])
    assert ids(kept.reader.query(vector("1 0 0"), 9, ["c", "b", "nobody", "c"])) == ["b", "c"]
    assert kept.reader.query(vector("1 0 0"), 9, []) == []
    assert ids(kept.reader.match("red fox", 9, ["c", "nobody"])) == ["c"]
    assert kept.reader.match("red fox", 9, []) == []


def test_nothing_is_seen_before_the_commit(make: Make) -> None:
    kept = make()
    with kept.writing() as writer:
        writer.add(["a"], ["red"], TOY.embed(["1 0 0"]))
        assert writer.ids() == {"a"}
        assert kept.reader.query(vector("1 0 0"), 5) == []
        assert kept.reader.match("red", 5) == []
        writer.commit({"lake": "1"})
        assert ids(kept.reader.query(vector("1 0 0"), 5)) == ids(kept.reader.match("red", 5)) == ["a"]
        assert dict(kept.reader.stamp) == {"lake": "1"}


def test_removed_ids_are_gone_and_may_come_back(make: Make) -> None:
    kept = make()
    put(kept, {"a": "1 0 0", "b": "0 1 0", "c": "0 0 1"}, ["red", "green", "blue"])
    with kept.writing() as writer:
        writer.remove(["a", "b", "nobody"])
        writer.add(["d"], ["red"], TOY.embed(["1 0 0"]))
        writer.add(["b"], ["grey"], TOY.embed(["1 1 0"]))
        writer.remove(["d"])
        assert writer.ids() == {"b", "c"}
        writer.commit({})
    assert kept.reader.ids() == {"b", "c"}
    assert kept.reader.count() == 2
    assert ids(kept.reader.query(vector("1 1 0"), 5)) == ["b", "c"]
    assert kept.reader.match("red", 5) == kept.reader.match("green", 5) == []
    assert ids(kept.reader.match("grey", 5)) == ["b"]
    assert kept.reader.vectors(["a", "c"]).tolist() == [[0, 0, 0], [0, 0, 1]]


def test_everything_removed_is_an_empty_index(make: Make) -> None:
    kept = make()
    put(kept, {"a": "1 0 0", "b": "0 1 0"})
    with kept.writing() as writer:
        writer.remove(writer.ids())
        writer.commit({"lake": "2"})
    assert kept.reader.count() == 0
    assert kept.reader.query(vector("1 0 0"), 5) == []
    assert dict(kept.reader.stamp) == {"lake": "2"}


@pytest.mark.parametrize(
    ("new", "rows"),
    [(["a", "a"], 2), (["known"], 1), (["a"], 2), (["a", "b"], 1)],
    ids=["twice", "held already", "too many rows", "too few rows"],
)
def test_a_batch_that_does_not_fit_is_refused(make: Make, new: list[str], rows: int) -> None:
    kept = make()
    put(kept, {"known": "1 0 0"})
    with kept.writing() as writer:
        with pytest.raises(ValueError, match="id"):
            writer.add(new, ["text"] * len(new), TOY.embed(["1 0 0"] * rows))
        assert writer.ids() == {"known"}


def test_many_commits_answer_like_one(make: Make) -> None:
    many, one = make(8), make(8)
    rows, all_ids = scattered(60, 8), names(60)
    texts = [f"word{place % 7} text{place}" for place in range(60)]
    for start in range(0, 60, 4):
        with many.writing() as writer:
            writer.add(all_ids[start : start + 4], texts[start : start + 4], rows[start : start + 4])
            writer.commit({})
    with one.writing() as writer:
        writer.add(all_ids, texts, rows)
        writer.commit({})
    for row in rows[::7]:
        assert many.reader.query(row, 10) == one.reader.query(row, 10)
    assert many.reader.match("word3 text10", 10) == one.reader.match("word3 text10", 10)
    assert np.array_equal(many.reader.vectors(all_ids), rows)


@LARGE
@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)], ids=["every seventh", "all"])
@pytest.mark.parametrize("rows", [scattered(1200, 48), crowded(1200, 48)], ids=["scattered", "crowded"])
def test_every_row_finds_itself(make: Make, rows: Vectors, step: int) -> None:
    """Of all rows each is asked for; every day one of seven is, among as many."""
    kept = make(48)
    with kept.writing() as writer:
        writer.add(names(len(rows)), names(len(rows)), rows)
        writer.commit({})
    found = {place: kept.reader.query(rows[place], 1)[0].id for place in range(0, len(rows), step)}
    assert {place: id_ for place, id_ in found.items() if id_ != f"{place:06}"} == {}


@LARGE
@pytest.mark.parametrize("step", [160, pytest.param(40, marks=pytest.mark.slow)], ids=["few", "many"])
def test_the_ten_nearest_are_the_ten_nearest(make: Make, step: int) -> None:
    """Of four thousand rows a hundred are asked for; every day a quarter of those."""
    kept, rows = make(48), np.concatenate([crowded(2000, 48), scattered(2000, 48, seed=1)])
    with kept.writing() as writer:
        writer.add(names(len(rows)), names(len(rows)), rows)
        writer.commit({})
    asked = unit(rows[::step] + 0.1 * scattered(4000 // step, 48, seed=2))
    hits = sum(
        len(set(ids(kept.reader.query(row, 10))) & set(ids(kept.reader.query(row, 10, names(len(rows))))))
        for row in asked
    )
    assert hits >= 0.98 * 10 * len(asked)


@LARGE
def test_a_crowd_of_equal_rows_hides_nobody(make: Make) -> None:
    """HNSW loses rows beside thousands that are all the same."""
    kept, others = make(48), scattered(300, 48)
    rows = np.concatenate([np.repeat(scattered(1, 48, seed=3), 3000, axis=0), others])
    with kept.writing() as writer:
        writer.add(names(len(rows)), names(len(rows)), rows)
        writer.commit({})
    assert ids(kept.reader.query(rows[0], 3)) == names(3)
    assert [kept.reader.query(row, 1)[0].id for row in others] == names(3300)[3000:]


WORDS = [
    ("203.0.113.7", ["address"]),
    ("203.0.113", []),
    ("who used 203.0.113.7?", ["address"]),
    ("2001:db8::7", ["six"]),
    ("CVE-2021-44228", ["cve"]),
    ("/wp-login.php", ["path"]),
    ("wp-login.php", ["path"]),
    ("wp-login", ["path"]),
    ("sqlmap", ["agent"]),
    ("sqlmap/1.7", ["agent"]),
    ("総当たり", ["japanese"]),
    ("総当たり攻撃はありましたか?", ["japanese"]),
    ("ﾛｸﾞｲﾝ", ["japanese"]),
    ("ＳＱＬＭＡＰ", ["agent"]),
    ("ありましたか", []),
    ("what is the", []),
    ("", []),
    ("   \t\n", []),
    ('"', []),
    ("\x00", []),
    ("\ud800", []),
]
SAID = {
    "address": "GET / 200 from 203.0.113.7",
    "six": "GET / 200 from 2001:db8::7",
    "cve": "exploit of CVE-2021-44228 (jndi)",
    "path": "POST /wp-login.php 401",
    "agent": "sqlmap/1.7#stable (https://sqlmap.org)",
    "japanese": "ログイン失敗 総当たり攻撃がありました",
}


@pytest.mark.parametrize(("question", "found"), WORDS, ids=[repr(question) for question, _ in WORDS])
def test_words_find_texts_that_say_them(make: Make, question: str, found: list[str]) -> None:
    kept = make()
    put(kept, dict.fromkeys(SAID, "1 0 0"), list(SAID.values()))
    assert ids(kept.reader.match(question, 5)) == found


HOSTILE = [
    '" OR "1"="1',
    "' OR 1=1 --",
    "words MATCH 'x'",
    "text: secret",
    "{text} : secret",
    "NEAR(secret text, 5)",
    "secret AND NOT text",
    "^secret",
    "secret*",
    "-text:secret",
    '""""',
    "'); DROP TABLE entry; --",
    "(((((((((",
    "a" * 1_000_000,
    "/" * 1_000_000,
    "/a." * 100_000,
    "a.-:_" * 100_000,
    "1." * 100_000,
    "a" + " " * 100_000 + "攻撃",
    "総" * 100_000,
    " ".join(f"w{number}" for number in range(10_000)),
    "%00%27 \\x00",
]


@pytest.mark.parametrize("question", HOSTILE, ids=[question[:20] for question in HOSTILE])
def test_questions_are_only_ever_words(make: Make, question: str) -> None:
    kept = make()
    put(kept, {"a": "1 0 0", "b": "0 1 0"}, ["secret text", "unsaid"])
    assert set(ids(kept.reader.match(question, 5))) <= {"a"}
    assert kept.reader.count() == 2
    assert ids(kept.reader.match("unsaid", 5)) == ["b"]


@given(st.text())
@settings(max_examples=examples(300))
def test_any_text_makes_an_expression_of_quoted_words(text: str) -> None:
    for word in filter(None, match_expression(text).split(" OR ")):
        assert word.startswith('"')
        assert word.endswith('"')
        assert '"' not in word[1:-1]
        assert not any(sign.isspace() or sign == "\x00" for sign in word)
