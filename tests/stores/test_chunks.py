"""The store of chunks: found by address, time and type; one whole state; damage is told, never read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import InputError, StorageError
from core.taxonomy import AttackType
from ingestion.chunk.build import Cut
from stores.chunk_files import FOLDER, MANIFEST
from stores.chunk_text import Content, chunk_text, clipped, tokens_at_most
from stores.chunks import ANY, ChunkStore, Picked
from tests.ingestion.chunk.chunking import chunked, made
from tests.stores.filling import START, fill

LOG = b"""0 10.0.0.1 GET /fine 200
1 10.0.0.2 GET /attack 403
299 10.0.0.1 GET /fine 200
300 10.0.0.1 GET /probe 404
900 2001:db8::1 GET /fine 200
901 - GET /fine 200
no line
"""
MINUTE = timedelta(minutes=1)


def keys(store: ChunkStore, picked: Picked) -> list[tuple[str | None, int | None]]:
    """Address and start of the window in seconds of the chunks that are picked."""
    found = store.get(store.select(picked))
    return [(chunk.ip, int((chunk.since - START).total_seconds()) if chunk.since else None) for chunk in found]


@pytest.mark.parametrize(
    ("picked", "expected"),
    [
        (
            ANY,
            [("10.0.0.1", 0), ("10.0.0.2", 0), ("10.0.0.1", 300), ("2001:db8::1", 900), (None, 900), (None, None)],
        ),
        (Picked(ips=("10.0.0.1",)), [("10.0.0.1", 0), ("10.0.0.1", 300)]),
        (Picked(ips=("10.0.0.0/30",)), [("10.0.0.1", 0), ("10.0.0.2", 0), ("10.0.0.1", 300)]),
        (Picked(ips=("2001:db8::/32", "10.0.0.2")), [("10.0.0.2", 0), ("2001:db8::1", 900)]),
        (Picked(ips=("10.0.0.9",)), []),
        (Picked(since=START + 5 * MINUTE), [("10.0.0.1", 300), ("2001:db8::1", 900), (None, 900)]),
        (Picked(since=START + 19 * MINUTE), [("2001:db8::1", 900), (None, 900)]),
        (Picked(since=START + 20 * MINUTE), []),
        (Picked(until=START + 5 * MINUTE), [("10.0.0.1", 0), ("10.0.0.2", 0)]),
        (Picked(since=START + 6 * MINUTE, until=START + 7 * MINUTE), [("10.0.0.1", 300)]),
        (Picked(until=START), []),
        (Picked(suspicious=True), [("10.0.0.2", 0), ("10.0.0.1", 300)]),
        (Picked(suspicious=False, ips=("10.0.0.1",)), [("10.0.0.1", 0)]),
        (Picked(types=(AttackType.SQL_INJECTION,)), [("10.0.0.2", 0)]),
        (Picked(types=tuple(AttackType)), [("10.0.0.2", 0), ("10.0.0.1", 300)]),
        (Picked(types=(AttackType.XSS,)), []),
    ],
)
def test_what_conditions_pick(case_dir: Path, picked: Picked, expected: list[tuple[str | None, int | None]]) -> None:
    made(case_dir, LOG)
    with ChunkStore.open(case_dir) as store:
        assert keys(store, picked) == expected
        assert store.count(picked) == len(expected)
        assert store.select(picked, 1) == store.select(picked)[:1]
        assert store.shapes(picked) == tuple(dict.fromkeys(sorted(store.shapes(picked), key=store.shapes().index)))
        assert set(store.shapes(picked)) == {chunk.shape for chunk in store.get(store.select(picked))}


@pytest.mark.parametrize(
    "picked",
    [Picked(since=datetime(2026, 1, 1)), Picked(ips=("10.0.0.0/99",))],  # noqa: DTZ001 - that is the point
)
def test_conditions_that_cannot_be_asked(case_dir: Path, picked: Picked) -> None:
    made(case_dir, LOG)
    with ChunkStore.open(case_dir) as store, pytest.raises(InputError):
        store.select(picked)


def test_members_of_a_shape(case_dir: Path) -> None:
    made(case_dir, b"".join(b"%d 10.0.0.1 GET /same 200\n" % (300 * i) for i in range(5)))
    with ChunkStore.open(case_dir) as store:
        [shape] = store.shapes()
        assert store.members(shape) == store.select()
        assert store.members(shape, limit=2) == store.select(limit=2)
        assert store.members(shape, Picked(since=START + 20 * MINUTE)) == store.select()[4:]
        assert store.members("0" * 32) == ()
        assert list(store.shape_texts(["0" * 32, shape])) == list(store.shape_texts())


def test_chunks_come_in_the_order_asked_with_as_many_lines_as_asked(case_dir: Path) -> None:
    made(case_dir, LOG)
    with ChunkStore.open(case_dir) as store:
        ids = store.select()[::-1]
        assert tuple(chunk.id for chunk in store.get([*ids, ids[0]])) == (*ids, ids[0])
        assert [len(chunk.refs) for chunk in store.get(ids, most_refs=1)] == [1] * len(ids)
        assert [chunk.lines for chunk in store.get(ids, most_refs=0)] == [chunk.lines for chunk in store.get(ids)]
        assert dict(store.lines()).keys() == set(ids)
        assert store.get(()) == ()


@pytest.mark.parametrize("name", ["0" * 32, "", "zz", "0" * 31 + "é", "../../x", "0" * 33])
def test_an_unknown_chunk_is_refused(case_dir: Path, name: str) -> None:
    made(case_dir, LOG)
    with ChunkStore.open(case_dir) as store, pytest.raises(InputError, match="unknown_chunk"):
        store.get([store.select()[0], name])


def test_without_chunks_there_is_nothing(case_dir: Path) -> None:
    with ChunkStore.open(case_dir) as store:
        assert (store.built, len(store), store.select(), store.shapes(), store.members("0" * 32)) == (
            None,
            0,
            (),
            (),
            (),
        )
        assert list(store.shape_texts()) == []
        with pytest.raises(InputError, match="unknown_chunk"):
            store.get(["0" * 32])


def test_says_what_it_was_made_from(case_dir: Path) -> None:
    fill(case_dir, "a.log", LOG)
    built = chunked(case_dir, Cut(60, 500))
    with ChunkStore.open(case_dir) as store:
        assert store.built == built
    assert (built.lines, built.chunks, built.suspicious, built.seconds, built.size) == (7, 7, 2, 60, 500)


def test_a_reader_keeps_its_state_while_another_is_written(case_dir: Path) -> None:
    before = made(case_dir, LOG)
    with ChunkStore.open(case_dir) as old:
        after = made(case_dir, LOG, b"5 10.0.0.1 GET /new 200\n")
        assert old.get(old.select()) == before
    assert after != before
    with ChunkStore.open(case_dir) as new:
        assert new.get(new.select()) == after


def test_files_of_no_state_are_removed(case_dir: Path) -> None:
    made(case_dir, LOG)
    (case_dir / FOLDER / "0123456789ab-parts-0.parquet").write_bytes(b"left behind")
    chunked(case_dir)
    assert len(list((case_dir / FOLDER).iterdir())) == 5


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 4] ^= 0xFF
    path.write_bytes(content)


def read_all(case_dir: Path) -> None:
    with ChunkStore.open(case_dir) as store:
        store.get(store.select())
        list(store.shape_texts())


@pytest.mark.parametrize("damage", [cut_short, changed, Path.unlink])
@pytest.mark.parametrize("kind", ["parts", "addresses", "texts", "shapes"])
def test_damage_is_told(case_dir: Path, kind: str, damage: Callable[[Path], None]) -> None:
    made(case_dir, LOG)
    [path] = (case_dir / FOLDER).glob(f"*-{kind}-*")
    damage(path)
    with pytest.raises(StorageError, match="chunks_damaged"):
        read_all(case_dir)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"version": 99}', '{"version": 2, "built": {}, "parts": [], "texts": [], "shapes": []}'],
)
def test_a_damaged_manifest_is_told(case_dir: Path, text: str) -> None:
    made(case_dir, LOG)
    (case_dir / FOLDER / MANIFEST).write_text(text)
    with pytest.raises(StorageError, match="chunks_damaged"):
        ChunkStore.open(case_dir)


def test_a_manifest_cannot_name_a_file_elsewhere(case_dir: Path) -> None:
    made(case_dir, LOG)
    path = case_dir / FOLDER / MANIFEST
    name = next((case_dir / FOLDER).glob("*-parts-*")).name
    path.write_text(path.read_text().replace(name, "../../elsewhere.parquet"))
    with pytest.raises(StorageError, match="chunks_damaged"):
        ChunkStore.open(case_dir)


@pytest.mark.parametrize(
    ("content", "size", "expected"),
    [
        (Content((), ()), 100, ""),
        (Content(("a", "b"), (("x", 2), ("y", 1))), 100, "a · b\n2× x\n1× y"),
        (Content((), (("x", 0),)), 100, "x"),
        (Content((), (("x", 1),), more=3), 100, "1× x\n+3 more templates"),
        (
            Content((), (("x" * 30, 1), ("y" * 30, 1)), agents=("z",)),
            70,
            f"1× {'x' * 30}\n+1 more templates\nagents: z",
        ),
        (Content((), (("x" * 90, 1),)), 60, f"1× {'x' * 34}…"),
        (Content((), (("x", 1),), users=("u" * 90,)), 60, "1× x\nusers: uu…"),
    ],
)
def test_the_text_of_a_chunk(content: Content, size: int, expected: str) -> None:
    text = chunk_text(content, size)
    assert text == expected
    assert tokens_at_most(text) <= size


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [("abc", 3, "abc"), ("abcd", 3, "…"), ("日本語", 8, "日…"), ("日本", 2, ""), ("", 0, "")],
)
def test_a_text_is_cut_between_letters(text: str, room: int, expected: str) -> None:
    assert clipped(text, room) == expected


def test_times_are_aware(case_dir: Path) -> None:
    for chunk in made(case_dir, LOG):
        assert {time.tzinfo for time in (chunk.since, chunk.until, chunk.first, chunk.last) if time} <= {UTC}
