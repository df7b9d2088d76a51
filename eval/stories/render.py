"""A played story as the files of one server, and its truth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eval.stories.access_log import apache_access, apache_vhost_access, nginx_access
from eval.stories.auth_log import classic_auth, dated_auth
from eval.stories.case import CaseFiles, written
from eval.stories.error_log import apache_error, nginx_error
from eval.stories.stage import UNJUDGED, Stage
from eval.stories.step import Fault, Message, Request, Step


@dataclass(frozen=True, slots=True)
class Server:
    """How one kind of server logs."""

    format: str
    access: Callable[[Request], bytes]
    error: Callable[[Request, Fault], bytes | None]
    auth: Callable[[Message], bytes]


NGINX = Server("nginx.access", nginx_access, nginx_error, dated_auth)
APACHE = Server("apache.access", apache_access, apache_error, classic_auth)
APACHE_VHOSTS = Server("apache.access", apache_vhost_access, apache_error, classic_auth)


@dataclass(frozen=True, slots=True)
class _Line:
    """A physical line to be written, with who caused it and what it belongs to."""

    file: str
    text: bytes
    ip: str | None
    incidents: tuple[str, ...]


def render(stage: Stage, server: Server) -> CaseFiles:
    """Write the story's steps in time order, file by file."""
    logs: dict[str, list[bytes]] = {}
    where: dict[str, list[tuple[str, int, str | None]]] = {}
    for step in sorted(stage.steps, key=lambda one: one.when):
        for line in _lines(step, server):
            log = logs.setdefault(line.file, [])
            log.append(line.text)
            for key in line.incidents or ("",):
                where.setdefault(key, []).append((line.file, len(log), line.ip))
    incidents = [_listed(stage, key, where[key]) for key in stage.labels if key in where]
    benign = _by_file(where.get("", [])) if UNJUDGED in where else None
    named = "syslog" if set(logs) == {"auth.log"} else server.format
    return written(named, logs, incidents, benign)


def _lines(step: Step, server: Server) -> Iterator[_Line]:
    if isinstance(step, Message):
        yield _Line("auth.log", server.auth(step), step.ip, step.incidents)
        return
    yield _Line("access.log", server.access(step), step.ip, step.incidents)
    if step.fault is not None and (entry := server.error(step, step.fault)) is not None:
        belongs = step.incidents if step.fault.incidents is None else step.fault.incidents
        for text in entry.split(b"\n"):
            yield _Line("error.log", text, step.ip, belongs if step.fault.part_of_attack else ())


def _listed(stage: Stage, key: str, lines: list[tuple[str, int, str | None]]) -> dict[str, object]:
    label = stage.labels[key]
    found: dict[str, object] = {"type": label.type}
    if label.accept:
        found["accept"] = list(label.accept)
    found |= {
        "source_ips": sorted({ip for _, _, ip in lines if ip is not None}),
        "lines": _by_file(lines),
        "count": len(lines),
    }
    return found | ({"outcome": label.outcome} if label.outcome else {})


def _by_file(lines: list[tuple[str, int, str | None]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for file, number, _ in lines:
        found.setdefault(file, []).append(number)
    return found
