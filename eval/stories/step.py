"""What happens in a story, server-independent: requests with the faults they cause, and messages of login programs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.taxonomy import AttackType, Outcome


class Cause(StrEnum):
    """Why a server writes an error-log line."""

    DENIED = "denied"
    MISSING = "missing"
    PASSWORD_MISMATCH = "password_mismatch"  # noqa: S105 - names a message, holds no password
    UNKNOWN_USER = "unknown_user"
    LIMIT = "limit"
    APPLICATION = "application"
    UPSTREAM_TIMEOUT = "upstream_timeout"
    INVALID_METHOD = "invalid_method"
    FIREWALL = "firewall"


@dataclass(frozen=True, slots=True)
class Fault:
    """An error-log message about a request; `text` is the application's own text or the user's name.

    The message belongs to the request's incidents, or to `incidents` where it is something of its own.
    """

    cause: Cause
    text: str = ""
    part_of_attack: bool = True
    incidents: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request and its answer; `target` may hold any character, `raw` replaces the whole request line."""

    when: datetime
    ip: str
    method: str
    target: str
    status: int
    size: int
    agent: str
    referrer: str = "-"
    user: str = "-"
    raw: str | None = None
    fault: Fault | None = None
    incidents: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The request line as sent."""
        return f"{self.method} {self.target} HTTP/1.1" if self.raw is None else self.raw


@dataclass(frozen=True, slots=True)
class Message:
    """A line of the authentication log; `ip` is the true source of what it tells, if any."""

    when: datetime
    program: str
    text: str
    ip: str | None = None
    incidents: tuple[str, ...] = ()


Step = Request | Message


@dataclass(frozen=True, slots=True)
class Label:
    """What an incident is; its lines, addresses and count follow from the steps that name it."""

    type: AttackType
    accept: tuple[AttackType, ...] = ()
    outcome: Outcome | None = None
