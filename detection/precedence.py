"""One span, one story: which rule's hit gives way to which other's on the same field of a line."""

import numpy as np
from numpy.typing import NDArray

from core.errors import ContentError
from core.taxonomy import AttackType
from detection.records import Hits
from detection.rule import Rule

_FIELD_BITS = 8
_TYPES = frozenset(AttackType)


class Precedence:
    """What `yields_to` of the rules means for hits; the rules must be those the hits' numbers stand for."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._over = {i: over for i, rule in enumerate(rules) if (over := _over(rule, rules)).any()}

    def keep(self, hits: Hits) -> NDArray[np.bool_]:
        """Which hits stay: those on a field where no rule that they yield to hits as well."""
        kept = np.ones(len(hits.rows), np.bool_)
        place = hits.rows.astype(np.int64) << _FIELD_BITS | hits.fields
        for i in set(np.unique(hits.rules).tolist()) & self._over.keys():
            mine, over = hits.rules == i, self._over[i][hits.rules]
            kept[mine] = ~np.isin(place[mine], place[over])
        return kept


def _over(rule: Rule, rules: tuple[Rule, ...]) -> NDArray[np.bool_]:
    """The rules that `rule` gives way to. One that asks for more than its own field proves nothing to others."""
    return np.array([not other.condition and yields(rule, other) for other in rules], np.bool_)


def yields(rule: Rule, other: Rule) -> bool:
    """Whether the rule's hit gives way to the other's."""
    return other is not rule and (other.id in rule.yields_to or other.type in rule.yields_to)


def refuse_circles(rules: tuple[Rule, ...]) -> None:
    """Raises ContentError: rules that give way to each other would all vanish, a name that means nothing is a slip."""
    ids = {rule.id for rule in rules}
    for rule in rules:
        for name in rule.yields_to:
            if name not in ids and name not in _TYPES:
                known = (*sorted(_TYPES), *sorted(ids))
                raise ContentError(
                    "rule_not_one_of", file=rule.origin or rule.id, key="yields_to", value=name, known=known
                )
    above = {rule.id: {other.id for other in rules if yields(rule, other)} for rule in rules}
    for rule in rules:
        if rule.id in _reachable(above, rule.id):
            problem = "gives way to itself"
            raise ContentError("rule_bad_value", file=rule.origin or rule.id, key="yields_to", problem=problem)


def _reachable(above: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        new = above[waiting.pop()] - seen
        seen |= new
        waiting.extend(new)
    return seen
