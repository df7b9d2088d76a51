"""Behaviour in time as SQL: runs without a pause, many lines in a short while, success after failures.

Every query takes lines as `selected` with the columns source, line, key, time and more, orders them by (time, source,
line), and first throws away keys that cannot qualify, so that sorting touches only the busy ones.
"""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from core.event import LINE, SOURCE, TIME
from stores.selector_sql import Query

_ORDER = f'"{TIME}", "{SOURCE}", "{LINE}"'
_WINDOW = f"PARTITION BY key ORDER BY {_ORDER}"
_SO_FAR = "ROWS UNBOUNDED PRECEDING"


def sessions_sql(query: Query, selected: str, columns: str, gap_seconds: float, lines: int, distinct_urls: int) -> str:
    """Lines of runs of one key in which no pause is longer than the gap, with enough lines and distinct URL paths."""
    gap, least, urls = query.bind(_micros(gap_seconds)), query.bind(lines), query.bind(distinct_urls)
    enough = f"count(*) >= {least}" + (f" AND count(DISTINCT path) >= {urls}" if distinct_urls else "")
    return f"""
WITH selected AS {_busy(selected, enough)},
paused AS (SELECT *, coalesce(epoch_us("{TIME}") - epoch_us(lag("{TIME}") OVER ({_WINDOW})) > {gap}, true) AS paused
  FROM selected),
run AS (SELECT *, sum(paused::INTEGER) OVER ({_WINDOW} {_SO_FAR}) AS run FROM paused),
enough AS (SELECT key, run FROM run GROUP BY key, run HAVING {enough})
SELECT {columns} FROM run SEMI JOIN enough USING (key, run)
"""


def bursts_sql(query: Query, selected: str, columns: str, window_seconds: float, lines: int) -> str:
    """Lines of one key inside any stretch shorter than the window that holds enough lines."""
    width, least = query.bind(_micros(window_seconds)), query.bind(lines)
    return f"""
WITH selected AS {_busy(selected, f"count(*) >= {least}")},
placed AS (SELECT *, row_number() OVER ({_WINDOW}) AS place,
  epoch_us(lead("{TIME}", {lines - 1}) OVER ({_WINDOW})) - epoch_us("{TIME}") < {width} AS starts FROM selected),
latest AS (SELECT *, max(CASE WHEN starts THEN place END) OVER ({_WINDOW} {_SO_FAR}) AS start FROM placed)
SELECT {columns} FROM latest WHERE place - start < {least}
"""


def sequence_sql(query: Query, failures: str, successes: str, columns: str, within_seconds: float, lines: int) -> str:
    """Success lines before which the same key failed often enough within the time; a line never precedes itself."""
    within, least = query.bind(_micros(within_seconds)), query.bind(lines)
    return f"""
WITH both_kinds AS (
  SELECT key, "{TIME}", "{SOURCE}", "{LINE}", true AS failed FROM {failures}
  UNION ALL SELECT key, "{TIME}", "{SOURCE}", "{LINE}", false FROM {successes}),
busy AS (SELECT key FROM both_kinds GROUP BY key HAVING count(*) FILTER (failed) >= {least} AND bool_or(NOT failed)),
counted AS (SELECT *, sum(failed::INTEGER) OVER ({_WINDOW}, failed {_SO_FAR}) AS failures
  FROM both_kinds SEMI JOIN busy USING (key)),
nth AS (SELECT key, failures + {least} - 1 AS failures, "{TIME}" AS since FROM counted WHERE failed),
proven AS (SELECT "{SOURCE}", "{LINE}" FROM counted JOIN nth USING (key, failures)
  WHERE NOT failed AND epoch_us("{TIME}") - epoch_us(since) <= {within})
SELECT {columns} FROM {successes} SEMI JOIN proven USING ("{SOURCE}", "{LINE}")
"""


def activity_sql(lines: str, stretches: int) -> str:
    """Per source its longest silent stretches between minutes that have lines, beside what is usual for it."""
    return f"""
WITH minute AS (SELECT "{SOURCE}", min("{TIME}") AS first, max("{TIME}") AS last, count(*) AS lines
  FROM {lines} WHERE "{TIME}" IS NOT NULL GROUP BY "{SOURCE}", epoch_us("{TIME}") // 60000000),
spaced AS (SELECT "{SOURCE}", lines, last AS since, lead(first) OVER (PARTITION BY "{SOURCE}" ORDER BY first) AS until
  FROM minute),
usual AS (SELECT "{SOURCE}", sum(lines)::BIGINT AS lines,
  quantile_cont(epoch_us(until) - epoch_us(since), 0.95) / 1e6 AS usual_seconds FROM spaced GROUP BY ALL)
SELECT "{SOURCE}", since, until, (epoch_us(until) - epoch_us(since)) / 1e6 AS seconds, usual_seconds, usual.lines
FROM spaced JOIN usual USING ("{SOURCE}") WHERE until IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY "{SOURCE}" ORDER BY until - since DESC, since) <= {stretches}
ORDER BY "{SOURCE}", seconds DESC, since
"""


def _busy(selected: str, enough: str) -> str:
    return (
        f"(SELECT * FROM {selected} SEMI JOIN "
        f"(SELECT key FROM {selected} GROUP BY key HAVING {enough}) AS busy USING (key))"
    )


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
