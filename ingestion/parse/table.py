"""The ordered table of every known format, and which of them a file is written in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.event import ParseStatus
from ingestion.parse.access import Compiled
from ingestion.parse.apache_error import ApacheError
from ingestion.parse.apache_error_format import compile_error_log_format
from ingestion.parse.apache_log_format import compile_apache_log_format
from ingestion.parse.columns import Columns
from ingestion.parse.log_format import compile_log_format
from ingestion.parse.message import MessageFormat, ParsedLine
from ingestion.parse.messages import read_lines
from ingestion.parse.nginx_error import NginxError
from ingestion.parse.partial import PartialClient
from ingestion.parse.program import Program
from ingestion.parse.standard import APACHE, NGINX
from ingestion.parse.syslog import SyslogAuth

SAMPLE = 256 << 10
"""Bytes of a file's beginning that decide its format."""

_ENOUGH = 400
"""Lines of the sample that are tried."""


@dataclass(frozen=True, slots=True)
class Format:
    """A named format: either a compiled program (access logs) or a reader of single lines (message logs)."""

    name: str
    dataset: str
    program: Compiled | None = None
    message: MessageFormat | None = None

    def understood(self, lines: Sequence[bytes]) -> NDArray[np.bool_]:
        """Which of the lines (without LF, none blank) this format understands."""
        if self.program is not None:
            data = np.frombuffer(b"\n".join(lines), np.uint8)
            columns = Columns(len(lines))
            self.program.parse(data, 0, len(data), 0, columns)
            return np.equal(columns.states[:, 0], np.uint8(ParseStatus.PARSED))
        if self.message is None:
            return np.zeros(len(lines), np.bool_)
        parsed = read_lines(self.message, list(lines))
        return np.array([isinstance(line, ParsedLine) and line.status == ParseStatus.PARSED for line in parsed])


def _access(name: str, dataset: str, program: Program) -> Format:
    return Format(name, dataset, program=Compiled.of(program))


_MESSAGES: tuple[MessageFormat, ...] = (NginxError(), ApacheError(), SyslogAuth(), PartialClient())

FORMATS: tuple[Format, ...] = (
    *(_access(name, "nginx.access", program) for name, program in NGINX.items()),
    *(_access(name, "apache.access", program) for name, program in APACHE.items()),
    *(
        Format(message.dataset, message.dataset, message=message)
        for message in (NginxError(), ApacheError(), SyslogAuth(), PartialClient())
    ),
)
"""In the order in which ties are settled: the first format that understands most lines wins."""

UNKNOWN = Format("unknown", "unknown")


def named(text: str) -> Format:
    """The format of that name, or the one an nginx `log_format`, Apache `LogFormat` or `ErrorLogFormat` describes.

    A string with `%M` (the message) is an `ErrorLogFormat`.

    Raises InputError: `unknown_format` (with the known names), `bad_log_format`.
    """
    for known in FORMATS:
        if text in (known.name, known.dataset):
            return known
    if "$" in text:
        return _access("nginx.custom", "nginx.access", compile_log_format(text))
    if "%M" in text or text.startswith("ErrorLogFormat"):
        return Format("apache.custom_error", "apache.error", message=compile_error_log_format(text))
    if "%" in text:
        return _access("apache.custom", "apache.access", compile_apache_log_format(text))
    raise InputError("unknown_format", format=text, known=tuple(known.name for known in FORMATS))


def recognise(head: bytes) -> Format:
    """The format that understands most of the first lines; `UNKNOWN` when none understands any."""
    lines = _sample(head)
    if not lines:
        return UNKNOWN
    best, score = UNKNOWN, 0
    for candidate in FORMATS:
        found = int(candidate.understood(lines).sum())
        if found > score:
            best, score = candidate, found
        if found == len(lines):
            break
    return best


def _sample(head: bytes) -> list[bytes]:
    whole = head[: head.rfind(b"\n")] if b"\n" in head else head
    lines = whole.removeprefix(b"\xef\xbb\xbf").split(b"\n", _ENOUGH)[:_ENOUGH]
    return [line for line in lines if line.strip()]
