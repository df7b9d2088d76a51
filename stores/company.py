"""Everything that busy attackers asked for: the lines among which a run of tries can be seen."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from collections.abc import Sequence

import pyarrow as pa

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
        return _SCHEMA.empty_table()
    query = Query()
    events = relation.lines(query, Selector(), COMPANY)
    chosen = f'"{TIME}" IS NOT NULL AND "{URL}" IS NOT NULL'
    sql = f'SELECT {_list(COMPANY)} FROM {events} SEMI JOIN suspects USING ("{IP}") WHERE {chosen}'
    return complete(relation.engine.table(sql, query.params, suspects=suspects), _SCHEMA)


def _suspects(relation: Relation, confirmed: Sequence[Selector]) -> pa.Table:
    """The addresses, as the one column `source.ip`."""
    query = Query()
    enough = query.bind(HITS)
    parts = [
        f'SELECT "{IP}", count(DISTINCT ("{SOURCE}", "{LINE}")) AS hits FROM '
        f'{relation.hits(query, one, (SOURCE, LINE, IP))} WHERE "{IP}" IS NOT NULL GROUP BY 1 HAVING hits >= {enough}'
        for one in confirmed
        if one.rules
    ]
    if not parts:
        return pa.table({IP: pa.array([], pa.string())})
    busy = f'SELECT "{IP}", sum(hits) AS hits FROM ({" UNION ALL ".join(parts)}) GROUP BY "{IP}"'
    found = relation.engine.table(busy, query.params)
    if not found.num_rows:
        return found
    counting = Query()
    limit = f"greatest({counting.bind(FEW)}, {counting.bind(CROWDED)} * any_value(hits))"
    events = relation.lines(counting, Selector(), (IP,))
    own = f'SELECT "{IP}" FROM {events} JOIN found USING ("{IP}") GROUP BY "{IP}" HAVING count(*) <= {limit}'
    return relation.engine.table(own, counting.params, found=found)


def _list(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
