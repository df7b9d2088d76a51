"""What is advised to be collected can be pasted: the servers accept it, and what it writes is understood here."""

from collections.abc import Callable
from pathlib import Path

import pytest

from answering.absence.collect import collectable, missing_of
from answering.absence.evidence import evidence
from answering.open_case import OpenCase
from app.i18n import LANGUAGES, words
from core.plan import EVERYTHING
from core.source import Accounting, Source
from tests.answering.invented import NOW
from tests.answering.server_checks import check_apache, check_nginx, needs_apache, needs_nft, needs_nginx, run

SNIPPETS = [(one.code, one.software, one.snippet) for one in collectable()]


def of(software: str) -> list[tuple[str, str]]:
    return [(code, text) for code, product, text in SNIPPETS if product == software]


NO_SETTING = {"known_format", "request_bodies"}
"""A command to be typed; a file of the module ModSecurity, which is rarely installed."""


@needs_nginx
@pytest.mark.parametrize(
    ("code", "text"), [row for row in of("nginx") if row[0] not in {"request_bodies", "known_format"}]
)
def test_nginx_accepts_it(tmp_path: Path, code: str, text: str) -> None:
    check_nginx(tmp_path, http=text.replace("/var/log/nginx", str(tmp_path)))


@needs_apache
@pytest.mark.parametrize(("code", "text"), [row for row in of("apache") if row[0] != "known_format"])
def test_apache_accepts_it(tmp_path: Path, code: str, text: str) -> None:
    check_apache(tmp_path, text, "remoteip", "unique_id", "security2")


@needs_nft
@pytest.mark.parametrize(("code", "text"), of("nftables"))
def test_nft_accepts_it(tmp_path: Path, code: str, text: str) -> None:
    (tmp_path / "a.nft").write_text(text)
    run("nft", "-c", "-f", tmp_path / "a.nft")


SSH = "web sshd[9]: Failed password for ann from 203.0.113.1 port 4000 ssh2\n"
APACHE = "[core:info] [pid 7:tid 9] [client 203.0.113.1:4000] AH00128: File does not exist: /srv/x\n"
WRITTEN = [
    ("nginx", '203.0.113.1 - - [01/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0" 0.004 0.003\n'),
    ("nginx", '203.0.113.1 - - [01/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0" 0.004 -\n'),
    ("rsyslog", f"2026-11-01T10:00:00.123456+00:00 {SSH}"),
    ("journald", f"2026-11-01T10:00:00+0000 {SSH}"),
    ("apache", f"[Sun Nov 01 10:00:00.123456 2026] {APACHE}"),
]


@pytest.mark.parametrize(("software", "text"), WRITTEN)
def test_what_it_writes_is_understood(opened: Callable[..., OpenCase], software: str, text: str) -> None:
    case = opened({"a.log": text * 3})
    assert [(one.accounting.parsed, one.accounting.unparsed) for one in case.lake.sources] == [(3, 0)]
    assert case.lake.per_ip(EVERYTHING) == (("203.0.113.1", 3),)


def test_every_way_can_be_collected() -> None:
    codes = {one.code for one in collectable()}
    assert {way.collect for way in evidence().way.values()} <= codes


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_can_be_said_has_words(lang: str) -> None:
    table = evidence()
    decided = {name for shown in table.type.values() for name in shown.decided_by}
    beyond = {name for shown in table.type.values() for name in shown.beyond}
    said = {f"collect.{one.code}" for one in collectable()}
    said |= {f"note.unseen_{name}" for name in decided} | {f"note.beyond_{name}" for name in beyond}
    said |= {f"note.seen_{name}" for name in decided if table.way[name].shown_in}
    said |= {f"note.{how}_{name}" for how in ("hidden", "none") for name in decided if table.way[name].methods}
    said |= {f"note.absence_hole_{family}" for family in ("access", "error", "login")}
    assert said - words(lang).keys() == set()


def source(dataset: str) -> Source:
    return Source("a", 1, "a", dataset, "", 0, Accounting(lines=1), None, None, NOW)  # type: ignore[arg-type]


SERVERS = [
    (("nginx.access",), ["nginx", "apache"]),
    (("nginx.access", "nginx.error"), ["nginx"]),
    (("nginx.access", "apache.error"), ["apache"]),
    (("apache.access",), ["apache"]),
    ((), ["nginx", "apache"]),
]


@pytest.mark.parametrize(("datasets", "software"), SERVERS)
def test_only_the_server_at_hand_is_configured(datasets: tuple[str, ...], software: list[str]) -> None:
    found = missing_of(["request_bodies", "request_bodies"], [source(one) for one in datasets])
    assert [one.software for one in found] == software
