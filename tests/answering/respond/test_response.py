"""What is advised and blocked for small logs, with values counted by hand; whom no rule ever blocks."""

import re
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

import pytest

from answering.open_case import OpenCase
from answering.respond import respond
from answering.respond.attackers import NEVER, Ground
from answering.respond.blocking import MOST_ADDRESSES
from answering.respond.paths import is_hit
from answering.respond.products import PRODUCTS
from app.i18n import LANGUAGES, words
from core.part import BlockRule, Note
from core.plan import ANY_ATTACK
from core.selector import Selector
from core.taxonomy import AttackType
from detection.scanner import Scanner
from stores.lake import Lake
from tests.answering.invented import NOW, line

Opener = Callable[..., OpenCase]
SUITES = Path(__file__).parents[3] / "eval" / "suites"
BAD = "203.0.113.7"
PHASES = ["contain", "investigate", "fix", "report", "prevent"]
EVERY = Selector(types=ANY_ATTACK)


def sqli(ip: str, second: int = 0, agent: str = "Mozilla/5.0") -> str:
    return line(ip, second, "/item?id=1'+UNION+SELECT+1,2,3--", 404, agent=agent)


def visits(ip: str, lines: int, agents: int = 1) -> str:
    return "".join(line(ip, n, f"/teas/{n}", 200, 900, agent=f"Mozilla/5.0 ({n % agents})") for n in range(lines))


def blocked(rules: tuple[BlockRule, ...]) -> dict[str, tuple[str, ...]]:
    return {one.product: one.addresses for one in rules if one.kind == "addresses"}


def facts(notes: tuple[Note, ...]) -> dict[str, dict[str, object]]:
    return {one.code: dict(one.facts) for one in notes}


def test_a_rule_is_tried_on_the_log(opened: Opener) -> None:
    """Three attack lines and two visits of one address; five visits of another."""
    files = {"access.log": sqli(BAD) + sqli(BAD, 1) + sqli(BAD, 2) + visits(BAD, 2) + visits("198.51.100.9", 5)}
    advice, rules, notes = respond(opened(files), EVERY)
    assert blocked(rules) == dict.fromkeys(("nginx", "apache", "nftables", "fail2ban"), (BAD,))
    for rule in rules:
        tried = rule.backtest
        assert (tried.attack_lines, tried.other_lines, tried.attack_share) == (3, 2, 1.0)
        assert [note.code for note in rule.notes] == ["block_hits_others"]
    assert notes == ()
    assert [one.phase for one in advice] == sorted((one.phase for one in advice), key=PHASES.index)


def test_a_share_is_of_what_was_asked(opened: Opener) -> None:
    """Of two injections and one probe, the injections are asked for: the rule names whoever sent those."""
    files = {
        "access.log": sqli(BAD) + sqli("203.0.113.8", 1) + line("203.0.113.9", 2, "/.env") + visits("198.51.100.9", 5)
    }
    _, rules, _ = respond(opened(files), Selector(types=(AttackType.SQL_INJECTION,), ips=(BAD,)))
    assert blocked(rules)["nftables"] == (BAD,)
    assert {one.backtest.attack_share for one in rules} == {1.0}


def test_a_web_server_stops_web_requests_only(opened: Opener) -> None:
    guesses = "".join(
        f"2026-11-01T10:00:{n:02d}+00:00 web sshd[9]: Failed password for ann from {BAD} port 4000 ssh2\n"
        for n in range(9)
    )
    _, rules, _ = respond(opened({"access.log": sqli(BAD), "auth.log": guesses}), EVERY)
    shares = {one.product: one.backtest.attack_share for one in rules if one.kind == "addresses"}
    assert shares == {"nginx": 0.1, "apache": 0.1, "nftables": 1.0, "fail2ban": 1.0}


