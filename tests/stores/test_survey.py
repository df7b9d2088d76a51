"""What was foreseen is answered as if it had been asked alone, whichever way lines are kept and read."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.event import AGENT, IP, METHOD, STATUS_CODE, URL
from core.key import keys_of
from core.selector import Selector
from core.taxonomy import AttackType
from stores import behaviour, company, relation
from stores.cases import Cases
from stores.crowd import Crowd
from stores.lake import Lake
from stores.part import can_look
from tests.stores.filling import START, fill

EVERYTHING = Selector()
MISSING = Selector(status_codes=((404, 404),))
FORMS = Selector(methods=("POST",), url_contains=("LOGIN",))
NAMED = Selector(agent_contains=("bot",))
ATTACKS = Selector(rules=("r.sql",))


@pytest.fixture
def case_dir(tmp_path: Path) -> Path:
    """Two sources in many segments, one of them with a last line that is not ended."""
    chance = random.Random(7)
    case_dir = Cases(tmp_path).create("a")
    for name, ended in (("a.log", b"\n"), ("b.log", b"")):
        lines = [line(chance, second) for second in range(0, 900, 3)]
        fill(case_dir, name, b"\n".join(lines) + ended, per_segment=40)
    return case_dir


def line(chance: random.Random, second: int) -> bytes:
    address = b"-" if chance.random() < 0.05 else b"10.0.0.%d" % chance.randrange(9)
    url = chance.choice([b"/", b"/login", b"/Login?next=/", b"/a?q=attack", b"/b?q=probe", b"-"])
    method, status = chance.choice([b"GET", b"POST", b"-"]), chance.choice([b"200", b"404", b"302", b"-"])
    return b"%d %s %s %s %s %s %s" % (
        second + chance.randrange(9), address, method, url, status,
        chance.choice([b"ann", b"-"]), chance.choice([b"Goodbot/1", b"x", b"-"]),
    )  # fmt: skip


ASKED: list[tuple[str, Selector, tuple[str, ...], Callable[[Lake, Selector], Any]]] = [
    ("lines", MISSING, (), lambda lake, selector: lake.count(selector)),
    ("no line", Selector(methods=("PUT",)), (), lambda lake, selector: lake.count(selector)),
    ("addresses", FORMS, (IP,), lambda lake, selector: lake.per_ip(selector)),
    ("numbers", EVERYTHING, (STATUS_CODE,), lambda lake, selector: lake.top(selector, STATUS_CODE, 2)),
    ("no numbers", Selector(methods=("PUT",)), (STATUS_CODE,), lambda lake, s: lake.top(s, STATUS_CODE, 2)),
    ("texts", MISSING, (METHOD,), lambda lake, selector: lake.top(selector, METHOD, 9)),
    ("pairs", NAMED, (AGENT, IP), lambda lake, selector: sorted(lake.pairs(selector, AGENT, IP), key=repr)),
]


@pytest.mark.parametrize(("selector", "columns", "ask"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
def test_a_foreseen_count_is_the_count(
    case_dir: Path, selector: Selector, columns: tuple[str, ...], ask: Callable[[Lake, Selector], Any]
) -> None:
    with Lake.open(case_dir) as lake, Lake.open(case_dir) as other:
        source = Selector(sources=(lake.sources[1].id,), methods=selector.methods)
        lake.foresee([(selector, columns), (source, columns)], [ATTACKS], crowds=True)
        for one in (selector, source):
            assert ask(lake, one) == ask(other, one)
            assert ask(lake, one) == ask(other, one), "asked again"


def test_all_else_is_the_same_whether_foreseen_or_not(case_dir: Path) -> None:
    flood = Crowd(lines=120, flood=True)
    with Lake.open(case_dir) as lake, Lake.open(case_dir) as other:
        lake.foresee([], [ATTACKS], crowds=True)
        for one in (lake, other):
            assert one.bursts(EVERYTHING, IP, 60, flood).num_rows == 0
        assert lake.activity().to_pylist() == other.activity().to_pylist()
        assert lake.dominant_ip(0.9) == other.dominant_ip(0.9)
        assert followed(lake) == followed(other) != []


def followed(lake: Lake) -> list[int]:
    return sorted(keys_of(lake.company([ATTACKS])).tolist())


def test_who_speaks_for_many_is_not_followed(case_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Lake.open(case_dir) as lake:
        lines = {ip: lines for ip, lines in lake.per_ip(EVERYTHING) if ip is not None}
        hits = dict(lake.per_ip(ATTACKS))
    most = sorted(lines.values())[len(lines) // 2]
    monkeypatch.setattr(company, "FEW", most)
    monkeypatch.setattr(company, "CROWDED", 0)
    few = tuple(ip for ip, count in lines.items() if count <= most and hits.get(ip, 0) >= company.HITS)
    with Lake.open(case_dir) as lake:
        asked = [ref for ref in lake.lines(lake.refs(Selector(ips=few))) if ref.url is not None]
        assert 0 < len(few) < len(lines)
        assert len(followed(lake)) == len(asked)


LOGINS = Selector(methods=("POST",), url_contains=("/login",))
BEHAVIOURS: list[tuple[str, Callable[[Lake], Any]]] = [
    ("session", lambda lake: lake.sessions(LOGINS, IP, 60, Crowd(lines=3))),
    ("session of users", lambda lake: lake.sessions(LOGINS, "user.name", 200, Crowd(3, "url.path", 2, repeats=1))),
    ("burst", lambda lake: lake.bursts(LOGINS, "url.path", 60, Crowd(4, IP, 3, tries=4))),
    ("burst besides", lambda lake: lake.bursts(MISSING, IP, 90, Crowd(3, besides=(AttackType.SQL_INJECTION,)))),
    ("mixed", lambda lake: lake.bursts(MISSING, URL, 90, Crowd(3, mixed=(AttackType.SENSITIVE_FILE_PROBE,)))),
    ("except", lambda lake: lake.bursts(MISSING, IP, 90, Crowd(3, except_urls=("LOGIN", "?q=")))),
    ("relief", lambda lake: lake.sessions(LOGINS, IP, 60, Crowd(3, relief=MISSING, share=9))),
    ("sequence", lambda lake: lake.sequence(MISSING, LOGINS, IP, 120, Crowd(2, share=2))),
    ("by hits", lambda lake: lake.sessions(ATTACKS, IP, 200, Crowd(2))),
    ("in a window", lambda lake: lake.sessions(Selector(since=START, methods=("GET",)), IP, 200, Crowd(2))),
]


@pytest.mark.parametrize("run", [row[1] for row in BEHAVIOURS], ids=[row[0] for row in BEHAVIOURS])
def test_behaviours_find_the_same_lines_kept_or_asked_for(
    case_dir: Path, run: Callable[[Lake], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Lake.open(case_dir) as lake:
        lake.prepare([LOGINS, MISSING])
        kept = run(lake).to_pylist()
    monkeypatch.setattr(behaviour, "MANY_LINES", -1)
    with Lake.open(case_dir) as lake:
        lake.prepare([LOGINS, MISSING])
        assert run(lake).to_pylist() == kept != []


@pytest.mark.parametrize(("name", "value"), [("MANY_HITS", 0), ("FEW_LINES", 0), ("FEW_LINES", 2)])
def test_where_hits_and_single_lines_are_read_changes_nothing(
    case_dir: Path, name: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read() -> Any:  # noqa: ANN401
        with Lake.open(case_dir) as lake:
            return lake.hits(EVERYTHING).to_pylist(), lake.lines(lake.refs(MISSING)), lake.digest(ATTACKS)

    expected = read()
    monkeypatch.setattr(relation, name, value)
    assert read() == expected


@pytest.mark.parametrize(
    ("selector", "known"),
    [
        (EVERYTHING, True),
        (LOGINS, True),
        (Selector(user_contains=("",), sources=("x",)), True),  # type: ignore[arg-type]
        (Selector(ips=("10.0.0.1",)), False),
        (Selector(since=START), False),
        (Selector(without=(LOGINS,)), False),
        (ATTACKS, False),
    ],
)
def test_what_columns_alone_can_tell(selector: Selector, known: bool) -> None:
    assert can_look(selector) == known
