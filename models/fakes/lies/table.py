"""The ordered table of all operators, and what a draft cannot express."""

from collections.abc import Mapping
from types import MappingProxyType

from models.fakes.lies.counts import COUNTS
from models.fakes.lies.entities import ENTITIES
from models.fakes.lies.evidence import EVIDENCE
from models.fakes.lies.formats import FORMATS
from models.fakes.lies.kinds import KINDS
from models.fakes.lies.laundering import LAUNDERING
from models.fakes.lies.lie import Operator
from models.fakes.lies.narrative import NARRATIVE
from models.fakes.lies.omissions import OMISSIONS
from models.fakes.lies.outcomes import OUTCOMES
from models.fakes.lies.provenance import PROVENANCE
from models.fakes.lies.statistics import STATISTICS
from models.fakes.lies.times import TIMES

OPERATORS: tuple[Operator, ...] = (
    *COUNTS,
    *ENTITIES,
    *EVIDENCE,
    *TIMES,
    *KINDS,
    *OUTCOMES,
    *OMISSIONS,
    *PROVENANCE,
    *STATISTICS,
    *NARRATIVE,
    *FORMATS,
    *LAUNDERING,
)

NOT_EXPRESSIBLE: Mapping[str, str] = MappingProxyType(
    {
        "C15": "a file altered after it was read: no draft can do that; the case keeps lines of its own"
        " (test_damaged_segment), and other content is another source (test_files_that_only_begin_alike_are_two)",
    }
)
"""Classes without an operator: why, and which test covers them."""

BY_ID: Mapping[str, Operator] = MappingProxyType({one.id: one for one in OPERATORS})
