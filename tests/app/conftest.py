"""A report made by hand, with everything in it that a renderer must get right."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from core.claim import CheckedClaim, Claim, ClaimKind, Proof, Verdict, VerdictStatus
from core.field import Field
from core.finding import Finding, IpCount, Quote, RuleCount
from core.ignore import Ignored, IgnoreEntry
from core.line import LineRef, SourceId
from core.report import BenignActivity, Campaign, Conclusion, Coverage, Gap, Report, RuleLabel, Standing, Totals
from core.selector import Selector
from core.source import Accounting, Source
from core.taxonomy import AttackType, Outcome

HOSTILE = (
    b'203.0.113.7 - - [10/Nov/2026:03:04:05 +0000] "GET /?q=1\'%20UNION%20SELECT%201 HTTP/1.1" 500 12 "-" '
    b'"![x](http://203.0.113.99/p.png) <img src=http://203.0.113.99/q.png> ```` | \x1b[2J \xe2\x80\xae gnp.exe \xff"'
)
START = HOSTILE.index(b"UNION%20SELECT")
END = START + len(b"UNION%20SELECT")
NAME = "evil/![n](http://203.0.113.99/n.png)<b>\u202egol.\x1b[31m.log"


@pytest.fixture(scope="session", autouse=True)
def no_model() -> Iterator[None]:
    """What a developer has set up is none of the tests' business: nothing is asked, nothing leaves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.settings._env_file", lambda: ({}, None))
        for name in [name for name in os.environ if name.startswith(("OPENAI_", "AZURE_", "AKASHI_"))]:
            patch.delenv(name)
        yield


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 10, hour, minute, tzinfo=UTC)


def source(number: int, name: str) -> Source:
    accounting = Accounting(lines=10, parsed=7, continuation=1, blank=1, unparsed=1, reasons={"NO_FORMAT": 1})
    return Source(
        id=SourceId(f"{number:016x}"),
        number=number,
        name=name,
        dataset="nginx.access",
        sha256=f"{number:064x}",
        size=1234,
        accounting=accounting,
        first_seen=at(1),
        last_seen=at(5),
        ingested_at=at(9),
        notes=("unterminated_last_line",),
    )


def checked(kind: ClaimKind, value: object, status: VerdictStatus, actual: object) -> CheckedClaim:
    selector = Selector(types=(AttackType.SQL_INJECTION,))
    claim = Claim(f"sql_injection.{kind}", kind, AttackType.SQL_INJECTION, selector, value)  # type: ignore[arg-type]
    return CheckedClaim(claim, Verdict(status, actual, Proof(selector, 12_345, "ab" * 32)))  # type: ignore[arg-type]


def entry(reason: str, expires: date) -> IgnoreEntry:
    selector = Selector(ips=("192.0.2.9",), types=(AttackType.XSS,), paths=("/<b>*",))
    return IgnoreEntry(reason[-4:], selector, reason, "", expires, everywhere=True)


@pytest.fixture
def report() -> Report:
    ref = LineRef(SourceId(f"{1:016x}"), 7)
    finding = Finding(
        type=AttackType.SQL_INJECTION,
        selector=Selector(types=(AttackType.SQL_INJECTION,)),
        count=12_345,
        source_ips=(IpCount("203.0.113.7", 12_000), IpCount("2001:db8::7", 345)),
        unattributed=0,
        first_seen=at(3, 4),
        last_seen=at(4),
        outcome=Outcome.SUCCEEDED,
        outcome_reason="",
        deciding=(ref,),
        rules=(RuleCount("sqli-union", 12_345),),
        quotes=(Quote(ref, HOSTILE, "sqli-union", Field.QUERY, START, END),),
        waf_rules=(RuleCount("942100", 12_000), RuleCount("942190", 4)),
    )
    claims = (
        checked(ClaimKind.COUNT, 12_345, VerdictStatus.VERIFIED, 12_345),
        checked(ClaimKind.SET, ("203.0.113.7",), VerdictStatus.REFUTED, ("2001:db8::7", "203.0.113.7")),
        checked(ClaimKind.OUTCOME, "succeeded", VerdictStatus.UNVERIFIABLE, None),
        checked(ClaimKind.QUOTE, HOSTILE.hex(), VerdictStatus.VERIFIED, HOSTILE.hex()),
    )
    return Report(
        case="default",
        state="0123456789abcdef",
        rules_version="fedcba98",
        generated_at=at(10),
        conclusion=Conclusion.ATTACKS_FOUND,
        totals=Totals(1, 12_345, 2),
        findings=(finding,),
        benign=(BenignActivity("Googlebot", 40, (IpCount("192.0.2.1", 40),), Standing.CLAIMED),),
        coverage=Coverage((source(1, NAME), source(2, "a/x.log"), source(3, "b/x.log")), 30, 21, at(1), at(5),
                          (Gap("0000000000000001", at(2), at(3)),), ()),
        claims=claims,
        next_steps=(),
        campaigns=(
            Campaign(
                (IpCount("203.0.113.7", 12_000), IpCount("2001:db8::7", 345)),
                (AttackType.SQL_INJECTION,),
                12_345,
                at(3, 4),
                at(4),
                ("path_list", "network"),
                ("![tool](http://203.0.113.99/t.png)\u202e<b>",),
                ("/admin|`x`",),
            ),
        ),
        labels={"sqli-union": RuleLabel({"en": "UNION <b>", "ja": "UNION 構文"}, ("T1190", "T1213"))},
        ignored=(
            Ignored(entry("\u202eevil | reason", date(2026, 12, 1)), 12, expired=False),
            Ignored(entry("old", date(2026, 1, 1)), 0, expired=True),
        ),
    )  # fmt: skip
