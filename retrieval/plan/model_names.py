"""Which names a model's plan may use: those somebody typed and those an answer showed; it sees the typed ones."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from core.plan import LONGEST_QUESTION, CaseFacts, Exchange
from core.selector import Selector
from core.taxonomy import AttackType, Outcome
from retrieval.plan.canonical import canonical_selector
from retrieval.plan.compose import MOST_PIECES
from retrieval.plan.entities import address, canonical_ip
from retrieval.plan.fold import Folded, fold
from retrieval.plan.names import named
from retrieval.plan.piece import Kind
from retrieval.plan.read import ADDRESS_STARTS, pieces_of

KINDS = {
    "ips": "ip",
    "paths": "path",
    "url_contains": "path",
    "user_contains": "user",
    "agent_contains": "text",
    "referrer_contains": "text",
    "raw_contains": "text",
    "rules": "text",
    "methods": "text",
}
"""Conditions on what somebody wrote into a log or into the case, each with the kind of its labels."""

METHODS = frozenset("GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH".split())
"""Those of RFC 9110 and RFC 5789, which need not be typed."""

_CODES = frozenset({*AttackType, *Outcome, *METHODS})
_READ = frozenset({Kind.PATH, Kind.URL, Kind.USER, Kind.AGENT, Kind.REFERRER, Kind.RAW, Kind.RULE, Kind.METHOD})
_EDGES = "/*"
_LETTER = r"[^\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff々〇]"
"""A letter or digit of a script that parts its words: see `fold.is_japanese`."""

_UNNAMED = "@unknown"


@dataclass(frozen=True, slots=True)
class Names:
    """`typed` are the folded questions; `labels` stand for what nobody typed (`@ip1`), by kind and value.

    `ips` are the typed addresses, also those written defanged or as a range. `read` is what the built-in planner takes
    typed words for: "the login page", 「グーグルボット」. `showed` are the values of the labels, addresses canonical.
    """

    typed: str
    ips: frozenset[str]
    read: frozenset[str]
    labels: Mapping[tuple[str, str], str]
    values: Mapping[str, str]
    showed: frozenset[str]

    def shown(self, kind: str, value: str) -> str:
        """The value as a model may see it: itself where it was typed or is a code of ours, else its label.

        What only looks as it was typed has a label: a log can hold text between the letters that nobody sees.
        """
        if value in _CODES or (fold(value).cased == value and self.was_typed(value)):
            return value
        return self.labels.get((kind, value), _UNNAMED)

    def masked(self, selector: Selector) -> Selector:
        """The same condition, spelled canonically, with labels in place of what nobody typed."""
        return _each(canonical_selector(selector), self.shown)

    def unmasked(self, selector: Selector) -> Selector:
        """The other way round; a label that stands for nothing stays, and other text is spelled as typed text is."""
        return _each(selector, lambda _, text: self.meant(text))

    def meant(self, text: str) -> str:
        """What a label stands for; any other text is itself, folded as a question is."""
        return self.values.get(text) or fold(text).cased

    def foreign(self, selector: Selector) -> Iterator[str]:
        """Every name in the (unmasked) condition that nobody typed and no answer showed."""
        for name, kind in KINDS.items():
            for value in getattr(selector, name):
                known = (_canonical(value) or value) in self.showed or (kind != "ip" and fold(value).text in self.read)
                if not (known or self.was_typed(value) or (name == "methods" and value.upper() in METHODS)):
                    yield value
        for one in selector.without:
            yield from self.foreign(one)

    def was_typed(self, value: str) -> bool:
        """Whether it stands in a question of the conversation: an address as such, anything else as whole words."""
        ip = _canonical(value)
        return _stands_in(fold(value).text.strip(_EDGES), self.typed) if ip is None else ip in self.ips


def names_of(question: str, facts: CaseFacts, history: Sequence[Exchange]) -> Names:
    """The names of a conversation whose next question this is; linear in what was typed."""
    folded = [fold(text[:LONGEST_QUESTION]) for text in (question, *(one.question for one in history))]
    labels: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    for kind, value in (pair for one in history for pair in _of(one)):
        if (kind, value) not in labels:
            counts[kind] = counts.get(kind, 0) + 1
            labels[kind, value] = f"@{kind}{counts[kind]}"
    return Names(
        typed="\n".join(one.text for one in folded),
        ips=frozenset(ip for one in folded for ip in _addresses(one)),
        read=frozenset(text for one in folded for text in _read(one, facts)),
        labels=labels,
        values={label: value for (_, value), label in labels.items()},
        showed=frozenset(_canonical(value) or value for _, value in labels),
    )


def _each(selector: Selector, made: Callable[[str, str], str]) -> Selector:
    """The same condition with every name in it made another."""
    texts: dict[str, Any] = {
        name: tuple(made(kind, one) for one in getattr(selector, name)) for name, kind in KINDS.items()
    }
    return replace(selector, without=tuple(_each(one, made) for one in selector.without), **texts)


def _of(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """What an earlier answer showed, then what its plan asked for."""
    for kind, values in (("ip", exchange.ips), ("user", exchange.users), ("path", exchange.paths)):
        yield from ((kind, value) for value in values)
    for step in exchange.plan.steps:
        yield from _in(canonical_selector(step.selector))
        yield from _in(canonical_selector(step.against or Selector()))
        yield from [("text", step.words)] if step.words else []


def _in(selector: Selector) -> Iterator[tuple[str, str]]:
    for name, kind in KINDS.items():
        yield from ((kind, value) for value in getattr(selector, name))
    for one in selector.without:
        yield from _in(one)


def _read(folded: Folded, facts: CaseFacts) -> Iterable[str]:
    for piece in named(list(islice(pieces_of(folded, facts), MOST_PIECES)), folded, facts):
        if piece.kind in _READ:
            yield from (fold(value).text for value in piece.value.split("\n"))


def _addresses(folded: Folded) -> Iterator[str]:
    for at, char in enumerate(folded.text):
        piece = address(folded, at) if char in ADDRESS_STARTS else None
        if piece is not None and piece.kind is Kind.IP:
            yield from piece.value.split(",")


def _canonical(text: str) -> str | None:
    """An address or a network as a selector spells it; None for anything else."""
    try:
        return canonical_ip(text)
    except ValueError:
        return None


def _stands_in(word: str, typed: str) -> bool:
    """Whether the folded word stands in the folded text, and is not a mere part of a longer word of Latin letters."""
    if not word:
        return False
    before = f"(?<!{_LETTER})" if re.match(_LETTER, word) else ""
    behind = f"s?(?!{_LETTER})" if re.match(_LETTER, word[-1]) else ""
    return re.search(before + re.escape(word) + behind, typed) is not None
