"""Raw lines of the suites' logs, read by a few regular expressions that share no code with the product.

It knows the formats that `python -m eval.stories` writes, and nothing else.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

_REQUEST = r'"(?:(?P<method>[A-Z]+) (?P<url>\S+)(?: HTTP/[\d.]+)?|(?P<odd>(?:[^"\\]|\\.)*))"'
_ACCESS = re.compile(
    r"(?:(?P<domain>[\w.-]+):\d+ )?(?P<ip>\S+) \S+ (?P<user>.*?) \[(?P<time>[^\]]+)\] "
    + _REQUEST
    + r' (?P<status>\d{3}) (?P<size>\d+|-) "(?P<referrer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)"'
)
_NGINX_ERROR = re.compile(r"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[\w+\] \d+#\d+: (?P<rest>.*)")
_CLIENT = re.compile(r".*, client: (?P<ip>[^,\s]+)(?P<rest>.*)", re.DOTALL)
_APACHE_ERROR = re.compile(r"\[(?P<time>\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] (?P<rest>.*)")
_APACHE_CLIENT = re.compile(r"(?:\[[^\]]*\] )*?\[client (?P<ip>[0-9a-f.:]+):\d+\] (?P<message>.*)")
_SYSLOG = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ "
    r"(?P<program>[\w-]+)(?:\[\d+\])?: (?P<message>.*)"
)
_SSHD = re.compile(
    r"(?:(?:Failed|Accepted) \S+ for (?:invalid user )?(?P<user>.*)|Invalid user (?P<invalid>.*)) "
    r"from (?P<ip>[0-9a-f.:]+)(?: port \d+.*)?"
)
_SSHD_END = re.compile(
    r".*?(?:from|by|user) (?:(?:authenticating|invalid) user (?P<user>.*) )?(?P<ip>[0-9a-f.:]+) port \d+"
    r"(?: \[preauth\])?"
)
_SESSION = re.compile(
    r"pam_unix\(\w+:session\): session (?:opened|closed) for user (?P<user>\w+)(?:\(uid=\d+\))?(?: by .*)?"
)
_SUDO = re.compile(r"(?P<user>\w+) : .*")
_NAMED = re.compile(r'user "(?P<user>[^"]*)"(?:: password mismatch| was not found).*')
_YEAR = 2026
"""What lines without a year are of."""


@dataclass(frozen=True, slots=True)
class PlainLine:
    """One physical line; times are aware UTC, None is what the line does not say; `hits` are (rule, type) pairs."""

    file: str
    number: int
    raw: bytes
    time: datetime | None = None
    ip: str | None = None
    user: str | None = None
    method: str | None = None
    url: str | None = None
    status: int | None = None
    size: int | None = None
    agent: str | None = None
    referrer: str | None = None
    domain: str | None = None
    hits: frozenset[tuple[str, str]] = field(default=frozenset())


def plain_line(
    file: str, number: int, raw: bytes, offset: timedelta, hits: frozenset[tuple[str, str]] = frozenset()
) -> PlainLine:
    """The line; `offset` is the zone of clocks that name none."""
    text = raw.decode("utf-8", "backslashreplace")
    line = PlainLine(file, number, raw, hits=hits)
    for pattern, read in ((_ACCESS, _access), (_NGINX_ERROR, _nginx_error), (_APACHE_ERROR, _apache_error)):
        if found := pattern.match(text):
            return read(line, found, offset)
    found = _SYSLOG.fullmatch(text)
    return _syslog(line, found, offset) if found else line


def _access(line: PlainLine, found: re.Match[str], _offset: timedelta) -> PlainLine:
    return replace(
        line,
        time=datetime.strptime(found["time"], "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC),
        ip=_address(found["ip"]),
        user=_said(found["user"]),
        method=found["method"],
        url=found["url"] or _said(found["odd"]),
        status=int(found["status"]),
        size=None if found["size"] == "-" else int(found["size"]),
        agent=_said(found["agent"]),
        referrer=_said(found["referrer"]),
        domain=found["domain"],
    )


def _nginx_error(line: PlainLine, found: re.Match[str], offset: timedelta) -> PlainLine:
    timed = replace(line, time=_local(found["time"], "%Y/%m/%d %H:%M:%S", offset))
    client = _CLIENT.fullmatch(found["rest"])
    if client is None:
        return timed
    rest = client["rest"]
    user = re.match(r"\*\d+ ", found["rest"]) and _NAMED.search(found["rest"])
    request = re.search(r', request: "([A-Z]+) (\S+)[^"]*"', rest)
    host, referrer = re.search(r', host: "([^"]*)"', rest), re.search(r', referrer: "([^"]*)"', rest)
    return replace(
        timed,
        ip=_address(client["ip"]),
        user=user["user"] if user else None,
        method=request[1] if request else None,
        url=request[2] if request else None,
        domain=host[1] if host else None,
        referrer=referrer[1] if referrer else None,
    )


def _apache_error(line: PlainLine, found: re.Match[str], offset: timedelta) -> PlainLine:
    stamp = re.sub(r"\.\d+ ", " ", found["time"])
    timed = replace(line, time=_local(stamp, "%a %b %d %H:%M:%S %Y", offset))
    client = _APACHE_CLIENT.match(found["rest"])
    if client is None:
        return timed
    user = re.search(r"AH0161[78]: user (.*?)(?:: authentication failure| not found)", client["message"])
    return replace(timed, ip=_address(client["ip"]), user=user[1] if user else None)


def _syslog(line: PlainLine, found: re.Match[str], offset: timedelta) -> PlainLine:
    stamp = found["time"]
    if stamp[0].isdigit():
        time = datetime.fromisoformat(stamp).astimezone(UTC)
    else:
        time = _local(f"{_YEAR} {stamp}", "%Y %b %d %H:%M:%S", offset)
    timed = replace(line, time=time)
    named = _SESSION.fullmatch(found["message"]) or (
        _SUDO.fullmatch(found["message"]) if found["program"] == "sudo" else None
    )
    if named is not None:
        return replace(timed, user=named["user"])
    if found["program"] != "sshd":
        return timed
    message = re.sub(r"message repeated \d+ times: \[ (.*)\]", r"\1", found["message"])
    said = _SSHD.fullmatch(message) or _SSHD_END.fullmatch(message)
    if said is None:
        return timed
    groups = said.groupdict()
    return replace(timed, ip=_address(said["ip"]), user=_said(groups.get("user") or groups.get("invalid")))


def _local(stamp: str, form: str, offset: timedelta) -> datetime:
    return datetime.strptime(stamp, form).replace(tzinfo=UTC) - offset


def _said(text: str | None) -> str | None:
    return None if text in {None, "-", ""} else text


def _address(text: str) -> str | None:
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)
