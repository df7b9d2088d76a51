"""What a selector asks for, in terms of what could show it."""

from collections.abc import Collection, Iterable, Iterator

from answering.absence.evidence import Evidence, Family, Way, evidence
from core.action import Action
from core.selector import Selector

_LOGIN_ACTIONS = frozenset(
    {
        Action.LOGIN_FAILED,
        Action.LOGIN_SUCCEEDED,
        Action.INVALID_USER,
        Action.PREAUTH_CLOSED,
        Action.SESSION_OPENED,
        Action.SESSION_CLOSED,
        Action.SUDO_COMMAND,
        Action.SUDO_DENIED,
        Action.SU,
        Action.ACCOUNT_CREATED,
        Action.ACCOUNT_CHANGED,
        Action.PRIVILEGE_GRANTED,
    }
)
_REQUESTS = frozenset[Family]({"access"})
_MESSAGES = frozenset[Family]({"error"})
_LOGINS = frozenset[Family]({"login"})
_ALL = _REQUESTS | _MESSAGES | _LOGINS


def families_of(selector: Selector) -> frozenset[Family]:
    """The families of sources that can hold a line with all the conditions of the selector."""
    families = _ALL
    if selector.status_codes or selector.agent_contains:
        families &= _REQUESTS
    if selector.methods or selector.url_contains or selector.paths or selector.referrer_contains:
        families &= _REQUESTS | _MESSAGES
    if selector.actions:
        logins = _LOGIN_ACTIONS.intersection(selector.actions)
        others = set(selector.actions) - logins
        families &= (_LOGINS if logins else frozenset()) | (_MESSAGES if others else frozenset())
    return families


def ways_of(selector: Selector, present: Collection[Family | None]) -> tuple[dict[str, Way], dict[str, Way]]:
    """By name, the ways that decide whether what is asked is absent, and those that stay unseen even then.

    A question without types is about lines, not attacks: of the families that can hold such lines, those that are
    `present` decide (all of them where none is).
    """
    table = evidence()
    families = families_of(selector)
    if not selector.types:
        return _named(table, _of_lines(families & set(present) or families)), {}
    shown = [table.type[kind] for kind in selector.types]
    decided = _named(table, (name for one in shown for name in one.decided_by))
    decided = {name: way for name, way in decided.items() if families.intersection(carriers(way))}
    beyond = _named(table, (name for one in shown for name in one.beyond))
    return decided, {name: way for name, way in beyond.items() if name not in decided}


def _of_lines(families: Collection[Family]) -> Iterator[str]:
    """What shows that there are lines at all; error logs are silent most of the time, and say so only on their own."""
    if "access" in families:
        yield "requests"
    if "login" in families:
        yield "machine_login"
    if set(families) == _MESSAGES:
        yield "faults"


def carriers(way: Way) -> tuple[Family, ...]:
    """The families whose lines stand for what the way is about: a body belongs to a request of an access log."""
    return way.shown_in or (("access",) if way.methods else ())


def _named(table: Evidence, names: Iterable[str]) -> dict[str, Way]:
    return {name: table.way[name] for name in dict.fromkeys(names)}
