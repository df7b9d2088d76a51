"""What was read, where it is silent, and what these logs cannot show."""

from collections.abc import Callable
from datetime import UTC, datetime

from answering.codes import BlindSpot
from answering.site import is_access
from core.event import AGENT, SOURCE
from core.report import Coverage, Gap
from core.selector import Selector
from core.source import Source
from stores.lake import Lake

GAP_SECONDS = 2 * 3600
GAP_FACTOR = 30
GAP_LINES = 50
"""A silent stretch is a gap when it lasts two hours or more and 30 times what is usual in a source of 50 lines or more.

Usual is the 95th percentile of the pauses between minutes that have lines (`Lake.activity`).
"""

PROXY_SHARE = 0.9
PROXY_LINES = 1000
"""One address behind nine tenths of the lines of a log of 1,000 lines or more looks like a proxy in front."""

_INCOMPLETE = frozenset(
    {
        "truncated_archive",
        "corrupt_archive",
        "crc_mismatch",
        "size_mismatch",
        "budget_exceeded",
        "read_error",
        "file_shrank",
    }
)


def observe_coverage(lake: Lake, selector: Selector, unattributed: int) -> Coverage:
    """Coverage of the selector's sources; `unattributed` is the number of attack lines without an address."""
    sources = tuple(one for one in lake.sources if not selector.sources or one.id in selector.sources)
    first = min((one.first_seen for one in sources if one.first_seen), default=None)
    last = max((one.last_seen for one in sources if one.last_seen), default=None)
    gaps = _gaps(lake, sources)
    spots = [spot for spot, applies in _BLIND_SPOTS if applies(sources)]
    spots += [BlindSpot.SILENT_STRETCHES] * bool(gaps)
    spots += [BlindSpot.LINES_WITHOUT_ADDRESS] * bool(unattributed)
    spots += [BlindSpot.NO_USER_AGENTS] * _no_agents(lake, sources)
    spots += [BlindSpot.ADDRESS_MAY_BE_PROXY] * _looks_proxied(lake)
    spots += [BlindSpot.WINDOW_ASKED] * (selector != Selector())
    return Coverage(
        sources=sources,
        lines=sum(one.accounting.lines for one in sources),
        parsed=sum(one.accounting.parsed for one in sources),
        first_seen=first,
        last_seen=last,
        gaps=gaps,
        blind_spots=tuple(spots),
    )


def _gaps(lake: Lake, sources: tuple[Source, ...]) -> tuple[Gap, ...]:
    ids = {one.number: one.id for one in sources}
    return tuple(
        Gap(ids[row[SOURCE]], _aware(row["since"]), _aware(row["until"]))
        for row in lake.activity().to_pylist()
        if row[SOURCE] in ids and _is_gap(row["seconds"], row["usual_seconds"], row["lines"])
    )


def _is_gap(seconds: float, usual_seconds: float | None, lines: int) -> bool:
    usual = usual_seconds or 0.0
    return lines >= GAP_LINES and seconds >= max(GAP_SECONDS, GAP_FACTOR * usual)


def _aware(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def _is_error(source: Source) -> bool:
    return source.dataset.endswith(".error")


def _is_login(source: Source) -> bool:
    return source.dataset.startswith(("syslog", "auth", "linux"))


def _has_access(sources: tuple[Source, ...]) -> bool:
    return any(is_access(one) for one in sources)


_BLIND_SPOTS: tuple[tuple[BlindSpot, Callable[[tuple[Source, ...]], bool]], ...] = (
    (BlindSpot.NO_REQUEST_BODIES, _has_access),
    (BlindSpot.NO_OTHER_HEADERS, _has_access),
    (BlindSpot.NO_RESPONSE_BODIES, _has_access),
    (BlindSpot.NO_ACCESS_LOG, lambda sources: bool(sources) and not _has_access(sources)),
    (BlindSpot.NO_ERROR_LOG, lambda sources: _has_access(sources) and not any(_is_error(one) for one in sources)),
    (BlindSpot.NO_AUTH_LOG, lambda sources: bool(sources) and not any(_is_login(one) for one in sources)),
    (BlindSpot.ZONE_ASSUMED, lambda sources: any(one.zone_source == "assumed" for one in sources)),
    (BlindSpot.YEAR_ASSUMED, lambda sources: any(one.year_source == "assumed" for one in sources)),
    (BlindSpot.NO_TIMES, lambda sources: any(one.accounting.parsed and not one.first_seen for one in sources)),
    (BlindSpot.UNPARSED_LINES, lambda sources: any(one.accounting.unparsed for one in sources)),
    (BlindSpot.OVERSIZE_LINES, lambda sources: any(one.accounting.oversize for one in sources)),
    (BlindSpot.INCOMPLETE_INPUT, lambda sources: any(_INCOMPLETE.intersection(one.notes) for one in sources)),
)


def _no_agents(lake: Lake, sources: tuple[Source, ...]) -> bool:
    """Whether an access log has no user agent in any line (the common format)."""
    return any(not lake.top(Selector(sources=(one.id,)), AGENT, 1) for one in sources if is_access(one))


def _looks_proxied(lake: Lake) -> bool:
    lines = sum(one.accounting.lines for one in lake.sources)
    return lines >= PROXY_LINES and lake.dominant_ip(PROXY_SHARE) is not None
