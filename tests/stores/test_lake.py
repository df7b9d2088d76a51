import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from core.errors import CaseError, InputError, StorageError
from core.event import EVENT_SCHEMA, HIT_SCHEMA
from core.line import LineRef, SourceId
from core.selector import Selector
from core.taxonomy import AttackType
from stores.cases import Cases
from stores.crowd import Crowd
from stores.lake import Lake
from stores.selector_sql import Query
from tests.stores.filling import START, fill

WEB = b"""\
60 10.0.0.1 GET /attack?id=1 200 - curl
61 10.0.0.2 GET /probe/attack 404 - curl
62 10.0.0.1 GET /attack?id=2 500

59 10.0.0.3 GET /probe 404
- - - /attack -
3600 10.0.0.1 GET /index 200 alice Firefox"""
MAIL = b"61 2001:db8::1 POST /attack 200\n"
ANY = Selector()
SQL = Selector(types=(AttackType.SQL_INJECTION,))
PROBE = Selector(rules=("r.probe",))
HITS = Selector(types=(AttackType.SQL_INJECTION, AttackType.SENSITIVE_FILE_PROBE))


@pytest.fixture(scope="module")
def case_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case_dir = Cases(tmp_path_factory.mktemp("data")).create("incident")
    fill(case_dir, "web.log", WEB, per_segment=2)
    fill(case_dir, "mail.log", MAIL)
    return case_dir


@pytest.fixture
def lake(case_dir: Path) -> Iterator[Lake]:
    with Lake.open(case_dir) as opened:
        yield opened


def names(lake: Lake, refs: tuple[LineRef, ...]) -> list[str]:
    files = {source.id: source.name.removesuffix(".log") for source in lake.sources}
    return [f"{files[ref.source]}:{ref.line}" for ref in refs]


@pytest.mark.parametrize(
    ("selector", "lines"),
    [
        (ANY, {1: [1, 2, 3, 4, 5, 6, 7], 2: [1]}),
        (SQL, {1: [1, 2, 3, 6], 2: [1]}),
        (PROBE, {1: [2, 5]}),
        (HITS, {1: [1, 2, 3, 5, 6], 2: [1]}),
        (Selector(types=SQL.types, url_contains=("PROBE",)), {1: [2]}),
        (Selector(types=SQL.types, agent_contains=("curl",), status_codes=((200, 299),)), {1: [1]}),
        (Selector(ips=("10.0.0.0/30",), since=START + timedelta(seconds=61)), {1: [2, 3, 7]}),
        (Selector(url_contains=("nowhere",)), {}),
    ],
)
def test_line_numbers(lake: Lake, selector: Selector, lines: dict[int, list[int]]) -> None:
    assert lake.line_numbers(selector) == lines
    assert lake.count(selector) == sum(map(len, lines.values()))


def test_counts_per_address(lake: Lake) -> None:
    assert lake.per_ip(ANY) == (("10.0.0.1", 3), (None, 2), ("10.0.0.2", 1), ("10.0.0.3", 1), ("2001:db8::1", 1))
    assert lake.per_ip(SQL) == (("10.0.0.1", 2), ("10.0.0.2", 1), ("2001:db8::1", 1), (None, 1))


def test_counts_per_rule(lake: Lake) -> None:
    assert lake.per_rule(ANY) == (("r.sql", 5), ("r.probe", 2))
    assert lake.per_rule(Selector(ips=("10.0.0.2",))) == (("r.probe", 1), ("r.sql", 1))
    assert lake.per_rule(Selector(types=SQL.types, url_contains=("probe",))) == (("r.sql", 1),)


def test_span(lake: Lake) -> None:
    assert lake.span(SQL) == (START + timedelta(seconds=60), START + timedelta(seconds=62))
    assert lake.span(Selector(url_contains=("nowhere",))) == (None, None)


def test_references_by_time(lake: Lake) -> None:
    assert names(lake, lake.refs(ANY)) == "web:5 web:1 web:2 mail:1 web:3 web:7 web:4 web:6".split()
    assert names(lake, lake.refs(ANY, limit=2, newest=True)) == ["web:7", "web:3"]
    assert names(lake, lake.refs(SQL, limit=2)) == ["web:1", "web:2"]


@pytest.mark.parametrize("selector", [ANY, SQL, PROBE, Selector(url_contains=("nowhere",))])
def test_digest_is_over_sorted_references(lake: Lake, selector: Selector) -> None:
    refs = sorted(lake.refs(selector))
    text = "".join(f"{ref.source}:{ref.line}\n" for ref in refs)
    assert lake.digest(selector) == (len(refs), hashlib.sha256(text.encode()).hexdigest())


