"""What a hostile and a decent model may have said, with every mark, every standing and a plan of its own."""

from core.claim import CheckedClaim, Claim, ClaimKind, Proof, Verdict, VerdictStatus
from core.field import Field
from core.finding import Quote
from core.line import LineRef, SourceId
from core.part import Part
from core.plan import Operation, Plan, Planner, Step
from core.selector import Selector
from core.taxonomy import AttackType
from core.told import Attempt, Mark, Span, Standing, Struck, Told, ToldFinding, ToldSentence

EVIL = "![x](http://203.0.113.99/m.png) <img src=http://203.0.113.99/n.png> ```` \x1b[2J\u202e:material/home: 14✓ ‹9✓›"
SELECTOR = Selector(types=(AttackType.SQL_INJECTION,), ips=("203.0.113.7",))


def claim(name: str, value: int, actual: int) -> CheckedClaim:
    status = VerdictStatus.VERIFIED if value == actual else VerdictStatus.REFUTED
    stated = Claim(name, ClaimKind.COUNT, AttackType.SQL_INJECTION, SELECTOR, value)
    return CheckedClaim(stated, Verdict(status, actual, Proof(SELECTOR, actual, "cd" * 32)))


def finding(name: str, standing: Standing, raw: bytes = b"GET /evil") -> ToldFinding:
    quote = Quote(LineRef(SourceId(f"{1:016x}"), 7), raw, "", Field.QUERY, 0, 3)
    return ToldFinding(
        name, AttackType.SQL_INJECTION, (Span(f"title of {name} "), Span(EVIL)), standing, SELECTOR, ("m.1",),
        (Span("because of "), Span("99", Mark.WRONG, "m.2", "14")), (quote,),
    )  # fmt: skip


def told(raw: bytes = b"GET /evil") -> Told:
    return Told(
        model=f"evil-model {EVIL}",
        fault="deadline",
        facts={"seconds": 30},
        plan=Plan((Step(Operation.COUNT, SELECTOR),), planner=Planner.MODEL),
        unclear=f"Which host? {EVIL}",
        parts=(Part(Step(Operation.COUNT, SELECTOR), "count_lines", {"lines": 14}, (claim("p.1", 14, 14),)),),
        sentences=(
            ToldSentence((Span("There were "), Span("14", Mark.VERIFIED, "m.1"), Span(" lines\nand ")), ("m.1",)),
            ToldSentence((Span("99", Mark.WRONG, "m.2", "14"), Span(" from "), Span("192.0.2.9", Mark.UNKNOWN))),
            ToldSentence((Span(EVIL),)),
        ),
        findings=tuple(finding(one.value, one, raw) for one in Standing),
        benign=(ToldSentence((Span(f"a health check {EVIL}"),)),),
        claims=(claim("m.1", 14, 14), claim("m.2", 99, 14)),
        struck=(Struck("brand_new", f"99 {EVIL}", "14", "m.2"),),
        omitted=(AttackType.XSS,),
        attempts=(
            Attempt("plan", "gpt-x", 900, 40, 0.5, payload="ab" * 32, cost=0.001),
            Attempt("answer", f"evil {EVIL}", 2_000, 300, 1.25, refuted=1, payload="cd" * 32, cost=0.002),
            Attempt("repair", "gpt-x", 10, 0, 0.25, fault="deadline"),
        ),
    )
