"""What a selector means, on one event in plain Python; the lake's compiled queries must agree with it."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from core.errors import InputError
from core.event import ACTION, AGENT, DATASET, IP, METHOD, RAW, REFERRER, STATUS, STATUS_CODE, TIME, URL, USER
from core.line import SourceId
from core.selector import Selector
from core.taxonomy import AttackType

Network = IPv4Network | IPv6Network


def matches(
    selector: Selector,
    event: Mapping[str, object],
    hits: Collection[tuple[str, str]] = (),
    source: SourceId | None = None,
) -> bool:
    """Whether the line is selected; `event` has `EVENT_SCHEMA` names (missing = null), `hits` (rule id, type) pairs.

    A condition on a null is false. `types` and `rules` together ask for one hit that satisfies both.
    """
    return (
        _one_of(selector.methods, event.get(METHOD))
        and _one_of(selector.actions, event.get(ACTION))
        and _one_of(selector.datasets, event.get(DATASET))
        and _one_of(selector.statuses, event.get(STATUS))
        and _one_of(selector.sources, source)
        and contains(selector.url_contains, event.get(URL))
        and _at_path(selector.paths, event.get(URL))
        and contains(selector.agent_contains, event.get(AGENT))
        and contains(selector.user_contains, event.get(USER))
        and contains(selector.referrer_contains, event.get(REFERRER))
        and _in_raw(selector.raw_contains, event.get(RAW))
        and in_ranges(selector.status_codes, event.get(STATUS_CODE))
        and _in_window(selector, event.get(TIME))
        and _from(selector.ips, event.get(IP))
        and _has_hit(selector.types, selector.rules, hits)
        and not any(matches(one, event, hits, source) for one in selector.without)
    )


def network(text: str) -> Network:
    """The CIDR network, host bits ignored; `InputError("bad_network")` when it is none."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise InputError("bad_network", value=text) from None


def within(address: str, networks: Collection[Network]) -> bool:
    """Whether the address is in one of the networks; text that is no address is in none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in candidate for candidate in networks)


def naive_utc(time: datetime) -> datetime:
    """An aware instant as the lake stores it; `InputError("naive_time")` when it carries no zone."""
    if time.tzinfo is None:
        raise InputError("naive_time", value=time.isoformat())
    return time.astimezone(UTC).replace(tzinfo=None)


_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def ascii_lower(text: str) -> str:
    """Lower case for A–Z only: `str.lower` would also fold letters that merely look alike, such as the Kelvin sign."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


_lowered = lru_cache(maxsize=1024)(ascii_lower)
_network = lru_cache(maxsize=1024)(network)


def _one_of(allowed: Collection[object], value: object) -> bool:
    return not allowed or value in allowed


def contains(parts: Collection[str], value: object) -> bool:
    """Whether one of the parts is in the text, ASCII letters in either case; no parts ask nothing."""
    if not parts:
        return True
    return isinstance(value, str) and _holds(tuple(parts), value)


@lru_cache(maxsize=1 << 14)
def _holds(parts: tuple[str, ...], text: str) -> bool:
    """Remembered: the same few user agents are asked for again and again."""
    lowered = ascii_lower(text)
    return any(part in lowered for part in map(_lowered, parts))


def _in_raw(parts: Collection[str], value: object) -> bool:
    """Whether the bytes of one of the texts are in the line, ASCII letters in either case."""
    if not parts:
        return True
    known = [part for part in parts if not any("\ud800" <= character <= "\udfff" for character in part)]
    return isinstance(value, bytes) and any(part.encode().lower() in value.lower() for part in known)


def _at_path(paths: Collection[str], value: object) -> bool:
    if not paths:
        return True
    if not isinstance(value, str):
        return False
    path = value.partition("?")[0]
    return any(path.startswith(one[:-1]) if one.endswith("*") else path == one for one in paths)


def in_ranges(ranges: Collection[tuple[int, int]], value: object) -> bool:
    """Whether the number is in one of the ranges, ends included; no ranges ask nothing."""
    if not ranges:
        return True
    return isinstance(value, int) and any(low <= value <= high for low, high in ranges)


def _in_window(selector: Selector, value: object) -> bool:
    since, until = selector.since, selector.until
    if since is None and until is None:
        return True
    if not isinstance(value, datetime):
        return False
    time = value if value.tzinfo is None else naive_utc(value)
    return (since is None or naive_utc(since) <= time) and (until is None or time < naive_utc(until))


def _from(allowed: Collection[str], value: object) -> bool:
    if not allowed:
        return True
    networks = [_network(text) for text in allowed if "/" in text]
    return isinstance(value, str) and (("/" not in value and value in allowed) or within(value, networks))


def _has_hit(types: Collection[AttackType], rules: Collection[str], hits: Collection[tuple[str, str]]) -> bool:
    if not types and not rules:
        return True
    return any((not rules or rule in rules) and (not types or kind in types) for rule, kind in hits)
