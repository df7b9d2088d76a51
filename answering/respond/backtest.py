"""What a rule would have hit in this very case, counted over all lines."""

from dataclasses import replace
from functools import cached_property
from typing import Protocol

import numpy as np
import pyarrow as pa

from core.key import Keys
from core.part import Backtest
from core.plan import ANY_ATTACK, EVERYTHING
from core.selector import Selector
from stores.lake import Lake


class Kept(Protocol):
    """Where tables that depend on the lines alone are kept for further questions."""

    def table(self, name: str) -> pa.Table | None:
        """What was kept under the name; None when nothing was."""

    def keep_table(self, name: str, table: pa.Table) -> None:
        """Keep it, if that can be done."""


class Trial:
    """Rules tried on the lines of one case, against the attack that was asked about."""

    def __init__(self, lake: Lake, asked: Selector, kept: Kept | None = None) -> None:
        self.lake, self.asked, self.kept = lake, asked, kept
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
