"""Compiles a selector into SQL conditions whose every value is a bound parameter."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from core.event import (
    ACTION,
    AGENT,
    DATASET,
    IP,
    METHOD,
    RAW,
    REFERRER,
    SOURCE,
    STATUS,
    STATUS_CODE,
    TIME,
    URL,
    USER,
)
from core.match import naive_utc, network
from core.selector import Selector

FEW = 16
"""Up to so many values are written as `IN ($a, $b)`, which Parquet statistics understand; more become a join."""


@dataclass(slots=True)
class Query:
    """Parameters collected while SQL is put together; `bind` gives the placeholder of a value."""

    params: dict[str, object] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        """A new placeholder for the value."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"${name}"


@dataclass(frozen=True, slots=True)
class Conditions:
    """SQL of a selector: `shared` needs columns that events and hits have, `event` only events, `hit` only hits."""

    shared: tuple[str, ...]
    event: tuple[str, ...]
    hit: tuple[str, ...]


def compile_selector(
    selector: Selector,
    query: Query,
    numbers: Collection[int],
    addresses: Callable[[Sequence[str]], Sequence[str]],
    agents: Callable[[Sequence[str]], Sequence[str] | None],
    actions: Callable[[Sequence[str]], Sequence[str]],
    raw: Callable[[Query, Sequence[str]], Sequence[str]],
) -> Conditions:
    """`numbers` are the source numbers of `selector.sources`; `addresses` lists known addresses inside networks.

    `agents` lists the known user agents that contain a text, or None when there are too many to list; `actions` keeps
    the actions that occur at all (asking for one that does not costs nothing then). `raw` gives the condition on the
    bytes of the line.
    """
    shared = [
        *_one_of(query, SOURCE, numbers, "INTEGER", asked=bool(selector.sources)),
        *_one_of(query, METHOD, selector.methods),
        *_window(query, selector),
        *_ranges(query, selector),
        *_addresses(query, selector, addresses),
    ]
    event = [
        *_one_of(query, ACTION, actions(selector.actions), asked=bool(selector.actions)),
        *_one_of(query, DATASET, selector.datasets),
        *_one_of(query, STATUS, [int(status) for status in selector.statuses], "INTEGER"),
        *_contains(query, URL, selector.url_contains),
        *_paths(query, selector.paths),
        *_agents(query, selector, agents),
        *_contains(query, USER, selector.user_contains),
        *_contains(query, REFERRER, selector.referrer_contains),
        *raw(query, selector.raw_contains),
    ]
    hit = [
        *_one_of(query, "akashi.type", [str(kind) for kind in selector.types]),
        *_one_of(query, "rule.id", selector.rules),
    ]
    return Conditions(tuple(shared), tuple(event), tuple(hit))


def conjunction(conditions: Sequence[str]) -> str:
    """All conditions ANDed; TRUE when there are none."""
    return " AND ".join(conditions) or "TRUE"


def _one_of(
    query: Query, column: str, values: Collection[object], kind: str = "VARCHAR", asked: bool = False
) -> list[str]:
    if not values:
        return ["FALSE"] if asked else []
    known = [value for value in values if _can_be_stored(value)]
    if len(known) <= FEW:
        marks = ", ".join(query.bind(value) for value in known)
        return [f'"{column}" IN ({marks})'] if known else ["FALSE"]
    return [f'"{column}" IN (SELECT unnest({query.bind(known)}::{kind}[]))']


def _window(query: Query, selector: Selector) -> list[str]:
    since, until = selector.since, selector.until
    return [
        *([] if since is None else [f'"{TIME}" >= {query.bind(naive_utc(since))}']),
        *([] if until is None else [f'"{TIME}" < {query.bind(naive_utc(until))}']),
    ]


def _ranges(query: Query, selector: Selector) -> list[str]:
    if not selector.status_codes:
        return []
    ranges = [
        f'"{STATUS_CODE}" BETWEEN {query.bind(low)} AND {query.bind(high)}' for low, high in selector.status_codes
    ]
    return [f"({' OR '.join(ranges)})"]


