"""Asking: any text gets an answer, stopping leaves nothing broken, what is shown is what was counted again."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from answering.ask import ask, exchange_of
from answering.open_case import OpenCase
from answering.operations.inquiry import Progress, Stage
from core.answer import Answer
from core.claim import VerdictStatus
from core.dimension import Dimension
from core.part import Part
from core.plan import ANY_ATTACK, Operation, Plan, Step
from core.selector import Selector
from core.taxonomy import AttackType
from detection.scanner import Scanner
from stores.lake import Lake
from tests.answering.invented import NOW, RULES, lake_in, line
from tests.answering.validate.test_liars import FILES, A, B, C, D

COMMON = """X - - [01/Nov/2026:23:30:00 +0900] "GET / HTTP/1.1" 200 5
X - - [02/Nov/2026:00:30:00 +0900] "GET /b HTTP/1.1" 200 5
"""
"""Two lines an hour apart, on two days of Tokyo and on one of UTC; the format records no user agent."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, scanner: Scanner) -> Iterator[OpenCase]:
    with OpenCase(
        lake_in(tmp_path_factory.mktemp("case"), scanner, FILES), RULES, scanner, case="c", now=NOW
    ) as opened:
        yield opened


@pytest.fixture
def opened(lake_of: Callable[..., Lake], scanner: Scanner) -> Callable[..., OpenCase]:
    """Open a case of files given as `name="text"`; the lake is closed by `lake_of`."""
    return lambda **files: OpenCase(lake_of(**files), RULES, scanner, case="c", now=NOW)


def run(case: OpenCase, *steps: Step) -> Answer:
    return ask("?", case, plan=Plan(steps))


def only(case: OpenCase, step: Step) -> Part:
    (part,) = run(case, step).parts
    return part


NOTES: list[tuple[Step, list[str]]] = [
    (Step(Operation.COUNT), []),
    (Step(Operation.COUNT, Selector(user_contains=("root",))), ["column_absent"]),
    (Step(Operation.TOP, by=Dimension.USER), ["column_absent"]),
    (Step(Operation.COUNT, Selector(since=datetime(2027, 1, 1, tzinfo=UTC))), ["window_outside"]),
    (Step(Operation.COUNT, Selector(until=datetime(2026, 1, 1, tzinfo=UTC))), ["window_outside"]),
    (Step(Operation.COUNT, Selector(since=datetime(2026, 1, 1, tzinfo=UTC))), ["window_partly"]),
    (Step(Operation.COUNT, Selector(since=datetime(2026, 11, 1, 10, 0, 30, tzinfo=UTC))), []),
    (Step(Operation.LINES, limit=2), []),
    (Step(Operation.LINES, Selector(ips=("203.0.113.0/33",))), ["filter_refused"]),
    (Step(Operation.TOP, Selector(types=ANY_ATTACK), by=Dimension.TYPE), ["per_type_overlaps"]),
]


@pytest.mark.parametrize(("step", "codes"), NOTES, ids=lambda value: str(value)[:60])
def test_notes(case: OpenCase, step: Step, codes: list[str]) -> None:
    assert [note.code for note in only(case, step).notes] == codes


def test_days_are_those_of_the_log(opened: Callable[..., OpenCase]) -> None:
    case = opened(access_log=COMMON.replace("X", A))
    table = only(case, Step(Operation.TIMELINE, by=Dimension.DAY)).table
    assert table is not None
    midnight = datetime(2026, 10, 31, 15, tzinfo=UTC), datetime(2026, 11, 1, 15, tzinfo=UTC)
    assert [row.cells for row in table.rows] == [(midnight[0], 1), (midnight[1], 1)]
    assert [note.code for note in only(case, Step(Operation.TOP, by=Dimension.AGENT)).notes] == ["column_absent"]


def test_a_case_without_lines(opened: Callable[..., OpenCase]) -> None:
    case = opened()
    for operation in Operation:
        part = only(case, Step(operation))
        assert part.code == {"help": "help", "explain": "explain_unknown"}.get(operation, "nothing_read")
        assert not part.claims


def test_a_case_of_blank_lines(opened: Callable[..., OpenCase]) -> None:
    case = opened(access_log="\n\n")
    for operation in Operation:
        part = only(case, Step(operation))
        assert {one.verdict.status for one in part.claims} <= {VerdictStatus.VERIFIED, VerdictStatus.UNVERIFIABLE}


def test_a_question_that_means_nothing(case: OpenCase) -> None:
    answer = ask("?", case, plan=Plan((), unread=("blorp", "<script>")))
    (part,) = answer.parts
    assert (part.code, part.claims, part.step.operation) == ("not_understood", (), Operation.HELP)
    assert [(note.code, dict(note.facts)) for note in answer.notes] == [("words_unread", {"words": "blorp, <script>"})]
    assert answer.suggestions


def test_many_steps_and_long_questions_are_bounded(case: OpenCase) -> None:
    answer = ask("x" * 10_000, case, plan=Plan((Step(Operation.COUNT),) * 9))
    assert len(answer.parts) == 5
    assert [note.code for note in answer.notes] == ["question_cut", "steps_cut"]


