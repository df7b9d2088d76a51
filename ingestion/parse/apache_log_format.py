"""Apache `LogFormat` strings, as pasted from httpd.conf or bare, compiled to programs."""

import re

from core.errors import InputError
from ingestion.parse.program import Column, Program, Value, assemble

_COLUMNS: dict[str, Column] = {
    "a": Column.HOST,
    "h": Column.HOST,
    "u": Column.USER,
    "r": Column.REQUEST,
    "m": Column.METHOD,
    "U": Column.PATH,
    "q": Column.QUERY,
    "H": Column.PROTOCOL,
    "s": Column.STATUS,
    "b": Column.BYTES,
    "B": Column.BYTES,
    "O": Column.BYTES,
    "v": Column.DOMAIN,
    "V": Column.DOMAIN,
    **dict.fromkeys("ADfIklLpPRSTX", Column.SKIP),
}
"""Directives without an argument (httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats, mod_logio)."""

_HEADERS: dict[str, Column] = {
    "referer": Column.REFERRER,
    "user-agent": Column.AGENT,
    "x-forwarded-for": Column.FORWARDED,
    "host": Column.DOMAIN,
}
_WITH_ARGUMENT: dict[str, Column] = {
    **dict.fromkeys("Ceni", Column.OTHER),  # cookies, variables, notes and headers can repeat what a client sent
    **dict.fromkeys("opPTxcL", Column.SKIP),
    **dict.fromkeys("ah", Column.HOST),
}
_TIMES: dict[str, Column] = {
    "%d/%b/%Y:%H:%M:%S %z": Column.TIME_CLF,
    "%Y-%m-%dT%H:%M:%S%z": Column.TIME_ISO,
    "%Y-%m-%dT%H:%M:%S.frac%z": Column.TIME_ISO,
    "sec": Column.TIME_EPOCH,
    "sec.frac": Column.TIME_EPOCH,
    "msec": Column.TIME_EPOCH_MS,
    "usec": Column.TIME_EPOCH_US,
}
"""Time formats with a date and a zone; one without would need a guess."""

_DIRECTIVE = re.compile(
    r"%%|(?P<time>(?:%\{[^}]*\}t[. ]?)*%\{[^}]*\}t)|(?P<url>%[<>]?U%[<>]?q)"
    r"|%[!0-9,]*[<>]?(?:\{(?P<argument>[^}]*)\})?(?P<letter>\^[A-Za-z]{2}|[A-Za-z])|%"
)
_PASTED = re.compile(r"""\s*(?:LogFormat|CustomLog\s+(?:"[^"]*"|\S+))\s+"((?:[^"\\]|\\.)*)\"""", re.IGNORECASE)
_ESCAPES = {"n": "\n", "t": "\t"}


def compile_apache_log_format(source: str) -> Program:
    r"""A program from `LogFormat "…" name`, `CustomLog file "…"`, or the bare text (`\"` means a quote).

    Raises InputError("bad_log_format", token=…) for directives that are unknown or tell the time without date or zone.
    """
    pasted = _PASTED.match(source)
    text = pasted.group(1) if pasted else source.strip("\r\n")
    text = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found.group(1), found.group(1)), text)
    return assemble(_preferred(_parts(text)))


def _parts(text: str) -> list[bytes | Value]:
    parts: list[bytes | Value] = []
    at = 0
    for found in _DIRECTIVE.finditer(text):
        parts.append(text[at : found.start()].encode())
        parts += _values(found)
        at = found.end()
    parts.append(text[at:].encode())
    return [part for part in parts if part]


def _values(found: re.Match[str]) -> list[bytes | Value]:
    token = found.group()
    letter = found.group("letter")
    if found.group() == "%%":
        return [b"%"]
    if found.group("url"):
        return [Value(Column.URL, token)]
    if found.group("time"):
        return [Value(_time(token), token)]
    if letter == "t":
        return [b"[", Value(Column.TIME_CLF, token), b"]"]
    return [Value(_column(letter, found.group("argument"), token), token)]


def _time(token: str) -> Column:
    """One column for a run of `%{…}t` such as `%{%FT%T}t.%{usec_frac}t%{%z}t`."""
    spec = re.sub(r"%\{(?:begin:|end:)?([^}]*)\}t", r"\1", token)
    spec = spec.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S")
    column = _TIMES.get(re.sub(r"[mu]sec_frac", "frac", spec))
    if column is None:
        raise InputError("bad_log_format", token=token)
    return column


def _column(letter: str | None, argument: str | None, token: str) -> Column:
    if letter and letter.startswith("^"):
        return Column.SKIP
    if letter == "i" and argument is not None:
        return _HEADERS.get(argument.lower(), Column.OTHER)
    found = _COLUMNS.get(letter or "") if argument is None else _WITH_ARGUMENT.get(letter or "")
    if found is None:
        raise InputError("bad_log_format", token=token)
    return found


_WEAKER = {"%O": "%b", "%h": "%a", "%{c}a": "%a", "%{c}h": "%h"}
"""When both stand in a line, the second says it better: body bytes, the client address behind a trusted proxy."""


def _preferred(parts: list[bytes | Value]) -> list[bytes | Value]:
    tokens = {part.token for part in parts if isinstance(part, Value)}
    return [
        Value(Column.SKIP, part.token) if isinstance(part, Value) and _WEAKER.get(part.token) in tokens else part
        for part in parts
    ]