def test_lines_are_the_raw_bytes(lake: Lake) -> None:
    raw = {"web": WEB.split(b"\n"), "mail": MAIL.split(b"\n")}
    refs = lake.refs(ANY)[::-1]
    lines = lake.lines(refs)
    assert [line.ref for line in lines] == list(refs)
    for line in lines:
        content = WEB if line.source_name == "web.log" else MAIL
        assert line.raw == raw[line.source_name.removesuffix(".log")][line.ref.line - 1]
        assert content[line.offset :].startswith(line.raw)


def test_a_line_asked_twice_comes_twice(lake: Lake) -> None:
    (ref,) = lake.refs(PROBE, limit=1)
    assert [line.raw for line in lake.lines([ref, ref])] == [b"59 10.0.0.3 GET /probe 404"] * 2
    assert lake.lines([]) == ()


@pytest.mark.parametrize("ref", [("f" * 16, 1), (None, 0), (None, 8), (None, 1 << 41), (None, -1)])
def test_unknown_lines(lake: Lake, ref: tuple[str | None, int]) -> None:
    source = SourceId(ref[0]) if ref[0] else lake.sources[0].id
    with pytest.raises(InputError, match="unknown_line"):
        lake.lines([*lake.refs(ANY), LineRef(source, ref[1])])


def test_pages(lake: Lake) -> None:
    first, second = lake.page(ANY, 3), lake.page(ANY, 100, offset=3)
    assert first.schema == second.schema == EVENT_SCHEMA
    assert first.column("log.line").to_pylist() + second.column("log.line").to_pylist() == [5, 1, 2, 1, 3, 7, 4, 6]
    assert lake.page(ANY, 5, offset=50).num_rows == 0


def test_hits(lake: Lake) -> None:
    table = lake.hits(PROBE)
    assert table.schema == HIT_SCHEMA
    assert [(row["log.line"], row["rule.id"]) for row in table.to_pylist()] == [(2, "r.probe"), (5, "r.probe")]


def test_histogram(lake: Lake) -> None:
    rows = [(row["@timestamp"].minute, row["lines"]) for row in lake.histogram(ANY, 60).to_pylist()]
    assert rows == [(0, 1), (1, 4), (0, 1)]
    typed = [(row["akashi.type"], row["lines"]) for row in lake.histogram(HITS, 3600, by_type=True).to_pylist()]
    assert typed == [("sensitive_file_probe", 2), ("sql_injection", 4)]


@pytest.mark.parametrize(
    ("column", "n", "top"),
    [
        ("source.ip", 2, (("10.0.0.1", 3), ("10.0.0.2", 1))),
        ("http.response.status_code", 5, (("200", 3), ("404", 2), ("500", 1))),
        ("url.path", 1, (("/attack", 4),)),
        ("user.name", 5, (("alice", 1),)),
        ("user.name", 0, ()),
    ],
)
def test_top(lake: Lake, column: str, n: int, top: tuple[tuple[str, int], ...]) -> None:
    assert lake.top(ANY, column, n) == top


def test_behaviours_join_the_snapshot_in_memory(case_dir: Path, lake: Lake) -> None:
    burst = lake.bursts(ANY, "source.ip", 5, Crowd(2))
    dos = {"rule.id": "b.flood", "akashi.type": "dos", "akashi.field": 8}
    lake.add_hits(pa.Table.from_pylist([row | dos for row in burst.to_pylist()], HIT_SCHEMA))
    assert lake.line_numbers(Selector(types=(AttackType.DOS,))) == {1: [1, 3]}
    assert lake.per_ip(Selector(rules=("b.flood",))) == (("10.0.0.1", 2),)
    with Lake.open(case_dir) as other:
        assert other.count(Selector(types=(AttackType.DOS,))) == 0


def test_silent_stretches(tmp_path: Path) -> None:
    text = "".join(f"{second} - GET / 200\n" for second in [*range(0, 600, 10), *range(4000, 4300, 10)])
    fill(Cases(tmp_path).create("a"), "a.log", text.encode(), per_segment=50)
    with Lake.open(tmp_path / "a") as lake:
        longest = lake.activity().to_pylist()[0]
        assert (longest["seconds"], longest["lines"]) == (3410.0, 90)
        assert longest["since"] == (START + timedelta(seconds=590)).replace(tzinfo=None)


def test_accounting(lake: Lake) -> None:
    account = lake.accounting()
    assert (account.lines, account.parsed, account.blank) == (8, 7, 1)


