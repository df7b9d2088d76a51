"""What a web application firewall writes into an error log: ModSecurity 2 and 3 (Coraza writes alike), Naxsi.

An alert is the firewall's own statement about one request. ModSecurity 2 escapes the quotes of what it repeats of the
client; ModSecurity 3 does not, so only the beginning of its message and the fields at its end are believed.
"""

import re
from typing import NamedTuple

from core.action import Action
from core.event import Reason
from ingestion.parse.message import FAILURE, ParsedLine

_START = re.compile(rb'(?:\[client "?[^\]\s"]{0,64}"?\] )?(?:ModSecurity|Coraza): (?P<said>.{0,24})', re.DOTALL)
_RULE = re.compile(rb'\[id "[0-9]{1,12}"\]')
_END = re.compile(
    rb'\[hostname "(?P<host>[^"]{0,255})"\] \[uri "(?P<uri>(?:[^"\\]|\\.)*)"\](?: \[unique_id "(?P<id>[^"]{1,128})"\])?'
    rb'(?: \[ref "[^"]*"\])?\s*\Z',
    re.DOTALL,
)
_NAXSI = re.compile(rb"NAXSI_(?:FMT|EXLOG): (?:ip=[0-9A-Fa-f:.]{2,45}&)?server=")
_NAXSI_URI = re.compile(rb"&uri=([^&]*)")
_BLOCKED = re.compile(rb"&block=1(?:&|\Z)")


class Alert(NamedTuple):
    """What a firewall says about one request; `request` is the identity it gave to it."""

    action: Action
    outcome: str | None
    url: bytes | None = None
    host: bytes | None = None
    request: bytes | None = None


NO_ALERT = Alert(Action.SERVER_NOTICE, None)
"""What the firewall says about itself (its version, its configuration)."""


def read_alert(message: bytes) -> Alert | None:
    """The alert a message is, `NO_ALERT` for other lines of a firewall, None for what no firewall wrote."""
    if message.startswith(b"NAXSI_"):
        return _naxsi(message)
    start = _START.match(message)
    if start is None:
        return None
    said = start["said"]
    if not (_RULE.search(message) or said.startswith((b"Access denied", b"Warning."))):
        return NO_ALERT
    end = _END.search(message)
    parts = end.groupdict() if end else {}
    denied = said.startswith(b"Access denied")
    return Alert(
        Action.WAF_BLOCKED if denied else Action.WAF_ALERT,
        FAILURE if denied else None,
        parts.get("uri"),
        parts.get("host"),
        parts.get("id"),
    )


def _naxsi(message: bytes) -> Alert | None:
    if not _NAXSI.match(message):
        return None
    uri = _NAXSI_URI.search(message)
    blocked = message.startswith(b"NAXSI_FMT") and b"&learning=1" not in message and _BLOCKED.search(message)
    action, outcome = (Action.WAF_BLOCKED, FAILURE) if blocked else (Action.WAF_ALERT, None)
    return Alert(action, outcome, uri.group(1) if uri else None)


_REQUEST = re.compile(r'\[unique_id "([^"]{1,128})"\]')


def refused_requests(parsed: list[ParsedLine | Reason]) -> dict[int, ParsedLine]:
    """Warnings about a request that another line of the same firewall refuses, by index, as the refusals they are.

    With anomaly scoring each rule only warns, and one rule at the end refuses; the unique_id joins them.
    """
    alerts = [(index, one) for index, one in enumerate(parsed) if isinstance(one, ParsedLine) and one.action in _ALERTS]
    named = [(index, one, identity) for index, one in alerts if (identity := _request_of(one.message or ""))]
    refused = {identity for _, one, identity in named if one.action is Action.WAF_BLOCKED}
    return {
        index: one._replace(action=Action.WAF_BLOCKED, outcome=FAILURE)
        for index, one, identity in named
        if identity in refused and one.action is Action.WAF_ALERT
    }


_ALERTS = frozenset({Action.WAF_ALERT, Action.WAF_BLOCKED})


def _request_of(message: str) -> str | None:
    """The identity the firewall gave to the request: what stands last is its own."""
    found = _REQUEST.findall(message)
    return found[-1] if found else None
