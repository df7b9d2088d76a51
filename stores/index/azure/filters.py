"""Filters as the service reads them (OData): the only place that puts a value between quotes."""

from collections.abc import Iterator, Sequence

MOST_VALUES = 1_000
"""Keys in one filter: the documentation of search.in speaks of hundreds or thousands with answers within a second."""


EVERYTHING = "born ge 0"
"""The documents of all cases."""


def quoted(value: str) -> str:
    """A string literal of OData: in single quotes, and a quote inside is said twice."""
    return "'" + value.replace("'", "''") + "'"


def of_case(case: str) -> str:
    """All documents of a case."""
    return f"case eq {quoted(case)}"


def born_within(case: str, first: int, last: int) -> str:
    """The documents of a case that were uploaded by the writers of these numbers."""
    return f"{of_case(case)} and born ge {first:d} and born le {last:d}"


def among(base: str, keys: Sequence[str]) -> str:
    """Of these documents only; the keys are ours (hexadecimal), so that no comma is in them."""
    return f"{base} and search.in(key, {quoted(','.join(keys))}, ',')"


def behind(base: str, key: str) -> str:
    """Only documents whose keys sort behind this one: a page of a list that may be long."""
    return f"{base} and key gt {quoted(key)}"


def groups(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many keys at a time as one filter holds."""
    for start in range(0, len(keys), MOST_VALUES):
        yield keys[start : start + MOST_VALUES]
