"""One spelling of a step, so that what means the same is the same."""

from dataclasses import replace

from core.dimension import Dimension
from core.plan import ANY_ATTACK, Operation, Step
from core.selector import Selector
from core.taxonomy import AttackType, Outcome
from retrieval.plan.entities import canonical_ip

LIMITS = {Operation.TOP: 10, Operation.LINES: 20, Operation.SEARCH: 10}
"""Rows or lines of an operation whose question names no number; all other operations have none."""

MOST_ROWS = 1000
"""What "all of them" means, and the most that a question can ask to see at once."""

_OF_ATTACKS = frozenset({Operation.REPORT, Operation.OUTCOME, Operation.RESPOND, Operation.EXPLAIN})
BY_OUTCOME = frozenset({
    Operation.REPORT, Operation.OUTCOME, Operation.COUNT, Operation.LINES, Operation.TOP, Operation.FIRST,
    Operation.LAST, Operation.TIMELINE,
})  # fmt: skip
_OF_HITS = frozenset({Dimension.TYPE, Dimension.RULE})
_GROUPS = frozenset({Operation.COUNT, Operation.TOP, Operation.TIMELINE})


def canonical(step: Step) -> Step:
    """An equal step in its one spelling: values sorted, defaults written out, what an operation cannot use left out.

    Pure and idempotent. Addresses that are none are kept as they are; the lake finds no line for them.
    """
    operation = step.operation
    selector = canonical_selector(step.selector)
    if operation in _OF_ATTACKS and selector.types == ANY_ATTACK:
        selector = replace(selector, types=())  # attacks are all that these look at
    by = _by(step)
    if by in _OF_HITS and not selector.types:
        selector = replace(selector, types=ANY_ATTACK)  # other lines have no type to be grouped by
    limit = None
    if operation in LIMITS:
        limit = min(max(step.limit or LIMITS[operation], 1), MOST_ROWS)
    against = canonical_selector(step.against) if step.against and operation is Operation.COMPARE else None
    return Step(
        operation=operation,
        selector=selector,
        by=by,
        limit=limit,
        against=against,
        outcomes=tuple(one for one in Outcome if one in step.outcomes) if operation in BY_OUTCOME else (),
        newest=step.newest and operation is Operation.LINES,
        words=step.words if operation in {Operation.SEARCH, Operation.EXPLAIN, Operation.RESPOND} else "",
    )


def _by(step: Step) -> Dimension | None:
    if step.operation not in _GROUPS:
        return None
    return Dimension.IP if step.by is None and step.operation is Operation.TOP else step.by


def canonical_selector(selector: Selector) -> Selector:
    """The same condition with its values sorted and in the spelling the lake uses."""
    flat = replace(selector, without=())
    left_out = sorted({canonical_selector(one) for one in selector.without}, key=repr)
    return replace(
        flat,
        ips=tuple(sorted({_ip(one) for one in flat.ips})),
        types=tuple(one for one in AttackType if one in flat.types),
        rules=tuple(sorted(set(flat.rules))),
        methods=tuple(sorted({one.upper() for one in flat.methods})),
        status_codes=_merged(flat.status_codes),
        url_contains=tuple(sorted(set(flat.url_contains))),
        paths=tuple(sorted(set(flat.paths))),
        agent_contains=tuple(sorted({one.lower() for one in flat.agent_contains})),
        user_contains=tuple(sorted(set(flat.user_contains))),
        referrer_contains=tuple(sorted(set(flat.referrer_contains))),
        raw_contains=tuple(sorted(set(flat.raw_contains))),
        actions=tuple(sorted(set(flat.actions))),
        datasets=tuple(sorted(set(flat.datasets))),
        sources=tuple(sorted(set(flat.sources))),
        statuses=tuple(sorted(set(flat.statuses))),
        without=tuple(one for one in left_out if one != Selector()),
    )


def _ip(text: str) -> str:
    try:
        return canonical_ip(text)
    except ValueError:
        return text


def _merged(codes: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Ranges sorted, touching ones joined: an error is a client's or a server's."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(set(codes)):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)
