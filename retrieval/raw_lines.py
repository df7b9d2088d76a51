"""Search without an index: the lines of the lake that hold words of the question."""

from dataclasses import dataclass, replace

from core.event import RAW, TIME
from core.line import LineRef
from core.selector import Selector
from retrieval.retrieved import RawLine
from stores.lake import Lake

MOST_LINES = 2_000
"""Matching lines that are ranked; of more, the newest are."""


@dataclass(frozen=True, slots=True)
class RawLines:
    """Lines, most words first; `cut`: there were more than could be ranked."""

    lines: tuple[RawLine, ...]
    cut: bool


def search_lines(lake: Lake, words: tuple[str, ...], selector: Selector, k: int) -> RawLines:
    """Up to `k` lines among those the selector picks that hold the most different words, the newest of equals first.

    A field that the selector narrows already is not searched. Without words nothing is found.
    """
    if not words or k < 1:
        return RawLines((), cut=False)
    refs: dict[LineRef, None] = {}
    cut = False
    for selectors in (_by_field(selector, words), _by_line(selector, words)):
        for one in selectors:
            found = lake.refs(one, MOST_LINES + 1, newest=True)
            cut = cut or len(found) > MOST_LINES
            refs.update(dict.fromkeys(found[:MOST_LINES]))
        if refs:
            break
    return RawLines(_ranked(lake, tuple(refs), words)[:k], cut)


def _by_field(selector: Selector, words: tuple[str, ...]) -> list[Selector]:
    """Where words stand in most lines; the whole line, which takes longer, is for those that are in none of these."""
    return [
        *([] if selector.agent_contains else [replace(selector, agent_contains=words)]),
        *([] if selector.url_contains else [replace(selector, url_contains=words)]),
        *([] if selector.user_contains else [replace(selector, user_contains=words)]),
        *([] if selector.referrer_contains else [replace(selector, referrer_contains=words)]),
    ]


def _by_line(selector: Selector, words: tuple[str, ...]) -> list[Selector]:
    return [] if selector.raw_contains else [replace(selector, raw_contains=words)]


def _ranked(lake: Lake, refs: tuple[LineRef, ...], words: tuple[str, ...]) -> tuple[RawLine, ...]:
    """Most words first; lines without a time come behind all others of as many words."""
    sought = [(word, word.encode()) for word in words]
    table = lake.events(refs, (RAW, TIME))
    found = []
    for ref, text, time in zip(refs, table.column(RAW).to_pylist(), table.column(TIME).to_pylist(), strict=True):
        small = text.lower()
        line = RawLine(ref, tuple(word for word, sign in sought if sign in small))
        found.append((len(line.words), (time is not None, time), ref, line))
    found.sort(key=lambda one: one[:3], reverse=True)
    return tuple(line for *_, line in found)
