"""The structural predicates a rule can name: each says whether a structure is in a record."""

from collections.abc import Callable, Mapping

from core.field import Field
from detection.shell import runs_command
from detection.sql import is_sql_injection

Predicate = Callable[[bytes, Field], bool]

PREDICATES: Mapping[str, Predicate] = {
    "shell": runs_command,
    "sql": is_sql_injection,
}
