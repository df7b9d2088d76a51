"""The structural predicates a rule can name: each reads one candidate record and says whether the structure is there."""

from collections.abc import Callable, Mapping

from core.field import Field
from detection.sql import is_sql_injection

Predicate = Callable[[bytes, Field], bool]

PREDICATES: Mapping[str, Predicate] = {
    "sql": is_sql_injection,
}
