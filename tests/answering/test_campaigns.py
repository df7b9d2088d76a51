"""Campaigns: logs of several attackers in, who acted together and by what out."""

from collections.abc import Callable

import pytest

from core.report import Report
from core.taxonomy import AttackType
from tests.answering.invented import line

A, B, C = "203.0.113.1", "198.51.100.2", "192.0.2.3"
LIST = ("/.env", "/.git/config", "/a/.env", "/b/.env")


def visit(ip: str, *paths: str, since: int = 0, agent: str = "Mozilla/5.0") -> str:
    return "".join(line(ip, since + n, path, 404, agent=agent) for n, path in enumerate(paths))


TOGETHER = [
    # the same list of paths, in any order
    (visit(A, *LIST) + visit(B, *reversed(LIST), since=60), [A, B], ["path_list"]),
    # three of them, one joined to each other one by something else
    (
        visit(A, *LIST) + visit(B, *LIST, since=60, agent="probekit") + visit(C, "/.env", since=90, agent="probekit"),
        [A, B, C],
        ["path_list", "tool"],
    ),
    # neighbours that also share a list
    (visit(A, *LIST) + visit("203.0.113.9", *LIST, since=60), [A, "203.0.113.9"], ["network", "path_list"]),
    # the same tool
    (visit(A, "/.env", agent="probekit") + visit(B, "/.env", agent="probekit"), [A, B], ["tool"]),
]

APART = [
    "",
    # one alone; two with other lists; neighbours; browsers; one tool elsewhere; the same list a day later
    visit(A, *LIST),
    visit(A, *LIST[:3]) + visit(B, "/c/.env", "/d/.env", "/e/.env"),
    visit(A, "/.env") + visit("203.0.113.9", "/.git/config"),
    visit(A, "/.env") + visit(B, "/.env"),
    visit(A, "/.env", agent="probekit") + visit(B, "/x/.env", agent="probekit"),
    visit(A, *LIST) + visit(B, *LIST, since=20_000),
]


@pytest.mark.parametrize(("log", "ips", "shared"), TOGETHER)
def test_together(report_of: Callable[..., Report], log: str, ips: list[str], shared: list[str]) -> None:
    (found,) = report_of(a_log=log).campaigns
    assert (sorted(one.ip for one in found.source_ips), list(found.shared)) == (sorted(ips), shared)
    assert found.lines == sum(one.count for one in found.source_ips) == log.count("\n")


@pytest.mark.parametrize("log", APART)
def test_apart(report_of: Callable[..., Report], log: str) -> None:
    assert report_of(a_log=log).campaigns == ()


def test_a_campaign_says_what_it_was_after(report_of: Callable[..., Report]) -> None:
    (found,) = report_of(a_log=visit(A, *LIST, "/only-here/.env") + visit(B, *LIST, since=60)).campaigns
    assert (found.targets, found.types) == (tuple(sorted(LIST)), (AttackType.SENSITIVE_FILE_PROBE,))


def test_many_addresses_at_one_form(found_in: Callable[..., tuple[object, Report]]) -> None:
    log = "".join(line(f"198.51.{n % 40}.7", n * 20, "/login", 401, 90, "POST") for n in range(120))
    (found,) = found_in(a_log=log)[1].campaigns
    assert (len(found.source_ips), found.shared, found.lines) == (40, ("target",), 120)
