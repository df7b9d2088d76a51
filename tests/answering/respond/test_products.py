"""Configuration that the products themselves accept, with nothing in it but addresses and our own words."""

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from answering.respond.logins import _SSH, _WEB, _text
from answering.respond.networks import Network
from answering.respond.paths import _TEXTS
from answering.respond.products import DENY_LINES, PRODUCTS, apache, fail2ban, nftables, nginx
from answering.respond.requests import _FLOOD_TEXT, _LOGIN_TEXT
from tests.answering.server_checks import (
    check_apache,
    check_nginx,
    needs_apache,
    needs_fail2ban,
    needs_nft,
    needs_nginx,
    run,
)

FEW = tuple(map(ip_network, ("203.0.113.7", "198.51.100.0/24", "2001:db8::1", "2001:db8:1::/64")))
FOUR, SIX = FEW[:1], FEW[2:3]
MANY = tuple(ip_network(f"203.0.{third}.{fourth}") for third in range(4) for fourth in range(250))
LISTS = [FEW, FOUR, SIX, MANY]


@needs_nginx
@pytest.mark.parametrize("networks", LISTS)
def test_nginx_accepts_it(tmp_path: Path, networks: tuple[Network, ...]) -> None:
    use = "if ($akashi_blocked) { return 403; }" if len(networks) > DENY_LINES else ""
    check_nginx(tmp_path, http=nginx(networks), server=use)


@needs_nginx
def test_nginx_accepts_all_of_it_together(tmp_path: Path) -> None:
    check_nginx(tmp_path, http=nginx(FEW) + _LOGIN_TEXT + _FLOOD_TEXT, server=_TEXTS["nginx"])


@needs_apache
@pytest.mark.parametrize("networks", LISTS)
def test_apache_accepts_it(tmp_path: Path, networks: tuple[Network, ...]) -> None:
    check_apache(tmp_path, apache(networks))


@needs_apache
def test_apache_accepts_the_rule_for_paths(tmp_path: Path) -> None:
    check_apache(tmp_path, _TEXTS["apache"])


@needs_nft
@pytest.mark.parametrize("networks", LISTS)
def test_nft_accepts_it(tmp_path: Path, networks: tuple[Network, ...]) -> None:
    (tmp_path / "akashi.nft").write_text(nftables(networks))
    run("nft", "-c", "-f", tmp_path / "akashi.nft")


def jail_of(text: str, folder: Path) -> str:
    """The jail of a rule, reading the files of the folder."""
    lines = text.split("\n")
    start = next(place for place, one in enumerate(lines) if one.lstrip("# ").startswith("[akashi"))
    jail = "\n".join(one.removeprefix("#    ") for one in lines[start:] if not one.startswith("fail2ban-client"))
    return re.sub(r"(?m)^(logpath = |          )(/var/log/\S+)", rf"\g<1>{folder}/a.log", jail)


@needs_fail2ban
@pytest.mark.parametrize("text", [fail2ban(FOUR), _text(_SSH), _text(_WEB)], ids=["addresses", "ssh", "web"])
def test_fail2ban_accepts_it(tmp_path: Path, text: str) -> None:
    settings = tmp_path / "settings"
    run("cp", "-r", "/etc/fail2ban", settings)
    (tmp_path / "a.log").write_text("")
    for name in ("akashi-ssh", "akashi-web"):
        filter_of = text.partition("[Definition]")[2].partition("# 2.")[0]
        (settings / "filter.d" / f"{name}.conf").write_text(f"[Definition]{filter_of}")
    (settings / "jail.d" / "defaults-debian.conf").write_text("[sshd]\nenabled = false\n")
    (settings / "jail.d" / "akashi.local").write_text(jail_of(text, tmp_path))
    assert "successful" in run("fail2ban-client", "-c", settings, "-t")
    assert "'add', 'akashi" in run("fail2ban-client", "-c", settings, "-d")


WORD = re.compile(r"[ -~\n]*")


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda one: one.name)
def test_text_is_plain(product: object) -> None:
    text = next(one for one in PRODUCTS if one is product).text(FEW)
    assert WORD.fullmatch(text)
    assert "203.0.113.7" in text
