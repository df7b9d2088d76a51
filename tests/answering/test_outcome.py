"""Did it work? Logs in, outcome and reason and deciding lines out."""

from collections.abc import Callable

import pytest

from core.report import Report
from core.taxonomy import AttackType, Outcome
from stores.lake import Lake
from tests.answering.invented import line

A, B = "203.0.113.1", "203.0.113.2"
SQLI = "/item?id=1+union+select+1"
MISSING = line("198.51.100.9", 0, "/nothing-here", 404)
"""Shows that the site answers 404 to unknown paths."""


def status(*codes: int) -> str:
    return MISSING + "".join(line(A, second, SQLI, code) for second, code in enumerate(codes))


def pages(size: int, *paths: str) -> str:
    return "".join(line("198.51.100.9", second, path, 200, size) for second, path in enumerate(paths))


HOME = pages(5000, "/", "/", "/", "/")
STATUS = [
    # log, type, outcome, reason, deciding line numbers
    (status(403), "sql_injection", "blocked", "refused", [2]),
    (status(406, 429, 444), "sql_injection", "blocked", "refused", [2, 3, 4]),
    (status(404), "sql_injection", "failed", "client_error", [2]),
    (status(403, 404), "sql_injection", "failed", "client_error", [3]),
    (status(404, 500), "sql_injection", "failed", "server_error", [3]),
    (status(503), "sql_injection", "failed", "server_error", [2]),
    (status(404, 200), "sql_injection", "unknown", "success_status_alone", []),
    (status(200), "sql_injection", "unknown", "success_status_alone", []),
    (status(301, 404), "sql_injection", "unknown", "redirected", []),
    (status(304), "sql_injection", "unknown", "redirected", []),
    (status(499), "sql_injection", "unknown", "connection_closed", []),
    ("".join(line(A, 1, "/heavy", 503) for _ in range(5)), "dos", "unknown", "errors_under_flood", []),
    ("".join(line(A, 1, "/heavy", 429) for _ in range(6)), "dos", "blocked", "refused", [1, 2, 3, 4, 5]),
]

FILES = [
    (MISSING + HOME + line(A, 9, "/.env", 200, 612), "sensitive_file_probe", "succeeded", "file_served", [6]),
    (HOME + line(A, 9, "/.env", 200, 612), "sensitive_file_probe", "unknown", "success_status_alone", []),
    (MISSING + HOME + line(A, 9, "/.env", 200, 0), "sensitive_file_probe", "unknown", "success_status_alone", []),
    (MISSING + HOME + line(A, 9, "/.env", 200, 5000), "sensitive_file_probe", "failed", "usual_answer", [6]),
    (
        MISSING + HOME + line(A, 9, "/.env", 200, 612, "HEAD"),
        "sensitive_file_probe",
        "unknown",
        "success_status_alone",
        [],
    ),
    (
        MISSING + "".join(line(A, n, f"/{n}/.env", 200, 777) for n in range(3)),
        "sensitive_file_probe",
        "failed",
        "usual_answer",
        [2, 3, 4],
    ),
    (
        MISSING + "".join(line(A, n, "/.env", 200, 777) for n in range(3)),
        "sensitive_file_probe",
        "succeeded",
        "file_served",
        [2, 3, 4],
    ),
    (MISSING + line(A, 9, "/?f=../../etc/passwd", 200, 612), "path_traversal", "unknown", "success_status_alone", []),
    (MISSING + line(A, 9, "/a/../../etc/passwd", 200, 612), "path_traversal", "succeeded", "file_served", [2]),
    (MISSING + line(A, 9, "/up/shell.php?c=id", 200, 20), "webshell_access", "succeeded", "file_served", [2]),
    (MISSING + line(A, 9, "/up/shell.php", 404), "webshell_access", "failed", "client_error", [2]),
]