def _addresses(query: Query, selector: Selector, addresses: Callable[[Sequence[str]], Sequence[str]]) -> list[str]:
    networks = [text for text in selector.ips if "/" in text]
    for text in networks:
        network(text)  # refuse a malformed one even when the lake is empty
    single = [text for text in selector.ips if "/" not in text]
    values = [*single, *addresses(networks)] if networks else single
    return _one_of(query, IP, values, asked=bool(selector.ips))


def _agents(query: Query, selector: Selector, agents: Callable[[Sequence[str]], Sequence[str] | None]) -> list[str]:
    if not selector.agent_contains:
        return []
    known = agents(selector.agent_contains)
    if known is None:
        return _contains(query, AGENT, selector.agent_contains)
    return _one_of(query, AGENT, known, asked=True)


def _contains(query: Query, column: str, parts: Collection[str]) -> list[str]:
    return [contains_sql(query, column, parts)] if parts else []


def contains_sql(query: Query, column: str, parts: Collection[str]) -> str:
    """Whether the column holds one of the parts, ASCII letters in either case; null where it is null."""
    any_of = pattern_of(parts)  # one pass over the text, however many parts
    return "FALSE" if any_of is None else f"regexp_matches(\"{column}\", {query.bind(any_of)}, 's')"


def pattern_of(parts: Collection[str]) -> str | None:
    """RE2 for a text that holds one of the parts, ASCII letters in either case; None when no stored text can."""
    known = [part for part in parts if _can_be_stored(part)]
    return "|".join("".join(map(_letter, part)) for part in known) if known else None


def _letter(character: str) -> str:
    """RE2 for one character: ASCII letters in either case, everything else as itself."""
    if not character.isascii():
        return character
    if character.isalpha():  # the count keeps RE2 from merging [Kk] with a neighbour into a class that has \u212a too
        return f"[{character.upper()}{character.lower()}]{{1}}"
    return character if character.isdigit() else f"\\x{ord(character):02x}"


def _paths(query: Query, paths: Collection[str]) -> list[str]:
    """Whole paths, or beginnings of paths; the query behind the first question mark is no part of them."""
    if not paths:
        return []
    asked = [one for one in paths if _can_be_stored(one) and "?" not in one]
    if "*" in asked:  # the engine takes a pattern of nothing for one that nothing matches
        return [f'"{URL}" IS NOT NULL']
    patterns = [_plain(one[:-1]) if one.endswith("*") else f"{_plain(one)}(?:\\?|\\z)" for one in asked]
    any_of = f"\\A(?:{'|'.join(patterns)})"
    return [f"regexp_matches(\"{URL}\", {query.bind(any_of)}, 's')"] if asked else ["FALSE"]


_BYTE = r"\A(?:[^\\]|\\x..)*?"
"""Whole bytes from the start of a line: the engine writes a byte that is not plain ASCII as \\xHH."""


def raw_sql(query: Query, parts: Collection[str]) -> str:
    """Whether the bytes of the line hold one of the parts, ASCII letters in either case.

    Looked for anywhere first, which is quick; what was found may begin inside of an escape, so it is found again from
    the start of the line. (No letter folds to one outside of ASCII here: the text has none.)
    """
    known = [part for part in parts if _can_be_stored(part)]
    if not known:
        return "FALSE"
    any_of = f"(?i)(?:{'|'.join(''.join(map(_byte, part.encode())) for part in known)})"
    text = f'"{RAW}"::VARCHAR'
    quick, exact = query.bind(any_of), query.bind(_BYTE + any_of)
    return f"(regexp_matches({text}, {quick}) AND regexp_matches({text}, {exact}, 's'))"


def _byte(value: int) -> str:
    """RE2 for one byte as the engine writes it."""
    written_out = not 0x20 <= value < 0x7F or chr(value) in "\\\"'"
    return f"\\\\x{value:02X}" if written_out else _plain(chr(value))


def _plain(text: str) -> str:
    """RE2 for the text as it is."""
    return "".join(letter if letter.isalnum() or not letter.isascii() else f"\\x{ord(letter):02x}" for letter in text)


def _can_be_stored(value: object) -> bool:
    """Lone surrogates are no UTF-8: no stored text has them, and the engine cannot take them."""
    return not isinstance(value, str) or not any("\ud800" <= character <= "\udfff" for character in value)
