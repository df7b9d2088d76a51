"""When the sources of a case were silent for long."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from core.arrow import numbers
from core.event import SOURCE, TIME
from core.key import split_keys
from stores.part import NO_NUMBER, Ints, Part, nothing
from stores.relation import Relation

_MINUTE = 60_000_000
_STRETCHES = 10
_ACTIVITY = f"""
WITH minute AS (SELECT "{SOURCE}", min(first) AS first, max(last) AS last, sum(lines) AS lines
  FROM parts GROUP BY "{SOURCE}", minute),
spaced AS (SELECT "{SOURCE}", lines, last AS since, lead(first) OVER (PARTITION BY "{SOURCE}" ORDER BY first) AS until
  FROM minute),
usual AS (SELECT "{SOURCE}", sum(lines)::BIGINT AS lines,
  quantile_cont(epoch_us(until) - epoch_us(since), 0.95) / 1e6 AS usual_seconds FROM spaced GROUP BY ALL)
SELECT "{SOURCE}", since, until, (epoch_us(until) - epoch_us(since)) / 1e6 AS seconds, usual_seconds, usual.lines
FROM spaced JOIN usual USING ("{SOURCE}") WHERE until IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY "{SOURCE}" ORDER BY until - since DESC, since) <= {_STRETCHES}
ORDER BY "{SOURCE}", seconds DESC, since
"""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Which minutes have lines: rows of `log.source`, `minute`, `first`, `last` (times) and `lines`."""

    def look(self, part: Part) -> pa.Table:
        """The minutes of these lines."""
        known = part.integers(TIME) != NO_NUMBER
        times, sources = part.integers(TIME)[known], split_keys(part.keys)[0][known]
        minutes = times // _MINUTE
        order = _order(sources, minutes)
        times, sources, minutes = times[order], sources[order], minutes[order]
        changed = (np.diff(minutes, prepend=NO_NUMBER) != 0) | (np.diff(sources, prepend=NO_NUMBER) != 0)
        begins = np.flatnonzero(changed)
        ends = np.append(begins[1:], len(times))[: len(begins)]
        moment = pa.timestamp("us")
        columns = {
            SOURCE: numbers(sources[begins].astype(np.int32)),
            "minute": numbers(minutes[begins]),
            "first": numbers(_each(np.minimum, times, begins)).cast(moment),
            "last": numbers(_each(np.maximum, times, begins)).cast(moment),
            "lines": numbers(ends - begins),
        }
        return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def _order(sources: Ints, minutes: Ints) -> Ints:
    """Places in the order of (source, minute)."""
    span = int(minutes.max(initial=0)) - int(minutes.min(initial=0)) + 1
    if len(minutes) and sources[0] == sources[-1] and span < 1 << 16 and (sources == sources[0]).all():
        return np.argsort((minutes - minutes.min()).astype(np.uint16), kind="stable")  # 16 bits are sorted by radix
    return np.lexsort((minutes, sources))


def _each(of: np.ufunc, times: Ints, begins: Ints) -> Ints:
    """One value for each stretch of times."""
    return np.asarray(of.reduceat(times, begins)) if len(begins) else times


def activity_of(relation: Relation) -> pa.Table:
    """The longest silent stretches of each source; see `Lake.activity`."""
    asked = Minutes()
    parts = pa.concat_tables([asked.look(nothing()), *relation.survey.ask(asked)])
    return relation.engine.table(_ACTIVITY, {}, parts=parts)
