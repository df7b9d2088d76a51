"""The job as a whole: real files in, a lake out; every line once, whatever is given how often."""

import gzip
import subprocess
import sys
from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.errors import InputError
from core.event import FLAGS, IP, Flag, ParseStatus
from core.field import Field
from core.selector import Selector
from core.source import Accounting
from core.taxonomy import AttackType, Level
from detection.rule import Rule, Where
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from ingestion import pipeline
from ingestion.fetch.expand import expand
from ingestion.pipeline import Ingested, Options, Progress, ingest
from stores.cases import Cases
from stores.lake import Lake
from tests.kept_rules import FOLDER

NOW = datetime(2026, 3, 3, tzinfo=UTC)
LINE = '203.0.113.{} - - [02/Mar/2026:00:00:{:02d} +0000] "GET /{} HTTP/1.1" 200 3 "-" "UA"\n'

RULE = Rule(
    id="test-marker",
    version=1,
    type=AttackType.VULNERABILITY_SCAN,
    level=Level.LOW,
    title={"en": "marker", "ja": "marker"},
    fields=frozenset({Field.PATH, Field.USER_AGENT}),
    match=("marker",),
    all_of=(),
    unless=(),
    confirm=None,
    where=Where(),
    supporting=False,
    attack=(),
    references=(),
    known_gaps="",
    fires=(),
    silent=(),
)

Run = Callable[..., tuple[Ingested, ...]]


def lines(count: int, start: int = 0) -> bytes:
    return "".join(LINE.format(i % 250, i % 60, i) for i in range(start, start + count)).encode()


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner(RuleSet((RULE,), (), (), "test"))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Cases(tmp_path / "cases").create("one")


@pytest.fixture
def run(case: Path, scanner: Scanner) -> Run:
    def call(*paths: Path, options: Options = Options()) -> tuple[Ingested, ...]:  # noqa: B008
        with expand(paths) as expansion:
            assert not expansion.refusals
            return ingest(case, expansion.inputs, scanner, options, NOW).inputs

    return call


def stored(case: Path) -> list[bytes]:
    with Lake.open(case) as lake:
        return [bytes(line.raw) for line in lake.lines(lake.refs(Selector()))]


