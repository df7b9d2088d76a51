import hashlib
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from core.errors import CaseError, StorageError
from core.event import EVENT_SCHEMA, HIT_SCHEMA
from core.selector import Selector
from core.source import Accounting
from stores.lake import Lake
from stores.segment import write_segment
from stores.writer import GRACE, CaseWriter
from tests.stores.filling import START, event, fill, lines_of, source_of, stage

CONTENTS = [
    b"",
    b"\n",
    b"\n\n",
    b"1 10.0.0.1 GET /a 200",
    b"1 10.0.0.1 GET /a 200\n",
    b"1 10.0.0.1 GET /a 200\r\n\r\n2 - GET /b 404\n\n",
    b"1 10.0.0.1 GET /\xff\xfe\x00\x0b\x0c\x1c\x85 200\n2 - GET \xe2\x80\xa8 404",
    b"".join(b"%d 10.0.0.%d GET /%d 200\n" % (i, i % 7, i) for i in range(20_000)) + b"20000 - - - -",
]


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("per_segment", [1, 2, 9000])
def test_content_comes_back_byte_for_byte(case_dir: Path, content: bytes, per_segment: int) -> None:
    per_segment = per_segment if len(content) < 1000 else 9000
    fill(case_dir, "a.log", content, per_segment)
    ended = content[: content.rfind(b"\n") + 1]
    with CaseWriter.open(case_dir) as writer:
        assert b"".join(writer.content(1)) == content
        assert writer.head(1) == content[:4096]
        assert writer.resume_point(1) == (ended.count(b"\n") + 1, len(ended))
        assert writer.ended_accounting(1).lines == ended.count(b"\n")
        for size in {0, 1, len(content) // 2, len(content)}:
            known = hashlib.sha256(content[:size]).hexdigest() if size <= len(content) else None
            assert writer.prefix_digest(1, size) == known
        assert writer.prefix_digest(1, len(content) + 1) is None


@pytest.mark.parametrize("cuts", [(0, 5), (30, 44), (22, 23), (10, 22, 50), (44,)])
def test_growing_adds_no_line_twice(case_dir: Path, cuts: tuple[int, ...]) -> None:
    content = b"1 10.0.0.1 GET /a 200\n2 10.0.0.2 GET /attack 200\n3 10.0.0.3 GET /c 500"
    for cut in (*cuts, len(content)):
        fill(case_dir, "a.log", content[:cut])
    with Lake.open(case_dir) as lake:
        found = [line.raw for line in lake.lines(lake.refs(lake_all()))]
        assert found == lines_of(content)
        assert [source.size for source in lake.sources] == [len(content)]
        assert lake.line_numbers(lake_all()) == {1: [1, 2, 3]}


def lake_all() -> Selector:

    return Selector()


def test_second_writer_is_refused(case_dir: Path) -> None:
    seen: list[str] = []

    def try_to_write() -> None:
        with pytest.raises(CaseError) as refusal, CaseWriter.open(case_dir):
            pass
        seen.append(refusal.value.code)

    with CaseWriter.open(case_dir):
        thread = threading.Thread(target=try_to_write)
        thread.start()
        thread.join()
    with CaseWriter.open(case_dir) as writer:
        assert (seen, writer.sources()) == (["case_busy"], ())


def test_writer_needs_a_case(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="unknown_case"), CaseWriter.open(tmp_path / "none"):
        pass


def test_orphans_are_removed_by_the_next_writer(case_dir: Path) -> None:
    fill(case_dir, "a.log", b"1 10.0.0.1 GET /a 200\n")
    known = {path.name for path in (case_dir / "segments").iterdir()}
    (case_dir / "segments" / "000009-000000000001-0badcafe.events.parquet").write_bytes(b"PAR1")
    (case_dir / "staging" / "000009-000000000001-0badcafe.hits.parquet").write_bytes(b"")
    with CaseWriter.open(case_dir):
        assert {path.name for path in (case_dir / "segments").iterdir()} == known
        assert list((case_dir / "staging").iterdir()) == []


def test_a_dropped_tail_stays_for_readers_that_are_just_opening(case_dir: Path) -> None:
    fill(case_dir, "a.log", b"1 10.0.0.1 GET /a 200")
    (tail,) = (case_dir / "segments").iterdir()
    fill(case_dir, "a.log", b"1 10.0.0.1 GET /a 200\n")
    with CaseWriter.open(case_dir, clock=lambda: START + GRACE - timedelta(seconds=1)):
        assert tail.exists()
    with CaseWriter.open(case_dir, clock=lambda: START + GRACE):
        assert not tail.exists()
    with Lake.open(case_dir) as lake:
        assert lake.count(lake_all()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"size": 21},
        {"accounting": Accounting(lines=3, parsed=3)},
        {"accounting": Accounting(lines=1, parsed=1)},
    ],
)
def test_lines_that_do_not_add_up_are_not_committed(case_dir: Path, change: dict[str, object]) -> None:
    content = b"1 10.0.0.1 GET /a 200\n2 - GET /b 404\n"
    with CaseWriter.open(case_dir) as writer:
        rows = list(stage(writer.staging, 1, content, 1, 0, 3))
        with pytest.raises(StorageError, match="accounting_mismatch"):
            writer.commit(replace(source_of(1, "a.log", content), **change), rows)  # type: ignore[arg-type]
        assert (writer.sources(), list(writer.staging.iterdir())) == ((), [])


