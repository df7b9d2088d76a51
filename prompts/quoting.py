"""Quoting data in a prompt behind a boundary that nobody who wrote the data could know."""

import secrets
from collections.abc import Callable, Iterable

_BYTES = 12


def _random() -> str:
    return secrets.token_hex(_BYTES)


def draw_boundary(values: Iterable[str], draw: Callable[[], str] = _random) -> str:
    """A boundary of 24 hex digits that stands in none of the values; drawn again as long as it does."""
    listed = tuple(values)
    while True:
        boundary = draw()
        if not any(boundary in value for value in listed):
            return boundary


def quoted(name: str, value: str, boundary: str) -> str:
    """The value between two lines that hold the boundary; raises `ValueError` where the value could end it itself."""
    if not boundary or boundary in value:
        raise ValueError("the boundary stands in the value")
    return f"<<<data {name} {boundary}>>>\n{value}\n<<<end {name} {boundary}>>>"
