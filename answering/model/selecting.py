"""Which lines a draft means, or why nobody can say: selectors are bounded and written in one way only."""

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address, ip_network

from answering.model import limits
from core.draft_selector import DraftFilter, DraftSelector, selector_of
from core.line import SourceId
from core.selector import Selector

_LISTS = tuple(name for name in DraftFilter.model_fields if name not in ("since", "until"))


class RefusedError(ValueError):
    """A selector, time or value that means nothing here; its text is a code of `Struck`."""


def selector_for(draft: DraftSelector, sources: Mapping[str, SourceId]) -> Selector:
    """The selector that is meant; raises `RefusedError`.

    Networks with host bits, addresses that are none, empty words (they are in every line), windows that end before they
    begin and too many or too long values are refused.
    """
    if len(draft.without) > limits.WITHOUT or not all(_bounded(one) for one in (draft, *draft.without)):
        raise RefusedError("selector_too_large")
    try:
        meant = selector_of(draft, sources)
        return replace(_canonical(meant), without=tuple(_canonical(one) for one in meant.without))
    except (ValueError, OverflowError) as fault:
        raise RefusedError("bad_selector") from fault


def _bounded(part: DraftFilter) -> bool:
    lists = [getattr(part, name) for name in _LISTS]
    words = [value for values in lists for value in values if isinstance(value, str)]
    numbers = [end for one in part.status_codes for end in (one.low, one.high)]
    return (
        all(len(values) <= limits.VALUES for values in lists)
        and all(0 < len(word) <= limits.WORD and not _lone(word) for word in words)
        and all(0 <= end <= 999 for end in numbers)
    )


def _lone(word: str) -> bool:
    """Whether it holds half a character, which no line does."""
    return any("\ud800" <= character <= "\udfff" for character in word)


def _canonical(part: Selector) -> Selector:
    if part.since is not None and part.until is not None and part.since >= part.until:
        raise ValueError("a window without time")
    return replace(part, ips=tuple(_address(one) for one in part.ips))


def _address(text: str) -> str:
    if "/" in text:
        return str(ip_network(text))
    address = ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
