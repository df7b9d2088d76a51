"""From a lake to its chunks: every line in exactly one, the same lines the same ids, bounded and inert texts."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.selector import Selector
from core.taxonomy import AttackType
from ingestion.chunk import build, shapes
from ingestion.chunk.build import Cut
from stores.cases import Cases
from stores.chunk_text import tokens_at_most
from stores.chunks import ChunkStore
from stores.lake import Lake
from tests.effort import examples
from tests.ingestion.chunk.chunking import all_of, chunked, made
from tests.stores.filling import START, fill

line = st.one_of(
    st.builds(
        lambda *words: b" ".join(words),
        st.integers(0, 2000).map(lambda number: b"%d" % number) | st.just(b"-"),
        st.sampled_from([b"10.0.0.1", b"10.0.0.2", b"2001:db8::1", b"-"]),
        st.sampled_from([b"GET", b"POST", b"-"]),
        st.sampled_from([b"/a/1", b"/a/2", b"/attack/x", b"/probe", b"-", b"/q?a=b", b"/%00%0a"]),
        st.sampled_from([b"200", b"404", b"500", b"-"]),
    ),
    st.binary(max_size=12).map(lambda raw: raw.replace(b"\n", b"")),
)


@settings(max_examples=examples(40), deadline=None)
@given(
    st.lists(st.lists(line, max_size=20).map(b"\n".join), min_size=1, max_size=3, unique=True),
    st.sampled_from([1, 60, 300, 86_400]),
    st.integers(1, 5),
)
def test_every_line_of_the_lake_is_in_exactly_one_chunk(sources: list[bytes], seconds: int, per_segment: int) -> None:
    with TemporaryDirectory() as folder:
        case_dir = Cases(Path(folder)).create("a")
        found = made(case_dir, *sources, cut=Cut(seconds=seconds), per_segment=per_segment)
        with Lake.open(case_dir) as lake:
            expected = Counter(lake.refs(Selector()))
    refs = Counter(ref for chunk in found for ref in chunk.refs)
    assert refs == expected
    assert all(len(chunk.refs) == chunk.lines for chunk in found)
    assert len({chunk.id for chunk in found}) == len(found)


LOG = b"".join(b"%d 10.0.0.%d GET /page/%d 200 - sqlmap/1.%d\n" % (i * 37, i % 3, i, i) for i in range(40))


@pytest.mark.parametrize("part", [1, 7, 1000])
@pytest.mark.parametrize("per_segment", [1, 4, 100])
def test_the_same_lines_make_the_same_chunks_however_they_were_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, per_segment: int, part: int
) -> None:
    expected = made(Cases(tmp_path).create("a"), LOG)
    monkeypatch.setattr(build, "PART", part)
    found = made(Cases(tmp_path).create("b"), LOG, per_segment=per_segment)
    assert [replace(chunk, shape="") for chunk in found] == [replace(chunk, shape="") for chunk in expected]


def test_a_case_with_more_lines_keeps_the_ids_of_windows_that_did_not_change(case_dir: Path) -> None:
    before = {chunk.id: chunk for chunk in made(case_dir, LOG)}
    after = {chunk.id: chunk for chunk in made(case_dir, LOG, b"3 10.0.0.1 GET /new 200\n")}
    [old], [new] = before.keys() - after.keys(), after.keys() - before.keys()
    assert (before[old].ip, before[old].since) == (after[new].ip, after[new].since) == ("10.0.0.1", START)
    assert after[new].lines == before[old].lines + 1


def test_a_source_that_grows_changes_only_its_last_windows(case_dir: Path) -> None:
    before = {chunk.id: chunk for chunk in made(case_dir, LOG)}
    after = {chunk.id: chunk for chunk in made(case_dir, LOG + b"1480 10.0.0.0 GET /more 200\n")}
    start = START + timedelta(seconds=1200)
    assert {before[one].since for one in before.keys() - after.keys()} == {start}
    assert {after[one].since for one in after.keys() - before.keys()} == {start}


@pytest.mark.parametrize(
    ("seconds", "times", "windows"),
    [
        (300, (0, 299, 300, 599, 600), {0: 2, 300: 2, 600: 1}),
        (60, (59, 60), {0: 1, 60: 1}),
        (86_400, (0, 86_399), {0: 2}),
    ],
)
def test_windows_begin_with_their_first_instant_and_end_before_the_next(
    case_dir: Path, seconds: int, times: tuple[int, ...], windows: dict[int, int]
) -> None:
    found = made(case_dir, b"".join(b"%d 10.0.0.1 GET / 200\n" % time for time in times), cut=Cut(seconds=seconds))
    assert {(chunk.since - START).total_seconds(): chunk.lines for chunk in found if chunk.since} == windows
    for chunk in found:
        assert chunk.since is not None
        assert chunk.until == chunk.since + timedelta(seconds=seconds)
        assert chunk.first is not None
        assert chunk.last is not None
        assert chunk.since <= chunk.first <= chunk.last < chunk.until


def test_lines_without_time_or_address(case_dir: Path) -> None:
    content = b"- 10.0.0.1 GET / 200\nno line of this format\n7 - GET /a 200\n\n" + b"junk\n" * 1100
    found = made(case_dir, content, b"8 - GET /b 200\n", per_segment=100)
    assert {(chunk.ip, chunk.since is None) for chunk in found} == {("10.0.0.1", True), (None, True), (None, False)}
    assert [len({ref.source for ref in chunk.refs}) for chunk in found] == [1] * len(found)
    untimed = [chunk for chunk in found if chunk.since is None and chunk.ip is None]
    assert max(chunk.lines for chunk in untimed) <= 512
    assert (untimed[0].first, untimed[0].until) == (None, None)


def test_times_before_the_epoch_and_far_ahead_do_not_harm(case_dir: Path) -> None:
    ahead = (datetime(9998, 1, 1, tzinfo=UTC) - START).total_seconds()
    found = made(case_dir, b"%d 10.0.0.1 GET / 200\n5 10.0.0.1 GET / 200\n" % ahead)
    assert sorted(chunk.first.year for chunk in found if chunk.first) == [2026, 9998]


def test_hits_make_a_chunk_suspicious_and_come_first(case_dir: Path) -> None:
    content = b"".join(b"%d 10.0.0.1 GET /fine 200\n" % i for i in range(5)) + b"7 10.0.0.1 GET /attack?q=%27or 500\n"
    suspicious, fine = made(case_dir, content, b"9 10.0.0.2 GET /fine 200\n")
    assert (suspicious.suspicious, suspicious.types) == (True, (AttackType.SQL_INJECTION,))
    assert suspicious.text.split("\n") == [
        "SQL injection, SQLi SQLインジェクション · 5xx server error サーバーエラー · 2xx answered 正常応答",
        "1× GET /attack?q='or 5xx",
        "5× GET /fine 2xx",
    ]
    assert (fine.suspicious, fine.types) == (False, ())
    assert suspicious.shape != fine.shape


def test_counts_and_rare_lines_before_frequent_ones(case_dir: Path) -> None:
    content = b"".join(b"%d 10.0.0.1 GET /page%d 200 - curl/8\n" % (i, i % 2) for i in range(8))
    content += b"9 10.0.0.1 GET /rare 200 bob\n"
    [chunk] = made(case_dir, content)
    assert chunk.text.split("\n")[1:] == ["1× GET /rare 2xx", "8× GET /page<n> 2xx", "agents: curl/<n>", "users: bob"]


@pytest.mark.parametrize("size", [120, 300, 1000])
def test_no_text_is_longer_than_it_may_be(case_dir: Path, size: int) -> None:
    words = ("kilo", "lima", "mike", "nano", "oval", "papa")
    lines = [f"/attack/日本語-{a}/{b}/{c}" for a in words for b in words for c in words]
    content = "".join(f"7 10.0.0.1 GET {url} 404 root Bot/1\n" for url in lines).encode()
    found = made(case_dir, content, cut=Cut(300, size), per_segment=50)
    [chunk] = found
    assert chunk.lines == len(lines)
    assert 0 < tokens_at_most(chunk.text) <= size
    assert "more templates" in chunk.text
    with ChunkStore.open(case_dir) as store:
        assert all(tokens_at_most(text) <= size for _, text in store.shape_texts())


HOSTILE = (
    b"7 10.0.0.1 GET /a\r\x1b[2J\x00 200 u\x1bser agent\x07\n"
    b"8 10.0.0.1 GET /\xff\xfe%0a%0dattack 200 - \xe2\x80\xae\n"
    b"\x00\x01\x02\xff\n"
    b"9 10.0.0.1 G\x1bET /\xe2\x80\xa8x 404\n"
)


def test_nothing_in_a_text_is_active(case_dir: Path) -> None:
    for chunk in made(case_dir, HOSTILE):
        for row in chunk.text.split("\n"):
            assert row.isprintable()


def test_chunks_that_read_alike_share_a_shape(case_dir: Path) -> None:
    content = b"".join(b"%d 10.0.0.%d GET /page/%d 200\n" % (i * 400, i, i) for i in range(6))
    content += b"9 10.0.0.9 GET /attack/1 200\n9 10.0.0.8 GET /attack/2 200\n9 10.0.0.8 GET /attack/3 200\n"
    found = made(case_dir, content)
    assert len({chunk.shape for chunk in found if not chunk.suspicious}) == 1
    assert len({chunk.shape for chunk in found if chunk.suspicious}) == 1
    assert len({chunk.text for chunk in found if chunk.suspicious}) == 2


def test_shapes_are_bounded_when_nothing_is_asked_for_twice(case_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MOST", 4)
    monkeypatch.setattr(shapes.Shapes.__init__, "__defaults__", (4, *shapes.Shapes.__init__.__defaults__[1:]))  # type: ignore[index]
    words = [a + b for a in "abcdefgh" for b in "abcdefgh"]
    fill(case_dir, "a.log", "".join(f"7 10.0.0.{i} GET /{word} 200\n" for i, word in enumerate(words)).encode(), 100)
    assert chunked(case_dir).shapes <= 4 + 4 + 1
    assert sum(chunk.lines for chunk in all_of(case_dir)) == len(words)


def test_what_happened_once_stands_for_its_chunk(case_dir: Path) -> None:
    often = b"".join(b"%d 10.0.0.%d GET /front 200\n%d 10.0.0.%d GET /icon 404\n" % (i, i, i, i) for i in range(90))
    made(case_dir, often + b"99 10.0.0.7 GET /export/customers.zip 200\n")
    with ChunkStore.open(case_dir) as store:
        texts = {text.split("\n")[1]: shape for shape, text in store.shape_texts()}
        assert texts.keys() == {"GET /icon 404", "GET /export/customers.zip 2xx"}
        assert len(store.members(texts["GET /export/customers.zip 2xx"])) == 1
