"""What a model that reads every question rightly would plan: the expected plan, written as a model writes it."""

from core.dimension import Dimension
from core.draft_plan import DraftPlan, DraftStep
from core.draft_selector import draft_of
from core.plan import ANY_ATTACK, EVERYTHING, Operation
from core.selector import Selector
from eval.questions.schema import Expected, Picked, Planned


def truthful(expected: Expected) -> DraftPlan:
    """One step that is as expected; none where nobody can understand the question.

    Where the expectation leaves open what an operation cannot do without, it is addresses (`top`), everything
    (`compare`) and the type of the lines (`explain`).
    """
    if expected.not_understood:
        return DraftPlan(steps=[], unclear="?")
    operation, planned = expected.operation[0], expected.plan or Planned()
    against = _selector(planned.against) if planned.against else EVERYTHING if operation is Operation.COMPARE else None
    step = DraftStep(
        operation=operation,
        selector=draft_of(_selector(planned.selector, planned.without or ()), {}),
        by=planned.by or (Dimension.IP if operation is Operation.TOP else None),
        limit=planned.limit,
        against=None if against is None else draft_of(against, {}),
        outcomes=list(planned.outcomes or ()),
        newest=False,
        words="",
    )
    return DraftPlan(steps=[step], unclear="")


def _selector(picked: Picked, without: tuple[Picked, ...] = ()) -> Selector:
    """What does not begin as a path does is a part of one."""
    given = {name: getattr(picked, name) for name in Picked.model_fields if name not in {"types", "paths"}}
    return Selector(
        **given,
        types=ANY_ATTACK if isinstance(picked.types, str) else picked.types,
        paths=tuple(path for path in picked.paths if path.startswith("/")),
        url_contains=tuple(path for path in picked.paths if not path.startswith("/")),
        without=tuple(_selector(one) for one in without),
    )
