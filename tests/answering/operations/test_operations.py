"""Every operation on a small log whose figures were worked out by hand (the lines are numbered in `test_liars`)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from answering.ask import ask
from answering.open_case import OpenCase
from answering.operations.table import OPERATIONS
from core.claim import ClaimKind, VerdictStatus
from core.dimension import Dimension
from core.part import Fact, Part
from core.plan import ANY_ATTACK, Operation, Plan, Step
from core.selector import Selector
from core.taxonomy import AttackType, Outcome
from detection.scanner import Scanner
from tests.answering.invented import NOW, RULES, lake_in
from tests.answering.validate.test_liars import FILES, OTHER, WEB, A, B, C, D

START = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
LINES = WEB.encode().split(b"\n")
SQLI, XSS, BRUTE = AttackType.SQL_INJECTION, AttackType.XSS, AttackType.BRUTE_FORCE
NOBODY = "198.51.100.9"
COUNTED_NONE = (ClaimKind.COUNT, 0, VerdictStatus.VERIFIED)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, scanner: Scanner) -> Iterator[OpenCase]:
    lake = lake_in(tmp_path_factory.mktemp("case"), scanner, FILES)
    with OpenCase(lake, RULES, scanner, case="case", now=NOW) as opened:
        yield opened


def part_of(case: OpenCase, step: Step) -> Part:
    (part,) = ask("", case, plan=Plan((step,))).parts
    return part


def second(number: int) -> datetime:
    return START + timedelta(seconds=number)


Expected = Mapping[str, Fact]
FACTS: list[tuple[Step, str, Expected]] = [
    (Step(Operation.REPORT), "report_found", {"types": 5, "lines": 12, "source_ips": 4}),
    (Step(Operation.REPORT, Selector(ips=(C,))), "report_found", {"types": 1, "lines": 1, "source_ips": 1}),
    (Step(Operation.REPORT, Selector(types=(SQLI, XSS))), "report_found", {"types": 2, "lines": 6, "source_ips": 3}),
    (Step(Operation.REPORT, Selector(until=second(2))), "report_found", {"types": 1, "lines": 2, "source_ips": 1}),
    (Step(Operation.REPORT, Selector(ips=(NOBODY,))), "absent", {"lines": 0}),
    (Step(Operation.REPORT, Selector(since=NOW + timedelta(days=99))), "nothing_in_scope", {}),
    (Step(Operation.COUNT), "count_lines", {"lines": 17}),
    (Step(Operation.COUNT, Selector(ips=(A,))), "count_lines", {"lines": 7}),
    (Step(Operation.COUNT, Selector(without=(Selector(ips=(A,)),))), "count_lines", {"lines": 10}),
    (Step(Operation.COUNT, Selector(raw_contains=("UNION",))), "count_lines", {"lines": 5}),
    (
        Step(Operation.COUNT, Selector(types=(SQLI, XSS))),
        "count_attack_lines",
        {"lines": 6, "count": 2, "source_ips": 3},
    ),
    (Step(Operation.COUNT, by=Dimension.IP), "count_distinct", {"count": 4, "lines": 17, "by": "ip"}),
    (
        Step(Operation.COUNT, Selector(status_codes=((404, 404),)), by=Dimension.PATH),
        "count_distinct",
        {"count": 3, "lines": 3},
    ),
    (Step(Operation.COUNT, outcomes=(Outcome.SUCCEEDED,)), "count_attack_lines", {"lines": 6, "count": 3}),
    (Step(Operation.COUNT, outcomes=(Outcome.BLOCKED,)), "outcome_not_asked", {"succeeded": 3, "blocked": 0}),
    (
        Step(Operation.TOP, by=Dimension.PATH, limit=2),
        "top",
        {"value": "/login", "value_lines": 6, "lines": 17, "count": 8},
    ),
    (Step(Operation.TOP, Selector(types=ANY_ATTACK)), "top", {"value": A, "value_lines": 7, "lines": 12, "count": 4}),
    (Step(Operation.TOP, Selector(types=ANY_ATTACK), by=Dimension.TYPE), "top_type", {"type": SQLI, "value_lines": 5}),
    (Step(Operation.TOP, by=Dimension.USER), "top_none", {"lines": 17, "by": "user"}),
    (Step(Operation.FIRST, Selector(types=(SQLI,))), "first", {"time": second(1), "lines": 5}),
    (Step(Operation.LAST), "last", {"time": second(51), "lines": 17}),
    (
        Step(Operation.TIMELINE),
        "timeline",
        {"by": "minute", "lines": 17, "count": 1, "peak": START, "peak_lines": 17, "last": second(51)},
    ),
    (Step(Operation.LINES, Selector(ips=(D,))), "lines", {"lines": 1, "shown": 1}),
    (
        Step(Operation.PROFILE, Selector(ips=(A,))),
        "profile_ip",
        {"ip": A, "lines": 7, "attack_lines": 7, "types": 3, "first": second(1), "last": second(40)},
    ),
    (Step(Operation.PROFILE, Selector(paths=("/login",))), "profile_path", {"lines": 6, "attack_lines": 5}),
    (
        Step(Operation.COMPARE, Selector(ips=(A,)), against=Selector(ips=(C,))),
        "compare",
        {"one": 7, "other": 5, "difference": 2},
    ),
    (Step(Operation.COMPARE, Selector(ips=(B,))), "compare", {"one": 4, "other": 17}),
    (Step(Operation.OUTCOME), "outcome_succeeded", {"succeeded": 3, "unknown": 1, "failed": 1, "blocked": 0}),
    (Step(Operation.OUTCOME, outcomes=(Outcome.SUCCEEDED,)), "outcome_succeeded", {"types": 3, "lines": 6}),
    (Step(Operation.OUTCOME, outcomes=(Outcome.FAILED,)), "outcome_asked", {"types": 1, "lines": 5}),
    (
        Step(Operation.OUTCOME, Selector(types=(XSS,)), outcomes=(Outcome.SUCCEEDED,)),
        "outcome_open",
        {"types": 1, "lines": 2},
    ),
    (
        Step(Operation.OUTCOME, Selector(types=(SQLI,)), outcomes=(Outcome.SUCCEEDED,)),
        "outcome_none",
        {"types": 1, "lines": 5, "failed": 1},
    ),
    (Step(Operation.EXPLAIN, words="xss"), "explain_type_here", {"lines": 2, "technique": "T1059.007"}),
    (Step(Operation.EXPLAIN, Selector(types=(XSS,))), "explain_type_here", {"lines": 2}),
    (Step(Operation.EXPLAIN, words="dos"), "explain_type", {"type": "dos"}),
    (Step(Operation.EXPLAIN, words="sqli-quote"), "explain_rule", {"lines": 1, "type": SQLI}),
    (Step(Operation.EXPLAIN, words="succeeded"), "explain_outcome", {"types": 3}),
    (Step(Operation.EXPLAIN, words="file_served"), "explain_outcome_reason", {"types": 1, "outcome": "succeeded"}),
    (Step(Operation.EXPLAIN, words="no_error_log"), "explain_blind_spot", {"blind_spot": "no_error_log"}),
    (Step(Operation.EXPLAIN, words="'; DROP TABLE"), "explain_unknown", {"words": "'; DROP TABLE"}),
    (Step(Operation.RESPOND), "respond", {"lines": 12, "source_ips": 4}),
    (Step(Operation.SEARCH, words="union"), "search_none", {"searched": 17}),
    (Step(Operation.COVERAGE), "coverage", {"lines": 17, "parsed": 17, "unparsed": 0, "sources": 2}),
    (Step(Operation.HELP), "help", {}),
]


@pytest.mark.parametrize(("step", "code", "facts"), FACTS, ids=lambda value: str(value)[:60])
def test_facts(case: OpenCase, step: Step, code: str, facts: Expected) -> None:
    part = part_of(case, step)
    assert part.code == code
    assert {name: part.facts.get(name) for name in facts} == facts


ROWS: list[tuple[Step, list[tuple[Fact, ...]]]] = [
    (Step(Operation.COUNT, by=Dimension.IP), [(A, 7), (C, 5), (B, 4), (D, 1)]),
    (Step(Operation.COUNT, Selector(types=(SQLI, XSS))), [("sql_injection", 5), ("xss", 2)]),
    (Step(Operation.TOP, by=Dimension.PATH, limit=2), [("/login", 6, 6 / 17), ("/item", 4, 4 / 17)]),
    (
        Step(Operation.TOP, by=Dimension.STATUS),
        [
            ("200", 5, 5 / 17),
            ("401", 5, 5 / 17),
            ("404", 3, 3 / 17),
            ("403", 2, 2 / 17),
            ("302", 1, 1 / 17),
            ("500", 1, 1 / 17),
        ],
    ),
    (Step(Operation.TOP, Selector(types=(SQLI,)), by=Dimension.RULE), [("sqli-union", 4), ("sqli-quote", 1)]),
    (Step(Operation.TIMELINE, by=Dimension.DAY), [(datetime(2026, 11, 1, tzinfo=UTC), 17)]),
    (
        Step(Operation.COMPARE, Selector(ips=(A,)), against=Selector(ips=(C,))),
        [
            ("lines", 7, 5, 2),
            ("attack_lines", 7, 1, 6),
            ("source_ips", 1, 1, 0),
            ("attacking_ips", 1, 1, 0),
            ("types", 3, 1, 2),
        ],
    ),
    (
        Step(Operation.REPORT),
        [
            ("sql_injection", 5, 3, second(1), second(9), "failed", f"{A}, {B}, {D}"),
            ("brute_force", 4, 1, second(20), second(23), "succeeded", A),
            ("xss", 2, 2, second(9), second(12), "unknown", f"{D}, {B}"),
            ("login_after_failures", 1, 1, second(40), second(40), "succeeded", A),
            ("sensitive_file_probe", 1, 1, second(51), second(51), "succeeded", C),
        ],
    ),
    (
        Step(Operation.PROFILE, Selector(ips=(A,))),
        [
            ("type", "brute_force", 4, "succeeded"),
            ("type", "sql_injection", 2, "blocked"),
            ("type", "login_after_failures", 1, "succeeded"),
            ("path", "/login", 5, None),
            ("path", "/item", 2, None),
            ("status", "401", 4, None),
            ("status", "403", 2, None),
            ("status", "302", 1, None),
            ("method", "POST", 5, None),
            ("method", "GET", 2, None),
            ("agent", "Mozilla/5.0", 7, None),
        ],
    ),
]


@pytest.mark.parametrize(("step", "rows"), ROWS, ids=lambda value: str(value)[:60])
def test_rows(case: OpenCase, step: Step, rows: list[tuple[Fact, ...]]) -> None:
    table = part_of(case, step).table
    assert table is not None
    assert [row.cells for row in table.rows] == rows


QUOTES: list[tuple[Step, list[int]]] = [
    (Step(Operation.FIRST, Selector(types=(SQLI,))), [2]),
    (Step(Operation.LAST), [15]),
    (Step(Operation.LAST, Selector(ips=(A,))), [12]),
    (Step(Operation.LINES, Selector(ips=(A,)), limit=3), [2, 3, 8]),
    (Step(Operation.LINES, Selector(ips=(A,)), limit=2, newest=True), [12, 11]),
    (Step(Operation.LINES, Selector(types=(XSS,))), [5, 7]),
    (Step(Operation.LINES, outcomes=(Outcome.SUCCEEDED,)), [8, 9, 10, 11, 12, 15]),
    (Step(Operation.OUTCOME, outcomes=(Outcome.SUCCEEDED,)), [12, 15]),
    (Step(Operation.EXPLAIN, words="sqli-quote"), [4]),
]


@pytest.mark.parametrize(("step", "numbers"), QUOTES, ids=lambda value: str(value)[:60])
def test_quotes(case: OpenCase, step: Step, numbers: list[int]) -> None:
    assert [quote.raw for quote in part_of(case, step).quotes] == [LINES[number - 1] for number in numbers]


@pytest.mark.parametrize(
    ("selector", "marked"),
    [
        (Selector(types=(XSS,), ips=(B,)), b"<script"),
        (Selector(types=(SQLI,), ips=(D,)), b"union+select"),
        (Selector(paths=("/nothing",)), b"/nothing"),
        (Selector(raw_contains=("404",), ips=(D,)), b"404"),
        (Selector(agent_contains=("UNION",)), b"union"),
        (Selector(methods=("POST",), status_codes=((302, 302),), without=(Selector(ips=(B,)),)), b""),
    ],
)
def test_what_is_marked(case: OpenCase, selector: Selector, marked: bytes) -> None:
    quote = part_of(case, Step(Operation.LINES, selector)).quotes[-1]
    assert quote.raw[quote.start : quote.end] == marked


ALL_STEPS = [step for step, _, _ in FACTS]


@pytest.mark.parametrize("step", ALL_STEPS, ids=lambda value: str(value)[:60])
def test_everything_said_of_what_is_there_is_verified(case: OpenCase, step: Step) -> None:
    part = part_of(case, step)
    said = VerdictStatus.UNVERIFIABLE if part.code == "nothing_in_scope" else VerdictStatus.VERIFIED
    assert {one.verdict.status for one in part.claims} <= {said}


@pytest.mark.parametrize("step", ALL_STEPS, ids=lambda value: str(value)[:60])
def test_a_row_picks_the_lines_it_counts(case: OpenCase, step: Step) -> None:
    table = part_of(case, step).table
    for row in table.rows if table is not None else ():
        if row.selector is not None and table is not None and "lines" in table.columns:
            assert case.lake.count(row.selector) == row.cells[table.columns.index("lines")], row


def test_every_operation_is_done() -> None:
    assert tuple(OPERATIONS) == tuple(Operation)
    assert {step.operation for step in ALL_STEPS} == set(Operation)


@pytest.mark.parametrize("operation", [one for one in Operation if one not in (Operation.HELP, Operation.EXPLAIN)])
@pytest.mark.parametrize("selector", [Selector(ips=(NOBODY,)), Selector(types=(AttackType.SSRF,), ips=(NOBODY,))])
def test_nothing_is_never_said_to_be_something(case: OpenCase, operation: Operation, selector: Selector) -> None:
    part = part_of(case, Step(operation, selector, against=Selector(ips=(NOBODY,))))
    numbers = [part.facts.get(name) for name in ("lines", "one", "shown", "places", "attack_lines")]
    if operation is not Operation.COVERAGE:
        assert {number for number in numbers if number is not None} <= {0}
    verdicts = [(one.claim.kind, one.claim.value, one.verdict.status) for one in part.claims]
    if part.code in ("absent", "report_none"):
        assert verdicts == [COUNTED_NONE, (ClaimKind.ABSENCE, 0, VerdictStatus.VERIFIED)]
    if part.code in ("not_seen", "report_unknown"):
        assert verdicts == [COUNTED_NONE, (ClaimKind.ABSENCE, 0, VerdictStatus.UNVERIFIABLE)]
        assert part.certificate is not None


def test_the_numbers_of_the_text_itself() -> None:
    """The figures above, from the text alone."""
    lines = [line for line in (WEB + OTHER).split("\n") if line]
    assert (len(lines), sum(line.startswith(A) for line in lines)) == (17, 7)
    assert sum("POST /login" in line for line in lines) == 6
