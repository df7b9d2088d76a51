"""Runs: logs of a fuzzer among other people in, the lines that are its tries out."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.answering.invented import line

A, B = "203.0.113.1", "203.0.113.2"
FIREFOX, CHROME = "Mozilla/5.0 (X11) Firefox/128.0", "Mozilla/5.0 (X11) Chrome/131.0"
ODD = ("onmouseover", "onfocus", "Livescript")
SURE = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<body onload=alert(1)>")


def ask(*values: str, ip: str = A, since: int = 0, pause: int = 5, agent: str = FIREFOX, page: str = "/find?q=") -> str:
    """One request a value."""
    shown = (value.replace(" ", "%20") for value in values)
    return "".join(line(ip, since + n * pause, page + value, 200, 512, agent=agent) for n, value in enumerate(shown))


def names(*paths: str, ip: str = A, status: int = 404, agent: str = FIREFOX) -> str:
    return "".join(line(ip, n, path, status, agent=agent) for n, path in enumerate(paths))


def shell_used(*first: str) -> str:
    """An uploaded script is asked to do six things, after these lines about it."""
    commands = ("id", "uname%20-a", "whoami", "ls%20-la%20/srv", "netstat%20-an", "cat%20/etc/passwd")
    uses = (line(A, 20 + n * 9, f"{SHELL}?cmd={command}", 200, 51 + n) for n, command in enumerate(commands))
    return "".join((*first, *uses))


SHELL = "/uploads/2026/thumbs.php"
SECRETS = ("/.env", "/.git/config", "/.htpasswd", "/.aws/credentials")
FIRES = [
    # the log, the type, its lines
    (ask(*SURE, *ODD), "xss", [1, 2, 3, 4, 5, 6, 7]),
    (ask(ODD[0], *SURE, *ODD[1:]), "xss", [1, 2, 3, 4, 5, 6, 7]),
    (ask(*SURE, *ODD, pause=600), "xss", [1, 2, 3, 4, 5, 6, 7]),
    (ask(*SURE[:3], ODD[0]), "xss", [1, 2, 3, 4]),
    (ask(*SURE, agent="-") + ask(*ODD, since=30, agent="-"), "xss", [1, 2, 3, 4, 5, 6, 7]),
    (ask(*SURE) + ask(ODD[0], since=30, page="/find?page="), "xss", [1, 2, 3, 4, 5]),
    (names(*SECRETS, "/backup-of-monday", "/old-site"), "sensitive_file_probe", [1, 2, 3, 4, 5, 6]),
    (
        "".join(ask(value, since=n, agent=f"Mozilla/5.0 ({n}) Firefox") for n, value in enumerate((*SURE, *ODD))),
        "xss",
        [1, 2, 3, 4, 5, 6, 7],
    ),
    # what another rule explains, by the method of the others
    (ask(*SURE, *SURE, "1'%20OR%20'1'='1", *ODD[:1]), "xss", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
]

MIXED = ("/.env", "/.git/config", "/.htpasswd", "/c99.php", "/no-such-thing", "/nor-this")
"""Secret files and a shell: no list of one kind."""

SILENT = [
    # fewer than half are confirmed
    (ask(*SURE, *(f"word{n}" for n in range(5))), "xss", [1, 2, 3, 4]),
    # too few are confirmed
    (ask(*SURE[:2], ODD[0]), "xss", [1, 2]),
    # somebody else behind the same address
    (ask(*SURE) + ask(*ODD, since=10, agent=CHROME), "xss", [1, 2, 3, 4]),
    # another address
    (ask(*SURE) + ask(*ODD, since=10, ip=B), "xss", [1, 2, 3, 4]),
    # hours later
    (ask(*SURE) + ask(*ODD, since=7200), "xss", [1, 2, 3, 4]),
    # a quick list is over when nothing comes for a minute
    (ask(*SURE, pause=1) + ask(*ODD, since=120), "xss", [1, 2, 3, 4]),
    # another page, a page view, a picture
    (ask(*SURE) + ask("shoes", page="/shop?q=", since=12), "xss", [1, 2, 3, 4]),
    (ask(*SURE) + names("/find", "/", "/logo.png", status=200), "xss", [1, 2, 3, 4]),
    # what is there, and what browsers ask for by themselves
    (names(*SECRETS) + names("/about", "/contact", status=200), "sensitive_file_probe", [1, 2, 3, 4]),
    (names(*SECRETS, "/favicon.ico", "/apple-touch-icon.png"), "sensitive_file_probe", [1, 2, 3, 4]),
    # a deed of another kind at the same path: the script was put there first
    (shell_used(line(A, 0, SHELL, 201, 0, method="PUT")), "webshell_access", [2, 3, 4, 5, 6, 7]),
]


def test_the_rest_of_a_list_of_everything_is_a_scan(lines_of: Callable[..., dict[str, list[int]]]) -> None:
    found = lines_of(a_log=names(*MIXED))
    assert found == {"sensitive_file_probe": [1, 2, 3], "webshell_access": [4], "vulnerability_scan": [5, 6]}


@pytest.mark.parametrize(("log", "kind", "lines"), [*FIRES, *SILENT])
def test_run(lines_of: Callable[..., dict[str, list[int]]], log: str, kind: str, lines: list[int]) -> None:
    assert lines_of(a_log=log)[kind] == lines


def test_needs_no_pandas() -> None:
    """Its import costs a report a third of a second."""
    script = """
import sys
from answering.runs import tries_of
from core.arrow import empty
from core.event import EVENT_SCHEMA
tries_of(empty(EVENT_SCHEMA))
print("pandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=300)
    assert done.stdout == "False\n", done.stderr[-2000:]
