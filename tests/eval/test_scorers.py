"""Tables of truth and report in, counters out."""

import pytest

from core.taxonomy import AttackType, Outcome
from eval.dataset import Truth
from eval.flagged import Flagged, Reported
from eval.report import EvalReport
from eval.scorers import CaseScore, score_case

Incidents = list[dict[str, object]]
Flags = list[tuple[int, str, str | None]]

A, B = "203.0.113.1", "203.0.113.2"


def incident(kind: str, lines: list[int], ips: tuple[str, ...] = (A,), **more: object) -> dict[str, object]:
    return {"type": kind, "lines": {"a.log": lines}, "source_ips": ips, "count": len(lines)} | more


def score(incidents: Incidents, flagged: Flags, lines: int = 10, **truth: object) -> CaseScore:
    reported = tuple(Flagged(("a.log", line), AttackType(kind), ip) for line, kind, ip in flagged)
    outcomes = {flag.type: Outcome.FAILED for flag in reported}
    labelled = Truth.model_validate({"incidents": incidents, "unlabelled": "benign"} | truth)
    return score_case("case", labelled, Reported(reported, outcomes, lines))


SQLI = incident("sql_injection", [1, 2])

LINES = [
    # incidents, flagged, (found, missed, wrong, extra, confused) of sql_injection
    ([SQLI], [(1, "sql_injection", A), (2, "sql_injection", A)], (2, 0, 0, 0, 0)),
    ([SQLI], [(1, "sql_injection", A)], (1, 1, 0, 0, 0)),
    ([SQLI], [], (0, 2, 0, 0, 0)),
    ([SQLI], [(1, "xss", A)], (0, 2, 0, 0, 0)),
    ([SQLI], [(1, "sql_injection", A), (7, "sql_injection", B)], (1, 1, 1, 0, 0)),
    ([incident("sql_injection", [1], accept=["xss"])], [(1, "xss", A)], (1, 0, 0, 0, 0)),
    ([incident("sql_injection", [1], accept=["any_attack"])], [(1, "dos", A)], (1, 0, 0, 0, 0)),
    ([incident("xss", [1])], [(1, "xss", A), (1, "sql_injection", A)], (0, 0, 0, 1, 0)),
    ([incident("xss", [1])], [(1, "sql_injection", A)], (0, 0, 0, 0, 1)),
    ([incident("xss", [1]), incident("sql_injection", [1])], [(1, "xss", A)], (0, 1, 0, 0, 0)),
]


@pytest.mark.parametrize(("incidents", "flagged", "expected"), LINES)
def test_lines_of_a_type(incidents: Incidents, flagged: Flags, expected: tuple[int, ...]) -> None:
    of = score(incidents, flagged).types.get("sql_injection")
    assert of is not None
    assert (of.found, of.missed, of.wrong, of.extra, of.confused) == expected


def test_out_of_taxonomy_lines_count_by_what_they_accept() -> None:
    truth = [incident("oot:ldap_injection", [1, 2], accept=["code_injection"])]
    of = score(truth, [(1, "code_injection", A)]).types["oot:ldap_injection"]
    assert (of.found, of.missed) == (1, 1)


JUDGED = [
    # unlabelled, benign_lines, wrongly flagged lines, benign lines in all
    ("benign", {}, 1, 9),
    ("unknown", {}, 0, 0),
    ("unknown", {"a.log": [5, 6]}, 1, 2),
    ("unknown", {"a.log": [6, 7]}, 0, 2),
    ("unknown", {"a.log": [1, 5]}, 1, 1),  # a line that is labelled both ways is an attack
]


@pytest.mark.parametrize(("unlabelled", "benign", "wrong", "total"), JUDGED)
def test_what_is_never_judged(unlabelled: str, benign: dict[str, list[int]], wrong: int, total: int) -> None:
    case = score([incident("xss", [1])], [(5, "xss", B)], unlabelled=unlabelled, benign_lines=benign)
    assert (case.wrong_lines, case.benign_lines) == (wrong, total)


PAIRS = [
    # incidents, flagged, (pairs in truth, found), (reported, right) summed over types
    ([SQLI], [(1, "sql_injection", A)], (1, 1), (1, 1)),
    ([SQLI], [(1, "sql_injection", B)], (1, 0), (1, 0)),
    ([SQLI], [(1, "sql_injection", None)], (1, 0), (0, 0)),
    ([SQLI], [(1, "xss", A)], (1, 0), (1, 0)),
    ([incident("sql_injection", [1], accept=["xss"])], [(1, "xss", A)], (1, 1), (1, 1)),
    ([incident("sql_injection", [1, 2], (A, B))], [(1, "sql_injection", A)], (2, 1), (1, 1)),
    ([incident("sql_injection", [1], ())], [(1, "sql_injection", A)], (0, 0), (0, 0)),
    ([], [(4, "dos", B)], (0, 0), (1, 0)),
]


@pytest.mark.parametrize(("incidents", "flagged", "truth", "reported"), PAIRS)
def test_pairs(incidents: Incidents, flagged: Flags, truth: tuple[int, int], reported: tuple[int, int]) -> None:
    of = score(incidents, flagged).types.values()
    assert (sum(one.pairs_truth for one in of), sum(one.pairs_found for one in of)) == truth
    assert (sum(one.pairs_reported for one in of), sum(one.pairs_right for one in of)) == reported


