"""What a rule would have hit in this very case, counted over all lines."""

from dataclasses import replace
from functools import cached_property

import numpy as np

from core.answer import Backtest
from core.key import Keys
from core.plan import ANY_ATTACK, EVERYTHING
from core.selector import Selector
from stores.lake import Lake


class Trial:
    """Rules tried on the lines of one case, against the attack that was asked about."""

    def __init__(self, lake: Lake, asked: Selector) -> None:
        self.lake, self.asked = lake, asked
        self._known: dict[Selector, Backtest] = {}

    @cached_property
    def attacks(self) -> Keys:
        """All attack lines of the case, of any type."""
        return self.lake.keys(Selector(types=ANY_ATTACK))

    @cached_property
    def _asked(self) -> Keys:
        return self.lake.keys(replace(self.asked, types=self.asked.types or ANY_ATTACK))

    def of(self, hit: Selector) -> Backtest:
        """A rule that stops what `hit` picks."""
        if hit not in self._known:
            lines = self.lake.count(hit)
            attacks = self.lake.keys(replace(hit, types=ANY_ATTACK))
            self._known[hit] = Backtest(len(attacks), lines - len(attacks), self._share(attacks))
        return self._known[hit]

    def of_stopped(self, stopped: Keys) -> Backtest:
        """A rule that stops these lines."""
        attacks = stopped[np.isin(stopped, self.attacks, assume_unique=True)]
        return Backtest(len(attacks), len(stopped) - len(attacks), self._share(attacks))

    def lines_of(self, ips: frozenset[str]) -> int:
        """How many lines of the case come from these addresses."""
        return sum(lines for ip, lines in self.lake.per_ip(EVERYTHING) if ip in ips)

    def _share(self, attacks: Keys) -> float | None:
        """How much of the asked attack is among these lines; None where nothing asked is an attack line."""
        if not len(self._asked):
            return None
        return float(np.isin(self._asked, attacks, assume_unique=True).sum()) / len(self._asked)
