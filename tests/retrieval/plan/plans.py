"""The case that the tables of this folder ask about, and short ways to write the steps they expect."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from core.dimension import Dimension
from core.line import SourceId
from core.plan import ANY_ATTACK, CaseFacts, Exchange, Operation, Plan, Step
from core.selector import Selector
from core.taxonomy import AttackType, Outcome
from retrieval.plan import canonical, plan

JST = timezone(timedelta(hours=9))
IP, PATH, USER = Dimension.IP, Dimension.PATH, Dimension.USER

# Monday 9 to Sunday 15 November 2026
FACTS = CaseFacts(
    first_seen=datetime(2026, 11, 9, 2, 0, 3, tzinfo=JST),
    last_seen=datetime(2026, 11, 15, 5, 59, 30, tzinfo=JST),
    offset_seconds=9 * 3600,
    types=(AttackType.BRUTE_FORCE, AttackType.SQL_INJECTION, AttackType.XSS),
    attackers=("203.0.113.7", "198.51.100.23"),
    users=("root", "admin", "deploy", "alice"),
    paths=("/", "/login", "/search", "/wp-login.php", "/admin/users", "/cart"),
    agents=("sqlmap/1.8.2#stable", "curl/8.5.0", "Mozilla/5.0 (X11; Linux)"),
    datasets=("nginx.access", "nginx.error", "syslog.auth"),
    sources=((SourceId("aaaa"), "access.log"), (SourceId("bbbb"), "logs/auth.log")),
)


def steps(question: str, history: Sequence[Exchange] = ()) -> tuple[Step, ...]:
    """The steps planned for a question of this case."""
    return plan(question, FACTS, history).steps


def at(text: str) -> datetime:
    """`15T05:59` of November 2026, on the log's clock."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=JST)


def where(**fields: Any) -> Selector:  # noqa: ANN401
    """A selector; times as `at` reads them, one type instead of a tuple of one, "any" for attacks of any type."""
    for name in ("since", "until"):
        if name in fields:
            fields[name] = at(fields[name])
    types = fields.get("types", ())
    fields["types"] = ANY_ATTACK if types == "any" else (types,) if isinstance(types, str) else types
    return Selector(**fields)


def step(operation: str, by: Dimension | None = None, limit: int | None = None, **fields: Any) -> Step:  # noqa: ANN401
    """A canonical step; what is no field of a step is one of its selector."""
    own = {name: fields.pop(name) for name in ("outcomes", "newest", "words", "against") if name in fields}
    return canonical(Step(Operation(operation), where(**fields), by, limit, **own))


def asked(question: str, *, ips: tuple[str, ...] = (), types: tuple[AttackType, ...] = (), **shown: Any) -> Exchange:  # noqa: ANN401
    """An exchange of this case: the question, its plan, and what the answer showed."""
    made: Plan = plan(question, FACTS)
    assert made.steps, question
    return Exchange(question, made, ips=ips, types=types, **shown)


SUCCEEDED, FAILED, BLOCKED, UNKNOWN = Outcome.SUCCEEDED, Outcome.FAILED, Outcome.BLOCKED, Outcome.UNKNOWN
