"""How many different values the selected lines have, by the query engine."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from core.selector import Selector
from stores.columns import column_sql, stored_column
from stores.lake import Lake
from stores.selector_sql import Query


def distinct_values(lake: Lake, selector: Selector, column: str) -> int:
    """Different values of a column (or of `url.path`), null not among them; `InputError("unknown_column")`."""
    relation = lake._relation

    def ask() -> int:
        query = Query()
        lines = relation.lines(query, selector, (stored_column(column),))
        sql = f"SELECT count(DISTINCT {column_sql(column)}) FROM {lines}"
        return int(str(relation.engine.rows(sql, query.params)[0][0]))

    return relation.remembered(("distinct", column, selector), ask)
