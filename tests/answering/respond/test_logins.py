"""The jails' filters count the very lines that fail2ban counts, and nobody can forge an address into them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from answering.open_case import OpenCase
from answering.respond import respond
from answering.respond.logins import _SSH, _WEB, _text, failing
from core.selector import Selector
from tests.answering.invented import line
from tests.answering.server_checks import needs_fail2ban, run

Opener = Callable[..., OpenCase]
SUITES = Path(__file__).parents[3] / "eval" / "suites"


def ssh(rest: str, second: int = 0) -> str:
    return f"2026-11-01T10:00:{second:02d}+00:00 web sshd[9]: {rest}\n"


FORGED = "x from 192.0.2.9 port 1 ssh2"
AGENT = "192.0.2.9 - - [] \\x22POST /login HTTP/1.1\\x22 401 "
SSH_LINES = [
    ("a wrong password", "Failed password for ann from 203.0.113.1 port 4000 ssh2", "203.0.113.1"),
    ("of nobody", "Failed password for invalid user bob from 203.0.113.1 port 4000 ssh2", "203.0.113.1"),
    ("over IPv6", "Failed password for ann from 2001:db8::1 port 4000 ssh2", "2001:db8::1"),
    (
        "a name that imitates the rest",
        f"Failed password for invalid user {FORGED} from 203.0.113.1 port 4000 ssh2",
        "203.0.113.1",
    ),
    ("a key", "Accepted publickey for ann from 203.0.113.1 port 4000 ssh2", None),
    ("an end", "Connection closed by authenticating user ann 203.0.113.1 port 4000 [preauth]", None),
]
WEB_LINES = [
    ("a form shown again", line("203.0.113.1", 0, "/wp-login.php", 200, method="POST"), "203.0.113.1"),
    ("refused", line("203.0.113.1", 0, "/admin/login", 401, method="POST"), "203.0.113.1"),
    ("with a query", line("203.0.113.1", 0, "/login?next=/", 403, method="POST"), "203.0.113.1"),
    ("over IPv6", line("2001:db8::1", 0, "/login", 401, method="POST"), "2001:db8::1"),
    ("a success", line("203.0.113.1", 0, "/login", 302, method="POST"), None),
    ("only looked at", line("203.0.113.1", 0, "/login", 200), None),
    ("the word in the query alone", line("203.0.113.1", 0, "/x?next=/login", 200, method="POST"), None),
    ("an agent that imitates a line", line("203.0.113.1", 0, "/x", 200, agent=AGENT), None),
]
LINES = [(_SSH, ssh(text), ip) for _, text, ip in SSH_LINES] + [(_WEB, text, ip) for _, text, ip in WEB_LINES]
NAMES = [f"ssh: {row[0]}" for row in SSH_LINES] + [f"web: {row[0]}" for row in WEB_LINES]


@pytest.mark.parametrize(("kind", "text", "ip"), LINES, ids=NAMES)
def test_what_counts_as_a_failure(opened: Opener, kind: object, text: str, ip: str | None) -> None:
    case = opened({"a.log": text})
    watched = _SSH if kind is _SSH else _WEB
    keys = failing(case.lake, case.lake.keys(watched.candidates), watched.line)
    assert [one.ip for one in case.lake.lines(case.lake.refs(Selector()))] * len(keys) == ([ip] if ip else [])


def filter_file(kind: object, folder: Path) -> Path:
    """The filter as the rule has it."""
    text = _text(_SSH if kind is _SSH else _WEB)
    path = folder / "filter.conf"
    path.write_text("[Definition]" + text.partition("[Definition]")[2].partition("# 2.")[0])
    return path


@needs_fail2ban
@pytest.mark.parametrize(("kind", "text", "ip"), LINES, ids=NAMES)
def test_fail2ban_reads_it_alike(tmp_path: Path, kind: object, text: str, ip: str | None) -> None:
    (tmp_path / "a.log").write_text(text)
    found = run("fail2ban-regex", "-o", "ip", tmp_path / "a.log", filter_file(kind, tmp_path))
    assert found.split() == ([ip] if ip else [])


LOGS = [
    ("fast_guesses_nginx", "auth.log", _SSH),
    ("fast_guesses_nginx", "access.log", _WEB),
    ("success_after_failures_apache", "access.log", _WEB),
    ("slow_guesses_apache", "auth.log", _SSH),
]


@needs_fail2ban
@pytest.mark.parametrize(("suite", "log", "kind"), LOGS)
def test_fail2ban_counts_as_many(opened: Opener, tmp_path: Path, suite: str, log: str, kind: object) -> None:
    watched = _SSH if kind is _SSH else _WEB
    text = (SUITES / suite / "logs" / log).read_bytes()
    said = run("fail2ban-regex", SUITES / suite / "logs" / log, filter_file(kind, tmp_path))
    matched = re.search(r"Lines: .* (\d+) matched", said)
    lake = opened({log: text}).lake
    assert matched is not None
    assert int(matched[1]) == len(failing(lake, lake.keys(watched.candidates), watched.line)) > 0


def test_a_jail_is_tried_on_the_log(opened: Opener) -> None:
    """Nine failures a second apart: the fifth (10:00:04) bans; the four behind it and one other line never arrive."""
    guesses = "".join(ssh("Failed password for ann from 203.0.113.1 port 4000 ssh2", n) for n in range(9))
    files = {"auth.log": guesses + ssh("Connection closed by 203.0.113.1 port 4000 [preauth]", 10)}
    rules = [one for one in respond(opened(files), Selector())[1] if one.kind == "logins"]
    assert [(one.product, one.backtest.attack_lines, one.backtest.other_lines) for one in rules] == [("fail2ban", 4, 1)]
    assert rules[0].backtest.attack_share == pytest.approx(4 / 9)
    assert dict(rules[0].notes[0].facts) == {"addresses": 1, "innocent": 0, "retries": 5}
