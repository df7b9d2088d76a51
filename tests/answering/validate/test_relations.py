"""Durations, gaps, peaks, rates, shares, volumes, orders, networks and excerpts: the truth holds, small lies do not.

What is true is decided here by plain Python over the raw lines, with nothing of what the checks use.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from answering.validate.recount import Recount
from answering.validate.table import check
from core.claim import Claim, ClaimKind, ClaimValue, Comparator, Verdict, VerdictStatus
from core.dimension import Dimension
from core.line import LineRef
from core.selector import Selector
from core.taxonomy import AttackType
from detection.scanner import Scanner
from stores.lake import Lake
from tests.answering.invented import RULES, lake_in, line

A, B, C = "203.0.113.1", "203.0.113.2", "198.51.100.7"
SIZES = [500, 153, 153, 7000, 90]
LOG = "".join(
    [
        line(A, 0, "/", 200, 500),
        line(A, 5, "/item?id=1+union+select+1", 403, 153),
        line(B, 65, "/item?id=1+union+select+2", 403, 153),
        line(A, 66, "/export", 200, 7000),
        line(C, 3700, "/login", 401, 90, "POST"),
        f'{C} - - [01/Nov/2026:12:00:00 +0000] "HEAD / HTTP/1.1" 200 - "-" "x"\n',
    ]
)
SQLI = Selector(types=(AttackType.SQL_INJECTION,))
NONE = Selector(url_contains=("/nowhere",))
ALL = Selector()


@dataclass
class Bench:
    lake: Lake
    recount: Recount

    def verdict(self, claim: Claim) -> Verdict:
        (checked,) = check([claim], self.recount)
        return checked.verdict


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, scanner: Scanner) -> Iterator[Bench]:
    with lake_in(tmp_path_factory.mktemp("relations"), scanner, {"web_log": LOG}) as lake:
        yield Bench(lake, Recount(lake, RULES, scanner))


def claim(kind: ClaimKind, value: ClaimValue, selector: Selector = ALL, **more: object) -> Claim:
    return Claim("x", kind, None, selector, value, **more)  # type: ignore[arg-type]


K, MINUTE, HOUR, IP = ClaimKind, Dimension.MINUTE, Dimension.HOUR, Dimension.IP
TRUE: list[tuple[Claim, tuple[ClaimValue, ...]]] = [
    (claim(K.DURATION, 7200), (7199, 7201, 120, 0, None)),
    (claim(K.DURATION, 60, SQLI), (61, 1, 3600)),
    (claim(K.GAP, 3634), (3633, 3635, 3500, 60)),
    (claim(K.GAP, 60, SQLI), (0, 59, 61)),
    (
        claim(K.PEAK, (("2026-11-01T10:00:00Z", 2),), by=MINUTE),
        ((("2026-11-01T10:01:00Z", 2),), (("2026-11-01T10:00:00Z", 3),), (("2026-11-01T10:00:30Z", 2),), (), 2),
    ),
    (claim(K.PEAK, (("2026-11-01T10:00:00Z", 4),), by=HOUR), ((("2026-11-01T10:00:00Z", 5),),)),
    (claim(K.RATE, 2, by=HOUR), (1, 3, 6, 0)),
    (claim(K.RATE, 1, SQLI, by=MINUTE), (2, 0)),
    (
        claim(K.SHARE, (("", 2), ("against", 6)), SQLI, against=ALL),
        ((("", 2), ("against", 5)), (("", 6), ("against", 2))),
    ),
    (claim(K.SHARE, (("", 1), ("against", 3)), SQLI, against=Selector(ips=(A,))), ((("", 2), ("against", 3)),)),
    (claim(K.BYTES, sum(SIZES)), (sum(SIZES) * 1024, sum(SIZES) + 1, 0)),
    (claim(K.MEAN_BYTES, sum(SIZES) // 5), (sum(SIZES) // 6, sum(SIZES) // 5 + 1)),
    (claim(K.MAX_BYTES, 7000), (500, 7001, 7168)),
    (claim(K.ORDER, "before", SQLI, against=Selector(ips=(C,))), ("after", "overlapping", None)),
    (claim(K.ORDER, "after", Selector(ips=(C,)), against=SQLI), ("before",)),
    (claim(K.ORDER, "overlapping", SQLI, against=Selector(ips=(A,))), ("before", "after")),
    (claim(K.SEQUENCE, "followed", SQLI, against=Selector(paths=("/export",))), ("not_followed",)),
    (claim(K.SEQUENCE, "not_followed", SQLI, against=Selector(paths=("/login",))), ("followed",)),
    (claim(K.SEQUENCE, "not_followed", SQLI, against=Selector(paths=("/",))), ("followed",)),
    (claim(K.TECHNIQUE, "T1190", SQLI), ("T9999", "T1110", "")),
    (claim(K.NETWORK, "203.0.113.0/30", SQLI), ("203.0.113.0/24", "203.0.113.1/30", "203.0.113.0/31", "x")),
    (claim(K.NETWORK, f"{C}/32", Selector(ips=(C,))), ("198.51.100.0/24",)),
    (claim(K.ONLY, C, Selector(methods=("POST",)), by=IP), (A, "", None)),
    (claim(K.PER_VALUE, ((A, 3),), by=IP), (((A, 2),), ((A, 3), (A, 3)), ((B, 3),), 3)),
    (claim(K.PER_VALUE, ((B, 1), (A, 3)), by=IP), (((B, 3), (A, 1)),)),
]


@pytest.mark.parametrize(("true", "lies"), TRUE, ids=lambda one: one.kind if isinstance(one, Claim) else "")
def test_the_truth_holds_and_lies_do_not(bench: Bench, true: Claim, lies: tuple[ClaimValue, ...]) -> None:
    assert bench.verdict(true).status is VerdictStatus.VERIFIED
    for value in lies:
        verdict = bench.verdict(replace(true, value=value))
        assert verdict.status is not VerdictStatus.VERIFIED, value
        assert verdict.status is VerdictStatus.UNVERIFIABLE or verdict.actual != value


def test_an_only_that_is_not_is_refuted_with_what_there_is(bench: Bench) -> None:
    verdict = bench.verdict(claim(K.ONLY, A, by=IP))
    assert (verdict.status, verdict.actual) == (VerdictStatus.REFUTED, ((A, 3), (C, 2), (B, 1)))


VACUOUS = [
    claim(K.SHARE, (("", 0), ("against", 0)), SQLI, against=NONE),
    claim(K.ORDER, "before", NONE, against=SQLI),
    claim(K.ORDER, "before", SQLI, against=NONE),
    claim(K.SEQUENCE, "not_followed", NONE, against=SQLI),
    claim(K.ONLY, A, NONE, by=IP),
    claim(K.NETWORK, f"{A}/32", NONE),
    claim(K.TECHNIQUE, "T1190", NONE),
    claim(K.PER_VALUE, (), by=IP),
    claim(K.PEAK, (("2026-11-01T10:00:00Z", 2),), by=IP),
    claim(K.RATE, 1),
    claim(K.ORDER, "before"),
    claim(K.EXCERPT, ""),
    claim(K.COUNT, "6", comparator=Comparator.AT_LEAST),
    claim(K.ONLY, C, Selector(methods=("POST",)), by=IP, comparator=Comparator.AT_LEAST),
]


@pytest.mark.parametrize("vacuous", VACUOUS, ids=lambda one: one.kind)
def test_nothing_is_true_of_no_lines_or_of_half_a_claim(bench: Bench, vacuous: Claim) -> None:
    assert bench.verdict(vacuous).status is VerdictStatus.UNVERIFIABLE


@pytest.mark.parametrize(
    ("kind", "actual"), [(K.COUNT, 6), (K.DURATION, 7200), (K.BYTES, 7896), (K.MAX_BYTES, 7000), (K.GAP, 3634)]
)
def test_bounds_are_taken_literally(bench: Bench, kind: ClaimKind, actual: int) -> None:
    for bound, good, bad in (
        (Comparator.AT_LEAST, (0, actual - 1, actual), (actual + 1, actual * 10)),
        (Comparator.AT_MOST, (actual, actual + 1), (actual - 1, 0)),
        (Comparator.EXACTLY, (actual,), (actual - 1, actual + 1)),
    ):
        for value in good:
            assert bench.verdict(claim(kind, value, comparator=bound)).status is VerdictStatus.VERIFIED
        for value in bad:
            verdict = bench.verdict(claim(kind, value, comparator=bound))
            assert (verdict.status, verdict.actual) == (VerdictStatus.REFUTED, actual)


@pytest.mark.parametrize(
    ("quote", "line_number", "status"),
    [
        (b"union+select+1", 2, VerdictStatus.VERIFIED),
        (b"union select 1", 2, VerdictStatus.REFUTED),
        (b"union+select+2", 2, VerdictStatus.REFUTED),
        (b"union+select+1", 3, VerdictStatus.REFUTED),
        (b"GET / HTTP", 1, VerdictStatus.REFUTED),  # it stands there, but the line is not of the selection
        (b"union+select+1", 0, VerdictStatus.REFUTED),
        (b"union+select+1", 99, VerdictStatus.REFUTED),
    ],
)
def test_an_excerpt_stands_in_a_line_of_the_selection(
    bench: Bench, quote: bytes, line_number: int, status: VerdictStatus
) -> None:
    ref = LineRef(bench.lake.sources[0].id, line_number)
    assert bench.verdict(claim(K.EXCERPT, quote.hex(), SQLI, ref=ref)).status is status


def test_at_one_instant_the_line_further_down_follows(lake_of: Callable[..., Lake], scanner: Scanner) -> None:
    lake = lake_of(web_log=line(A, 0, "/one") + line(A, 0, "/two"))
    recount = Recount(lake, RULES, scanner)
    one, two = Selector(paths=("/one",)), Selector(paths=("/two",))
    pairs = [(one, two, "followed"), (two, one, "not_followed"), (one, one, "not_followed")]
    claims = [claim(K.SEQUENCE, value, here, against=there) for here, there, value in pairs]
    assert {found.verdict.status for found in check(claims, recount)} == {VerdictStatus.VERIFIED}


def test_days_and_hours_are_those_of_the_log(lake_of: Callable[..., Lake], scanner: Scanner) -> None:
    late = line(A, 0, "/").replace("10:00:00 +0000", "23:30:00 +0530")
    early = line(A, 0, "/").replace("01/Nov/2026:10:00:00 +0000", "02/Nov/2026:00:10:00 +0530")
    recount = Recount(lake_of(web_log=late + early + early), RULES, scanner)
    peak = claim(K.PEAK, (("2026-11-01T18:30:00Z", 2),), by=Dimension.DAY)
    rate = claim(K.RATE, 1, by=Dimension.DAY)
    assert [found.verdict.status for found in check([peak, rate], recount)] == [VerdictStatus.VERIFIED] * 2
