"""Error-log lines about requests, as nginx and Apache 2.4 write them at their default level (None: nothing is written).

Grammars: ngx_log.c and ngx_http_request.c; httpd's server/log.c and the APLOGNO numbers. nginx writes a decoded path
raw, so a line feed in it becomes a line end; Apache escapes it.
"""

import zlib
from collections.abc import Callable
from urllib.parse import unquote

from eval.stories.access_log import HOST
from eval.stories.step import Cause, Fault, Request

ROOT = "/srv/www/teahouse"
_SOCKET = "unix:/run/php/php8.4-fpm.sock"


def nginx_error(request: Request, fault: Fault) -> bytes | None:
    """One entry of nginx's error log (of several physical lines where the path holds a line feed)."""
    told = _NGINX[fault.cause](request, fault)
    if told is None:
        return None
    stamp = request.when.strftime("%Y/%m/%d %H:%M:%S")
    number = _number(request, 9_000)
    upstream = f', upstream: "fastcgi://{_SOCKET}:"' if fault.cause in _FROM_UPSTREAM else ""
    referrer = "" if request.referrer == "-" else f', referrer: "{request.referrer}"'
    context = f'client: {request.ip}, server: {HOST}, request: "{request.line}"{upstream}, host: "{HOST}"{referrer}'
    return f"{stamp} [error] 812#812: *{number} {told}, {context}".encode()


def apache_error(request: Request, fault: Fault) -> bytes | None:
    """One line of Apache's error log."""
    told = _APACHE[fault.cause](request, fault)
    if told is None:
        return None
    module, message = told
    stamp = request.when.strftime("%a %b %d %H:%M:%S.%f %Y")
    referrer = "" if request.referrer == "-" else f", referer: {request.referrer}"
    client = f"[client {request.ip}:{40_000 + _number(request, 20_000)}]"
    pid = 2_000 + _number(request, 40)
    text = "".join(c if " " <= c <= "~" else f"\\x{ord(c):02x}" if c != "\n" else "\\n" for c in message)
    return f"[{stamp}] [{module}:error] [pid {pid}:tid {pid + 140_000}] {client} {text}{referrer}".encode()


def _number(request: Request, below: int) -> int:
    """A connection or process number that stays with the client."""
    return zlib.crc32(request.ip.encode()) % below


def _path(request: Request) -> str:
    return unquote(request.target.partition("?")[0])


_FROM_UPSTREAM = (Cause.APPLICATION, Cause.UPSTREAM_TIMEOUT)

Told = tuple[str, str] | None


def _firewall(request: Request, fault: Fault) -> str:
    """An alert of ModSecurity, as its modules for both servers word it; `text` is number and message of a rule."""
    number, _, message = fault.text.partition(" ")
    fields = {
        "file": "/etc/modsecurity/rules/teahouse.conf",
        "line": "41",
        "id": number,
        "msg": message,
        "severity": "CRITICAL",
        "tag": "teahouse",
        "hostname": HOST,
        "uri": _path(request),
        "unique_id": f"{zlib.crc32(request.target.encode()):08x}",
    }
    told = " ".join(f'[{name} "{value}"]' for name, value in fields.items())
    return f"ModSecurity: Access denied with code 403 (phase 2). Pattern match at REQUEST_URI. {told}"


_NGINX: dict[Cause, Callable[[Request, Fault], str | None]] = {
    Cause.DENIED: lambda _request, _fault: "access forbidden by rule",
    Cause.MISSING: lambda request, _fault: f'open() "{ROOT}{_path(request)}" failed (2: No such file or directory)',
    Cause.PASSWORD_MISMATCH: lambda _request, fault: f'user "{fault.text}": password mismatch',
    Cause.UNKNOWN_USER: lambda _request, fault: f'user "{fault.text}" was not found in "/etc/nginx/htpasswd"',
    Cause.LIMIT: lambda _request, _fault: 'limiting requests, excess: 20.640 by zone "perip"',
    Cause.APPLICATION: lambda _request, fault: (
        f'FastCGI sent in stderr: "PHP message: {fault.text}" while reading response header from upstream'
    ),
    Cause.UPSTREAM_TIMEOUT: lambda _request, _fault: (
        "upstream timed out (110: Connection timed out) while reading response header from upstream"
    ),
    Cause.INVALID_METHOD: lambda _request, _fault: None,
    Cause.FIREWALL: _firewall,
}
_APACHE: dict[Cause, Callable[[Request, Fault], Told]] = {
    Cause.DENIED: lambda request, _fault: (
        "authz_core",
        f"AH01630: client denied by server configuration: {ROOT}{_path(request)}",
    ),
    Cause.MISSING: lambda _request, _fault: None,
    Cause.PASSWORD_MISMATCH: lambda request, fault: (
        "auth_basic",
        f'AH01617: user {fault.text}: authentication failure for "{_path(request)}": Password Mismatch',
    ),
    Cause.UNKNOWN_USER: lambda request, fault: (
        "auth_basic",
        f"AH01618: user {fault.text} not found: {_path(request)}",
    ),
    Cause.LIMIT: lambda _request, _fault: None,
    Cause.APPLICATION: lambda _request, fault: ("php", fault.text),
    Cause.UPSTREAM_TIMEOUT: lambda _request, _fault: (
        "proxy_fcgi",
        "(70007)The timeout specified has expired: AH01075: Error dispatching request to : (polling)",
    ),
    Cause.INVALID_METHOD: lambda request, _fault: ("core", f"AH00135: Invalid method in request {request.line}"),
    Cause.FIREWALL: lambda request, fault: ("security2", _firewall(request, fault)),
}