def test_state_tells_what_is_held_not_how_it_is_cut(tmp_path: Path) -> None:
    states = []
    for name, per_segment in (("a", 1), ("b", 100)):
        case_dir = Cases(tmp_path).create(name)
        states.append(Lake.open(case_dir).state)
        fill(case_dir, "web.log", WEB, per_segment)
        states.append(Lake.open(case_dir).state)
    assert states[0] == states[2] != states[1] == states[3]


def test_a_snapshot_does_not_change(tmp_path: Path) -> None:
    case_dir = Cases(tmp_path).create("a")
    fill(case_dir, "web.log", WEB)
    with Lake.open(case_dir) as before:
        fill(case_dir, "web.log", WEB + b"\n4000 10.0.0.9 GET /attack 200\n")
        for dropped in (case_dir / "segments").glob("000001-000000000007-*"):
            if pa.parquet.read_table(dropped).num_rows == 1:  # the tail: not even its file is needed any more
                dropped.unlink()
        assert before.count(ANY) == 7
        assert [line.raw for line in before.lines(before.refs(ANY, limit=1))] == [b"59 10.0.0.3 GET /probe 404"]


def test_empty_case(tmp_path: Path) -> None:
    with Lake.open(Cases(tmp_path).create("a")) as lake:
        assert (lake.count(ANY), lake.refs(ANY), lake.page(ANY, 5).num_rows, lake.activity().num_rows) == (0, (), 0, 0)
        assert lake.digest(SQL) == (0, hashlib.sha256(b"").hexdigest())
        assert lake.bursts(ANY, "source.ip", 1, Crowd(1)).num_rows == 0
        assert lake.sessions(ANY, "user.name", 1, Crowd(1, "url.path", 1)).num_rows == 0
        assert lake.sequence(ANY, ANY, "source.ip", 1, Crowd(1)).num_rows == 0


def test_unknown_case(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="unknown_case"):
        Lake.open(tmp_path / "none")


@pytest.mark.parametrize("damage", [b"", b"PAR1 not parquet PAR1"])
def test_damaged_segment(tmp_path: Path, damage: bytes) -> None:
    case_dir = Cases(tmp_path).create("a")
    fill(case_dir, "web.log", WEB)
    with Lake.open(case_dir) as lake:
        for path in (case_dir / "segments").iterdir():
            path.write_bytes(damage)
        with pytest.raises(StorageError):
            lake.per_ip(ANY)


@pytest.mark.parametrize("folder", ["a'b", 'a"b', "a[b]*?", "a b;", "ログ", "{a,b}", "a\\b", "$p0"])
def test_folders_with_any_name(tmp_path: Path, folder: str) -> None:
    case_dir = Cases(tmp_path / folder).create("a")
    fill(case_dir, "web.log", WEB, per_segment=2)
    with Lake.open(case_dir) as lake:
        assert (lake.count(SQL), lake.count(ANY), len(lake.lines(lake.refs(SQL)))) == (4, 7, 4)


@pytest.mark.parametrize(("own", "expected"), [(89, None), (90, "10.0.0.1"), (100, "10.0.0.1")])
def test_an_address_behind_nearly_all_lines_is_found(tmp_path: Path, own: int, expected: str | None) -> None:
    case_dir = Cases(tmp_path).create("a")
    places = [i % 100 < own for i in range(400)]
    random.Random(3).shuffle(places)
    lines = [
        b"%d %s GET / 200\n" % (i, b"10.0.0.1" if mine else b"10.0.1.%d" % (i % 9)) for i, mine in enumerate(places)
    ]
    fill(case_dir, "a.log", b"".join(lines), 10)
    with Lake.open(case_dir) as lake:
        assert lake.dominant_ip(0.9) == expected


LEFT_OUT = [
    ("an address", Selector(ips=("10.0.0.9",)), True),
    ("another attack", Selector(types=(AttackType.XSS,)), True),
    ("a stretch of time", Selector(since=START), True),
    ("what only whole lines tell", Selector(url_contains=("/x",)), False),
]


@pytest.mark.parametrize(("without", "small"), [row[1:] for row in LEFT_OUT], ids=[row[0] for row in LEFT_OUT])
def test_hits_are_left_out_by_hits_where_they_know_enough(tmp_path: Path, without: Selector, small: bool) -> None:
    """No file of whole lines is read then."""
    case_dir = Cases(tmp_path).create("a")
    fill(case_dir, "web.log", WEB)
    with Lake.open(case_dir) as lake:
        query = Query()
        lake._relation.lines(query, replace(SQL, without=(without,)), ("source.ip",))
        files = [name for value in query.params.values() if isinstance(value, list) for name in value]
        assert small != any(name.endswith(".events.parquet") for name in files)
