"""Values with their lines as rows of a table."""

from collections.abc import Iterable
from datetime import datetime

from answering.operations.inquiry import Inquiry
from answering.operations.narrow import of_value
from core.dimension import SECONDS, Dimension
from core.part import Fact, Row
from core.selector import Selector


def value_rows(
    inquiry: Inquiry, selector: Selector, by: Dimension, pairs: Iterable[tuple[str, int]], of: int | None = None
) -> tuple[Row, ...]:
    """A row (value, lines) each, and the share of `of` lines behind it when that is given."""
    return tuple(
        Row(
            (
                value if by is Dimension.SOURCE else shown(inquiry, by, value),
                lines,
                *(() if of is None else (lines / of if of else None,)),
            ),
            of_value(inquiry, selector, by, value),
        )
        for value, lines in pairs
    )


def shown(inquiry: Inquiry, by: Dimension, value: str) -> Fact:
    """A value in a sentence: sources by name, stretches of time by their start."""
    if by in SECONDS:
        return datetime.fromisoformat(value)
    if by is Dimension.SOURCE:
        return next((one.name for one in inquiry.opened.lake.sources if one.id == value), value)
    return value
