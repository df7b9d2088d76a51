"""nginx `log_format` strings, as pasted from nginx.conf or bare, compiled to programs."""

import re

from core.errors import InputError
from ingestion.parse.program import Column, Program, Value, assemble

_COLUMNS: dict[str, Column] = {
    "remote_addr": Column.HOST,
    "remote_user": Column.USER,
    "time_local": Column.TIME_CLF,
    "time_iso8601": Column.TIME_ISO,
    "msec": Column.TIME_EPOCH,
    "request": Column.REQUEST,
    "request_method": Column.METHOD,
    "request_uri": Column.URL,
    "uri": Column.PATH,
    "document_uri": Column.PATH,
    "args": Column.QUERY,
    "query_string": Column.QUERY,
    "server_protocol": Column.PROTOCOL,
    "status": Column.STATUS,
    "body_bytes_sent": Column.BYTES,
    "bytes_sent": Column.BYTES,
    "http_referer": Column.REFERRER,
    "http_user_agent": Column.AGENT,
    "host": Column.DOMAIN,
    "http_host": Column.DOMAIN,
    "server_name": Column.DOMAIN,
    "http_x_forwarded_for": Column.FORWARDED,
    "proxy_add_x_forwarded_for": Column.FORWARDED,
}
"""Variables with a meaning (nginx.org/en/docs/varindex.html)."""

_SERVER_SIDE = re.compile(
    r"(?:upstream_|ssl_|geoip|proxy_protocol_|realip_|tcpinfo_|sent_|connection|request_(?:time|length|id|completion)\Z"
    r"|time_|pipe\Z|pid\Z|hostname\Z|scheme\Z|https\Z|server_|remote_port\Z|nginx_version\Z|limit_|proxy_|gzip_ratio\Z"
    r"|namespace\Z|ingress_name\Z|service_|the_real_ip\Z|req_id\Z|binary_remote_addr\Z|status_|content_length\Z)"
)
"""Variables whose value the server writes; any other unknown one (a `map`, a header, a cookie) may be a client's."""

_VARIABLE = re.compile(r"\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))|\$")
_WORD = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s;'"#][^\s;]*)|(;)|(\#[^\n]*))""", re.DOTALL)
_ESCAPES = {"t": "\t", "r": "\r", "n": "\n", '"': '"', "'": "'", "\\": "\\"}
_DIRECTIVE = re.compile(r"\s*log_format\s")


def compile_log_format(source: str) -> Program:
    """A program from `log_format main '…' '…';`, from its quoted parts, or from the bare text.

    `escape=json` and the default both keep a client's quotes out of quoted values; with `escape=none` they are not, so
    values end at the literal behind them and lines of such a log can be forged. Raises InputError("bad_log_format").
    """
    escape, text = _unwrap(source)
    return assemble(_parts(text), escaped=escape != "none")


def _unwrap(source: str) -> tuple[str, str]:
    """(escape mode, format text)."""
    directive = _DIRECTIVE.match(source)
    if not directive and not source.lstrip().startswith("'"):
        return "default", source.strip("\r\n")
    words = _words(source[directive.end() :] if directive else source)
    words = words[1:] if directive else words
    if words and words[0].startswith("escape="):
        return words[0].removeprefix("escape="), "".join(words[1:])
    return "default", "".join(words)


def _words(source: str) -> list[str]:
    """The parameters of a directive as nginx reads its configuration, up to `;`."""
    words: list[str] = []
    at = 0
    while source[at:].strip():
        found = _WORD.match(source, at)
        if not found:
            raise InputError("bad_log_format", token=source[at:].strip()[:40])
        single, double, bare, stop, _comment = found.groups()
        if stop:
            break
        quoted = single if single is not None else double
        if quoted is not None or bare:
            words.append(re.sub(r"\\(.)", _unescape, quoted if quoted is not None else bare, flags=re.DOTALL))
        at = found.end()
    return words


def _unescape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found.group(1), found.group(0))


def _parts(text: str) -> list[bytes | Value]:
    parts: list[bytes | Value] = []
    at = 0
    for found in _VARIABLE.finditer(text):
        parts.append(text[at : found.start()].encode())
        name = found.group(1) or found.group(2)
        if not name:
            raise InputError("bad_log_format", token=text[found.start() : found.start() + 20])
        parts.append(Value(_column(name), f"${name}"))
        at = found.end()
    parts.append(text[at:].encode())
    return [part for part in parts if part]


def _column(name: str) -> Column:
    known = _COLUMNS.get(name)
    if known is not None:
        return known
    return Column.SKIP if _SERVER_SIDE.match(name) else Column.OTHER
