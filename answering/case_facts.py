"""What a planner may know of a case before it reads a question: names and times, never a log line."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.event import AGENT, DATASET, USER
from core.plan import EVERYTHING, CaseFacts
from core.report import Report
from core.source import Source
from stores.columns import PATH
from stores.lake import Lake

KNOWN = 200
"""The most frequent users, paths and agents that a question may name."""

_OFFSET = re.compile(r"([+-])(\d\d):([0-5]\d)")
"""A zone that is written in the lines, as sources name it."""


def facts_of(lake: Lake, report: Report) -> CaseFacts:
    """The facts of the state that the report was made of."""
    ips: Counter[str] = Counter()
    for finding in report.findings:
        ips.update({one.ip: one.count for one in finding.source_ips})
    return CaseFacts(
        first_seen=report.coverage.first_seen,
        last_seen=report.coverage.last_seen,
        offset_seconds=offset_of(lake.sources),
        types=tuple(finding.type for finding in sorted(report.findings, key=lambda one: -one.count)),
        attackers=tuple(ip for ip, _ in sorted(ips.items(), key=lambda item: (-item[1], item[0]))),
        users=_most(lake, USER),
        paths=_most(lake, PATH),
        agents=_most(lake, AGENT),
        datasets=_most(lake, DATASET),
        sources=tuple((source.id, source.name) for source in lake.sources),
    )


def _most(lake: Lake, column: str) -> tuple[str, ...]:
    return tuple(value for value, _ in lake.top(EVERYTHING, column, KNOWN))


def offset_of(sources: Iterable[Source]) -> int:
    """Seconds east of UTC of the clock of most lines: what they write, or what was told or assumed of them."""
    found: Counter[int] = Counter()
    for source in sources:
        found[_seconds(source.zone, source.last_seen)] += source.accounting.parsed
    return max(found, key=lambda offset: (found[offset], offset != 0), default=0)


def _seconds(zone: str, at: datetime | None) -> int:
    offset = _OFFSET.fullmatch(zone)
    if offset is not None:
        sign, hours, minutes = offset.groups()
        return (-1 if sign == "-" else 1) * (int(hours) * 3600 + int(minutes) * 60)
    try:
        between = (at or _ANY_DAY).astimezone(ZoneInfo(zone)).utcoffset()
    except (ValueError, KeyError, OSError):  # a zone of another machine
        between = None
    return int(between.total_seconds()) if between is not None else 0


_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
