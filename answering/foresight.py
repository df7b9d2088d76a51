"""What a report will ask of every line: known before, so that one pass over the lines answers all of it."""

from collections.abc import Iterator

from answering.benign import of_known_clients
from answering.site import MISSING, SENT_ON, SERVED, is_access
from core.event import AGENT, BODY_BYTES, IP
from core.selector import Selector
from detection.rule import Mode
from detection.ruleset import RuleSet
from stores.lake import Lake


def foresee(lake: Lake, rules: RuleSet) -> None:
    """Saves passes, changes nothing: what is not foreseen is looked for when it is asked."""
    runs = [one.select for one in rules.behaviours if one.mode is Mode.RUN and one.select.rules]
    lake.foresee(_counts(lake, rules), runs, any(one.is_flood for one in rules.behaviours))


def _counts(lake: Lake, rules: RuleSet) -> Iterator[tuple[Selector, tuple[str, ...]]]:
    yield MISSING, ()
    yield SERVED, (BODY_BYTES,)
    yield SENT_ON, (IP,)
    for source in lake.sources:
        if is_access(source):
            yield Selector(sources=(source.id,)), (AGENT,)
    clients = of_known_clients(lake, rules, Selector())
    if clients is not None:
        yield clients, (AGENT, IP)
