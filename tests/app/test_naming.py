"""Two sources never share a name on screen or in a JSON key."""

from datetime import UTC, datetime

import pytest

from app.naming import display_names
from core.line import SourceId
from core.source import Accounting, Source

NOW = datetime(2026, 11, 10, tzinfo=UTC)


def source(number: int, name: str) -> Source:
    return Source(SourceId(f"{number:016x}"), number, name, "nginx.access", "0" * 64, 1, Accounting(), None, None, NOW)


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["access.log"], ["access.log"]),
        (["/var/log/nginx/access.log", "auth.log"], ["access.log", "auth.log"]),
        (["web1/access.log", "web2/access.log"], ["web1/access.log", "web2/access.log"]),
        (["a/b/access.log", "access.log"], ["b/access.log", "access.log"]),
        (["access.log", "access.log", "access.log"], ["access.log", "access.log (2)", "access.log (3)"]),
        (["logs.zip/a/x.log", "logs.zip/b/x.log"], ["a/x.log", "b/x.log"]),
        (["x", "x", "x (2)"], ["x", "x (2)", "x (2) (2)"]),
    ],
)
def test_names_are_short_and_distinct(names: list[str], shown: list[str]) -> None:
    sources = [source(number, name) for number, name in enumerate(names, 1)]
    assert list(display_names(sources).values()) == shown
