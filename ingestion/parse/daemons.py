"""What programs other than sshd, PAM and the account tools say about clients in a syslog."""

import re

from core.action import Action
from ingestion.parse.message import FAILURE, SUCCESS, ip_of_endpoint, optional_text
from ingestion.parse.sshd import NOTHING, Told

_ENDPOINT = rb"(?P<from>\[?[0-9A-Fa-f:.]{2,45}\]?:[0-9]{1,5})"
_DROPBEAR: tuple[tuple[re.Pattern[bytes], Action, str | None], ...] = tuple(
    (re.compile(pattern + _ENDPOINT + rb"(?:[ )>].*)?\Z", re.DOTALL), action, outcome)
    for pattern, action, outcome in (
        (rb"Bad (?:PAM )?password attempt for '(?P<user>.*)' from ", Action.LOGIN_FAILED, FAILURE),
        (rb"(?:Login|PAM) attempt for (?:nonexistent|invalid) user (?:'(?P<user>.*)' )?from ",
         Action.INVALID_USER, FAILURE),
        (rb"(?:Password|Pubkey|PAM password) auth succeeded for '(?P<user>.*)' (?:with .* )?from ",
         Action.LOGIN_SUCCEEDED, SUCCESS),
        (rb"Exit before auth(?: from)? <", Action.PREAUTH_CLOSED, FAILURE),
    )
)  # fmt: skip
_EVASIVE = re.compile(rb"Blacklisting address (?P<from>[0-9A-Fa-f:.]{2,45}): possible ")


def read_dropbear(message: bytes) -> Told:
    """The small SSH server of routers and appliances; the address stands behind the name."""
    for pattern, action, outcome in _DROPBEAR:
        found = pattern.match(message)
        if found:
            user = found.groupdict().get("user")
            return Told(action, outcome, optional_text(user), ip_of_endpoint(found["from"], port=True))
    return NOTHING


def read_evasive(message: bytes) -> Told:
    """Apache's mod_evasive."""
    found = _EVASIVE.match(message)
    return Told(Action.LIMIT_HIT, FAILURE, None, ip_of_endpoint(found["from"], port=False)) if found else NOTHING
