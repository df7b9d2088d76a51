"""Take one source, hour or field away: what was absent becomes unknown, and the certificate names what is missing."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from answering.absence import certify
from answering.absence.doubt import of_zones
from answering.absence.scope import scope_of
from answering.open_case import OpenCase
from core.action import Action
from core.ignore import IgnoreEntry
from core.part import Certificate, Sight
from core.plan import ANY_ATTACK
from core.selector import Selector
from core.taxonomy import AttackType
from detection.scanner import Scanner
from tests.answering.invented import NOW, line

Opener = Callable[..., OpenCase]

A, B = "203.0.113.1", "198.51.100.4"
HOUR = 3600


def access(start: int, end: int, step: int = 30, method: str = "GET", **more: str) -> str:
    """Ordinary requests of two addresses, from `start` to `end` seconds after 10:00."""
    return "".join(line((A, B)[n % 2], n, f"/teas/{n}", 200, 900, method, **more) for n in range(start, end, step))


def auth(start: int, end: int, step: int = 300) -> str:
    """A login by key now and then."""
    begin = datetime(2026, 11, 1, 10, tzinfo=UTC)
    return "".join(
        f"{(begin + timedelta(seconds=n)).isoformat()} web sshd[{n + 9}]: "
        f"Accepted publickey for ann from {B} port 4000 ssh2\n"
        for n in range(start, end, step)
    )


def error(second: int) -> str:
    """A missing file in an error log."""
    time = (datetime(2026, 11, 1, 10, tzinfo=UTC) + timedelta(seconds=second)).strftime("%Y/%m/%d %H:%M:%S")
    return (
        f'{time} [error] 7#7: *1 open() "/srv/x" failed (2: No such file or directory), client: {B}, '
        'server: a, request: "GET /x HTTP/1.1", host: "a"\n'
    )


def clock(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 1, hour, minute, tzinfo=UTC)


def common(text: str) -> str:
    """The common format: without referrer and user agent."""
    return text.replace(' "-" "Mozilla/5.0"', "")


WEB = {"access.log": access(0, 4 * HOUR)}
ALL = WEB | {"auth.log": auth(0, 4 * HOUR), "error.log": error(0) + error(4 * HOUR)}
POST = line(B, 2 * HOUR, "/search", 200, 900, "POST")
SQLI = Selector(types=(AttackType.SQL_INJECTION,))
GUESSES = Selector(types=(AttackType.BRUTE_FORCE,))
WINDOW = replace(SQLI, since=clock(11), until=clock(12))

NO_ZONE = "".join(
    f"Nov  1 {10 + n // 12}:{n % 12 * 5:02d}:00 web sshd[9]: Accepted publickey for ann from {B} port 4000 ssh2\n"
    for n in range(48)
)
LONG = access(0, 13 * HOUR, 60)

Files = Mapping[str, str | bytes]
ABSENT: list[tuple[str, Files, Selector]] = [
    ("injection, no body was sent", WEB, SQLI),
    ("injection, in an hour of it", WEB, WINDOW),
    ("body was sent, but not in that hour", {"access.log": access(0, 4 * HOUR) + POST}, WINDOW),
    ("guesses, with both kinds of logs", ALL, GUESSES),
    ("guesses, in the web only", WEB, replace(GUESSES, datasets=("nginx.access",))),
    ("guesses, of requests", WEB, replace(GUESSES, methods=("POST",))),
    (
        "a redirect needs no user agent",
        {"access.log": common(access(0, 4 * HOUR))},
        Selector(types=(AttackType.OPEN_REDIRECT,)),
    ),
    ("an address", ALL, Selector(ips=("192.0.2.77",))),
    (
        "an address, beside a line that does not name it",
        {"access.log": WEB["access.log"] + "garbage\n"},
        Selector(ips=("192.0.2.77",)),
    ),
    ("a user", ALL, Selector(user_contains=("mallory",))),
    ("a path", WEB, Selector(paths=("/admin",))),
    ("failed logins", ALL, Selector(actions=(Action.LOGIN_FAILED,))),
    ("faults", ALL, Selector(types=(AttackType.CONFIG_EXPOSURE,))),
    ("garbage long before", {"access.log": "garbage\n" + WEB["access.log"]}, WINDOW),
    (
        "no log writes another zone than the one assumed",
        {"access.log": LONG, "auth.log": NO_ZONE},
        Selector(user_contains=("mallory",), since=clock(11), until=clock(12)),
    ),
    ("two rotated files side by side", {"a.log.1": access(0, 2 * HOUR), "a.log": access(2 * HOUR, 4 * HOUR)}, SQLI),
    ("a quiet night is not a hole", {"access.log": access(0, 4 * HOUR, 1500)}, WINDOW),
]


@pytest.mark.parametrize(("files", "selector"), [row[1:] for row in ABSENT], ids=[row[0] for row in ABSENT])
def test_absent(opened: Opener, files: Files, selector: Selector) -> None:
    found = certify(opened(files), selector)
    assert (found.sight, found.missing) == (Sight.ABSENT, ())


UNKNOWN: list[tuple[str, Files, Selector, set[str]]] = [
    ("an hour is gone", {"access.log": access(0, HOUR) + access(2 * HOUR, 4 * HOUR)}, SQLI, {"missing_time"}),
    ("the asked hour is gone", {"access.log": access(0, HOUR) + access(2 * HOUR, 4 * HOUR)}, WINDOW, {"missing_time"}),
    ("the head was rotated away", {"access.log": access(HOUR + 1800, 4 * HOUR)}, WINDOW, {"missing_time"}),
    ("the log ends too early", {"access.log": access(0, HOUR + 1800)}, WINDOW, {"missing_time"}),
    ("asked before the log", WEB, replace(SQLI, since=clock(1), until=clock(2)), {"missing_time"}),
    ("asked behind the log", WEB, replace(SQLI, since=clock(20), until=clock(21)), {"missing_time"}),
    (
        "the older of two files is gone",
        {"a.log": access(2 * HOUR, 4 * HOUR)},
        replace(SQLI, since=clock(10), until=clock(13)),
        {"missing_time"},
    ),
    (
        "the middle of three files is gone",
        {"a.log.2": access(0, HOUR), "a.log": access(3 * HOUR, 4 * HOUR)},
        SQLI,
        {"missing_time"},
    ),
    ("no user agents", {"access.log": common(access(0, 4 * HOUR))}, SQLI, {"user_agents"}),
    ("a body was sent", {"access.log": access(0, 4 * HOUR) + POST}, SQLI, {"request_bodies"}),
    ("no access log", {"auth.log": ALL["auth.log"]}, SQLI, {"access_log", "user_agents", "request_bodies"}),
    ("no authentication log", WEB, GUESSES, {"auth_log"}),
    (
        "authentication log of another hour",
        WEB | {"auth.log": auth(0, HOUR)},
        replace(GUESSES, since=clock(12), until=clock(13)),
        {"missing_time"},
    ),
    ("logins, in a web log", WEB, Selector(actions=(Action.LOGIN_FAILED,)), {"auth_log"}),
    ("guesses, asked of an error log", ALL, replace(GUESSES, datasets=("nginx.error",)), {"access_log", "auth_log"}),
    ("no error log", WEB, Selector(types=(AttackType.CONFIG_EXPOSURE,)), {"error_log"}),
    (
        "a line that no format fits",
        {"access.log": access(0, 2 * HOUR) + "garbage\n" + access(2 * HOUR, 4 * HOUR)},
        SQLI,
        {"known_format"},
    ),
    (
        "… inside the asked hour",
        {"access.log": access(0, 5400) + "garbage\n" + access(5400, 4 * HOUR)},
        WINDOW,
        {"known_format"},
    ),
    (
        "… that names the asked address",
        {"access.log": WEB["access.log"] + "garbage 192.0.2.77\n"},
        Selector(ips=("192.0.2.77",)),
        {"known_format"},
    ),
    (
        "… beside an IPv6 address, which has many spellings",
        {"access.log": WEB["access.log"] + "garbage\n"},
        Selector(ips=("2001:db8::1",)),
        {"known_format"},
    ),
    (
        "a line too long",
        {"access.log": WEB["access.log"] + line(A, HOUR, "/" + "x" * (1 << 20))},
        SQLI,
        {"whole_lines"},
    ),
    (
        "a damaged archive",
        {"access.log.gz": gzip.compress(WEB["access.log"].encode())[:-20]},
        SQLI,
        {"whole_file", "known_format"},
    ),
    (
        "an address behind a proxy",
        {"access.log": "".join(line(A, n, "/") for n in range(1200))},
        Selector(ips=(B,)),
        {"real_addresses"},
    ),
    (
        "an address where names are written",
        {"access.log": WEB["access.log"].replace(A, "host.example")},
        Selector(ips=("192.0.2.77",)),
        {"addresses"},
    ),
    ("a user, where no name is written", WEB, Selector(user_contains=("mallory",)), {"web_users"}),
    (
        "a window, where no time is written",
        {"e.log": f"[error] [client {A}] File does not exist: /srv/x\n"},
        Selector(since=clock(10), until=clock(11)),
        {"times"},
    ),
    ("a type that needs what is not there", {"e.log": error(0)}, SQLI, {"access_log", "user_agents", "request_bodies"}),
    ("another file is asked for", WEB, Selector(datasets=("apache.error",)), {"logs", "access_log", "auth_log"}),
    ("nothing was read", {}, SQLI, {"access_log", "user_agents", "request_bodies", "logs"}),
    ("everything, of a web log alone", WEB, Selector(types=ANY_ATTACK), {"auth_log", "error_log"}),
]


@pytest.mark.parametrize(
    ("files", "selector", "missing"), [row[1:] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN]
)
def test_unknown(opened: Opener, files: Files, selector: Selector, missing: set[str]) -> None:
    found = certify(opened(files), selector)
    assert found.sight is Sight.UNKNOWN
    assert {one.code for one in found.missing} == missing
    assert all(one.snippet.strip() for one in found.missing)


def notes(certificate: Certificate) -> dict[str, dict[str, object]]:
    return {note.code: dict(note.facts) for note in certificate.notes}


def test_present(opened: Opener) -> None:
    found = certify(opened({"access.log": line(A, 0, "/?id=1'+UNION+SELECT+1,2,3--")}), SQLI)
    assert found.sight is Sight.PRESENT


def test_the_statement_is_split(opened: Opener) -> None:
    """480 requests were looked at, of which 1 has a body that is not recorded: both are said."""
    found = notes(certify(opened({"access.log": access(0, 4 * HOUR - 30) + POST}), SQLI))
    assert found["seen_url"] == {"lines": 480}
    assert found["hidden_body"] == {"lines": 1}
    assert "beyond_other_headers" in found


def test_a_hole_is_named(opened: Opener) -> None:
    """The last line before is of 10:59:30, the first behind it of 12:00:00."""
    found = notes(certify(opened({"access.log": access(0, HOUR) + access(2 * HOUR, 4 * HOUR)}), SQLI))
    assert found["absence_hole_access"] == {"since": clock(10, 59) + timedelta(seconds=30), "until": clock(12)}


def test_what_was_read_is_listed(opened: Opener) -> None:
    found = certify(opened({"access.log": access(0, HOUR) + "garbage\n", "error.log": error(0)}), SQLI)
    assert found.sources == (
        ("access.log", "nginx.access", 121, 1, clock(10), clock(10, 59) + timedelta(seconds=30)),
        ("error.log", "nginx.error", 1, 0, clock(10), clock(10)),
    )
    assert (found.lines, found.parsed, found.unparsed) == (122, 121, 1)


def test_detectors_of_the_asked_type_are_counted(opened: Opener, production: Scanner) -> None:
    found = certify(opened(WEB), SQLI)
    rules = production.ruleset
    assert found.rules == sum(one.type is AttackType.SQL_INJECTION for one in rules.rules) > 0
    assert found.behaviours == sum(one.type is AttackType.SQL_INJECTION for one in rules.behaviours)


def test_nobody_looks_for_it(opened: Opener, scanner: Scanner) -> None:
    found = certify(opened(WEB, scanner=scanner), Selector(types=(AttackType.OPEN_REDIRECT,)))
    assert (found.sight, [one.code for one in found.missing]) == (Sight.UNKNOWN, ["detector"])


ZONES = [
    ("UTC", "assumed", 0, []),
    ("UTC", "assumed", 9 * HOUR, ["zone"]),
    ("+09:00", "assumed", 9 * HOUR, []),
    ("+09:00", "assumed", 0, ["zone"]),
    ("-03:30", "assumed", -12600, []),
    ("UTC", "explicit", 9 * HOUR, []),
]


@pytest.mark.parametrize(("zone", "how", "offset", "expected"), ZONES)
def test_a_zone_that_was_assumed(opened: Opener, zone: str, how: str, offset: int, expected: list[str]) -> None:
    """`offset` is what the logs that write a zone write."""
    readings = scope_of(opened(WEB).lake, WINDOW).readings
    assumed = [replace(one, source=replace(one.source, zone=zone, zone_source=how)) for one in readings]
    assert [one.collect for one in of_zones(assumed, WINDOW, offset)] == expected
    assert list(of_zones(assumed, SQLI, offset)) == []


def test_read_with_other_rules(opened: Opener) -> None:
    case = opened(WEB, read_with=("another",))
    assert [one.code for one in certify(case, SQLI).missing] == ["read_again"]
    assert certify(case, Selector(paths=("/admin",))).sight is Sight.ABSENT


def test_what_the_ignore_list_hides_is_said(opened: Opener) -> None:
    attack = line(A, 5, "/?id=1'+UNION+SELECT+1,2,3--")
    entry = IgnoreEntry("one", Selector(ips=(A,)), "own scanner", "ann", NOW.date(), everywhere=False)
    found = notes(certify(opened({"access.log": WEB["access.log"] + attack}, ignores=(entry,)), SQLI))
    assert found["absence_ignored"] == {"lines": 1}


def test_lines_outside_of_what_was_asked_are_said(opened: Opener) -> None:
    attack = line(A, 5, "/?id=1'+UNION+SELECT+1,2,3--")
    found = certify(opened({"access.log": attack + WEB["access.log"]}), WINDOW)
    assert found.sight is Sight.ABSENT
    assert notes(found)["absence_elsewhere"] == {"lines": 1}


def test_snippets_are_for_the_server_at_hand(opened: Opener) -> None:
    files = {"access.log": access(0, HOUR) + line(B, HOUR, "/search", 200, 900, "POST")}
    assert [one.software for one in certify(opened(files | {"e.log": error(0)}), SQLI).missing] == ["nginx"]


def test_snippets_are_for_both_where_it_cannot_be_told(opened: Opener) -> None:
    files = {"access.log": access(0, HOUR) + line(B, HOUR, "/search", 200, 900, "POST")}
    assert [one.software for one in certify(opened(files), SQLI).missing] == ["nginx", "apache"]


def test_blind_spots_are_those_that_no_note_says(opened: Opener) -> None:
    """What bodies and headers hide is said in the notes; an assumed zone matters where a time is asked for."""
    case = opened(ALL)
    assert certify(case, SQLI).blind_spots == ()
    assert certify(case, replace(SQLI, since=clock(10), until=clock(11))).blind_spots == ("zone_assumed",)


def test_where_nothing_lies_nothing_is_said_to_have_been_looked_at(opened: Opener) -> None:
    """What is not covered, and what lies elsewhere: that 0 lines were looked at, eight times over, helps nobody."""
    early = replace(SQLI, since=clock(1), until=clock(2))
    found = certify(opened({"access.log": access(0, HOUR)}), early)
    assert (set(notes(found)), found.blind_spots) == ({"absence_hole_access"}, ())
    assert [one.code for one in found.missing] == ["missing_time"] * len(found.missing) != []