class StoppedError(Exception):
    """Somebody pressed stop."""


@pytest.mark.parametrize("after", range(1, 12))
def test_stopping_at_any_moment_breaks_nothing(opened: Callable[..., OpenCase], after: int) -> None:
    case = opened(**FILES)
    seen: list[Progress] = []

    def tell(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == after:
            raise StoppedError

    steps = (Step(Operation.REPORT), Step(Operation.PROFILE, Selector(ips=(A,))))
    with pytest.raises(StoppedError):
        ask("?", case, plan=Plan(steps), progress=tell)
    part = only(case, Step(Operation.REPORT))
    assert dict(part.facts) == {"types": 5, "lines": 12, "source_ips": 4}
    assert {one.verdict.status for one in part.claims} == {VerdictStatus.VERIFIED}


def test_progress_is_told(case: OpenCase) -> None:
    seen: list[Progress] = []
    ask("?", case, plan=Plan((Step(Operation.COUNT), Step(Operation.TOP))), progress=seen.append)
    assert [one.stage for one in seen] == [Stage.PLANNING, Stage.COUNTING, Stage.CHECKING, Stage.COUNTING] + [
        Stage.CHECKING
    ] * 3
    assert [(one.done, one.total) for one in seen[-3:]] == [(0, 3), (1, 3), (2, 3)]


def test_a_forged_hit_never_shows(opened: Callable[..., OpenCase]) -> None:
    """One query says 3 lines, the lines say 2: the answer says 2 in its sentence, its table and its note."""
    case = opened(**FILES)
    case.report()
    hits = case.lake.hits(Selector(types=(AttackType.XSS,)))
    case.lake.add_hits(hits.set_column(1, "log.line", [[1] * len(hits)]).cast(hits.schema).slice(0, 1))
    xss = Selector(types=(AttackType.XSS,))
    part = only(case, Step(Operation.COUNT, xss))
    assert part.facts["lines"] == 2
    assert part.table is not None
    assert [row.cells for row in part.table.rows] == [("xss", 2)]
    assert "claims_corrected" in [note.code for note in part.notes]
    top = only(case, Step(Operation.TOP, xss, by=Dimension.IP))
    assert top.table is not None
    assert {str(row.cells[0]): row.cells[1] for row in top.table.rows} == {B: 1, D: 1}
    assert dict(only(case, Step(Operation.LINES, xss)).facts) == {"lines": 2, "shown": 2}


@pytest.mark.parametrize(
    ("step", "ips", "types"),
    [
        (Step(Operation.TOP, by=Dimension.IP), (A, C, B, D), ()),
        (Step(Operation.REPORT), (A, B, D, C), ("sql_injection", "brute_force", "xss")),
        (Step(Operation.PROFILE, Selector(ips=(D,))), (D,), ("sql_injection", "xss")),
        (Step(Operation.COUNT, Selector(ips=(B,))), (B,), ()),
        (Step(Operation.LINES, Selector(ips=(C,), types=(AttackType.XSS,))), (C,), ("xss",)),
    ],
)
def test_what_later_questions_may_refer_to(
    case: OpenCase, step: Step, ips: tuple[str, ...], types: tuple[str, ...]
) -> None:
    exchange = exchange_of(run(case, step))
    assert exchange.ips[: len(ips)] == ips
    assert exchange.types[: len(types)] == types
    assert exchange.plan.steps == (step,)


def test_an_answer_says_what_it_was_made_of(case: OpenCase) -> None:
    answer = run(case, Step(Operation.COUNT))
    assert (answer.case, answer.state, answer.rules_version) == ("c", case.lake.state, RULES.version)
    assert (answer.answered_at, answer.zone_offset, answer.question) == (NOW, 0, "?")


def test_the_same_question_twice_gives_the_same_answer(case: OpenCase) -> None:
    steps = [Step(operation) for operation in Operation]
    assert [only(case, step) for step in steps] == [only(case, step) for step in steps]


def test_text_that_looks_like_code_is_only_text(opened: Callable[..., OpenCase]) -> None:
    hostile = "/a'; DROP TABLE events; --$(rm)<b>[x](javascript:1)"
    case = opened(access_log=line(A, 0, hostile.replace(" ", "%20")) + line(A, 1, "/b"))
    for value in ("'; DROP TABLE", "%' OR '1'='1", "\x00", "\udc80", "*", "[", "\\", "$p0"):
        for name in ("url_contains", "paths", "agent_contains", "user_contains", "raw_contains", "methods"):
            looked_for: dict[str, Any] = {name: (value,)}
            part = only(case, Step(Operation.COUNT, Selector(**looked_for)))
            assert {one.verdict.status for one in part.claims} <= {VerdictStatus.VERIFIED, VerdictStatus.UNVERIFIABLE}
    assert only(case, Step(Operation.COUNT)).facts["lines"] == 2
