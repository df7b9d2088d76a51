"""Searching: with an index, without one, and without anybody who searches; counts are of lines, never of finds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from answering.ask import ask
from answering.open_case import OpenCase
from core.claim import ClaimKind, VerdictStatus
from core.part import Part
from core.plan import EVERYTHING, Operation, Plan, Step
from core.selector import Selector
from detection.scanner import Scanner
from ingestion.index import index_case
from retrieval.pipeline import retrieve
from retrieval.retrieved import Retrieved
from stores.embedding import BuiltIn
from stores.lake import Lake
from tests.answering.invented import NOW, RULES
from tests.answering.validate.test_liars import FILES, WEB, A

EMBEDDER = BuiltIn()
Search = Callable[[Step], Part]


@pytest.fixture(params=["indexed", "not indexed"])
def search(request: pytest.FixtureRequest, lake_of: Callable[..., Lake], scanner: Scanner, tmp_path: Path) -> Search:
    """The part of one step on a case that is indexed, or not."""
    lake = lake_of(**FILES)
    case = OpenCase(lake, RULES, scanner, case="c", now=NOW)
    folder = tmp_path / "cases" / "case"
    if request.param == "indexed":
        index_case(folder, lake, lake.hits(EVERYTHING), RULES.version, EMBEDDER)

    def found(words: str, selector: Selector) -> Retrieved:
        return retrieve(folder, words, selector, embedder=EMBEDDER, lake=lake)

    return lambda step: ask("?", case, plan=Plan((step,)), retriever=found).parts[0]


def test_words_are_found(search: Search) -> None:
    part = search(Step(Operation.SEARCH, words="union select"))
    assert part.code in ("search", "search_words")
    assert part.facts["searched"] == 17
    assert any(b"union" in quote.raw for quote in part.quotes)


def test_rows_count_lines(search: Search) -> None:
    """A row's lines are those of its address in its stretch of time, as the text has them."""
    part = search(Step(Operation.SEARCH, words="login brute force"))
    counts = {one.claim.id for one in part.claims if one.claim.kind is ClaimKind.COUNT}
    rows = part.table.rows if part.table is not None else ()
    assert len(counts) == 1 + sum(row.selector is not None for row in rows)
    for row in rows:
        if row.cells[2] == A:
            assert row.cells[3] == WEB.count(f"{A} - -")


def test_everything_is_verified(search: Search) -> None:
    for words in ("union select", "/nothing", "zzzqqq", "", "'; DROP TABLE --"):
        part = search(Step(Operation.SEARCH, words=words))
        assert {one.verdict.status for one in part.claims} == {VerdictStatus.VERIFIED}


def test_a_selector_narrows_the_search(search: Search) -> None:
    part = search(Step(Operation.SEARCH, Selector(ips=(A,)), words="union select"))
    assert part.facts["searched"] == 7
    assert part.quotes
    assert all(quote.raw.startswith(A.encode()) for quote in part.quotes)


def test_nothing_to_search_in(search: Search) -> None:
    assert search(Step(Operation.SEARCH, Selector(ips=("198.51.100.9",)), words="x")).code in ("absent", "not_seen")