def test_a_missing_segment_is_not_committed(case_dir: Path) -> None:
    content = b"1 10.0.0.1 GET /a 200\n2 - GET /b 404\n"
    with CaseWriter.open(case_dir) as writer:
        rows = list(stage(writer.staging, 1, content, 1, 0, 1))
        with pytest.raises(StorageError, match="accounting_mismatch"):
            writer.commit(source_of(1, "a.log", content), rows[1:])
    with CaseWriter.open(case_dir) as writer:
        assert (writer.sources(), list(writer.staging.iterdir())) == ((), [])


def test_a_failed_commit_takes_only_its_own_files(case_dir: Path) -> None:
    content = b"1 10.0.0.1 GET /a 200\n"
    with CaseWriter.open(case_dir) as writer:
        writer.commit(source_of(1, "a.log", content), list(stage(writer.staging, 1, content, 1, 0, 1)))
        twin = list(stage(writer.staging, 2, content, 1, 0, 1))
        other = b"2 10.0.0.9 GET /other 200\n"
        waiting = list(stage(writer.staging, 3, other, 1, 0, 1))
        with pytest.raises(StorageError, match="registry_conflict"):
            writer.commit(source_of(2, "b.log", content), twin)
        writer.commit(source_of(3, "c.log", other), waiting)
        assert [source.name for source in writer.sources()] == ["a.log", "c.log"]
        assert {path.name.split("-")[0] for path in (case_dir / "segments").iterdir()} == {"000001", "000003"}


def test_overlong_lines_are_said_not_to_be_kept(case_dir: Path) -> None:
    accounting = Accounting(lines=1, oversize=1)
    events = pa.Table.from_pylist([event(1, 1, 0, b"1 10.0.0.1 GET /cut 200")], EVENT_SCHEMA)
    facts = {"first_line": 1, "first_offset": 0, "size": 9001, "tail": False, "first_seen": None, "last_seen": None}
    with CaseWriter.open(case_dir) as writer:
        row = write_segment(
            writer.staging,
            events,
            HIT_SCHEMA.empty_table(),
            source=1,
            accounting=accounting,
            **facts,  # type: ignore[arg-type]
        )
        source = replace(source_of(1, "a.log", b"x"), size=9001, accounting=accounting)
        writer.commit(source, [row])
        assert (writer.head(1), writer.reproducible(1), writer.prefix_digest(1, 10)) == (None, False, None)
        with pytest.raises(StorageError, match="content_not_kept"):
            writer.content(1)


def test_a_source_comes_back_as_it_was(case_dir: Path) -> None:
    content = b"1 10.0.0.1 GET /a 200\n"
    seen = datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    with CaseWriter.open(case_dir) as writer:
        source = replace(
            source_of(1, "../ログ'\";--\x1b[31m.log", content),
            first_seen=seen,
            last_seen=START,
            zone="Asia/Tokyo",
            zone_source="configured",
            year_source="assumed",
            notes=("truncated_archive", "trailing_garbage"),
            accounting=Accounting(lines=1, unparsed=1, reasons={"NO_FORMAT": 1}),
        )
        writer.commit(source, list(stage(writer.staging, 1, content, 1, 0, 1)))
        assert writer.sources() == (source,)
        assert writer.next_number() == 2


def test_a_missing_column_that_must_be_there(case_dir: Path) -> None:
    events = pa.table({"log.line": pa.array([1])})
    with CaseWriter.open(case_dir) as writer, pytest.raises(ValueError, match=r"log\.source"):
        write_segment(
            writer.staging,
            events,
            HIT_SCHEMA.empty_table(),
            source=1,
            first_line=1,
            first_offset=0,
            size=1,
            tail=False,
            accounting=Accounting(lines=1, parsed=1),
            first_seen=None,
            last_seen=None,
        )
    assert list((case_dir / "staging").iterdir()) == []


def test_registry_of_a_newer_version_is_left_alone(case_dir: Path) -> None:

    connection = sqlite3.connect(case_dir / "registry.sqlite")
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StorageError, match="newer_case"):
        Lake.open(case_dir)


def test_damaged_registry_is_named(case_dir: Path) -> None:
    (case_dir / "registry.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(StorageError, match="registry_damaged"):
        Lake.open(case_dir)
