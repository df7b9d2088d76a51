"""Every small lie about a finding is refuted with the true value, and the truth itself is verified.

What is true is decided here by plain Python over the raw lines, with nothing of what the checks use.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from answering.behaviours import apply_behaviours
from answering.claims import claims_of
from answering.pipeline import investigate
from answering.validate.recount import Recount
from answering.validate.table import CHECKS, check
from core.claim import Claim, ClaimKind, ClaimValue, Verdict, VerdictStatus
from core.line import LineRef, SourceId
from core.selector import Selector
from core.taxonomy import AttackType, Outcome
from detection.scanner import Scanner
from stores.lake import Lake
from tests.answering.invented import NOW, RULES, lake_in, line

A, B, C, D = "203.0.113.1", "203.0.113.2", "203.0.113.3", "2001:db8::7"
WEB = "".join(
    [
        line(C, 0, "/", 200, 5000),
        line(A, 1, "/item?id=1+union+select+1", 403),
        line(A, 1, "/item?id=1+union+select+1", 403),  # the very same line again: two lines
        line(B, 7, "/item?id='+or+1=1", 500),
        line(D, 9, "/item?q=<script>union+select", 404),
        line(C, 11, f"/hello?from={A}", 200, 5100, agent=f"union select {A}"),
        line(B, 12, "/search?q=<script>", 200, 5000),
        *(line(A, 20 + second, "/login", 401, 90, "POST") for second in range(4)),
        line(A, 40, "/login", 302, 0, "POST"),
        line(B, 41, "/login", 401, 90, "POST"),
        line(C, 50, "/nothing", 404),
        line(C, 51, "/.env", 200, 77),
    ]
)
OTHER = line(B, 3, "/old?id=1+union+select+9", 404) + line(C, 4, "/", 200, 5000)
FILES = {"web_log": WEB, "other_log": OTHER}

PATTERN = re.compile(rb'(\S+) - - \[01/Nov/2026:(\d\d):(\d\d):(\d\d) \+0000\] "(\S+) (\S+) HTTP/1.1" (\d+)')
IS: dict[AttackType, Callable[[bytes], bool]] = {
    AttackType.SQL_INJECTION: lambda request: b"union+select" in request or b"'+or+1" in request,
    AttackType.XSS: lambda request: b"<script" in request,
    AttackType.BRUTE_FORCE: lambda request: request == b"POST /login 401",
    AttackType.LOGIN_AFTER_FAILURES: lambda request: request == b"POST /login 302",
    AttackType.SENSITIVE_FILE_PROBE: lambda request: b"/.env" in request,
}
ONE_GUESS = (B, AttackType.BRUTE_FORCE)
"""A single failed login is no brute force."""
OUTCOMES = {
    AttackType.SQL_INJECTION: "failed",
    AttackType.XSS: "unknown",
    AttackType.BRUTE_FORCE: "succeeded",
    AttackType.LOGIN_AFTER_FAILURES: "succeeded",
    AttackType.SENSITIVE_FILE_PROBE: "succeeded",
}


def truth(kind: AttackType) -> list[tuple[str, datetime]]:
    """(address, time) of every line of the type, straight from the text."""
    found = []
    for raw in (WEB + OTHER).encode().split(b"\n"):
        if (match := PATTERN.match(raw)) is None:
            continue
        ip, hour, minute, second, method, target, status = match.groups()
        if IS[kind](b" ".join((method, target, status))) and (ip.decode(), kind) != ONE_GUESS:
            time = datetime(2026, 11, 1, int(hour), int(minute), int(second), tzinfo=UTC)
            found.append((ip.decode(), time))
    return found


def true_value(kind: AttackType, claim: ClaimKind) -> ClaimValue:
    lines = truth(kind)
    ips = Counter(ip for ip, _ in lines)
    values: dict[ClaimKind, ClaimValue] = {
        ClaimKind.COUNT: len(lines),
        ClaimKind.PER_IP: tuple(sorted(ips.items(), key=lambda pair: (-pair[1], pair[0]))),
        ClaimKind.SET: tuple(sorted(ips)),
        ClaimKind.FIRST: min(time for _, time in lines).strftime("%Y-%m-%dT%H:%M:%SZ"),
        ClaimKind.LAST: max(time for _, time in lines).strftime("%Y-%m-%dT%H:%M:%SZ"),
        ClaimKind.TYPE: kind.value,
        ClaimKind.OUTCOME: OUTCOMES[kind],
    }
    return values[claim]


class Bench:
    """One lake with its claims; verdicts are given by a recount of its own."""

    def __init__(self, lake: Lake, scanner: Scanner) -> None:
        self.report = investigate(lake, RULES, scanner, case="case", now=NOW)
        self.recount = Recount(lake, RULES, scanner)
        self.ids = {source.name.rpartition("/")[2]: source.id for source in lake.sources}

    def verdict(self, claim: Claim) -> Verdict:
        return check((claim,), self.recount)[0].verdict

    def claims(self, kind: ClaimKind) -> list[Claim]:
        return [claim for claim in claims_of(self.report.findings) if claim.kind is kind]

    def refute(self, lies: Iterator[Claim]) -> int:
        """How many lies were refuted; every lie must be one and must be refuted."""
        count = 0
        for count, lie in enumerate(lies, 1):  # noqa: B007
            verdict = self.verdict(lie)
            assert verdict.status is VerdictStatus.REFUTED, lie
            assert repr(verdict.actual) != repr(lie.value) or verdict.reason, lie
            if lie.type is not None and lie.kind not in (ClaimKind.QUOTE, ClaimKind.TYPE):
                assert verdict.actual == true_value(lie.type, lie.kind), lie
        return count


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, scanner: Scanner) -> Iterator[Bench]:
    with lake_in(tmp_path_factory.mktemp("bench"), scanner, FILES) as lake:
        yield Bench(lake, scanner)


def test_the_truth_is_verified(bench: Bench) -> None:
    assert {finding.type for finding in bench.report.findings} == set(IS)
    for claim in claims_of(bench.report.findings):
        assert bench.verdict(claim).status is VerdictStatus.VERIFIED, claim
        if claim.kind is not ClaimKind.QUOTE and claim.type is not None:
            assert claim.value == true_value(claim.type, claim.kind)


def valued(claims: list[Claim], lies: Callable[[Claim], Iterator[ClaimValue]]) -> Iterator[Claim]:
    for claim in claims:
        for value in lies(claim):
            yield replace(claim, value=value)


def test_count_lies(bench: Bench) -> None:
    claims = bench.claims(ClaimKind.COUNT)
    others = {claim.type: claim.value for claim in claims}

    def lies(claim: Claim) -> Iterator[ClaimValue]:
        assert isinstance(claim.value, int)
        yield from (claim.value + 1, claim.value - 1, claim.value * 10, 0, -claim.value, 639)
        yield from (str(claim.value), None, (str(claim.value),), claim.value == claim.value)
        yield from (value for value in others.values() if value != claim.value)

    assert bench.refute(valued(claims, lies)) > 40


def pairs(claim: Claim) -> list[tuple[str, int]]:
    assert isinstance(claim.value, tuple)
    return [(str(pair[0]), int(pair[1])) for pair in claim.value if isinstance(pair, tuple)]


def test_per_ip_lies(bench: Bench) -> None:
    def lies(claim: Claim) -> Iterator[ClaimValue]:
        said = pairs(claim)
        (ip, count), rest = said[0], said[1:]
        yield ((ip, count + 1), *rest)
        yield ((ip, count - 1), *rest)
        yield (("203.0.113.99", count), *rest)
        yield ((C if ip != C else A, count), *rest)
        yield tuple(rest)
        yield (*said, ("198.51.100.1", 1))
        yield (*said, said[0])
        if len(said) > 1:
            yield tuple(reversed(said))
            counts = [count for _, count in said]
            rotated = tuple(zip((ip for ip, _ in said), counts[1:] + counts[:1], strict=True))
            if rotated != claim.value:
                yield rotated
            yield ((ip, count + rest[0][1]), *rest[1:])  # same total, one address less

    assert bench.refute(valued(bench.claims(ClaimKind.PER_IP), lies)) > 30


def test_set_lies(bench: Bench) -> None:
    def lies(claim: Claim) -> Iterator[ClaimValue]:
        assert isinstance(claim.value, tuple)
        said = [str(ip) for ip in claim.value]
        yield tuple(said[1:])
        yield tuple(sorted([*said, "203.0.113.99"]))
        yield (said[0].replace("1", "2", 1) if "1" in said[0] else "0.0.0.0", *said[1:])
        yield (said[0] + " ", *said[1:])
        yield (said[0] + "/32", *said[1:])
        yield (*said, said[-1])
        if len(said) > 1:
            yield tuple(reversed(said))

    assert bench.refute(valued(bench.claims(ClaimKind.SET), lies)) > 25


@pytest.mark.parametrize("kind", [ClaimKind.FIRST, ClaimKind.LAST])
def test_time_lies(bench: Bench, kind: ClaimKind) -> None:
    steps = [
        timedelta(seconds=1),
        timedelta(seconds=-1),
        timedelta(hours=9),
        timedelta(hours=-12),
        timedelta(days=1),
        timedelta(days=365),
        timedelta(microseconds=1),
    ]

    def lies(claim: Claim) -> Iterator[ClaimValue]:
        time = datetime.fromisoformat(str(claim.value))
        yield from ((time + step).isoformat().replace("+00:00", "Z") for step in steps)
        yield from (None, str(claim.value).removesuffix("Z"), str(claim.value).replace("Z", "+09:00"))

    assert bench.refute(valued(bench.claims(kind), lies)) == 50


def test_first_and_last_exchanged(bench: Bench) -> None:
    firsts, lasts = bench.claims(ClaimKind.FIRST), bench.claims(ClaimKind.LAST)
    different = [(first, last) for first, last in zip(firsts, lasts, strict=True) if first.value != last.value]
    lies = [
        lie for first, last in different for lie in (replace(first, value=last.value), replace(last, value=first.value))
    ]
    assert bench.refute(iter(lies)) == 6


def test_type_lies(bench: Bench) -> None:
    def lies(claim: Claim) -> Iterator[ClaimValue]:
        yield from (kind.value for kind in AttackType if kind is not claim.type)
        yield from ("sqli", "", None)

    assert bench.refute(valued(bench.claims(ClaimKind.TYPE), lies)) == len(IS) * (len(AttackType) + 2)


def test_lines_that_are_not_of_the_type(bench: Bench) -> None:
    """A type is claimed of exactly the lines selected: wider, other or no lines do not carry it."""
    (claim,) = [one for one in bench.claims(ClaimKind.TYPE) if one.type is AttackType.SQL_INJECTION]
    selectors = [
        Selector(),
        Selector(ips=(A,)),
        Selector(types=(AttackType.XSS,)),
        Selector(types=(AttackType.SQL_INJECTION, AttackType.XSS)),
        Selector(types=(AttackType.SQL_INJECTION,), ips=("198.51.100.77",)),
    ]
    assert bench.refute(replace(claim, selector=selector) for selector in selectors) == len(selectors)


def test_outcome_lies(bench: Bench) -> None:
    def lies(claim: Claim) -> Iterator[ClaimValue]:
        yield from (outcome.value for outcome in Outcome if outcome.value != claim.value)
        yield from ("", None, "compromised")

    assert bench.refute(valued(bench.claims(ClaimKind.OUTCOME), lies)) == 6 * len(IS)


def test_quote_lies(bench: Bench) -> None:
    claims = bench.claims(ClaimKind.QUOTE)

    def lies() -> Iterator[Claim]:
        for claim in claims:
            raw = bytes.fromhex(str(claim.value))
            for place in (0, len(raw) // 2, len(raw) - 1):
                yield replace(claim, value=(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]).hex())
            yield replace(claim, value=raw[:-1].hex())
            yield replace(claim, value=(raw + b"\n").hex())
            yield replace(claim, value="")
            yield replace(claim, value=raw.decode())
            yield replace(claim, ref=None)

    assert bench.refute(lies()) == 8 * len(claims) > 60


def test_references_that_lie(bench: Bench) -> None:
    """Right bytes at the wrong place, and right places of lines that are no evidence."""
    web, other = bench.ids["web.log"], bench.ids["other.log"]
    lines = WEB.encode().split(b"\n")
    quote = next(one for one in bench.claims(ClaimKind.QUOTE) if one.type is AttackType.SQL_INJECTION)
    places = [
        (lines[1], LineRef(web, 0)),
        (lines[1], LineRef(web, -1)),
        (lines[1], LineRef(web, 99)),
        (lines[1], LineRef(web, 4)),
        (lines[1], LineRef(other, 2)),
        (lines[1], LineRef(SourceId("0" * 16), 2)),
        (lines[0], LineRef(web, 1)),  # a real line, but no attack
        (lines[5], LineRef(web, 6)),  # "union select" stands in its user agent only
        (lines[6], LineRef(web, 7)),  # another attack
    ]
    lies = (replace(quote, value=raw.hex(), ref=ref) for raw, ref in places)
    assert bench.refute(lies) == len(places)


def test_the_same_bytes_elsewhere_are_no_lie(bench: Bench) -> None:
    quote = next(one for one in bench.claims(ClaimKind.QUOTE) if one.type is AttackType.SQL_INJECTION)
    same = replace(quote, value=WEB.encode().split(b"\n")[2].hex(), ref=LineRef(bench.ids["web.log"], 3))
    assert bench.verdict(same).status is VerdictStatus.VERIFIED


def test_a_wider_selector_does_not_make_a_wrong_number_right(bench: Bench) -> None:
    (claim,) = [one for one in bench.claims(ClaimKind.COUNT) if one.type is AttackType.SQL_INJECTION]
    lines = len(WEB.splitlines()) + len(OTHER.splitlines())
    assert bench.refute(iter([replace(claim, selector=Selector(), value=lines)])) == 1


def test_a_claim_about_one_address_is_checked_for_that_address(bench: Bench) -> None:
    (claim,) = [one for one in bench.claims(ClaimKind.COUNT) if one.type is AttackType.SQL_INJECTION]
    narrowed = replace(claim, selector=replace(claim.selector, ips=(B,)), value=2)
    assert bench.verdict(narrowed).status is VerdictStatus.VERIFIED
    assert bench.verdict(replace(narrowed, value=5)).actual == 2


def test_a_claim_without_a_type_is_checked_on_its_selector(bench: Bench) -> None:
    selector = Selector(ips=(C,))
    values: list[tuple[ClaimKind, ClaimValue]] = [
        (ClaimKind.COUNT, 5),
        (ClaimKind.PER_IP, ((C, 5),)),
        (ClaimKind.SET, (C,)),
        (ClaimKind.FIRST, "2026-11-01T10:00:00Z"),
        (ClaimKind.LAST, "2026-11-01T10:00:51Z"),
    ]
    for kind, value in values:
        assert bench.verdict(Claim("x", kind, None, selector, value)).status is VerdictStatus.VERIFIED, kind
        assert bench.verdict(Claim("x", kind, None, selector, "wrong")).status is VerdictStatus.REFUTED, kind
    assert bench.verdict(Claim("x", ClaimKind.OUTCOME, None, selector, "failed")).status is VerdictStatus.UNVERIFIABLE


NOWHERE = [
    Selector(types=(AttackType.XSS,), sources=(SourceId("0" * 16),)),
    Selector(types=(AttackType.XSS,), since=datetime(2027, 1, 1, tzinfo=UTC)),
    Selector(types=(AttackType.XSS,), until=datetime(2026, 1, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize("selector", NOWHERE)
@pytest.mark.parametrize("kind", list(ClaimKind))
def test_where_nothing_was_collected_nothing_is_said(bench: Bench, selector: Selector, kind: ClaimKind) -> None:
    for value in (0, 1, (), None, "xss", "failed"):
        claim = Claim("x", kind, AttackType.XSS, selector, value, LineRef(bench.ids["web.log"], 7))
        assert bench.verdict(claim).status is VerdictStatus.UNVERIFIABLE


def test_every_kind_has_a_check() -> None:
    assert tuple(CHECKS) == tuple(ClaimKind)


def test_a_stored_hit_that_no_scan_gives_again_is_noticed(lake_of: Callable[..., Lake], scanner: Scanner) -> None:
    """A damaged or doctored hit makes the count refuted, although the lake's own query agrees with it."""
    lake = lake_of(**FILES)
    apply_behaviours(lake, RULES)
    hits = lake.hits(Selector(types=(AttackType.XSS,)))
    forged = hits.set_column(1, "log.line", [[1] * len(hits)]).cast(hits.schema)
    lake.add_hits(forged.slice(0, 1))
    report = investigate(lake, RULES, scanner, case="case", now=NOW)
    (count,) = [one for one in report.claims if one.claim.id == "xss.count"]
    assert (count.claim.value, count.verdict.status, count.verdict.actual) == (3, VerdictStatus.REFUTED, 2)
    assert next(one.count for one in report.findings if one.type is AttackType.XSS) == 2
