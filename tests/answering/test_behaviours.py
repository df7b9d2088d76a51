"""What only many lines show: logs of attackers, and of people and machines that look a little like them."""

from collections.abc import Callable, Iterable

import pytest

from tests.answering.invented import line

A = "203.0.113.1"
AGENTS = ("Firefox/128.0", "Chrome/131.0", "Safari/605.1", "Edge/131.0")


def many(
    count: int,
    target: str,
    status: int = 200,
    method: str = "GET",
    ip: str = A,
    since: int = 0,
    pause: int = 1,
    **more: str,
) -> str:
    """The same request again and again; `{n}` in the target is its number."""
    return "".join(line(ip, since + n * pause, target.format(n=n), status, 153, method, **more) for n in range(count))


def quick(count: int, target: str, a_second: int, status: int = 200, ip: str = A, agent: str = "Mozilla/5.0") -> str:
    return "".join(line(ip, n // a_second, target.format(n=n), status, 153, agent=agent) for n in range(count))


def spread(
    addresses: int, each: int, target: str, status: int, pause: int, method: str = "POST", since: int = 0
) -> str:
    """So many requests of each of so many addresses, in turn."""
    return "".join(
        line(f"198.51.100.{n % addresses}", since + n * pause, target.format(n=n), status, 153, method)
        for n in range(addresses * each)
    )


def sshd(*messages: str, pause: int = 3, since: int = 0) -> str:
    def at(n: int) -> str:
        second = since + n * pause
        return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"

    return "".join(f"Nov  1 {at(n)} web sshd[{900 + n}]: {text}\n" for n, text in enumerate(messages))


def failed(user: str = "root", ip: str = A) -> str:
    return f"Failed password for {user} from {ip} port 4022 ssh2"


def unknown(user: str, ip: str = A) -> tuple[str, str]:
    return (
        f"Invalid user {user} from {ip} port 4022",
        f"Failed password for invalid user {user} from {ip} port 4022 ssh2",
    )


def accepted(user: str = "root", ip: str = A, how: str = "password") -> str:
    return f"Accepted {how} for {user} from {ip} port 4022 ssh2"


def names(count: int) -> Iterable[str]:
    return (f"user{n}" for n in range(count))


WEB = [
    # guessing at a form: refused, shown again, and slowly
    (many(12, "/wp-login.php", 200, "POST", pause=5), {"brute_force": 12}),
    (many(30, "/login", 401, "POST", pause=900), {"brute_force": 30}),
    (many(40, "/login", 302, "POST"), {"brute_force": 40}),
    (many(12, "/api/login", 401, "POST", pause=4), {"brute_force": 12}),
    (many(25, "/xmlrpc.php", 200, "POST"), {"brute_force": 25}),
    (many(40, "/private/", 401), {"brute_force": 40}),
    (
        many(12, "/login", 200, "POST") + many(1, "/login", 302, "POST", since=20),
        {"brute_force": 12, "login_after_failures": 1},
    ),
    (
        many(12, "/api/login", 401, "POST") + many(1, "/api/login", 200, "POST", since=20),
        {"brute_force": 12, "login_after_failures": 1},
    ),
    (spread(6, 12, "/login", 200, 3), {"brute_force": 72}),
    (spread(40, 3, "/login", 200, 20), {"credential_stuffing": 120}),
    (spread(40, 3, "/api/login", 401, 20), {"credential_stuffing": 120}),
    # scanning
    (many(16, "/old{n}/", 404), {"vulnerability_scan": 16}),
    (many(14, "/old{n}/", 404) + many(3, "/{n}/.env", 404, since=3), {"sensitive_file_probe": 3}),
    (
        "".join(line(A, n, "/x", 405, 1, m) for n, m in enumerate("PATCH DELETE PUT COPY COPY".split())),
        {"vulnerability_scan": 5},
    ),
    (many(12, "/intern/{n}", 403, pause=15), {"unauthorised_access": 12}),
    # floods and crawlers
    (quick(700, "/search?q={n}", 70), {"dos": 700}),
    (quick(400, "/", 8), {"dos": 400}),
    (many(60, "/", 408), {"dos": 60}),
    (quick(220, "/cart", 4, 503), {"dos": 220}),
    ("".join(line(f"198.51.100.{n % 40}", n // 10, "/heavy", 503) for n in range(400)), {"dos": 400}),
    (quick(130, "/shop/{n}", 3, agent="python-requests/2.32"), {"bad_bot": 130}),
    (quick(320, "/shop/{n}", 6), {"bad_bot": 320}),
    (quick(700, "/shop/{n}", 20, agent="EagerBot/1.0"), {"bad_bot": 700}),
]

HARMLESS = [
    # a person who forgot the password, one who looks around, and one who comes back
    many(6, "/login", 401, "POST", pause=10) + many(1, "/login", 302, "POST", since=70),
    many(4, "/missing{n}", 404) + many(20, "/page{n}", 200),
    # an office at nine in the morning: failures and successes by turns
    "".join(line(A, n * 7, "/login", 302 if n % 3 else 200, 153, "POST") for n in range(60)),
    "".join(line(A, n * 7, "/api/login", 200 if n % 3 else 401, 153, "POST") for n in range(60)),
    # a busy site: many fail, many more get in
    spread(40, 3, "/login", 200, 20) + spread(40, 6, "/login", 302, 10),
    # programs: an expired token, a heartbeat, checks, a library at an interface, an interface at work
    many(200, "/api/items", 401, pause=10),
    many(200, "/api/session/ping", 200, "POST", pause=2),
    many(300, "/health", 200, pause=1, agent="kube-probe/1.29"),
    many(300, "/checks/web", 503, pause=2, agent="kube-probe/1.29"),
    quick(400, "/api/v1/items/{n}", 5, agent="python-requests/2.32"),
    quick(400, "/api/v1/items/1", 7),
    many(30, "/oauth/token", 401, "POST", pause=20),
    many(30, "/xmlrpc.php?for=jetpack", 200, "POST"),
    # one page and all it needs; what browsers ask for by themselves; a site with pictures gone
    quick(400, "/img/{n}.png", 100) + many(2, "/", 200),
    many(20, "/img/{n}.png", 404),
    # a page in the news, and a server that is down for everybody
    "".join(line(f"198.51.{n // 250}.{n % 250}", n // 40, "/news", 200) for n in range(2000)),
    "".join(line(f"198.51.{n // 250}.{n % 250}", n // 40, "/news", 503) for n in range(2000)),
    "".join(line(f"198.51.{n % 500 // 250}.{n % 250}", n // 30, "/news", 503) for n in range(1500)),
    # a client of an interface that does not know the methods
    "".join(line(A, n, "/items", 405, 1, m) for n, m in enumerate("PUT PUT PATCH PUT PATCH PUT".split())),
]

SSH = [
    (sshd(*[failed()] * 8), {"brute_force": 8}),
    (sshd(*[failed()] * 20, pause=1800), {"brute_force": 20}),
    (sshd(failed(), f"message repeated 7 times: [ {failed()}]"), {"brute_force": 2}),
    (sshd(*[failed()] * 10, accepted()), {"brute_force": 10, "login_after_failures": 1}),
    (sshd(*(part for name in names(12) for part in unknown(name))), {"credential_stuffing": 24}),
    (sshd(*(failed(name) for name in names(12)), pause=100), {"credential_stuffing": 12}),
    (sshd(*(part for name in ("admin", "test") * 6 for part in unknown(name))), {"brute_force": 24}),
    (sshd(*(failed("root", f"198.51.100.{n % 8}") for n in range(24)), pause=60), {"brute_force": 24}),
]

SSH_HARMLESS = [
    # three typos where PAM writes too, then in
    sshd(
        f"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={A}  user=ann",
        *[failed("ann")] * 3,
        accepted("ann"),
    ),
    # failures, then a key; others' failures from elsewhere; an office where everybody mistypes once
    sshd(*[failed("ann")] * 5, accepted("ann", how="publickey")),
    sshd(*(text for name in names(12) for text in (failed(name), accepted(name))), pause=20),
    # a backup job with an old password, once an hour
    sshd(*[failed("backup")] * 20, pause=4000),
]


def counts(found: dict[str, list[int]]) -> dict[str, int]:
    return {kind: len(lines) for kind, lines in found.items()}


@pytest.mark.parametrize(("log", "found"), WEB)
def test_web(lines_of: Callable[..., dict[str, list[int]]], log: str, found: dict[str, int]) -> None:
    assert counts(lines_of(a_log=log)) == found


@pytest.mark.parametrize("log", HARMLESS)
def test_harmless_web(lines_of: Callable[..., dict[str, list[int]]], log: str) -> None:
    assert lines_of(a_log=log) == {}


@pytest.mark.parametrize(("log", "found"), SSH)
def test_ssh(lines_of: Callable[..., dict[str, list[int]]], log: str, found: dict[str, int]) -> None:
    assert counts(lines_of(auth_log=log)) == found


@pytest.mark.parametrize("log", SSH_HARMLESS)
def test_harmless_ssh(lines_of: Callable[..., dict[str, list[int]]], log: str) -> None:
    assert lines_of(auth_log=log) == {}


def test_a_key_is_not_guessed(lines_of: Callable[..., dict[str, list[int]]]) -> None:
    log = sshd(*[failed("ann")] * 10, accepted("ann", how="publickey"))
    assert counts(lines_of(auth_log=log)) == {"brute_force": 10}


def test_what_a_rule_explains_is_no_scan_as_well(lines_of: Callable[..., dict[str, list[int]]]) -> None:
    assert counts(lines_of(a_log=many(20, "/{n}/.env", 404))) == {"sensitive_file_probe": 20}


def test_a_list_of_everything_is_a_scan(lines_of: Callable[..., dict[str, list[int]]]) -> None:
    mixed = many(20, "/old{n}/", 404) + many(5, "/{n}/.env", 404, since=20)
    assert counts(lines_of(a_log=mixed)) == {"vulnerability_scan": 25, "sensitive_file_probe": 5}
