"""Lines given one by one are read in their own formats, and each is found again among those of its kind."""

import pytest

from app.commands.rules_lines import lake_of
from core.event import LINE, MESSAGE, RAW, SOURCE
from core.selector import Selector
from detection.rule import Rule
from detection.ruleset import load_rules
from detection.scanner import Scanner

ACCESS = b'203.0.113.7 - - [10/Nov/2026:03:04:05 +0000] "GET /?a=%d HTTP/1.1" 200 5 "-" "curl/8.4.0"'
ERROR = (
    b'2026/11/10 03:04:05 [error] 1#1: *1 open() "/srv/%d" failed (2: No such file or directory), client: 203.0.113.7'
)
LOGIN = b"Nov 10 03:04:05 web sshd[1]: Failed password for root from 203.0.113.7 port %d ssh2"
TABLE = [
    [ACCESS % 1],
    [ACCESS % 1, ERROR % 1, ACCESS % 2, LOGIN % 1, ERROR % 2],
    [ACCESS % 1, ACCESS % 1],  # the same again
    [b"no log at all", ACCESS % 1, b"", b"nor is this"],
    [ACCESS % 1, ACCESS % 2 + b"\n" + ACCESS % 3, ACCESS % 4],
    [b"no log\nat all", ACCESS % 1],
]
SCANNER = Scanner(load_rules())


@pytest.mark.parametrize("lines", TABLE)
def test_every_line_is_found_again(lines: list[bytes]) -> None:
    with lake_of(lines, SCANNER) as (lake, places):
        rows = lake.page(Selector(), limit=100).select([SOURCE, LINE, RAW]).to_pylist()
    found: dict[int, list[bytes]] = {}
    for row in rows:
        found.setdefault(places[row[SOURCE], row[LINE]], []).append(row[RAW])
    assert {number: b"\n".join(texts) for number, texts in found.items()} == dict(enumerate(lines))


def test_every_line_is_read_in_its_own_format() -> None:
    with lake_of([ACCESS % 1, LOGIN % 1, ERROR % 1], SCANNER) as (lake, _):
        assert lake.page(Selector(), limit=10).column(MESSAGE).null_count == 1


def test_samples_hit_the_same_rules_together_as_alone() -> None:
    """Of every rule one sample: what its neighbours say changes nothing."""
    rules: tuple[Rule, ...] = SCANNER.ruleset.rules[::6]
    lines = [rule.fires[0].encode() for rule in rules]
    together = hits(lines)
    assert all(together[number] == hits([line])[0] for number, line in enumerate(lines))


def hits(lines: list[bytes]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    with lake_of(lines, SCANNER) as (lake, places):
        for row in lake.hits(Selector()).to_pylist():
            found.setdefault(places[row[SOURCE], row[LINE]], set()).add(row["rule.id"])
    return found