def test_stores_every_line_word_for_word(run: Run, case: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(lines(5) + b"\n" + b"not a log line\r\n" + b"\xff\xfe\x1b[31m\n")
    (done,) = run(log)
    assert (done.status, done.new_lines) == ("ingested", 8)
    assert sorted(stored(case)) == sorted(log.read_bytes().removesuffix(b"\n").split(b"\n"))
    assert done.source is not None
    account = done.source.accounting
    assert (account.lines, account.parsed, account.blank, account.unparsed) == (8, 5, 1, 2)


def test_addresses_keep_their_dictionary_whoever_read_their_lines(run: Run, case: Path, tmp_path: Path) -> None:
    """One that stands in it twice would cost the whole column its dictionary, and every reader of it his speed."""
    log = tmp_path / "access.log"
    first = LINE.format(7, 0, 0)
    other = "2026/03/02 00:00:09 [error] 29#29: *1 connect() failed (111: Connection refused) while connecting to "
    other += 'upstream, client: 203.0.113.7, server: shop.example, request: "GET /a HTTP/1.1", host: "shop.example"\n'
    spellings = "".join(first.replace("203.0.113.7", ip) for ip in ("2001:db8::1", "2001:DB8::1", "2001:db8:0::1"))
    log.write_text(first + other + spellings + first)
    run(log)
    (file,) = case.glob("segments/*.events.parquet")
    group = pq.ParquetFile(file).metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    (addresses,) = [column for column in columns if column.path_in_schema == IP]
    assert "RLE_DICTIONARY" in addresses.encodings
    with Lake.open(case) as lake:
        counts = [lake.count(Selector(ips=(ip,))) for ip in ("203.0.113.7", "2001:db8::1")]
    assert counts == [3, 3]


def test_accounts_for_every_line_of_every_kind(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    impossible = LINE.format(1, 1, 1).replace("02/Mar", "31/Feb")
    short = LINE.format(1, 1, 1)[:70] + "\n"
    log.write_bytes(lines(4) + (impossible + short + "#Fields: a b\n" + "x\0y\n" + "\t \n").encode() + b"a" * (1 << 21))
    (done,) = run(log)
    assert done.source is not None
    account = done.source.accounting
    assert account == Accounting(10, 4, 0, 1, 1, 3, 1, {"bad_time": 1, "truncated": 1, "binary": 1})
    assert done.source.notes == ("unterminated_last_line",)


@pytest.mark.parametrize("block", [200, 1000, 1 << 20])
def test_the_block_size_changes_nothing(
    block: int, case: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "BLOCK", block)
    log = tmp_path / "access.log"
    log.write_bytes(lines(40) + b"junk\n" + lines(3) + b"open end")
    (done,) = run(log)
    assert done.new_lines == 45
    assert sorted(stored(case)) == sorted(log.read_bytes().split(b"\n"))
    with Lake.open(case) as lake:
        assert lake.line_numbers(Selector()) == {1: list(range(1, 46))}


def test_the_same_content_twice_adds_nothing(run: Run, case: Path, tmp_path: Path) -> None:
    first, packed = tmp_path / "access.log", tmp_path / "access.log.1.gz"
    first.write_bytes(lines(20))
    packed.write_bytes(gzip.compress(lines(20)))
    assert [done.status for done in run(first, packed)] == ["ingested", "duplicate"]
    assert len(stored(case)) == 20


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lines(3), lines(5)),
        (lines(3)[:-1], lines(3)),
        (lines(3)[:-20], lines(5)),
        (lines(1)[:10], lines(2)),
        (b"x", lines(2)[:0] + b"xy\n"),
    ],
)
def test_a_grown_file_continues_where_it_stopped(
    before: bytes, after: bytes, run: Run, case: Path, tmp_path: Path
) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(before)
    assert run(log)[0].status == "ingested"
    log.write_bytes(after)
    (done,) = run(log)
    assert done.status == "grown"
    assert sorted(stored(case)) == sorted(after.removesuffix(b"\n").split(b"\n"))
    assert done.source is not None
    assert done.source.size == len(after)
    with Lake.open(case) as lake:
        assert len(lake.sources) == 1


def test_the_beginning_of_a_known_file_is_known(run: Run, case: Path, tmp_path: Path) -> None:
    whole, part = tmp_path / "access.log", tmp_path / "older.log"
    whole.write_bytes(lines(9))
    part.write_bytes(lines(4))
    assert [done.status for done in run(whole, part)] == ["ingested", "duplicate"]
    assert len(stored(case)) == 9


