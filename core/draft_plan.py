"""What a model makes of a question: steps of the same whitelisted operations that the built-in planner uses."""

from typing import Annotated

from pydantic import Field

from core.dimension import Dimension
from core.draft_selector import DraftModel, DraftSelector
from core.plan import Operation
from core.taxonomy import Outcome


class DraftStep(DraftModel):
    """As `core.plan.Step`; `words` is what `search` looks for, or the code that `explain` explains."""

    operation: Annotated[Operation, Field(strict=False)]
    selector: DraftSelector
    by: Annotated[Dimension | None, Field(strict=False)]
    limit: int | None
    against: DraftSelector | None
    outcomes: Annotated[list[Outcome], Field(strict=False)]
    newest: bool
    words: str


class DraftPlan(DraftModel):
    """`steps` may be empty: then `unclear` says in the language of the question what is missing."""

    steps: list[DraftStep]
    unclear: str
