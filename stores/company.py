"""Everything that busy attackers asked for: the lines among which a run of tries can be seen."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from collections.abc import Sequence

import pyarrow as pa

from core.arrow import empty
from core.event import AGENT, EVENT_SCHEMA, IP, LINE, SOURCE, TIME, URL
from core.selector import Selector
from stores.behaviour import COLUMNS
from stores.relation import Relation
from stores.segment import complete
from stores.selector_sql import Query

HITS = 3
"""So many lines of one kind make an address worth a look."""

CROWDED = 20
FEW = 2_000
"""An address with more than FEW lines and more than CROWDED times its hits speaks for many: it is no attacker's own."""

COMPANY = (*COLUMNS, URL, AGENT)
_SCHEMA = pa.schema([EVENT_SCHEMA.field(name) for name in COMPANY])


def company_of(relation: Relation, confirmed: Sequence[Selector]) -> pa.Table:
    """Rows (`COMPANY`) of all requests of the addresses with at least HITS lines that one of the selectors picks."""
    suspects = _suspects(relation, confirmed)
    if not suspects.num_rows:
        return empty(_SCHEMA)
    query = Query()
    events = relation.lines(query, Selector(), COMPANY)
    chosen = f'"{TIME}" IS NOT NULL AND "{URL}" IS NOT NULL'
    sql = f'SELECT {_list(COMPANY)} FROM {events} SEMI JOIN suspects USING ("{IP}") WHERE {chosen}'
    return complete(relation.engine.table(sql, query.params, suspects=suspects), _SCHEMA)


def _suspects(relation: Relation, confirmed: Sequence[Selector]) -> pa.Table:
    """The addresses, as the one column `source.ip`."""
    query = Query()
    rules = tuple(dict.fromkeys(rule for one in confirmed for rule in one.rules))
    if not rules:
        return empty(pa.schema([pa.field(IP, pa.string())]))
    hits = relation.hits(query, Selector(rules=rules), (SOURCE, LINE, IP, "akashi.type"))
    lines = f'SELECT DISTINCT "{SOURCE}", "{LINE}", "{IP}", "akashi.type" FROM {hits} WHERE "{IP}" IS NOT NULL'
    kinds = f'SELECT "{IP}", count(*) AS hits FROM ({lines}) GROUP BY "{IP}", "akashi.type"'
    limit = f"greatest({query.bind(FEW)}, {query.bind(CROWDED)} * max(hits))"
    busy = f'SELECT "{IP}", {limit} AS bound FROM ({kinds}) GROUP BY "{IP}" HAVING max(hits) >= {query.bind(HITS)}'
    suspects = relation.engine.table(busy, query.params)
    return _own(relation, suspects) if suspects.num_rows else suspects


def _own(relation: Relation, suspects: pa.Table) -> pa.Table:
    """Those whose lines are few enough to be their own."""
    query = Query()
    events = relation.lines(query, Selector(), (IP,))
    counted = f'SELECT "{IP}", count(*) AS lines FROM {events} SEMI JOIN suspects USING ("{IP}") GROUP BY "{IP}"'
    sql = f'SELECT "{IP}" FROM ({counted}) JOIN suspects USING ("{IP}") WHERE lines <= bound'
    return relation.engine.table(sql, query.params, suspects=suspects)


def _list(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