def test_files_that_only_begin_alike_are_two(run: Run, case: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "a.log", tmp_path / "b.log"
    one.write_bytes(lines(60) + lines(1, 100))
    two.write_bytes(lines(60) + lines(2, 200))
    assert [done.status for done in run(one, two)] == ["ingested", "ingested"]
    assert len(stored(case)) == 123


def test_an_empty_file_is_called_empty(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(b"")
    assert run(log)[0] == Ingested("access.log", "empty", None, 0)


def test_lines_of_other_formats_are_read_too(run: Run, case: Path, tmp_path: Path) -> None:
    error = (
        b'2026/03/02 00:00:09 [error] 29#29: *1 open() "/x" failed (2: No such file), client: 198.51.100.9, server: s'
    )
    common = b'198.51.100.8 - - [02/Mar/2026:00:00:08 +0000] "GET /c HTTP/1.1" 404 9'
    log = tmp_path / "mixed.log"
    log.write_bytes(lines(3) + error + b"\n" + lines(1, 5) + common + b"\n")
    assert run(log)[0].new_lines == 6
    with Lake.open(case) as lake:
        assert lake.count(Selector(statuses=(ParseStatus.PARSED,))) == 6
        assert dict(lake.per_ip(Selector(ips=("198.51.100.8", "198.51.100.9")))) == {
            "198.51.100.8": 1,
            "198.51.100.9": 1,
        }


def test_a_byte_order_mark_hides_nothing(run: Run, case: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(b"\xef\xbb\xbf" + lines(2))
    (done,) = run(log)
    assert done.source is not None
    assert done.source.accounting.parsed == 2
    assert b"\n".join(stored(case)) + b"\n" == log.read_bytes()


def test_flags_what_deserves_a_second_look(run: Run, case: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(
        lines(1)
        + lines(1, 1).replace(b"\n", b"\r\n")
        + lines(1, 2).replace(b'"UA"', b'"\x1b[2J"')
        + lines(1, 3).replace(b'"UA"', b'"\xff"')
        + lines(1, 4).replace(b'"UA"', '"日本語"'.encode())
    )
    run(log)
    with Lake.open(case) as lake:
        page = lake.page(Selector(), 10)
    found = [Flag(flag) for flag in page[FLAGS].to_pylist()]
    assert found == [Flag.NONE, Flag.CRLF, Flag.CONTROL_BYTES, Flag.INVALID_UTF8, Flag.NONE]


def test_rules_see_paths_and_shared_agents(run: Run, case: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    agent = lines(3, 10).replace(b'"UA"', b'"x-marker-x"')
    log.write_bytes(
        lines(2) + agent + lines(1).replace(b"/0", b"/%6darker?q=1") + lines(1).replace(b'"-"', b'"marker"')
    )
    run(log)
    with Lake.open(case) as lake:
        assert lake.line_numbers(Selector(types=(AttackType.VULNERABILITY_SCAN,))) == {1: [3, 4, 5, 6]}
        assert lake.per_rule(Selector(rules=("test-marker",))) == (("test-marker", 4),)


def test_an_explicit_format_wins(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "odd.log"
    log.write_bytes(b"2026-03-02T00:00:01+00:00|203.0.113.5|GET|/a|200\n")
    (done,) = run(log, options=Options(format="$time_iso8601|$remote_addr|$request_method|$request_uri|$status"))
    assert done.source is not None
    assert (done.source.dataset, done.source.accounting.parsed) == ("nginx.access", 1)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (Options(format="nonsense"), "unknown_format"),
        (Options(format="$remote_addr$status"), "bad_log_format"),
        (Options(zone="Mars/Olympus"), "unknown_zone"),
    ],
)
def test_options_that_cannot_be_used_are_refused(options: Options, code: str, run: Run, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(lines(1))
    with pytest.raises(InputError) as refused:
        run(log, options=options)
    assert refused.value.code == code


def test_tells_how_far_it_is(case: Path, scanner: Scanner, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(lines(10))
    seen: list[Progress] = []
    with expand([log]) as expansion:
        ingest(case, expansion.inputs, scanner, Options(), NOW, seen.append)
    assert astuple(seen[-1]) == ("access.log", log.stat().st_size, log.stat().st_size, 10)


def test_needs_no_pandas(tmp_path: Path) -> None:
    """Its import costs a third of a second, and the job has no use for it."""
    log = tmp_path / "mixed.log"
    log.write_bytes(lines(3) + b"2026/03/02 00:00:09 [error] 29#29: *1 x, client: 198.51.100.9, server: s\njunk\n")
    script = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
from detection.ruleset import load_rules
from detection.scanner import Scanner
from ingestion.fetch.expand import expand
from ingestion.pipeline import Options, ingest
from stores.cases import Cases
case = Cases(Path({str(tmp_path)!r}) / "cases").create("one")
with expand([{str(log)!r}]) as expansion:
    ingest(case, expansion.inputs, Scanner(load_rules(), Path({str(FOLDER)!r})), Options(), datetime.now(UTC))
print("pandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=300)
    assert done.stdout == "False\n", done.stderr[-2000:]


@pytest.mark.parametrize("block", [1 << 20, 300, 120])
def test_a_forged_record_is_believed_in_no_block(
    block: int, run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`GET /a%0A2026/03/02 …` makes nginx write a perfect record on a line of its own (measured on nginx 1.22)."""
    monkeypatch.setattr(pipeline, "BLOCK", block)
    forged = '2026/03/02 00:00:07 [error] 29#29: *3 x, client: 203.0.113.66, server: s, request: "GET /y HTTP/1.1"'
    target = "/a%0A" + forged.replace(" ", "%20").replace('"', "%22")
    head = '2026/03/02 00:00:08 [error] 29#29: *4 open() "/srv/a'
    tail = f'" failed (2: No such file or directory), client: 198.51.100.9, server: s, request: "GET {target} HTTP/1.1", host: "h"'  # noqa: E501
    usual = '2026/03/02 00:00:0{} [error] 29#29: *{} open() "/b" failed (2: No such file or directory), client: 192.0.2.1, server: s, request: "GET /b HTTP/1.1", host: "h"\n'  # noqa: E501
    log = tmp_path / "error.log"
    log.write_text(usual.format(1, 1) + usual.format(2, 2) + f"{head}\n{forged}{tail}\n" + usual.format(9, 5))
    run(log)
    with Lake.open(case) as lake:
        ips = dict(lake.per_ip(Selector()))
    assert "203.0.113.66" not in ips
    assert ips["192.0.2.1"] == 3


@pytest.mark.parametrize(
    ("content", "options", "zone", "year"),
    [
        (lines(1), Options(), "explicit", "explicit"),
        (b"Mar  2 10:15:30 h sshd[1]: Connection closed by 192.0.2.1 port 5\n", Options(), "assumed", "assumed"),
        (
            b"Mar  2 10:15:30 h sshd[1]: Connection closed by 192.0.2.1 port 5\n",
            Options(zone="Asia/Tokyo", year=2025),
            "configured",
            "configured",
        ),
        (
            b"2026-03-02T10:15:30.5+09:00 h sshd[1]: Connection closed by 192.0.2.1 port 5\n",
            Options(),
            "explicit",
            "explicit",
        ),
        (b"[client 192.0.2.1] denied\n", Options(), "none", "none"),
    ],
)
def test_says_where_zone_and_year_come_from(
    content: bytes, options: Options, zone: str, year: str, run: Run, tmp_path: Path
) -> None:
    log = tmp_path / "some.log"
    log.write_bytes(content)
    (done,) = run(log, options=options)
    assert done.source is not None
    assert (done.source.zone_source, done.source.year_source) == (zone, year)


ERRORS = b"2026/03/02 09:00:05 [error] 1#1: *1 open() failed, client: 203.0.113.9, server: x\n"
TOKYO = lines(3).replace(b"+0000", b"+0900")


@pytest.mark.parametrize(
    ("files", "zone", "source"),
    [
        ({"error.log": ERRORS}, "UTC", "assumed"),
        ({"access.log": TOKYO, "error.log": ERRORS}, "+09:00", "assumed"),
        ({"a-error.log": ERRORS, "access.log": TOKYO}, "+09:00", "assumed"),
        ({"access.log": lines(3), "error.log": ERRORS}, "UTC", "assumed"),
    ],
)
def test_a_log_without_a_zone_has_that_of_the_others(
    tmp_path: Path, scanner: Scanner, files: dict[str, bytes], zone: str, source: str
) -> None:
    case_dir = Cases(tmp_path / "cases").create("case")
    paths = [tmp_path / name for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    with expand(paths) as found:
        results = {one.name: one.source for one in ingest(case_dir, found.inputs, scanner, Options(), NOW).inputs}
    errors = next(one for name, one in results.items() if name.endswith("error.log"))
    assert errors is not None
    assert (errors.zone, errors.zone_source) == (zone, source)
    expected = datetime(2026, 3, 2, 0 if zone == "+09:00" else 9, 0, 5, tzinfo=UTC)
    assert errors.first_seen == expected


def test_a_grown_log_keeps_the_zone_it_was_read_in(tmp_path: Path, scanner: Scanner) -> None:
    case_dir = Cases(tmp_path / "cases").create("case")
    log, access = tmp_path / "error.log", tmp_path / "access.log"
    access.write_bytes(TOKYO)
    for path, content in ((log, ERRORS), (access, TOKYO), (log, ERRORS * 2)):
        path.write_bytes(content)
        with expand([path]) as found:
            (result,) = ingest(case_dir, found.inputs, scanner, Options(), NOW).inputs
    assert result.source is not None
    assert (result.status, result.source.zone) == ("grown", "UTC")