ORDINARY = visits("198.51.100.9", 30)
CRAWL = "".join(line(BAD, n, f"/{n}", 200, agent="AhrefsBot/7.0") for n in range(5))
LOGIN = f"2026-11-01T10:00:00+00:00 web sshd[9]: Accepted publickey for ann from {BAD} port 4000 ssh2\n"
LEFT_OUT = [
    ("private", {"access.log": sqli("10.1.2.3") + ORDINARY}, Ground.INNER),
    ("carrier", {"access.log": sqli("100.64.0.9") + ORDINARY}, Ground.INNER),
    ("loopback", {"access.log": sqli("127.0.0.1") + ORDINARY}, Ground.INNER),
    ("link-local", {"access.log": sqli("fe80::1") + ORDINARY}, Ground.INNER),
    ("unique local", {"access.log": sqli("fd00::1") + ORDINARY}, Ground.INNER),
    ("loopback, mapped", {"access.log": sqli("::ffff:127.0.0.1") + ORDINARY}, Ground.INNER),
    ("a host name", {"access.log": sqli("host.example") + ORDINARY}, Ground.NO_ADDRESS),
    ("one's own login", {"access.log": sqli(BAD) + ORDINARY, "auth.log": LOGIN}, Ground.LOGGED_IN),
    ("many people", {"access.log": sqli(BAD) + visits(BAD, 60, 8) + ORDINARY}, Ground.SHARED),
    ("mostly a visitor", {"access.log": sqli(BAD) + visits(BAD, 25) + ORDINARY}, Ground.ORDINARY),
    ("everybody's proxy", {"access.log": "".join(sqli(BAD, n) for n in range(200)) + visits(BAD, 1000)}, Ground.PROXY),
    ("a crawler that hit a rule", {"access.log": sqli(BAD, agent="AhrefsBot/7.0") + CRAWL + ORDINARY}, Ground.CRAWLER),
]


@pytest.mark.parametrize(("files", "ground"), [row[1:] for row in LEFT_OUT], ids=[row[0] for row in LEFT_OUT])
def test_left_out_with_a_word(opened: Opener, files: dict[str, str], ground: Ground) -> None:
    _, rules, notes = respond(opened(files), EVERY)
    assert blocked(rules) == {}
    assert [one.code for one in notes] == [f"left_out_{ground}"]


AGENTS = "".join(sqli(BAD, n, agent=f"x{n}") for n in range(60))
BLOCKED = [
    ("of the documentation ranges", {"access.log": sqli("192.0.2.1") + ORDINARY}, "192.0.2.1"),
    ("over IPv6", {"access.log": sqli("2001:db8::7") + ORDINARY}, "2001:db8::7"),
    ("a crawler by name alone", {"access.log": sqli(BAD, agent="AhrefsBot/7.0") + sqli(BAD, 1) + ORDINARY}, BAD),
    ("many agents, all in attack lines", {"access.log": AGENTS + ORDINARY}, BAD),
]


@pytest.mark.parametrize(("files", "ip"), [row[1:] for row in BLOCKED], ids=[row[0] for row in BLOCKED])
def test_blocked(opened: Opener, files: dict[str, str], ip: str) -> None:
    _, rules, _ = respond(opened(files), EVERY)
    assert blocked(rules)["nftables"] == (ip,)


NOTHING = [({}, EVERY), ({"access.log": ORDINARY}, EVERY), ({"access.log": sqli(BAD)}, Selector(ips=("192.0.2.1",)))]


@pytest.mark.parametrize(("files", "selector"), NOTHING)
def test_nothing_to_respond_to(opened: Opener, files: dict[str, str], selector: Selector) -> None:
    assert respond(opened(files), selector) == ((), (), (Note("respond_nothing"),))


HOSTILE = [
    line(BAD, 0, "/.env;deny%20all;}", 200),
    line(BAD, 1, "/.git/config\\x22;include%20evil", 200),
    line(BAD, 2, "/x?q='+UNION+SELECT+1--", agent="}; drop; elements = { 0.0.0.0/0 }"),
    line(BAD, 3, "/.env\\x0adeny 0.0.0.0/0;", 200),
    'x";deny - - [01/Nov/2026:10:00:04 +0000] "GET /.env HTTP/1.1" 200 5 "-" "a"\n',
    '0.0.0.0/0 - - [01/Nov/2026:10:00:05 +0000] "GET /.env HTTP/1.1" 200 5 "-" "a"\n',
    '::/0 - - [01/Nov/2026:10:00:06 +0000] "GET /.env HTTP/1.1" 200 5 "-" "a"\n',
    "2026-11-01T10:00:00+00:00 web sshd[9]: Failed password for invalid user $(reboot) from 203.0.113.7 port 4 ssh2\n",
]


