"""Rotated logs in the order in which they were written."""

from pathlib import PurePath

import pytest

from ingestion.fetch.rotation import age


@pytest.mark.parametrize(
    "names",
    [
        ["access.log.10.gz", "access.log.9.gz", "access.log.2.gz", "access.log.1", "access.log"],
        ["access.log-20251231.gz", "access.log-20260101", "access.log"],
        ["access.log-2026-01-01.xz", "access.log-2026-01-02", "access.log.1", "access.log"],
        ["app.log.2026-01-01-01", "app.log.2026-01-01-13", "app.log"],
        ["auth.log.1", "auth.log", "error.log", "syslog.1", "syslog"],
        ["messages-20260101", "messages", "secure-20260101", "secure"],
    ],
)
def test_oldest_first(names: list[str]) -> None:
    assert sorted(map(PurePath, reversed(names)), key=age) == list(map(PurePath, names))