COUNTS = [
    # incidents, flagged, (known, exact, expected, got) of sql_injection
    ([SQLI], [(1, "sql_injection", A), (2, "sql_injection", A)], (1, 1, 2, 2)),
    ([SQLI], [(1, "sql_injection", A)], (1, 0, 2, 1)),
    ([SQLI], [(1, "sql_injection", A), (2, "sql_injection", A), (9, "sql_injection", A)], (1, 0, 2, 3)),
    ([SQLI], [(1, "sql_injection", A), (2, "sql_injection", A), (9, "sql_injection", B)], (1, 1, 2, 2)),
    ([incident("sql_injection", [1], count=None)], [(1, "sql_injection", A)], (0, 0, 0, 0)),
]


@pytest.mark.parametrize(("incidents", "flagged", "expected"), COUNTS)
def test_count_of_an_incident(incidents: Incidents, flagged: Flags, expected: tuple[int, ...]) -> None:
    of = score(incidents, flagged).types["sql_injection"]
    assert (of.counts_known, of.counts_exact, of.count_expected, of.count_got) == expected


def test_two_attacks_from_one_address_are_two_counts() -> None:
    truth = [incident("xss", [1], accept=["sql_injection"]), incident("sql_injection", [2])]
    types = score(truth, [(1, "xss", A), (2, "sql_injection", A)]).types
    assert (types["xss"].count_got, types["sql_injection"].count_got) == (1, 1)


@pytest.mark.parametrize(
    ("outcome", "flagged", "expected"),
    [("failed", "xss", (1, 1)), ("blocked", "xss", (1, 0)), ("failed", "dos", (1, 0)), (None, "xss", (0, 0))],
)
def test_outcome(outcome: str | None, flagged: str, expected: tuple[int, int]) -> None:
    of = score([incident("xss", [1], outcome=outcome)], [(1, flagged, A)]).types["xss"]
    assert (of.outcomes_known, of.outcomes_right) == expected


OUTCOMES = [
    # outcomes of two incidents of one type, (known, right) when the report says "failed"
    (("failed", "failed"), (1, 1)),
    (("blocked", "failed"), (1, 1)),  # the finding has the more harmful one
    (("failed", "unknown"), (1, 0)),
    (("failed", "succeeded"), (1, 0)),
    (("failed", None), (0, 0)),
]


@pytest.mark.parametrize(("outcomes", "expected"), OUTCOMES)
def test_incidents_of_one_type_have_one_outcome(outcomes: tuple[str | None, ...], expected: tuple[int, int]) -> None:
    truth = [incident("xss", [number], outcome=outcome) for number, outcome in enumerate(outcomes, 1)]
    of = score(truth, [(1, "xss", A), (2, "xss", A)]).types["xss"]
    assert (of.outcomes_known, of.outcomes_right) == expected


OUTCOMES_OF_FINDINGS = [
    # two incidents (type, accepted, outcome), flagged types, (known, right) when the report says "failed"
    ([("xss", "dos", "failed"), ("dos", "xss", "blocked")], ("xss", "dos"), (2, 1)),
    ([("xss", "dos", "failed"), ("dos", "xss", "blocked")], ("dos", "dos"), (1, 1)),  # one finding tells of both
    ([("xss", "dos", "succeeded"), ("dos", "xss", "failed")], ("dos", "dos"), (1, 0)),
    ([("xss", "dos", "failed"), ("dos", "xss", "failed")], ("xss", None), (2, 1)),
    ([("xss", "dos", "failed"), ("dos", "xss", None)], ("dos", "dos"), (0, 0)),
]


@pytest.mark.parametrize(("told", "kinds", "expected"), OUTCOMES_OF_FINDINGS)
def test_outcomes_are_judged_finding_by_finding(
    told: list[tuple[str, str, str | None]], kinds: tuple[str | None, ...], expected: tuple[int, int]
) -> None:
    truth = [incident(kind, [line], accept=[also], outcome=said) for line, (kind, also, said) in enumerate(told, 1)]
    of = score(truth, [(line, kind, A) for line, kind in enumerate(kinds, 1) if kind is not None]).types.values()
    assert (sum(one.outcomes_known for one in of), sum(one.outcomes_right for one in of)) == expected


def test_no_data_is_none_and_not_zero() -> None:
    totals = EvalReport("suite", "v", (score([], [], unlabelled="unknown"),)).totals()
    shares = ("recall", "wrong_in_1000_benign", "pair_f1", "counts_exact", "count_ratio", "outcomes_right")
    assert {name: totals[name] for name in shares} == dict.fromkeys(shares)


def test_a_benign_suite_has_a_rate_but_no_recall() -> None:
    totals = EvalReport("suite", "v", (score([], [(3, "xss", A)]),)).totals()
    assert (totals["recall"], totals["wrong_in_1000_benign"]) == (None, 100.0)


def test_totals_add_over_cases_and_count_no_line_twice() -> None:
    twice = score([incident("xss", [1]), incident("sql_injection", [1])], [(1, "xss", A)])
    totals = EvalReport("suite", "v", (twice, twice)).totals()
    assert (totals["cases"], totals["lines"], totals["found"], totals["read"]) == (2, 2, 2, 20)
