"""Names that lines can be grouped by: the columns of the events, and a few that are made of them."""

from core.errors import InputError
from core.event import EVENT_SCHEMA, MESSAGE, RAW, URL

PATH = "url.path"
WAF_RULE = "waf.rule"
"""Columns beside those of `EVENT_SCHEMA`: the URL up to its first question mark; the rule a firewall names."""

# a client can have a second id written into an alert: then it names none
_WAF_RULES = f'regexp_extract_all("{MESSAGE}", \'\\[id "([0-9]{{1,12}})"\\]\', 1)'
_DERIVED = {
    PATH: (URL, f"split_part(\"{URL}\", '?', 1)"),
    WAF_RULE: (MESSAGE, f"CASE WHEN len({_WAF_RULES}) = 1 THEN {_WAF_RULES}[1] END"),
}


def column_sql(column: str) -> str:
    """SQL of a column name from outside; `InputError("unknown_column")` unless it is one lines can be grouped by."""
    if column in _DERIVED:
        return _DERIVED[column][1]
    if column not in EVENT_SCHEMA.names or column == RAW:
        raise InputError("unknown_column", column=column)
    return f'"{column}"'


def stored_column(column: str) -> str:
    """The column of the events that a column is made of."""
    return _DERIVED[column][0] if column in _DERIVED else column
