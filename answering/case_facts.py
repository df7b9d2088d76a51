"""What a planner may know of a case before it reads a question: names and times, never a log line."""

import re
from collections import Counter

from core.event import AGENT, DATASET, RAW, USER, ZONE_SOURCE, TimeSource
from core.plan import EVERYTHING, CaseFacts
from core.report import Report
from stores.columns import PATH
from stores.lake import Lake

KNOWN = 200
"""The most frequent users, paths and agents that a question may name."""

_SAMPLE = 64
_OFFSET = re.compile(rb"(?<=[\d.])(?: ?)([+-])(\d\d):?([0-5]\d)(?=[\]\s\"]|$)")
"""The zone of a written time: `[21/Nov/2026:22:04:05 +0900]`, `2026-11-21T22:04:05+09:00`."""


def facts_of(lake: Lake, report: Report) -> CaseFacts:
    """The facts of the state that the report was made of."""
    ips: Counter[str] = Counter()
    for finding in report.findings:
        ips.update({one.ip: one.count for one in finding.source_ips})
    return CaseFacts(
        first_seen=report.coverage.first_seen,
        last_seen=report.coverage.last_seen,
        offset_seconds=offset_of(lake),
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


def offset_of(lake: Lake) -> int:
    """Seconds east of UTC of the zone that most of a sample of lines write; 0 where none writes one."""
    found: Counter[int] = Counter()
    rows = lake.page(EVERYTHING, _SAMPLE)
    for raw, zone in zip(rows.column(RAW).to_pylist(), rows.column(ZONE_SOURCE).to_pylist(), strict=True):
        written = _OFFSET.search(raw[:256]) if zone == TimeSource.EXPLICIT else None
        if written is not None:
            sign, hours, minutes = written.groups()
            found[(-1 if sign == b"-" else 1) * (int(hours) * 3600 + int(minutes) * 60)] += 1
    return found.most_common(1)[0][0] if found else 0
