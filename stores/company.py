"""Everything that busy attackers asked for: the lines among which a run of tries can be seen."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.arrow import empty, integers, texts
from core.event import AGENT, EVENT_SCHEMA, IP, LINE, SOURCE, TIME, URL
from core.selector import Selector
from stores.crowd import COLUMNS
from stores.part import NO_NUMBER, Ints, Part
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
_PLAIN = pa.schema(
    [(one.name, one.type.value_type if pa.types.is_dictionary(one.type) else one.type) for one in _SCHEMA]
)


@dataclass(frozen=True, slots=True)
class Followed:
    """Asks every line whether it is a request of one of these addresses, as long as they have few lines."""

    ips: tuple[str, ...]
    bounds: tuple[int, ...]
    _names: pa.Array = field(compare=False)
    _counted: Ints = field(compare=False)
    _turn: Lock = field(compare=False, default_factory=Lock)

    @classmethod
    def of(cls, found: Sequence[tuple[str, int]]) -> "Followed":
        """Addresses and how many lines each may have."""
        ordered = sorted(found)
        ips, bounds = tuple(ip for ip, _ in ordered), tuple(bound for _, bound in ordered)
        return cls(ips, bounds, texts(ips), np.zeros(len(ordered), np.int64))

    def look(self, part: Part) -> tuple[Ints, pa.Table]:
        """All lines of each address here; and the requests (`COMPANY`) of those that had not too many by now."""
        known = part.named(IP)
        place = integers(pa.chunked_array([pc.index_in(known.names, value_set=self._names)]), -1)
        places = np.append(place, -1)[known.places]
        counts = np.bincount(places + 1, minlength=len(self.ips) + 1)[1:].astype(np.int64)
        with self._turn:
            self._counted[:] += counts
            few = np.append(self._counted <= np.array(self.bounds, np.int64), False)
        rows = np.flatnonzero(few[places])
        if len(rows):
            rows = rows[part.integers(TIME)[rows] != NO_NUMBER]
        asked = part.table(COMPANY, rows) if len(rows) else empty(_PLAIN)
        return counts, asked.filter(pc.is_valid(asked.column(URL)))

    def own(self, found: Sequence[tuple[Ints, pa.Table]]) -> pa.Table:
        """The requests of the addresses that have few lines in all parts together."""
        counts = sum((counts for counts, _ in found), start=np.zeros(len(self.ips), np.int64))
        few = [ip for ip, lines, bound in zip(self.ips, counts, self.bounds, strict=True) if lines <= bound]
        rows = pa.concat_tables([empty(_PLAIN), *(rows for _, rows in found)])
        return rows.filter(pc.is_in(rows.column(IP), value_set=texts(few)))


def company_of(relation: Relation, confirmed: Sequence[Selector]) -> pa.Table:
    """Rows (`COMPANY`) of all requests of the addresses with at least HITS lines that one of the selectors picks."""
    followed = followed_by(relation, confirmed)
    if not followed.ips:
        return empty(_SCHEMA)
    return complete(followed.own(relation.survey.ask(followed)), _SCHEMA)


def followed_by(relation: Relation, confirmed: Sequence[Selector]) -> Followed:
    """What is asked of every line to find them."""
    query = Query()
    rules = tuple(dict.fromkeys(rule for one in confirmed for rule in one.rules))
    if not rules:
        return Followed.of(())
    hits = relation.hits(query, Selector(rules=rules), (SOURCE, LINE, IP, "akashi.type"))
    lines = f'SELECT DISTINCT "{SOURCE}", "{LINE}", "{IP}", "akashi.type" FROM {hits} WHERE "{IP}" IS NOT NULL'
    kinds = f'SELECT "{IP}", count(*) AS hits FROM ({lines}) GROUP BY "{IP}", "akashi.type"'
    limit = f"greatest({query.bind(FEW)}, {query.bind(CROWDED)} * max(hits))"
    busy = f'SELECT "{IP}", {limit} AS bound FROM ({kinds}) GROUP BY "{IP}" HAVING max(hits) >= {query.bind(HITS)}'
    return Followed.of([(str(ip), int(bound)) for ip, bound in relation.engine.rows(busy, query.params)])
