"""Ready configuration that blocks networks, for each product; only validated networks and our own words are in it.

Syntax as nginx 1.22, Apache 2.4, nftables 1.0 and fail2ban 1.0 accept it; the tests run their own checkers on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from answering.respond.networks import Network, written

BANS_A_LINE = 20
DENY_LINES = 100
"""Up to so many networks nginx gets one directive each; for more, its documentation advises `geo`."""

HEAD = "# Made by Akashi from a log, and tried on it. It buys time: attackers change addresses. Remove it later.\n"


def nginx(networks: Sequence[Network]) -> str:
    """A file to include; few networks as `deny`, many as `geo`."""
    if len(networks) <= DENY_LINES:
        lines = "".join(f"deny {written(one)};\n" for one in networks)
        where = (
            "# /etc/nginx/conf.d/akashi-block.conf; then: nginx -t && nginx -s reload\n"
            "# A server or location with allow or deny of its own needs: include conf.d/akashi-block.conf;\n"
        )
        return f"{HEAD}{where}{lines}"
    lines = "".join(f"    {written(one)} 1;\n" for one in networks)
    where = (
        "# /etc/nginx/conf.d/akashi-block.conf, and in every server { }:  if ($akashi_blocked) { return 403; }\n"
        "# then: nginx -t && nginx -s reload\n"
    )
    return f"{HEAD}{where}geo $akashi_blocked {{\n    default 0;\n{lines}}}\n"


def apache(networks: Sequence[Network]) -> str:
    """A file to include; `AuthMerging And` keeps what is protected already protected."""
    lines = "".join(f"        Require not ip {written(one)}\n" for one in networks)
    where = (
        "# /etc/apache2/conf-available/akashi-block.conf; then: a2enconf akashi-block && apachectl configtest && "
        "apachectl graceful\n"
    )
    return (
        f'{HEAD}{where}<Location "/">\n    AuthMerging And\n    <RequireAll>\n'
        f"        Require all granted\n{lines}    </RequireAll>\n</Location>\n"
    )


def nftables(networks: Sequence[Network]) -> str:
    """A table of its own, so that it is removed in one command; elements leave the sets after a day."""
    four = _set("blocked4", "ipv4_addr", [one for one in networks if one.version == 4])
    six = _set("blocked6", "ipv6_addr", [one for one in networks if one.version == 6])
    return (
        f"{HEAD}# check: nft -c -f akashi.nft   load: nft -f akashi.nft   undo: nft delete table inet akashi\n"
        "table inet akashi\ndelete table inet akashi\ntable inet akashi {\n"
        f"{four}{six}"
        "    chain input {\n        type filter hook input priority -10; policy accept;\n"
        "        ip saddr @blocked4 counter drop\n        ip6 saddr @blocked6 counter drop\n    }\n}\n"
    )


def _set(name: str, kind: str, networks: Sequence[Network]) -> str:
    elements = ",\n            ".join(map(written, networks))
    inner = f"        elements = {{\n            {elements}\n        }}\n" if networks else ""
    return (
        f"    set {name} {{\n        type {kind}\n        flags interval, timeout\n        timeout 1d\n{inner}    }}\n"
    )


def fail2ban(networks: Sequence[Network]) -> str:
    """A jail without filter, and commands that put the addresses into it (a jail's set holds no networks)."""
    addresses = [written(one) for one in networks]
    parts = (addresses[start : start + BANS_A_LINE] for start in range(0, len(addresses), BANS_A_LINE))
    lines = "".join(f"fail2ban-client set akashi banip {' '.join(part)}\n" for part in parts)
    return (
        f"{HEAD}# 1. /etc/fail2ban/jail.d/akashi.local, then: fail2ban-client reload\n"
        "#    [akashi]\n#    enabled = true\n#    filter =\n#    backend = polling\n#    logpath = /dev/null\n"
        "#    banaction = nftables[type=allports]\n#    bantime = 1d\n"
        f"# 2. in a shell; undo: fail2ban-client set akashi unbanip ADDRESS\n{lines}"
    )


@dataclass(frozen=True, slots=True)
class Product:
    """One product: how its rule is written, whether it takes networks, and whether it stops web requests only."""

    name: str
    text: Callable[[Sequence[Network]], str]
    networks: bool = True
    web: bool = False


PRODUCTS = (
    Product("nginx", nginx, web=True),
    Product("apache", apache, web=True),
    Product("nftables", nftables),
    Product("fail2ban", fail2ban, networks=False),
)
"""In the order shown."""
