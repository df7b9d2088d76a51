"""What a rule would have hit in this very case, counted over all lines."""

from dataclasses import replace

from core.answer import Backtest
from core.plan import ANY_ATTACK
from core.selector import Selector
from stores.lake import Lake


def backtest(lake: Lake, hit: Selector, asked: Selector) -> Backtest:
    """Lines that `hit` picks: attack lines of any type, and others; and how much of the asked attack is among them.

    The share is None where nothing asked is an attack line.
    """
    lines = lake.count(hit)
    attacks = lake.count(replace(hit, types=ANY_ATTACK))
    return Backtest(attack_lines=attacks, other_lines=lines - attacks, attack_share=_share(lake, hit, asked))


def _share(lake: Lake, hit: Selector, asked: Selector) -> float | None:
    """Asked attack lines minus those that the rule leaves, over all of them."""
    attack = replace(asked, types=asked.types or ANY_ATTACK)
    whole = lake.count(attack)
    left = lake.count(replace(attack, without=(*attack.without, replace(hit, without=()))))
    return (whole - left) / whole if whole else None
