"""Access-log lines as nginx ("combined") and Apache ("combined", "vhost_combined") write them.

nginx writes `"`, `\\`, control and non-ASCII bytes as `\\xHH` (ngx_http_log_module.c); Apache writes `\\"`, `\\\\`, C
escapes and `\\xhh` (ap_escape_logitem in server/util.c).
"""

from collections.abc import Callable

from eval.stories.step import Request

Escape = Callable[[str], str]

HOST = "www.teahouse.example"
_C_ESCAPES = {ord(raw): "\\" + name for raw, name in zip('\b\n\r\t\v\\"', 'bnrtv\\"', strict=True)}


def nginx_access(request: Request) -> bytes:
    """One line of nginx's combined format, without line end."""
    return _combined(request, _nginx_escaped)


def apache_access(request: Request) -> bytes:
    """One line of Apache's combined format, without line end."""
    return _combined(request, _apache_escaped)


def apache_vhost_access(request: Request) -> bytes:
    """One line of Debian's vhost_combined: name and port of the site before the combined fields."""
    return f"{HOST}:443 ".encode() + _combined(request, _apache_escaped)


def _combined(request: Request, escaped: Escape) -> bytes:
    stamp = request.when.strftime("%d/%b/%Y:%H:%M:%S %z")
    size = str(request.size) if request.size or escaped is _nginx_escaped else "-"
    line, referrer, agent, user = (
        escaped(text) for text in (request.line, request.referrer, request.agent, request.user)
    )
    return f'{request.ip} - {user} [{stamp}] "{line}" {request.status} {size} "{referrer}" "{agent}"'.encode()


def _nginx_escaped(text: str) -> str:
    return "".join(
        f"\\x{byte:02X}" if byte < 0x20 or byte >= 0x7F or byte in b'"\\' else chr(byte) for byte in text.encode()
    )


def _apache_escaped(text: str) -> str:
    return "".join(
        _C_ESCAPES.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}") for byte in text.encode()
    )
