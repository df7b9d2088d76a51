"""Lines of behaviours as the engine finds them, only of keys that can qualify at all: for what is too much to keep."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

import numpy as np
import pyarrow as pa

from core.arrow import codes, integers, numbers
from core.event import LINE, REPEAT, SOURCE, TIME, URL
from core.key import keys_of
from core.selector import Selector
from core.taxonomy import AttackType
from stores.columns import PATH, column_sql
from stores.crowd import COLUMNS, SCHEMA, Crowd, Rows
from stores.relation import Relation
from stores.segment import complete
from stores.selector_sql import Query, contains_sql
from stores.windows import Ints


class AskedLines:
    """See `stores.crowd.Lines`; `busy` is a table of `key` and `number`."""

    def __init__(self, relation: Relation) -> None:
        self._relation = relation

    def busy(self, selector: Selector, key: str, crowd: Crowd) -> pa.Table:
        """The keys with enough lines, numbered."""
        query = Query()
        enough = f"sum(weight) >= {query.bind(crowd.lines)}"
        if crowd.values:
            enough += f" AND count(DISTINCT value) >= {query.bind(crowd.values)}"
        selected = self._keyed(query, selector, key, crowd)
        sql = f"SELECT key FROM {selected} GROUP BY key HAVING {enough}"
        keys = self._relation.engine.table(sql, query.params)
        return keys.append_column("number", numbers(np.arange(keys.num_rows, dtype=np.int32)))

    def rows(self, selector: Selector, key: str, crowd: Crowd, busy: pa.Table) -> Rows:
        """The lines of these keys."""
        query = Query()
        selected = self._keyed(query, selector, key, crowd)
        columns = f'number, epoch_us("{TIME}") AS time, "{SOURCE}", "{LINE}", weight, value, aside'
        sql = f"SELECT {columns} FROM {selected} JOIN busy USING (key)"
        table = self._relation.engine.table(sql, query.params, busy=busy)
        return Rows(
            integers(table.column("number")),
            integers(table.column("time")),
            keys_of(table),
            integers(table.column("weight")),
            _numbers(table.column("value")) if crowd.distinct is not None else np.zeros(table.num_rows, np.int64),
            integers(table.column("aside")) > 0,
        )

    def table(self, places: Ints) -> pa.Table:
        """The lines at these places (sorted)."""
        found = complete(self._relation.at(places, (SOURCE, LINE, *COLUMNS)).select(COLUMNS), SCHEMA)
        return found.take(numbers(np.argsort(keys_of(found))))

    def _keyed(self, query: Query, selector: Selector, key: str, crowd: Crowd) -> str:
        """A subquery of the selected lines that have a key and a time."""
        columns = {key, *([crowd.distinct] if crowd.distinct else [])}
        needed = {SOURCE, LINE, TIME, REPEAT, *columns, *([URL] if crowd.except_urls or PATH in columns else [])}
        lines = self._relation.lines(query, selector, sorted(needed - {PATH}))
        distinct = column_sql(crowd.distinct) if crowd.distinct else "NULL"
        chosen = f"{column_sql(key)} AS key, {distinct} AS value"
        weight = f'coalesce("{REPEAT}", 1)::BIGINT AS weight'
        aside = f"{self._explained(query, crowd.mixed)} AS aside"
        present = f'{column_sql(key)} IS NOT NULL AND "{TIME}" IS NOT NULL'
        if crowd.besides:
            present += f" AND NOT {self._explained(query, crowd.besides)}"
        if crowd.except_urls:
            present += f" AND NOT coalesce({contains_sql(query, URL, crowd.except_urls)}, FALSE)"
        return f'(SELECT "{SOURCE}", "{LINE}", "{TIME}", {chosen}, {weight}, {aside} FROM {lines} WHERE {present})'

    def _explained(self, query: Query, types: tuple[AttackType, ...]) -> str:
        """Whether the line has a hit of one of the types."""
        if not types:
            return "FALSE"
        return f'("{SOURCE}", "{LINE}") IN {self._relation.hits(query, Selector(types=types), (SOURCE, LINE))}'


def _numbers(texts: pa.ChunkedArray) -> Ints:
    """A number for each distinct text; missing ones have number 0."""
    encoded = texts.dictionary_encode().unify_dictionaries()
    return np.concatenate([np.empty(0, np.int64), *(codes(chunk) for chunk in encoded.chunks)]) + 1
