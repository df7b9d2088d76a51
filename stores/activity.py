"""When the sources of a case were silent for long."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

import pyarrow as pa

from core.event import SOURCE, TIME
from core.selector import Selector
from stores.relation import Relation
from stores.selector_sql import Query

_STRETCHES = 10
_ACTIVITY = f"""
WITH minute AS (SELECT "{SOURCE}", min("{TIME}") AS first, max("{TIME}") AS last, count(*) AS lines
  FROM {{lines}} WHERE "{TIME}" IS NOT NULL GROUP BY "{SOURCE}", epoch_us("{TIME}") // 60000000),
spaced AS (SELECT "{SOURCE}", lines, last AS since, lead(first) OVER (PARTITION BY "{SOURCE}" ORDER BY first) AS until
  FROM minute),
usual AS (SELECT "{SOURCE}", sum(lines)::BIGINT AS lines,
  quantile_cont(epoch_us(until) - epoch_us(since), 0.95) / 1e6 AS usual_seconds FROM spaced GROUP BY ALL)
SELECT "{SOURCE}", since, until, (epoch_us(until) - epoch_us(since)) / 1e6 AS seconds, usual_seconds, usual.lines
FROM spaced JOIN usual USING ("{SOURCE}") WHERE until IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY "{SOURCE}" ORDER BY until - since DESC, since) <= {_STRETCHES}
ORDER BY "{SOURCE}", seconds DESC, since
"""


def activity_of(relation: Relation) -> pa.Table:
    """The longest silent stretches of each source; see `Lake.activity`."""
    query = Query()
    lines = relation.lines(query, Selector(), (SOURCE, TIME))
    return relation.engine.table(_ACTIVITY.format(lines=lines), query.params)