def test_no_log_text_reaches_a_rule(opened: Opener) -> None:
    """Each rule is what it is for the one validated address, letter by letter."""
    _, rules, _ = respond(opened({"a.log": "".join(HOSTILE) + ORDINARY}), EVERY)
    expected = {one.name: one.text([ip_network(BAD)]) for one in PRODUCTS}
    assert {one.product: one.text for one in rules if one.kind == "addresses"} == expected
    for rule in rules:
        assert set(rule.addresses) <= {BAD}
        assert not re.search(r"reboot|evil|elements = \{ 0|deny 0|deny all", rule.text)


def test_thousands_of_addresses_are_bounded(opened: Opener) -> None:
    """3,000 attackers, no 8 in one /24: the 1,000 with the most lines are written, and it is said."""
    ips = [f"{20 + n // 1000}.{n % 1000 // 4}.{n % 4 * 60}.9" for n in range(3000)]
    _, rules, notes = respond(opened({"a.log": "".join(sqli(ip) for ip in ips) + sqli(ips[-1]) * 2 + ORDINARY}), EVERY)
    for rule in rules:
        assert len(rule.addresses) == MOST_ADDRESSES
        assert ips[-1] in rule.addresses
        assert len(rule.text) < 60 * MOST_ADDRESSES
        assert rule.backtest.attack_lines == MOST_ADDRESSES + 2
    assert facts(notes)["block_most"] == {"addresses": 3000, "written": MOST_ADDRESSES}


def test_networks_of_attackers_are_taken_together(opened: Opener) -> None:
    """1,200 attackers in six /24, one of which a visitor is in too: five networks, and the rest by address."""
    ips = [f"20.0.{n // 200}.{n % 200}" for n in range(1200)]
    _, rules, _ = respond(opened({"a.log": "".join(map(sqli, ips)) + visits("20.0.5.250", 9)}), EVERY)
    rule = next(one for one in rules if one.product == "nftables")
    assert {one for one in rule.addresses if "/" in one} == {f"20.0.{n}.0/24" for n in range(5)}
    assert (len(rule.addresses), rule.backtest.attack_lines, rule.backtest.other_lines) == (205, 1200, 0)
    assert facts(rule.notes)["block_networks"] == {"networks": 5}


PATHS = [
    ("/.env", True),
    ("/a/.git/config", True),
    ("/%2egit/config", True),
    ("//.env", True),
    ("/x/../.env", True),
    ("/backup.sql", True),
    ("/index.php~", True),
    ("/wp-config.php.BAK", True),
    ("/phpinfo.php", True),
    ("/.well-known/acme-challenge/x", False),
    ("/.well-known", False),
    ("/.well-knownx", True),
    ("/teas/sencha.html", False),
    ("/a.b/c", False),
    ("/key", False),
    ("/", False),
]


@pytest.mark.parametrize(("path", "expected"), PATHS)
def test_paths_that_nobody_should_ask_for(path: str, expected: bool) -> None:
    assert is_hit(path) is expected


def test_a_rule_for_paths_says_whom_it_would_hit(opened: Opener) -> None:
    """Two probes; a certificate is renewed, which is left alone; a visitor's picture in a dot folder would be hit."""
    files = {
        "access.log": line(BAD, 0, "/.env")
        + line(BAD, 1, "/.git/config")
        + line("198.51.100.9", 2, "/.well-known/acme-challenge/x", 200)
        + line("198.51.100.9", 3, "/photos/.thumbs/cat.jpg", 200)
        + ORDINARY
    }
    _, rules, _ = respond(opened(files), EVERY)
    found = next(one for one in rules if one.kind == "paths")
    assert (found.backtest.attack_lines, found.backtest.other_lines, found.backtest.attack_share) == (2, 1, 1.0)
    assert set(found.selector.paths) == {"/.env", "/.git/config", "/photos/.thumbs/cat.jpg"}


def suite(name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((SUITES / name / "logs").iterdir())}


STORIES = [
    ("three_logs_nginx", ["lock_account", "block_addresses", "limit_logins", "keep_logs"]),
    (
        "upload_then_shell_nginx",
        [*["isolate_host"] * 2, *["remove_planted"] * 4, "block_addresses", "keep_logs"],
    ),
    ("flood_single_nginx", ["block_addresses", "limit_requests", "keep_logs"]),
]


@pytest.mark.parametrize(("name", "expected"), STORIES)
def test_the_most_urgent_comes_first(opened: Opener, name: str, expected: list[str]) -> None:
    case = opened(suite(name))
    advice, rules, _ = respond(case, EVERY)
    assert [one.code for one in advice if one.phase == "contain"] == expected
    assert all(case.lake.count(one.selector) > 0 for one in advice if one.selector is not None)
    assert all(one.backtest.attack_lines for one in rules)


