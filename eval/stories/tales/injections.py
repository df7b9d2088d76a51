"""Hostile input of every kind, each from an address of its own, with the disguises that servers undo."""

from core.taxonomy import AttackType, Outcome
from eval.stories.agents import BROWSERS
from eval.stories.payloads import Shots, shots
from eval.stories.people import ordinary, wait
from eval.stories.stage import Client, Stage
from eval.stories.step import Cause, Fault

_HONEST_ADDRESSES = (
    "/login?next=/account/orders",
    "/login?next=%2Fcart%3Fstep%3D2",
    "/fetch?url=https://cdn.teahouse.example/media/a.jpg",
    "/share?u=https%3A%2F%2Fwww.teahouse.example%2Fteas",
)
_HONEST_METHODS = ("OPTIONS /api/v1/cart", "PUT /api/v1/cart/7", "DELETE /api/v1/cart/7", "PATCH /api/v1/cart/8")
_ODD_REQUESTS = (
    ("TRACE /", 405),
    ("CONNECT mail.example.net:25", 400),
    ("GET http://proxy-check.example/ip", 404),
    ("TRACK /", 405),
    ("GET /teas%0d%0aSet-Cookie:%20session=1", 404),
)
_GREETINGS = (
    "\x16\x03\x01\x02",
    "\x16\x03\x01\x01n\x01",
    "SSH-2.0-Go",
    "\x03\x00\x00/*\x00\x00\x00Cookie: mstshash=adm",
)
_ALERTS: dict[str, Fault] = {AttackType.SQL_INJECTION: Fault(Cause.FIREWALL, "180201 SQL injection in the address")}
"""What the web application firewall says where it stands in the way."""
_CLOSED = ("", "orders", "users", "users/1", "settings", "export", "backup", "logs")


def _fire(stage: Stage, ip: str, minute: float, belongs: str, sent: Shots) -> None:
    client, when = Client(stage, ip, BROWSERS[3], (belongs,)), stage.at(minute)
    for target, status in sent:
        when += wait(stage, 4, 25)
        client.ask(when, f"GET {target}", status, fault=_ALERTS.get(belongs))


def injections(stage: Stage) -> None:
    """Five people try five kinds of injection; the filter, the application or the path refuses them all."""
    ordinary(stage, 120, 18)
    parts = (
        (AttackType.SQL_INJECTION, Outcome.BLOCKED),
        (AttackType.XSS, Outcome.FAILED),
        (AttackType.CODE_INJECTION, Outcome.FAILED),
        (AttackType.COMMAND_INJECTION, Outcome.FAILED),
        (AttackType.PATH_TRAVERSAL, Outcome.FAILED),
    )
    for number, (kind, outcome) in enumerate(parts):
        accept = (AttackType.COMMAND_INJECTION,) if kind is AttackType.CODE_INJECTION else ()
        key = stage.incident(kind, kind, *accept, outcome=outcome)
        _fire(stage, f"203.0.113.{121 + number}", 15 + number * 20, key, shots(kind))


def foreign_addresses(stage: Stage) -> None:
    """Addresses inside addresses: requests forged by the server, remote scripts included, visitors sent elsewhere."""
    ordinary(stage, 90, 16)
    guest = Client(stage, "198.51.100.230", BROWSERS[2])
    for number, target in enumerate(_HONEST_ADDRESSES):
        guest.ask(stage.at(12, number * 20), f"GET {target}")
    ssrf = stage.incident("ssrf", AttackType.SSRF, AttackType.PATH_TRAVERSAL, outcome=Outcome.BLOCKED)
    inclusion = stage.incident("inclusion", AttackType.REMOTE_FILE_INCLUSION, AttackType.SSRF, outcome=Outcome.FAILED)
    redirect = stage.incident("redirect", AttackType.OPEN_REDIRECT)
    for number, key in enumerate((ssrf, inclusion, redirect)):
        _fire(stage, f"203.0.113.{131 + number}", 20 + number * 15, key, shots(stage.labels[key].type))


def odd_requests(stage: Stage) -> None:
    """What no browser sends: proxies looked for, headers split, TLS on the plain port; and pages that are closed."""
    ordinary(stage, 60, 13)
    app = Client(stage, "192.0.2.140", BROWSERS[0])
    for number, request in enumerate(_HONEST_METHODS):
        app.ask(stage.at(9, number * 3), request, 204, 0)
    client = Client(stage, "203.0.113.81", "-", (stage.incident("odd", AttackType.PROTOCOL_ABUSE),))
    when = stage.at(25)
    for request, status in _ODD_REQUESTS:
        when += wait(stage, 2, 20)
        fault = Fault(Cause.INVALID_METHOD) if request.startswith("TRACK") else None
        client.ask(when, request, status, fault=fault)
    for raw in _GREETINGS:
        when += wait(stage, 2, 20)
        client.ask(when, "- -", 400, raw=raw)
    denied = stage.incident("denied", AttackType.UNAUTHORISED_ACCESS, outcome=Outcome.BLOCKED)
    outsider = Client(stage, "203.0.113.42", BROWSERS[0], (denied,))
    for number, page in enumerate(_CLOSED):
        outsider.ask(stage.at(35, number * 7), f"GET /internal-admin/{page}", 403, fault=Fault(Cause.DENIED))
