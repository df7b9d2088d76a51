"""Without an index the lines themselves are searched, and say which words they hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.selector import Selector
from retrieval.raw_lines import MOST_LINES, search_lines
from stores.cases import Cases
from stores.lake import Lake
from tests.stores.filling import fill

LINES = b"""\
1 203.0.113.1 GET /wp-login.php 200 - Mozilla
2 203.0.113.2 GET /wp-login.php?user=admin 404 - sqlmap/1.7
3 203.0.113.3 POST /xmlrpc.php 500 alice curl
4 203.0.113.4 GET /%00'"--;DROP\xff 400 - -
not a line of this format: kernel panic
"""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    case = Cases(tmp_path_factory.mktemp("data")).create("case")
    fill(case, "one.log", LINES)
    with Lake.open(case) as opened:
        yield opened


@pytest.mark.parametrize(
    ("words", "selector", "lines"),
    [
        ((), Selector(), []),
        (("nothing-like-it",), Selector(), []),
        (("wp-login",), Selector(), [2, 1]),
        (("wp-login", "sqlmap"), Selector(), [2, 1]),
        (("wp-login", "alice"), Selector(), [3, 2, 1]),
        (("WP-LOGIN".lower(),), Selector(ips=("203.0.113.1",)), [1]),
        (("panic",), Selector(), [5]),  # in no field: the whole line is searched
        (("203.0.113.3",), Selector(), [3]),
        (("php",), Selector(url_contains=("xmlrpc",)), [3]),
        (("'\"--;drop",), Selector(), [4]),
        (("%", "' or 1=1 --", "\\", ".*", "\x00"), Selector(), [4]),
    ],
)
def test_lines(lake: Lake, words: tuple[str, ...], selector: Selector, lines: list[int]) -> None:
    found = search_lines(lake, words, selector, 10)
    assert [line.ref.line for line in found.lines] == lines
    assert not found.cut


def test_lines_say_which_words_they_hold(lake: Lake) -> None:
    (first, second) = search_lines(lake, ("sqlmap", "wp-login", "absent"), Selector(), 10).lines
    assert (first.words, second.words) == (("sqlmap", "wp-login"), ("wp-login",))


@pytest.mark.parametrize("k", [0, 1, 2])
def test_no_more_than_asked(lake: Lake, k: int) -> None:
    assert len(search_lines(lake, ("php",), Selector(), k).lines) == k


def test_too_many_lines_are_cut_and_it_is_said(tmp_path: Path) -> None:
    case = Cases(tmp_path).create("case")
    fill(case, "many.log", b"1 203.0.113.1 GET /same 200\n" * (MOST_LINES + 1), per_segment=5_000)
    with Lake.open(case) as opened:
        found = search_lines(opened, ("same",), Selector(), 3)
    assert ([line.ref.line for line in found.lines], found.cut) == ([MOST_LINES + 1, MOST_LINES, MOST_LINES - 1], True)
