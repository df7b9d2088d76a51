"""Lies about distinct values, top lists, series, absences and comparisons are refuted with the true value.

What is true is decided here by plain Python over the raw lines, with nothing of what the checks use.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

import pytest

from answering.validate.recount import Recount
from answering.validate.rescan import Rescan
from answering.validate.table import check
from core.claim import Claim, ClaimKind, ClaimValue, Verdict, VerdictStatus
from core.dimension import Dimension
from core.event import LINE, SOURCE
from core.key import split_keys
from core.part import Certificate, Sight
from core.selector import Selector
from core.taxonomy import AttackType
from detection.records import Hits, Records, Rows
from detection.scanner import Scanner
from stores.lake import Lake
from tests.answering.invented import RULES, lake_in
from tests.answering.validate.test_liars import FILES, OTHER, WEB, A, B, Bench, C

PARTS = re.compile(r'(\S+) - - \[01/Nov/2026:(\d\d):(\d\d):(\d\d) \+0000\] "(\S+) (\S+) HTTP/1.1" (\d+) \d+ "-" "(.*)"')
Parsed = dict[Dimension, str]


def parsed() -> list[Parsed]:
    """Every line of both files taken apart by hand."""
    found = []
    for name, text in (("web.log", WEB), ("other.log", OTHER)):
        for raw in text.split("\n"):
            if match := PARTS.match(raw):
                ip, hour, minute, _, method, target, status, agent = match.groups()
                found.append(
                    {
                        Dimension.IP: ip,
                        Dimension.METHOD: method,
                        Dimension.PATH: target.partition("?")[0],
                        Dimension.STATUS: status,
                        Dimension.AGENT: agent,
                        Dimension.SOURCE: name,
                        Dimension.MINUTE: f"2026-11-01T{hour}:{minute}:00Z",
                        Dimension.DAY: "2026-11-01T00:00:00Z",
                    }
                )
    return found


LINES = parsed()
BY = tuple(LINES[0])
SELECTIONS: list[tuple[Selector, Callable[[Parsed], bool]]] = [
    (Selector(), lambda _: True),
    (Selector(ips=(A,)), lambda line: line[Dimension.IP] == A),
    (Selector(ips=("203.0.113.0/24",)), lambda line: line[Dimension.IP].startswith("203.0.113.")),
    (Selector(status_codes=((400, 499),)), lambda line: line[Dimension.STATUS].startswith("4")),
    (Selector(without=(Selector(ips=(A,)),)), lambda line: line[Dimension.IP] != A),
    (Selector(paths=("/item",)), lambda line: line[Dimension.PATH] == "/item"),
]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, scanner: Scanner) -> Iterator[Bench]:
    with lake_in(tmp_path_factory.mktemp("bench"), scanner, FILES) as lake:
        yield Bench(lake, scanner)


def true_top(bench: Bench, by: Dimension, wanted: Callable[[Parsed], bool]) -> list[tuple[str, int]]:
    counts = Counter(line[by] for line in LINES if wanted(line))
    if by is Dimension.SOURCE:
        counts = Counter({bench.ids[name]: lines for name, lines in counts.items()})
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def refuted(verdict: Verdict, true: ClaimValue) -> bool:
    return verdict.status is VerdictStatus.REFUTED and repr(verdict.actual) == repr(true)


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("selection", SELECTIONS, ids=lambda selection: repr(selection[0])[:40])
def test_distinct(bench: Bench, by: Dimension, selection: tuple[Selector, Callable[[Parsed], bool]]) -> None:
    selector, wanted = selection
    true = len(true_top(bench, by, wanted))
    claim = Claim("x", ClaimKind.DISTINCT, None, selector, true, by=by)
    assert bench.verdict(claim).status is VerdictStatus.VERIFIED
    for lie in (true + 1, true - 1, 0, -true, str(true), None, ()):
        assert refuted(bench.verdict(replace(claim, value=lie)), true), lie


def lies_about(pairs: tuple[tuple[str, int], ...]) -> Iterator[tuple[tuple[str, int], ...]]:
    (first, lines), *rest = pairs
    yield ((first, lines + 1), *rest)
    yield ((first, lines - 1), *rest)
    yield ((first + "x", lines), *rest)
    yield tuple(rest)
    yield (*pairs, ("198.51.100.1", 1))
    yield (*pairs, pairs[-1])
    if len(pairs) > 1:
        yield tuple(reversed(pairs))
        yield ((rest[0][0], lines), (first, rest[0][1]), *rest[1:])


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("limit", [1, 2, None])
@pytest.mark.parametrize("selection", SELECTIONS, ids=lambda selection: repr(selection[0])[:40])
def test_top(
    bench: Bench, by: Dimension, limit: int | None, selection: tuple[Selector, Callable[[Parsed], bool]]
) -> None:
    selector, wanted = selection
    true = tuple(true_top(bench, by, wanted))[:limit]
    claim = Claim("x", ClaimKind.TOP, None, selector, true, by=by, limit=limit)
    assert bench.verdict(claim).status is VerdictStatus.VERIFIED
    for lie in lies_about(true):
        if by not in (Dimension.MINUTE, Dimension.DAY):
            assert refuted(bench.verdict(replace(claim, value=lie)), true), lie
        assert bench.verdict(replace(claim, value=lie)).status is VerdictStatus.REFUTED


@pytest.mark.parametrize("by", [Dimension.MINUTE, Dimension.DAY])
@pytest.mark.parametrize("selection", SELECTIONS, ids=lambda selection: repr(selection[0])[:40])
def test_series(bench: Bench, by: Dimension, selection: tuple[Selector, Callable[[Parsed], bool]]) -> None:
    selector, wanted = selection
    true = tuple(sorted(true_top(bench, by, wanted)))
    claim = Claim("x", ClaimKind.SERIES, None, selector, true, by=by)
    assert bench.verdict(claim).status is VerdictStatus.VERIFIED
    (start, lines), *rest = true
    lies: list[ClaimValue] = [((start, lines + 1), *rest), tuple(rest), (*true, ("2026-11-02T00:00:00Z", 0)), None, 7]
    if len(true) > 1:
        lies.append(tuple(reversed(true)))
    for lie in lies:
        assert bench.verdict(replace(claim, value=lie)).status is VerdictStatus.REFUTED, lie


def test_days_may_start_at_the_midnight_of_any_zone(bench: Bench) -> None:
    """10:00 UTC is 19:00 in Tokyo: the day began at 15:00 UTC the day before."""
    claim = Claim("x", ClaimKind.SERIES, None, Selector(), (("2026-10-31T15:00:00Z", len(LINES)),), by=Dimension.DAY)
    assert bench.verdict(claim).status is VerdictStatus.VERIFIED
    for start in ("2026-10-31T15:00:01Z", "2026-11-01T15:00:00Z", "2026-10-30T15:00:00Z"):
        lie = replace(claim, value=((start, len(LINES) - 1),))
        assert bench.verdict(lie).status is VerdictStatus.REFUTED
    far = replace(claim, value=(("2026-11-01T15:00:00Z", len(LINES)),))
    assert bench.verdict(far).actual == claim.value


TYPE_LINES = {"sql_injection": 5, "xss": 2, "brute_force": 4, "login_after_failures": 1, "sensitive_file_probe": 1}
"""Counted in the text of `test_liars` by hand."""


def test_types_and_rules(bench: Bench) -> None:
    true = tuple(sorted(TYPE_LINES.items(), key=lambda pair: (-pair[1], pair[0])))
    claim = Claim("x", ClaimKind.TOP, None, Selector(types=tuple(AttackType)), true, by=Dimension.TYPE)
    assert bench.verdict(claim).status is VerdictStatus.VERIFIED
    for lie in lies_about(true):
        assert refuted(bench.verdict(replace(claim, value=lie)), true)
    rules = Claim("x", ClaimKind.DISTINCT, None, Selector(types=(AttackType.SQL_INJECTION,)), 2, by=Dimension.RULE)
    assert bench.verdict(rules).status is VerdictStatus.VERIFIED
    assert refuted(bench.verdict(replace(rules, value=5)), 2)


def test_comparison(bench: Bench) -> None:
    counted = Counter(line[Dimension.IP] for line in LINES)
    true = (("", counted[A]), ("against", counted[C]))
    claim = Claim("x", ClaimKind.COMPARISON, None, Selector(ips=(A,)), true, against=Selector(ips=(C,)))
    assert bench.verdict(claim).status is VerdictStatus.VERIFIED
    for lie in ((("", counted[A] + 1), true[1]), (true[0], ("against", 0)), tuple(reversed(true)), true[:1], None):
        assert refuted(bench.verdict(replace(claim, value=lie)), true)
    assert bench.verdict(replace(claim, against=None)).status is VerdictStatus.UNVERIFIABLE


def certificate(sight: Sight) -> Certificate:
    return Certificate(sight, (), len(LINES), len(LINES), 0, (), (), 1, 1, ())


@pytest.mark.parametrize(
    ("sight", "status"),
    [
        (Sight.ABSENT, VerdictStatus.VERIFIED),
        (Sight.UNKNOWN, VerdictStatus.UNVERIFIABLE),
        (Sight.PRESENT, VerdictStatus.UNVERIFIABLE),
        (None, VerdictStatus.UNVERIFIABLE),
    ],
)
def test_absence_is_only_verified_where_the_logs_would_show_it(
    bench: Bench, scanner: Scanner, sight: Sight | None, status: VerdictStatus
) -> None:
    recount = Recount(bench.recount.lake, RULES, scanner)
    if sight is not None:
        recount.certify = lambda _: certificate(sight)
    (checked,) = check((Claim("x", ClaimKind.ABSENCE, None, Selector(ips=("198.51.100.9",)), 0),), recount)
    assert checked.verdict.status is status


@pytest.mark.parametrize("value", [1, None, "", False])
def test_an_absence_claims_nothing_but_zero(bench: Bench, value: ClaimValue) -> None:
    claim = Claim("x", ClaimKind.ABSENCE, None, Selector(ips=("198.51.100.9",)), value)
    assert refuted(bench.verdict(claim), 0)


def test_one_line_refutes_an_absence(bench: Bench) -> None:
    bench.recount.certify = lambda _: certificate(Sight.ABSENT)
    for selector, lines in ((Selector(ips=(B,)), 4), (Selector(types=(AttackType.XSS,)), 2)):
        assert refuted(bench.verdict(Claim("x", ClaimKind.ABSENCE, None, selector, 0)), lines)


@pytest.mark.parametrize("kind", [ClaimKind.DISTINCT, ClaimKind.TOP, ClaimKind.SERIES])
def test_a_claim_that_does_not_say_of_what_cannot_be_checked(bench: Bench, kind: ClaimKind) -> None:
    assert bench.verdict(Claim("x", kind, None, Selector(), 1)).status is VerdictStatus.UNVERIFIABLE


@pytest.mark.parametrize("value", [((7, 7),), (("not a time", 1),), (("2026-11-01T10:00:00", 1),), ("x",), ((),)])
def test_values_of_the_wrong_shape_are_refuted(bench: Bench, value: object) -> None:
    for kind in (ClaimKind.TOP, ClaimKind.SERIES):
        claim = Claim("x", kind, None, Selector(), value, by=Dimension.HOUR)  # type: ignore[arg-type]
        assert bench.verdict(claim).status is VerdictStatus.REFUTED


def test_raw_bytes(bench: Bench) -> None:
    lines = sum(b"union" in raw.lower() for raw in (WEB + OTHER).encode().split(b"\n"))
    claim = Claim("x", ClaimKind.COUNT, None, Selector(raw_contains=("UNION",)), lines)
    assert bench.verdict(claim).status is VerdictStatus.VERIFIED
    assert refuted(bench.verdict(replace(claim, value=lines + 1)), lines)


def test_stored_and_read_lines_are_compared(lake_of: Callable[..., Lake], scanner: Scanner) -> None:
    """A forged hit that no scan gives again is no attack line, and refutes the count that relies on it."""
    lake = lake_of(**FILES)
    hits = lake.hits(Selector(types=(AttackType.XSS,)))
    lake.add_hits(hits.set_column(1, "log.line", [[1] * len(hits)]).cast(hits.schema).slice(0, 1))
    recount = Recount(lake, RULES, scanner)
    selector = Selector(types=(AttackType.XSS,))
    claim = Claim("x", ClaimKind.COUNT, None, selector, lake.count(selector))
    verdict = check((claim,), recount)[0].verdict
    assert (claim.value, verdict.status, verdict.actual) == (3, VerdictStatus.REFUTED, 2)


class Counting:
    """A scanner that counts the lines it is given."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner, self.ruleset, self.lines = scanner, scanner.ruleset, 0

    def scan(self, records: Records, rows: Rows) -> Hits:
        self.lines += len(rows.method)
        return self._scanner.scan(records, rows)


def test_a_scan_begun_early_misses_no_hit_that_came_later(lake_of: Callable[..., Lake], scanner: Scanner) -> None:
    """Lines that get a stored hit while the others are scanned already are scanned like them, and none twice."""
    lake, counting = lake_of(**FILES), Counting(scanner)
    signed = lake.keys(Selector(rules=tuple(rule.id for rule in RULES.rules)))
    other = next(key for key in lake.keys(Selector()).tolist() if key not in signed)
    rescan = Rescan(lake, cast("Scanner", counting))
    rescan.begin()
    found = sum(map(len, rescan.tables()))
    assert (found > 0, counting.lines) == (True, len(signed))
    source, line = split_keys(other)
    forged = lake.hits(
        Selector(rules=(RULES.rules[0].id,)),
    ).slice(0, 1)
    forged = forged.set_column(0, SOURCE, [[source]]).set_column(1, LINE, [[line]]).cast(forged.schema)
    lake.add_hits(forged)
    assert sum(map(len, rescan.tables())) == found
    assert counting.lines == len(signed) + 1
