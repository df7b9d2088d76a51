"""Which raw lines a selector means, in plain Python that shares no code with the product's three ways to it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from core.draft_selector import DraftFilter
from core.selector import Selector
from eval.model.plain_line import PlainLine

Conditions = Selector | DraftFilter
"""Both spell their conditions alike; times, status codes and sources are told apart here."""


def picked(lines: Iterable[PlainLine], selector: Conditions, names: Mapping[str, str]) -> list[PlainLine]:
    """The selected lines in their order; `names` are the names of files by source id.

    Raises `ValueError` for conditions that no line can be asked for: an address or a time that is none.
    """
    since, until = _time(selector.since), _time(selector.until)
    networks = [ip_network(one, strict=False) for one in selector.ips]
    files = {names.get(one, one) for one in selector.sources}
    left = [line for line in lines if _within(line, since, until)]
    left = [line for line in left if not networks or _from(line, networks)]
    left = [line for line in left if not files or line.file in files]
    left = [line for line in left if _fits(line, selector)]
    for one in getattr(selector, "without", ()):
        out = {(line.file, line.number) for line in picked(left, one, names)}
        left = [line for line in left if (line.file, line.number) not in out]
    return left


def _fits(line: PlainLine, selector: Conditions) -> bool:
    return (
        _has_hit(line, [one.value for one in selector.types], list(selector.rules))
        and (not selector.methods or line.method in selector.methods)
        and _in_ranges(line.status, [_bounds(one) for one in selector.status_codes])
        and _holds(line.url, selector.url_contains)
        and _holds(line.agent, selector.agent_contains)
        and _holds(line.user, selector.user_contains)
        and _holds(line.referrer, selector.referrer_contains)
        and _at(line.url, selector.paths)
        and (
            not selector.raw_contains or any(one.encode().lower() in line.raw.lower() for one in selector.raw_contains)
        )
    )


def beyond_plain(selector: Conditions) -> bool:
    """Whether conditions are left that raw lines do not tell: what the product calls an action or a data set."""
    return bool(selector.actions or selector.datasets or getattr(selector, "statuses", ()))


def _time(value: datetime | str | None) -> datetime | None:
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    if time is not None and time.tzinfo is None:
        raise ValueError("a time without a zone")
    return None if time is None else time.astimezone(UTC)


def _bounds(one: object) -> tuple[int, int]:
    if isinstance(one, tuple):
        return one
    return one.low, one.high  # type: ignore[attr-defined]  # a `StatusRange`


def _within(line: PlainLine, since: datetime | None, until: datetime | None) -> bool:
    if since is None and until is None:
        return True
    if line.time is None:
        return False
    return (since is None or since <= line.time) and (until is None or line.time < until)


def _from(line: PlainLine, networks: Iterable[object]) -> bool:
    return line.ip is not None and any(ip_address(line.ip) in one for one in networks)  # type: ignore[operator]


def _has_hit(line: PlainLine, types: list[str], rules: list[str]) -> bool:
    if not types and not rules:
        return True
    return any((not types or kind in types) and (not rules or rule in rules) for rule, kind in line.hits)


def _in_ranges(status: int | None, ranges: list[tuple[int, int]]) -> bool:
    return not ranges or (status is not None and any(low <= status <= high for low, high in ranges))


def _holds(text: str | None, parts: Iterable[str]) -> bool:
    wanted = list(parts)
    return not wanted or (text is not None and any(_low(part) in _low(text) for part in wanted))


def _low(text: str) -> str:
    return "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in text)


def _at(url: str | None, paths: Iterable[str]) -> bool:
    wanted = list(paths)
    if not wanted:
        return True
    path = (url or "").split("?")[0]
    return url is not None and any(path.startswith(one[:-1]) if one.endswith("*") else path == one for one in wanted)
