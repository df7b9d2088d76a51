"""Values a snapshot has few of: compared once in Python, they become lists that the engine looks up."""

from collections.abc import Callable, Sequence

from core.event import ACTION, AGENT, IP
from core.match import contains, network, within

MANY_AGENTS = 20_000
"""User agents above which they are searched in the lines instead of listed once."""


class KnownValues:
    """`distinct(column, most)` lists the column's values, at most so many (0: all)."""

    def __init__(self, distinct: Callable[[str, int], Sequence[str]]) -> None:
        self._distinct = distinct

    def actions(self, asked: Sequence[str]) -> list[str]:
        """Those of the actions that occur at all."""
        known = frozenset(self._distinct(ACTION, 0)) if asked else frozenset()
        return [action for action in asked if action in known]

    def agents(self, parts: Sequence[str]) -> list[str] | None:
        """The user agents that contain one of the parts: there are few, so none is searched twice; None if many."""
        agents = self._distinct(AGENT, MANY_AGENTS + 1)
        return None if len(agents) > MANY_AGENTS else [agent for agent in agents if contains(parts, agent)]

    def inside(self, networks: Sequence[str]) -> list[str]:
        """The addresses inside the networks: the engine has no address type."""
        parsed = [network(text) for text in networks]
        return [address for address in self._distinct(IP, 0) if within(address, parsed)]
