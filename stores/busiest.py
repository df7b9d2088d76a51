"""Whether one address has nearly all lines: it is then the busiest one of some segment, and by far."""

from dataclasses import dataclass

import numpy as np

from core.event import IP
from stores.part import Part
from stores.relation import Relation

_SAMPLE = 0.25


@dataclass(frozen=True, slots=True)
class Busiest:
    """Which address has the most of these lines."""

    def look(self, part: Part) -> tuple[str, float] | None:
        """The address and its share of the lines, those without an address too; None where there is none."""
        known = part.named(IP)
        counts = np.bincount(known.places + 1, minlength=2)[1:]
        best = int(counts.argmax())
        return (str(known.names[best].as_py()), counts[best] / len(part)) if counts[best] else None


def dominant_candidates(relation: Relation, share: float) -> list[str]:
    """Every address that may have this share (more than 0.75) of all lines.

    Whoever has that much of all lines has much of any quarter of them, and as much of one segment of the quarter.
    """
    asked, survey = Busiest(), relation.survey
    if survey.knows(asked):
        found, least = survey.ask(asked), share
    else:
        found, least = survey.of_share(asked, _SAMPLE), (share - (1 - _SAMPLE)) / _SAMPLE
    return list(dict.fromkeys(one[0] for one in found if one is not None and one[1] >= least))
