"""Claims by the ids that a model may refer to: those of the answer's parts and those of its own draft."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from core.claim import CheckedClaim
from core.part import Part


def ids_of(parts: Sequence[Part]) -> Mapping[str, CheckedClaim]:
    """The claims of all parts by id; an id that several parts use for different claims gets its part's: `p2.lines`."""
    found: dict[str, list[tuple[int, CheckedClaim]]] = defaultdict(list)
    for number, part in enumerate(parts, 1):
        for item in part.claims:
            if all(item != known for _, known in found[item.claim.id]):
                found[item.claim.id].append((number, item))
    named: dict[str, CheckedClaim] = {}
    for name, items in found.items():
        for number, item in items:
            unique = name if len(items) == 1 else f"p{number}.{name}"
            named[unique] = replace(item, claim=replace(item.claim, id=unique))
    return named


def referred(refers: Iterable[str], known: Mapping[str, CheckedClaim]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of claims that are meant, and what means none: `f1` means all claims of the finding."""
    found: dict[str, None] = {}
    lost: list[str] = []
    for one in dict.fromkeys(refers):
        below = [name for name in known if name == one or name.startswith(f"{one}.")] if one else []
        found.update(dict.fromkeys(below))
        if not below:
            lost.append(one)
    return tuple(found), tuple(lost)
