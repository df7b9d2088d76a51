"""The lake's compiled queries and the plain meaning of a selector agree on every line."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.event import EVENT_SCHEMA, HIT_SCHEMA, LINE, SOURCE, TIME, ParseStatus
from core.line import SourceId
from core.match import matches
from core.selector import Selector
from core.source import Accounting
from core.taxonomy import AttackType
from stores.cases import Cases
from stores.lake import Lake
from stores.segment import SegmentRow, write_segment
from stores.writer import CaseWriter
from tests.effort import examples
from tests.stores.filling import START, source_of

IPS = ["10.0.0.1", "10.0.0.2", "10.0.1.1", "192.0.2.255", "2001:db8::1", "2001:db8:0:1::", "::1", "not-an-address", "%"]
NETWORKS = ["10.0.0.0/24", "10.0.0.1/31", "0.0.0.0/0", "2001:db8::/32", "2001:db8::/64", "::/0", "203.0.113.0/24"]
METHODS = ["GET", "get", "POST", "'; DROP TABLE", "*"]
TEXTS = [
    "/a%b",
    "/A_B",
    "/axb",
    "/axb?/a",
    "/İstanbul",
    "/\u212aelvin",
    "/ſ",
    "/.*[x]\\",
    "",
    "/a\x00b",
    "/a\nb",
    "/日本",
    "/é",
    "/É",
]
PARTS = [*TEXTS, "%", "_", "A", "k", "s", "i", "\\", "[X]", ".", "\x00", "\n", "B", "日", "\udc80", "é", "('", '"']
RAWS = [b"", b"\x00", b"x00 \\x00", b'say "A"', "日".encode(), "é".encode("latin-1"), b"%\\_k", b"\xff\\XFF"]
TIMES = [START.replace(tzinfo=None) + timedelta(seconds=step) for step in (-1, 0, 1, 60)] + [
    datetime(1969, 12, 31, 23, 59, 59, 999999)  # noqa: DTZ001 - as the lake stores it
]
BOUNDS = [START + timedelta(seconds=step) for step in (-1, 0, 1, 2)] + [START + timedelta(microseconds=1)]
RULES = ["r.sql", "r.probe", "$p0"]
TYPES = [AttackType.SQL_INJECTION, AttackType.XSS]
IDS = [SourceId("1" * 16), SourceId("2" * 16)]


def maybe(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.sampled_from(values))


def some(values: list[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.one_of(st.just(()), st.lists(st.sampled_from(values), max_size=3).map(tuple))


EVENTS = st.fixed_dictionaries(
    {
        TIME: maybe(TIMES),
        "source.ip": maybe(IPS),
        "http.request.method": maybe(METHODS),
        "url.original": maybe(TEXTS),
        "user_agent.original": maybe(TEXTS),
        "user.name": maybe(TEXTS),
        "http.response.status_code": maybe([0, 200, 404, 499, 500, 65535]),
        "http.request.referrer": maybe(TEXTS),
        "event.original": st.sampled_from(RAWS),
        "event.action": maybe(["login_failed", "x"]),
        "event.dataset": maybe(["nginx.access", "x"]),
        "akashi.status": st.sampled_from([int(status) for status in ParseStatus]),
    }
)
LINES = st.lists(
    st.tuples(EVENTS, st.lists(st.tuples(st.sampled_from(RULES), st.sampled_from(TYPES)), max_size=3, unique=True)),
    min_size=1,
    max_size=16,
)
ALONE = st.builds(
    Selector,
    ips=some([*IPS, *NETWORKS]),
    since=maybe(BOUNDS),
    until=maybe(BOUNDS),
    types=some(TYPES),
    rules=some(RULES),
    methods=some(METHODS),
    status_codes=some([(200, 200), (400, 499), (500, 400), (0, 65535), (-1, 0)]),
    url_contains=some(PARTS),
    paths=some([*TEXTS, "*", "/a*", "/A_*", "\udc80*"]),
    agent_contains=some(PARTS),
    user_contains=some(PARTS),
    actions=some(["login_failed", "other"]),
    datasets=some(["nginx.access", "other"]),
    sources=some([*IDS, SourceId("f" * 16)]),
    statuses=some(list(ParseStatus)),
    referrer_contains=some(PARTS),
    raw_contains=some([*PARTS, "x", "00", "x00", "\xff"]),
)
FIELDS = sorted(set(Selector.__dataclass_fields__) - {"without"})


@st.composite
def narrow_selectors(draw: st.DrawFn) -> Selector:
    """Mostly few conditions at once: with all of them nothing is ever selected."""
    full = draw(ALONE)
    kept = draw(st.sets(st.sampled_from(FIELDS), max_size=3))
    return Selector(**{name: getattr(full, name) for name in kept})


@st.composite
def lopsided_selectors(draw: st.DrawFn) -> Selector:
    """Some lines but not others."""
    without = draw(st.lists(narrow_selectors(), min_size=1, max_size=2))
    return replace(draw(narrow_selectors()), without=tuple(without))


Line = tuple[dict[str, Any], list[tuple[str, AttackType]]]


def written(case_dir: Path, lines: list[Line]) -> None:
    """Two sources with the lines in turn; the last line of each is a tail."""
    with CaseWriter.open(case_dir) as writer:
        for number, own in ((1, lines[::2]), (2, lines[1::2])):
            parts = [(own[:-1], False, 1), (own[-1:], True, len(own))]
            rows = [segment(writer.staging, number, part, tail, first) for part, tail, first in parts if part]
            source = source_of(number, f"{number}.log", b"")
            accounting = Accounting(lines=len(own), parsed=len(own))
            writer.commit(replace(source, id=IDS[number - 1], size=len(own), accounting=accounting), rows)


def segment(staging: Path, number: int, lines: list[Line], tail: bool, first: int) -> SegmentRow:
    fixed = {"log.offset": 0, "akashi.reason": 0, "akashi.flags": 0}
    fixed |= {"akashi.zone_source": 1, "akashi.year_source": 1}
    events = [event | fixed | {SOURCE: number, LINE: first + place} for place, (event, _) in enumerate(lines)]
    hits = [
        {name: event.get(name) for name in HIT_SCHEMA.names} | {"rule.id": rule, "akashi.type": kind, "akashi.field": 0}
        for event, (_, pairs) in zip(events, lines, strict=True)
        for rule, kind in pairs
    ]
    return write_segment(
        staging,
        pa.Table.from_pylist(events, EVENT_SCHEMA),
        pa.Table.from_pylist(hits, HIT_SCHEMA),
        source=number,
        first_line=first,
        first_offset=first - 1,
        size=len(lines),
        tail=tail,
        accounting=Accounting(lines=len(lines), parsed=len(lines)),
        first_seen=None,
        last_seen=None,
    )


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, st.lists(st.one_of(narrow_selectors(), lopsided_selectors(), ALONE), min_size=20, max_size=20))
def test_lake_and_plain_evaluation_agree(lines: list[Line], selectors: list[Selector]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case_dir = Cases(Path(folder)).create("case")
        written(case_dir, lines)
        with Lake.open(case_dir) as lake:
            for selector in selectors:
                expected = [
                    [
                        place // 2 + 1
                        for place, (event, hits) in enumerate(lines)
                        if place % 2 == turn and matches(selector, event, hits, IDS[turn])
                    ]
                    for turn in (0, 1)
                ]
                found = lake.line_numbers(selector)
                assert [found.get(1, []), found.get(2, [])] == expected, selector


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    case_dir = Cases(tmp_path_factory.mktemp("data")).create("case")
    event: dict[str, Any] = {TIME: TIMES[1], "source.ip": "10.0.0.1", "http.request.method": "GET", "akashi.status": 0}
    event["event.original"] = b""
    written(case_dir, [(event | {"url.original": "/Admin%"}, [("r.sql", AttackType.SQL_INJECTION)]), (event, [])])
    with Lake.open(case_dir) as opened:
        yield opened


@pytest.mark.parametrize(
    ("selector", "lines"),
    [
        (Selector(), 2),
        (Selector(url_contains=("aDMIN%",)), 1),
        (Selector(url_contains=("admin_",)), 0),
        (Selector(url_contains=("",)), 1),
        (Selector(paths=("*",)), 1),
        (Selector(ips=("10.0.0.0/8",)), 2),
        (Selector(ips=("10.0.0.0/8",), types=(AttackType.SQL_INJECTION,)), 1),
        (Selector(ips=tuple(f"10.0.0.{last}" for last in range(200))), 2),
        (Selector(since=START, until=START), 0),
        (Selector(since=START, until=START + timedelta(microseconds=1)), 2),
        (Selector(until=START), 0),
        (Selector(rules=("' OR 1=1 --",)), 0),
        (Selector(methods=("GET') OR TRUE --",)), 0),
        (Selector(types=(AttackType.SQL_INJECTION,), rules=("r.probe",)), 0),
        (Selector(sources=(SourceId("f" * 16),)), 0),
        (Selector(methods=("\ud800",)), 0),
    ],
)
def test_counts(lake: Lake, selector: Selector, lines: int) -> None:
    assert lake.count(selector) == lines
    assert lake.digest(selector)[0] == lines
    assert sum(count for _, count in lake.per_ip(selector)) == lines


@pytest.mark.parametrize(
    ("selector", "code"),
    [
        (Selector(ips=("10.0.0.0/33",)), "bad_network"),
        (Selector(ips=("x/y",)), "bad_network"),
        (Selector(since=START.replace(tzinfo=None)), "naive_time"),
        (Selector(until=START.replace(tzinfo=None)), "naive_time"),
    ],
)
def test_what_cannot_be_asked_is_refused(lake: Lake, selector: Selector, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        lake.count(selector)
    assert refusal.value.code == code
    with pytest.raises(InputError):
        matches(selector, {TIME: TIMES[0], "source.ip": "10.0.0.1"})