UPLOADS = [
    (line(A, 1, "/drop.jsp/", 201, 0, "PUT") + line(B, 2, "/drop.jsp", 200, 9), "succeeded", "upload_fetched", [1, 2]),
    (line(A, 1, "/drop.jsp", 201, 0, "PUT") + line(B, 2, "/drop.jsp", 404), "unknown", "success_status_alone", []),
    (line(A, 2, "/drop.jsp", 201, 0, "PUT") + line(B, 1, "/drop.jsp", 200), "unknown", "success_status_alone", []),
    (line(A, 1, "/drop.jsp", 405, 0, "PUT") + line(B, 2, "/other", 200), "failed", "client_error", [1]),
]


def guesses(ip: str, lines: int = 4) -> str:
    return "".join(line(ip, second, "/login", 401, 90, "POST") for second in range(lines))


LOGINS = [
    (guesses(A), "brute_force", "failed", "client_error", [1, 2, 3, 4]),
    (guesses(A) + line(A, 30, "/login", 302, 0, "POST"), "brute_force", "succeeded", "login_followed", [5]),
    (guesses(A) + line(B, 30, "/login", 302, 0, "POST"), "brute_force", "failed", "client_error", [1, 2, 3, 4]),
    (
        guesses(A) + line(A, 30, "/login", 302, 0, "POST"),
        "login_after_failures",
        "succeeded",
        "login_succeeded",
        [5],
    ),
]

TABLE = [*STATUS, *FILES, *LOGINS, *((log, "malicious_upload", *rest) for log, *rest in UPLOADS)]


@pytest.mark.parametrize(("log", "kind", "outcome", "reason", "deciding"), TABLE)
def test_outcome(
    report_of: Callable[..., Report], log: str, kind: str, outcome: str, reason: str, deciding: list[int]
) -> None:
    (found,) = [one for one in report_of(a_log=log).findings if one.type is AttackType(kind)]
    assert (found.outcome, found.outcome_reason) == (Outcome(outcome), reason)
    assert [ref.line for ref in found.deciding] == deciding


AUTH = "Nov  1 10:00:{second:02d} web sshd[99]: Failed password for root from 203.0.113.1 port 4{second:03d} ssh2\n"


def test_failed_logins_of_an_auth_log_failed(report_of: Callable[..., Report]) -> None:
    (found,) = report_of(auth_log="".join(AUTH.format(second=second) for second in range(5))).findings
    assert (found.type, found.count, found.outcome_reason) == (AttackType.BRUTE_FORCE, 5, "reported_failure")


def posts(count: int, ip: str = A, target: str = "/wp-login.php", size: int = 5420, grows: int = 0) -> str:
    return "".join(line(ip, second, target, 200, size + second * grows, "POST") for second in range(count))


def stuffing(status: int) -> str:
    tries = "".join(line(f"198.51.100.{n % 40}", n * 20, "/login", 401, 90, "POST") for n in range(120))
    return tries + line("198.51.100.7", 2000, "/login", status, 0, "POST")


GUESSES = [
    (posts(12), "brute_force", "failed", "form_again", [1, 2, 3, 4, 5]),
    (posts(12, grows=1), "brute_force", "unknown", "success_status_alone", []),
    (posts(12) + posts(1, size=90), "brute_force", "unknown", "success_status_alone", []),
    (stuffing(302), "credential_stuffing", "unknown", "login_nearby", []),
    (stuffing(500), "credential_stuffing", "failed", "client_error", [1, 2, 3, 4, 5]),
]


@pytest.mark.parametrize(("log", "kind", "outcome", "reason", "deciding"), GUESSES)
def test_outcome_of_guessing(
    found_in: Callable[..., tuple[Lake, Report]], log: str, kind: str, outcome: str, reason: str, deciding: list[int]
) -> None:
    (found,) = [one for one in found_in(a_log=log)[1].findings if one.type is AttackType(kind)]
    assert (found.outcome, found.outcome_reason) == (Outcome(outcome), reason)
    assert [ref.line for ref in found.deciding] == deciding
