"""Hits as rows of the lake: which line, which rule, and what findings group by."""

import numpy as np
import pyarrow as pa

from core.arrow import numbers, texts
from core.event import HIT_SCHEMA
from detection.condition import qualified
from detection.records import Hits
from detection.rule import Rule


def hit_table(hits: Hits, lines: pa.Table, rules: tuple[Rule, ...]) -> pa.Table:
    """HIT_SCHEMA rows in the order of lines; `hits.rows` are rows of `lines`, `hits.rules` indexes into `rules`.

    Hits whose rule's condition does not hold on their line, and what `lines` has no column for, are left out.
    """
    hits = qualified(hits, lines, {i: rule.condition for i, rule in enumerate(rules) if rule.condition is not None})
    order = np.lexsort((hits.fields, hits.rules, hits.rows))
    repeated = lines.select([name for name in HIT_SCHEMA.names if name in lines.column_names])
    copied = repeated.take(numbers(hits.rows[order]))
    number = numbers(hits.rules[order])
    made = {
        "rule.id": pa.DictionaryArray.from_arrays(number, texts([rule.id for rule in rules])),
        "akashi.type": pa.DictionaryArray.from_arrays(number, texts([str(rule.type) for rule in rules])),
        "akashi.field": numbers(hits.fields[order]),
    }
    present = [name for name in HIT_SCHEMA.names if name in made or name in lines.column_names]
    columns = [made[name] if name in made else copied.column(name) for name in present]
    return pa.Table.from_arrays(columns, names=present)
