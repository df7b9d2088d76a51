"""Plain Python over raw lines: what it reads, selects and counts, and that it agrees with what the product stored."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.dimension import Dimension
from core.draft import StatementKind, ValueCount
from core.draft_selector import draft_of
from core.event import AGENT, BODY_BYTES, DOMAIN, IP, METHOD, RAW, REFERRER, STATUS_CODE, TIME, URL, USER
from core.line import LineRef
from core.selector import Selector
from core.taxonomy import AttackType
from detection.scanner import Scanner
from eval.dataset import Case, load_cases
from eval.model.lies import UNREAD
from eval.model.plain_line import plain_line
from eval.model.plain_selection import picked
from eval.model.plain_statements import filled, holds, template
from eval.model.plain_truth import PlainCase, Untold
from eval.run import read_case
from stores.cases import Cases
from stores.lake import Lake
from tests.answering.invented import NOW, RULES

TOKYO = timedelta(hours=9)
SUITES = Path(__file__).parents[3] / "eval" / "suites"
HIT = frozenset({("sqli", "sql_injection")})
LINES = tuple(
    plain_line("access.log", number, raw.encode(), TOKYO, hits)
    for number, (raw, hits) in enumerate(
        [
            ('203.0.113.7 - - [09/Nov/2026:03:00:00 +0900] "GET /a?x=1 HTTP/1.1" 200 100 "-" "curl/8"', HIT),
            (
                '203.0.113.7 - bob [09/Nov/2026:03:00:30 +0900] "POST /b HTTP/1.1" 404 - "http://r/" "curl/8"',
                frozenset(),
            ),
            ('203.0.113.9 - - [09/Nov/2026:03:10:30 +0900] "GET /a HTTP/1.1" 500 50 "-" "nmap"', HIT),
            ("unreadable", frozenset()),
        ],
        1,
    )
)
CASE = PlainCase(LINES, {"id1": "access.log"}, {"sql_injection": "failed"}, TOKYO)


@pytest.mark.parametrize(
    ("selector", "numbers"),
    [
        (Selector(), [1, 2, 3, 4]),
        (Selector(ips=("203.0.113.0/29",)), [1, 2]),
        (Selector(types=(AttackType.SQL_INJECTION,)), [1, 3]),
        (Selector(rules=("sqli",), types=(AttackType.XSS,)), []),
        (Selector(methods=("POST",)), [2]),
        (Selector(status_codes=((400, 599),)), [2, 3]),
        (Selector(paths=("/a",)), [1, 3]),
        (Selector(paths=("/*",), without=(Selector(agent_contains=("NMAP",)),)), [1, 2]),
        (Selector(user_contains=("bo",)), [2]),
        (Selector(url_contains=("X=1",)), [1]),
        (Selector(raw_contains=("unread",)), [4]),
        (Selector(until=datetime(2026, 11, 8, 18, 0, 30, tzinfo=UTC)), [1]),
        (Selector(since=datetime(2026, 11, 8, 18, 0, 30, tzinfo=UTC)), [2, 3]),
    ],
)
def test_selected(selector: Selector, numbers: list[int]) -> None:
    assert [line.number for line in picked(LINES, selector, CASE.files)] == numbers
    assert [line.number for line in picked(LINES, draft_of(selector, {}), CASE.files)] == numbers


@pytest.mark.parametrize(
    ("kind", "given", "field", "value"),
    [
        (StatementKind.COUNT, {}, "number", 4),
        (StatementKind.DISTINCT, {"by": Dimension.IP}, "number", 2),
        (StatementKind.DURATION, {}, "number", 630),
        (StatementKind.GAP, {}, "number", 600),
        (StatementKind.RATE, {"by": Dimension.MINUTE}, "number", 0),
        (StatementKind.PEAK, {"by": Dimension.MINUTE}, "number", 2),
        (StatementKind.PEAK, {"by": Dimension.MINUTE}, "time", "2026-11-08T18:00:00+00:00"),
        (StatementKind.BYTES, {}, "number", 150),
        (StatementKind.MEAN_BYTES, {}, "number", 75),
        (StatementKind.MAX_BYTES, {}, "number", 100),
        (StatementKind.FIRST, {}, "time", "2026-11-08T18:00:00+00:00"),
        (
            StatementKind.TOP,
            {"by": Dimension.IP, "values": [ValueCount(value="", count=0)]},
            "values",
            [("203.0.113.7", 2)],
        ),
    ],
)
def test_filled(kind: StatementKind, given: dict[str, object], field: str, value: object) -> None:
    found = getattr(filled(template(kind, **given), CASE), field)
    assert ([(one.value, one.count) for one in found] if isinstance(found, list) else found) == value


@pytest.mark.parametrize(
    ("kind", "given", "true"),
    [
        (StatementKind.COUNT, {"number": 4}, True),
        (StatementKind.COUNT, {"number": 5}, False),
        (StatementKind.COUNT, {"number": 3, "comparator": "at_least"}, False),
        (StatementKind.OUTCOME, {"name": "failed"}, None),
        (StatementKind.MEAN_BYTES, {"number": 75}, True),
        (StatementKind.NETWORK, {"name": "203.0.113.0/28"}, None),
        (StatementKind.ABSENCE, {}, False),
    ],
)
def test_holds(kind: StatementKind, given: dict[str, object], true: bool | None) -> None:
    assert holds(template(kind, **given), CASE) is true


@pytest.mark.parametrize(
    "selector", [Selector(datasets=("x",)), Selector(actions=("y",)), Selector(ips=("no address",))]
)
def test_what_lines_do_not_tell(selector: Selector) -> None:
    with pytest.raises(Untold):
        CASE.of(selector)


COLUMNS: dict[str, Callable[..., object]] = {
    TIME: lambda line: line.time and line.time.replace(tzinfo=None),
    IP: lambda line: line.ip,
    USER: lambda line: line.user,
    METHOD: lambda line: line.method,
    URL: lambda line: line.url,
    STATUS_CODE: lambda line: line.status,
    BODY_BYTES: lambda line: line.size,
    AGENT: lambda line: line.agent,
    REFERRER: lambda line: line.referrer,
    DOMAIN: lambda line: line.domain,
    RAW: lambda line: line.raw,
}


@pytest.mark.slow
@pytest.mark.parametrize("case", load_cases(SUITES), ids=lambda case: case.name)
def test_plain_python_reads_what_the_product_reads(case: Case, tmp_path: Path) -> None:
    if case.name in UNREAD:
        pytest.skip("known to be read less well")
    folder = Cases(tmp_path).create("case")
    read_case(case, folder, Scanner(RULES), NOW)
    with Lake.open(folder) as lake:
        for source in lake.sources:
            raw = dict(case.files)[source.name].read_bytes().removesuffix(b"\n").split(b"\n")
            stored = lake.events([LineRef(source.id, at) for at in range(1, len(raw) + 1)], tuple(COLUMNS)).to_pylist()
            plain = [plain_line(source.name, at, text, TOKYO) for at, text in enumerate(raw, 1)]
            assert [{name: read(line) for name, read in COLUMNS.items()} for line in plain] == stored
