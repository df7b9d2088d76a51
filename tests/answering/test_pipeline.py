"""Whole reports: what is found, what is not, and what is only a statement about what was asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.claim import ClaimKind, VerdictStatus
from core.finding import IpCount, RuleCount
from core.line import SourceId
from core.report import Conclusion, Report
from core.selector import Selector
from core.taxonomy import AttackType
from detection.scanner import Scanner
from tests.answering.invented import NOW, RULES, line

A, B, C = "203.0.113.1", "203.0.113.2", "2001:db8::7"

LOG = "".join(
    [
        line(A, 5, "/item?id=1+union+select+1"),
        line(B, 0, "/item?id=1+union+select+2", 403),
        line(A, 9, "/item?id='+or+1=1--"),
        line(A, 9, "/item?id='+or+1+union+select+3"),
        line(C, 20, "/search?q=<script>", 200),
        line("198.51.100.9", 3, "/", 200, 5000),
        line("198.51.100.9", 4, "/about", 200, 4100),
    ]
)


@pytest.fixture
def report(report_of: Callable[..., Report]) -> Report:
    return report_of(a_log=LOG)


def time(second: int) -> datetime:
    return datetime(2026, 11, 1, 10, 0, second, tzinfo=UTC)


def test_one_finding_a_type_most_lines_first(report: Report) -> None:
    assert [(one.type, one.count) for one in report.findings] == [(AttackType.SQL_INJECTION, 4), (AttackType.XSS, 1)]


def test_a_finding_counts_lines_not_hits(report: Report) -> None:
    found = report.findings[0]
    assert found.source_ips == (IpCount(A, 3), IpCount(B, 1))
    assert found.rules == (RuleCount("sqli-union", 3), RuleCount("sqli-quote", 2))
    assert (found.first_seen, found.last_seen, found.unattributed) == (time(0), time(9), 0)


def test_totals_count_no_line_and_no_address_twice(report_of: Callable[..., Report]) -> None:
    both = line(A, 1, "/?q=<script>union+select") + line(A, 2, "/?q=<script>")
    totals = report_of(a_log=both).totals
    assert (totals.types, totals.lines, totals.source_ips) == (2, 2, 1)


def test_quotes_are_whole_lines_with_the_matched_part(report: Report) -> None:
    quotes = {quote.ref.line: quote for quote in report.findings[0].quotes}
    lines = LOG.encode().split(b"\n")
    assert all(quote.raw == lines[number - 1] for number, quote in quotes.items())
    assert {quote.raw[quote.start : quote.end] for quote in quotes.values() if quote.rule == "sqli-union"} == {
        b"union+select"
    }


def test_every_claim_of_a_report_is_verified(report: Report) -> None:
    kinds = ("count", "per_ip", "set", "first", "last", "type", "outcome", "quote")
    assert {one.claim.kind for one in report.claims} == {ClaimKind(name) for name in kinds}
    assert {one.verdict.status for one in report.claims} == {VerdictStatus.VERIFIED}
    assert len({one.claim.id for one in report.claims}) == len(report.claims)


def test_proofs_carry_the_lines_of_the_finding(report: Report) -> None:
    proofs = {one.claim.type: one.verdict.proof for one in report.claims if one.claim.kind is ClaimKind.COUNT}
    assert {kind: proof.matched for kind, proof in proofs.items()} == {AttackType.SQL_INJECTION: 4, AttackType.XSS: 1}
    assert all(len(proof.digest) == 64 for proof in proofs.values())


SELECTED = [
    # what is asked, conclusion, types found
    (Selector(), Conclusion.ATTACKS_FOUND, ["sql_injection", "xss"]),
    (Selector(ips=(A,)), Conclusion.ATTACKS_FOUND, ["sql_injection"]),
    (Selector(ips=("2001:db8::/32",)), Conclusion.ATTACKS_FOUND, ["xss"]),
    (Selector(since=time(10)), Conclusion.ATTACKS_FOUND, ["xss"]),
    (Selector(types=(AttackType.XSS,)), Conclusion.ATTACKS_FOUND, ["xss"]),
    (Selector(rules=("sqli-quote",)), Conclusion.ATTACKS_FOUND, ["sql_injection"]),
    (Selector(types=(AttackType.DOS,)), Conclusion.NO_ATTACK_FOUND, []),
    (Selector(ips=("198.51.100.9",)), Conclusion.NO_ATTACK_FOUND, []),
    (Selector(ips=("192.0.2.1",)), Conclusion.NO_LOG_MATCHES, []),
    (Selector(since=time(30)), Conclusion.NO_LOG_MATCHES, []),
    (Selector(sources=(SourceId("0" * 16),)), Conclusion.NO_LOG_MATCHES, []),
]


@pytest.mark.parametrize(("selector", "conclusion", "types"), SELECTED)
def test_a_question_is_answered_inside_what_it_asks(
    report_of: Callable[..., Report], selector: Selector, conclusion: Conclusion, types: list[str]
) -> None:
    report = report_of(selector, a_log=LOG)
    assert (report.conclusion, [finding.type for finding in report.findings]) == (conclusion, types)
    assert {one.verdict.status for one in report.claims} <= {VerdictStatus.VERIFIED}


def test_the_selector_narrows_counts(report_of: Callable[..., Report]) -> None:
    (found,) = report_of(Selector(rules=("sqli-quote",)), a_log=LOG).findings
    assert (found.count, found.rules) == (2, (RuleCount("sqli-quote", 2),))


@pytest.mark.parametrize(
    ("log", "conclusion", "steps"),
    [
        ({}, Conclusion.NO_LOG_MATCHES, ("add_logs",)),
        ({"a_log": line(A, 0, "/")}, Conclusion.NO_ATTACK_FOUND, ("collect_error_log", "collect_auth_log")),
        ({"a_log": "no line of\nany log\n"}, Conclusion.NO_LOG_MATCHES, ("check_unparsed", "add_logs")),
    ],
)
def test_nothing_found_is_not_nothing_read(
    report_of: Callable[..., Report], log: dict[str, str], conclusion: Conclusion, steps: tuple[str, ...]
) -> None:
    report = report_of(**log)
    assert (report.conclusion, report.next_steps, report.findings) == (conclusion, steps, ())


def test_asking_twice_gives_the_same_report(lake_of: Callable[..., "object"], scanner: Scanner) -> None:
    from answering.pipeline import investigate
    from stores.lake import Lake

    guesses = "".join(line(A, second, "/login", 401, 90, "POST") for second in range(4))
    lake = lake_of(a_log=LOG + guesses)
    assert isinstance(lake, Lake)
    first = investigate(lake, RULES, scanner, case="case", now=NOW)
    again = investigate(lake, RULES, scanner, case="case", now=NOW)
    assert first == again
    assert AttackType.BRUTE_FORCE in {finding.type for finding in first.findings}


def test_the_order_of_files_changes_nothing_but_places(report_of: Callable[..., Report]) -> None:
    first, second = LOG[: LOG.index(C)], LOG[LOG.index(C) :]
    report = report_of(a_log=first, b_log=second)
    whole = [replace(one, quotes=(), deciding=()) for one in report.findings]
    assert [(one.type, one.count, one.source_ips) for one in whole] == [
        (AttackType.SQL_INJECTION, 4, (IpCount(A, 3), IpCount(B, 1))),
        (AttackType.XSS, 1, (IpCount(C, 1),)),
    ]
