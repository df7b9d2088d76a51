"""Known crawlers, monitors and own machines, with the address ranges that prove a name where they are published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from ipaddress import ip_network
from pathlib import Path

from core.errors import ContentError
from core.field import Field
from core.taxonomy import AttackType, Level
from detection.condition import During, Every, From, Not
from detection.pattern import compiled_pattern
from detection.rule import Benign, Rule, Where
from detection.rule_file import check_patterns
from detection.schema import BenignFile, RangesFile, checked

FRESH = timedelta(days=365)
"""Published ranges tell an impostor only on lines of the year before and behind their date: crawlers move."""


_EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_INSIDE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
                     "::1/128", "fc00::/7", "fe80::/10"))
)  # fmt: skip
"""Addresses of a proxy or balancer in front say nothing about who is behind it."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """The networks one client published, and when."""

    name: str
    networks: tuple[str, ...]
    published: date
    source: str


def clients_of(path: Path, table: dict[str, object]) -> tuple[Benign, ...]:
    """The clients of one file; each needs an agent or networks: ContentError("client_without_sign", file, name)."""
    file = checked(path, table, BenignFile)
    for number, client in enumerate(file.client):
        if client.agent is None and not client.networks:
            raise ContentError("client_without_sign", file=str(path), client=client.name)
        if client.agent is not None:
            check_patterns(path, f"client.{number}.agent", (client.agent,))
        _check_networks(path, f"client.{number}.networks", client.networks)
    return tuple(
        Benign(one.name, None if one.agent is None else compiled_pattern(one.agent), one.networks, one.source)
        for one in file.client
    )


def ranges_of(path: Path, table: dict[str, object]) -> tuple[Ranges, ...]:
    """The published ranges of one file."""
    file = checked(path, table, RangesFile)
    for number, one in enumerate(file.ranges):
        _check_networks(path, f"ranges.{number}.networks", one.networks)
    return tuple(Ranges(one.name, one.networks, file.date, file.source) for one in file.ranges)


def _check_networks(path: Path, key: str, networks: tuple[str, ...]) -> None:
    for text in networks:
        try:
            ip_network(text)
        except ValueError as error:
            raise ContentError("rule_bad_value", file=str(path), key=key, problem=str(error)) from error


def with_ranges(clients: Iterable[Benign], published: Sequence[Ranges]) -> tuple[Benign, ...]:
    """The clients with the newest ranges published under their name added to their own networks."""
    return tuple(_with(client, [one for one in published if one.name == client.name]) for client in clients)


def _with(client: Benign, published: list[Ranges]) -> Benign:
    if not published:
        return client
    newest = max(published, key=lambda one: one.published)
    return replace(client, networks=(*client.networks, *newest.networks), published=newest.published)


def impostor_rules(clients: Iterable[Benign]) -> tuple[Rule, ...]:
    """A rule for each client that publishes its ranges: its name, from an address outside of them."""
    return tuple(rule for client in clients if (rule := _impostor(client)) is not None)


def impostor_id(client: Benign) -> str:
    """Id of the rule against those who only call themselves so."""
    return "-".join(["bot-not", *"".join(c if c.isalnum() else " " for c in client.name.lower()).split()])


def _impostor(client: Benign) -> Rule | None:
    if client.agent is None or client.published is None:
        return None
    known = (*map(ip_network, client.networks), *_INSIDE)
    days = During(client.published - FRESH, client.published + FRESH)
    return Rule(
        id=impostor_id(client),
        version=1,
        type=AttackType.BAD_BOT,
        level=Level.MEDIUM,
        title={
            "en": f"Claims to be {client.name}, from an address it does not use",
            "ja": f"{client.name} を名乗るが、公表された範囲外のアドレス",
        },
        fields=frozenset({Field.USER_AGENT}),
        match=(client.agent.pattern.decode().replace("[^\\n", "[^"),),  # as it was before it was bounded
        all_of=(),
        unless=(),
        confirm=None,
        where=Where(),
        supporting=False,
        attack=("T1036",),
        references=(client.source,),
        known_gaps=f"Judged by the ranges of {client.published}, on lines at most a year away from it.",
        fires=(),
        silent=(),
        condition=Every((From(_EVERYWHERE), Not(From(known)), days)),
    )
