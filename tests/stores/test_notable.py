"""Notable lines are all that a hit or a watched selector picks, and reading them gives what reading all lines gives."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import StorageError
from core.event import EVENT_SCHEMA, HIT_SCHEMA, LINE, RAW, SOURCE, URL
from core.match import matches
from core.selector import Selector
from core.taxonomy import AttackType
from stores import notable
from stores.cases import SEGMENTS, Cases
from stores.crowd import Crowd
from stores.lake import Lake
from stores.notable import Watched, can_be_watched, notable_rows
from stores.segment import NOTABLE_SCHEMA, write_segment
from stores.writer import CaseWriter
from tests.effort import examples
from tests.stores.filling import account, source_of, tables
from tests.stores.test_selector_sql import LINES, Line, narrow_selectors

CLOSED = Selector(status_codes=((404, 404),))
GOT = Selector(methods=("GET",), url_contains=("/secret",))
LOG = [
    b"%d 10.0.0.%d GET /%s %d" % (i, i % 7, b"attack" if i % 40 == 0 else b"page", 404 if i % 50 == 7 else 200)
    for i in range(400)
]


def columns(lines: list[Line]) -> tuple[pa.Table, pa.Table]:
    fixed = {"log.offset": 0, "event.original": b"", "akashi.reason": 0, "akashi.flags": 0}
    fixed |= {"akashi.zone_source": 1, "akashi.year_source": 1, SOURCE: 1}
    events = [event | fixed | {LINE: place + 5} for place, (event, _) in enumerate(lines)]
    hits = [
        {name: event.get(name) for name in HIT_SCHEMA.names} | {"rule.id": rule, "akashi.type": kind, "akashi.field": 0}
        for event, (_, pairs) in zip(events, lines, strict=True)
        for rule, kind in pairs
    ]
    return pa.Table.from_pylist(events, EVENT_SCHEMA), pa.Table.from_pylist(hits, HIT_SCHEMA)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.lists(narrow_selectors(), max_size=6))
def test_no_line_with_a_hit_or_a_watched_selector_is_missing(
    monkeypatch: pytest.MonkeyPatch, lines: list[Line], selectors: list[Selector]
) -> None:
    monkeypatch.setattr(notable, "SHARE", 0)
    asked = [one for one in selectors if not one.sources]
    watched = Watched.of(asked)
    assert set(watched.selectors) == {one for one in asked if can_be_watched(one)}
    rows = notable_rows(*columns(lines), watched)
    assert rows is not None
    needed = [
        row for row, (event, hits) in enumerate(lines) if hits or any(matches(one, event) for one in watched.selectors)
    ]
    assert set(needed) <= set(rows.tolist())
    assert np.array_equal(rows, np.unique(rows))


@pytest.mark.parametrize(
    "selector",
    [Selector(), Selector(types=(AttackType.XSS,)), Selector(rules=("r",), methods=("GET",))],
)
def test_what_picks_everything_or_by_hits_cannot_be_watched(selector: Selector) -> None:
    assert Watched.of([selector]).selectors == ()


def test_a_fingerprint_names_the_set_whatever_its_order() -> None:
    assert Watched.of([CLOSED, GOT]).fingerprint == Watched.of([GOT, Selector(), CLOSED, GOT]).fingerprint
    assert len({Watched.of(some).fingerprint for some in ([], [CLOSED], [GOT], [CLOSED, GOT])}) == 4


def test_too_many_notable_lines_are_not_kept_apart() -> None:
    events, hits = tables(1, LOG, 1, 0)
    assert notable_rows(events, hits, Watched.of([Selector(methods=("GET",))])) is None


@pytest.fixture
def filled(tmp_path: Path) -> Callable[[Watched], Path]:
    def fill(watched: Watched) -> Path:
        case_dir = Cases(tmp_path).create(watched.fingerprint)
        events, hits = tables(1, LOG, 1, 0)
        size = sum(len(line) + 1 for line in LOG)
        with CaseWriter.open(case_dir) as writer:
            row = write_segment(
                writer.staging, events, hits, source=1, first_line=1, first_offset=0, size=size, tail=False,
                accounting=account(LOG), first_seen=None, last_seen=None, watched=watched,
            )  # fmt: skip
            writer.commit(source_of(1, "a.log", b"\n".join(LOG) + b"\n"), [row])
        return case_dir

    return fill


def test_behaviours_find_the_same_with_and_without_notable_lines(filled: Callable[[Watched], Path]) -> None:
    found = []
    for watched in (Watched(), Watched.of([CLOSED])):
        with Lake.open(filled(watched)) as lake:
            lake.prepare([CLOSED])
            found.append(lake.sessions(CLOSED, "log.source", 1e9, Crowd(lines=2)))
    assert found[0].num_rows > 0
    assert found[0].to_pylist() == found[1].to_pylist()


def test_notable_lines_are_read_from_their_own_file_and_others_from_all(filled: Callable[[Watched], Path]) -> None:
    case_dir = filled(Watched.of([CLOSED]))
    names = [SOURCE, LINE, URL]
    with Lake.open(case_dir) as lake:
        attacks = lake.refs(Selector(types=tuple(AttackType)))
        mixed = (*attacks, *lake.refs(Selector())[1:6])
        before = lake.events(mixed, names), lake.events(attacks, names)
        assert attacks
        assert before[0].column(URL).to_pylist() == [LOG[ref.line - 1].split()[3].decode() for ref in mixed]
        for path in (case_dir / SEGMENTS).glob("*.events.parquet"):
            path.unlink()
        assert lake.events(attacks, names).equals(before[1])
        with pytest.raises(StorageError, match="segment_missing"):
            lake.events(attacks, [*names, RAW])
    assert RAW not in NOTABLE_SCHEMA.names