def test_advice_names_whom_and_what(opened: Opener) -> None:
    advice, _, _ = respond(opened(suite("three_logs_nginx")), EVERY)
    by_code = {one.code: one for one in advice}
    assert by_code["lock_account"].facts["user"] == "webmaster"
    assert dict(by_code["patch_page"].facts) == {"path": "/teas/by-id", "lines": 7, "type": "sql_injection"}


SERVED = [
    ("leaking_errors_nginx", ["/server-status", "/.git/config", "/actuator/env", "/phpinfo.php"]),
    ("scan_then_exploit_apache", ["/.env", "/media/..%2f..%2f..%2f..%2fetc%2fpasswd"]),
]


@pytest.mark.parametrize(("name", "paths"), SERVED)
def test_only_what_was_served_is_said_to_have_been(opened: Opener, name: str, paths: list[str]) -> None:
    """Neither error messages nor refused requests of the same type gave anything away: the access logs say 2xx."""
    advice, _, _ = respond(opened(suite(name)), EVERY)
    assert [one.facts["path"] for one in advice if one.code == "rotate_secrets"] == paths


@pytest.mark.parametrize("name", ["three_logs_nginx", "foreign_addresses_apache", "distributed_guesses_nginx"])
def test_what_a_rule_picks_is_what_it_was_tried_on(opened: Opener, name: str) -> None:
    case = opened(suite(name))
    for rule in respond(case, EVERY)[1]:
        if rule.kind in {"addresses", "paths"}:
            assert case.lake.count(rule.selector) == rule.backtest.attack_lines + rule.backtest.other_lines
        for text in rule.addresses:
            assert not any(one.overlaps(ip_network(text)) for one in NEVER if one.version == ip_network(text).version)


def test_the_limit_for_logins_is_played_through(opened: Opener) -> None:
    """Forty refused tries, one a second: five more than one in ten seconds fit in, then one every ten seconds."""
    text = "".join(line(BAD, n, "/login", 401, method="POST") for n in range(40)) + ORDINARY
    rules = [one for one in respond(opened({"access.log": text}), EVERY)[1] if one.kind == "requests"]
    assert [(one.backtest.attack_lines, one.backtest.other_lines) for one in rules] == [(31, 0)]


@pytest.mark.parametrize("name", ["three_logs_nginx", "upload_then_shell_nginx", "fast_guesses_nginx"])
def test_the_next_process_says_the_same(opened: Opener, tmp_path: Path, production: Scanner, name: str) -> None:
    """What took long is found again, with times as times; it is kept for questions about everything only."""
    first = opened(suite(name))
    part = Selector(ips=first.facts.attackers[:1])
    said = [respond(first, one) for one in (EVERY, Selector(), part)]
    case_dir = next(tmp_path.rglob("registry.sqlite")).parent
    assert len(list(case_dir.rglob("respond-*"))) == 1
    with OpenCase.open(case_dir, production.ruleset, production, case="case", now=NOW) as again:
        assert [respond(again, one) for one in (EVERY, Selector(), part)] == said
    with Lake.open(case_dir) as lake:
        unkept = OpenCase(lake, production.ruleset, production, case="case", now=NOW)
        assert [respond(unkept, one) for one in (EVERY, Selector(), part)] == said
    assert said[0] == said[1] != said[2]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_can_be_said_has_words(lang: str) -> None:
    folder = Path(__file__).parents[3] / "answering" / "respond"
    sources = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.py")))
    codes = set(re.findall(r'"(?:contain|investigate|fix|report|prevent)", "([a-z_]+)"', sources))
    codes |= set(re.findall(r'\("((?:collect|check)_[a-z_]+)", BlindSpot', sources))
    notes = set(re.findall(r'Note\("([a-z_]+)"', sources)) | {f"left_out_{one}" for one in Ground}
    kinds = set(re.findall(r'kind="([a-z]+)"', sources)) | {"addresses"}
    assert len(codes) > 25
    said = {f"advice.{one}" for one in codes} | {f"note.{one}" for one in notes}
    said |= {f"phase.{one}" for one in PHASES} | {f"block.{one}" for one in kinds}
    assert said - words(lang).keys() == set()
