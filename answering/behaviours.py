"""Run the behaviours of a rule set over the lake and add what they find as hits, beside the signatures' hits."""

import numpy as np
import pyarrow as pa

from core.event import BODY_BYTES, HIT_SCHEMA, IP, LINE, METHOD, SOURCE, STATUS_CODE, TIME
from core.field import Field
from core.selector import Selector
from detection.rule import Behaviour, Mode
from detection.ruleset import RuleSet
from stores.behaviour import Crowd
from stores.lake import Lake

WHOLE_LINE = Field.OTHER
"""A behaviour matches no field; its hits carry this one, and their quotes span 0:0."""


def apply_behaviours(lake: Lake, rules: RuleSet) -> None:
    """Add the hits of every behaviour, in the rule set's order: a later one may select by an earlier one's hits.

    Behaviours look at the whole case, never at a window of it: a burst is not less of one because only its middle was
    asked for. A lake that carries behaviour hits already is left alone.
    """
    if rules.behaviours and lake.per_rule(Selector(rules=tuple(one.id for one in rules.behaviours))):
        return
    wanted = ((one.select, one.then, one.relief) for one in rules.behaviours)
    lake.prepare(selector for three in wanted for selector in three if selector is not None)
    for behaviour in rules.behaviours:
        rows = behaviour_lines(lake, behaviour)
        if len(rows):
            lake.add_hits(as_hits(rows, behaviour))


def behaviour_lines(lake: Lake, behaviour: Behaviour) -> pa.Table:
    """The lines that belong to groups past the behaviour's threshold."""
    select, key, crowd = behaviour.select, behaviour.key, _crowd(behaviour)
    if behaviour.mode is Mode.SESSION:
        return lake.sessions(select, key, behaviour.gap_seconds, crowd)
    if behaviour.mode is Mode.BURST:
        return lake.bursts(select, key, behaviour.window_seconds, crowd)
    then = behaviour.then if behaviour.then is not None else Selector()
    return lake.sequence(select, then, key, behaviour.within_seconds, crowd)


def _crowd(behaviour: Behaviour) -> Crowd:
    return Crowd(
        lines=behaviour.lines,
        distinct=behaviour.distinct,
        values=behaviour.values,
        tries=behaviour.tries,
        except_urls=behaviour.except_urls,
        besides=behaviour.besides,
        mixed=behaviour.mixed,
        relief=behaviour.relief,
        share=behaviour.share,
    )


def as_hits(rows: pa.Table, behaviour: Behaviour) -> pa.Table:
    """HIT_SCHEMA rows of the lines of one behaviour."""
    constants = {
        "rule.id": _constant(behaviour.id, len(rows)),
        "akashi.type": _constant(str(behaviour.type), len(rows)),
        "akashi.field": pa.array(np.full(len(rows), int(WHOLE_LINE), np.uint8)),
    }
    copied = {name: rows.column(name) for name in (SOURCE, LINE, TIME, IP, METHOD, STATUS_CODE, BODY_BYTES)}
    columns = constants | copied
    return pa.table([columns[name] for name in HIT_SCHEMA.names], names=HIT_SCHEMA.names).cast(HIT_SCHEMA)


def _constant(text: str, length: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(np.zeros(length, np.int32), pa.array([text]))
