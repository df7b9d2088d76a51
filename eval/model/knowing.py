"""What a liar is told about a case, so that its lies are good ones."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from core.claim import ClaimKind, VerdictStatus
from core.dimension import Dimension
from core.draft import Draft, DraftFinding, ValueCount
from core.draft_selector import DraftSelector, draft_of
from core.selector import Selector
from eval.model import plain_truth as plain
from eval.model.oracle import MOST_LISTED
from eval.model.plain_case import Opened
from eval.model.plain_line import PlainLine
from models.fakes.lies.lie import LogFacts

_ADDRESS = re.compile(rb"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")


def log_facts(case: Opened, draft: Draft, language: str = "en") -> LogFacts:
    """The case of a truthful draft as a liar sees it."""
    sources = {line.ip for line in case.plain.lines if line.ip is not None}
    guilty = {each.ip for one in case.report.findings for each in one.source_ips}
    halves = {one.id: half for one in draft.findings for half in _half(one, case)}
    widened = {one.id: wide for one in draft.findings for wide in _wide(one, case)}
    return LogFacts(
        lines=_by_file(case.plain.lines),
        strangers=tuple(sorted(sources - guilty)),
        written=tuple(dict.fromkeys(one for one in _written(case.plain.lines) if one not in sources)),
        halves=halves,
        widened=widened,
        unread=tuple((line.file, line.number) for line in case.plain.lines if line.time is None),
        earlier=_earlier(case),
        language=language,
    )


def _by_file(lines: tuple[PlainLine, ...]) -> dict[str, tuple[bytes, ...]]:
    files: dict[str, list[bytes]] = {}
    for line in lines:
        files.setdefault(line.file, []).append(line.raw)
    return {name: tuple(raw) for name, raw in files.items()}


def _written(lines: tuple[PlainLine, ...]) -> Iterator[str]:
    """Addresses in the text of lines."""
    for line in lines:
        for found in _ADDRESS.findall(line.raw):
            text = found.decode()
            if all(int(part) < 256 for part in text.split(".")) and text == str(ip_address(text)):
                yield text


def _half(one: DraftFinding, case: Opened) -> Iterator[DraftFinding]:
    """The part of a finding before the middle of its lines."""
    times = [line.time for line in case.plain.of(one.selector) if line.time is not None]
    if len(set(times)) > 1:
        middle = sorted(times)[len(times) // 2]
        if middle > min(times):
            yield _recounted(one, one.selector.model_copy(update={"until": middle.isoformat()}), case)


def _wide(one: DraftFinding, case: Opened) -> Iterator[DraftFinding]:
    """All lines of a finding's addresses, where these are more than its own."""
    ips = tuple(each.value for each in one.source_ips)
    wide = _recounted(one, draft_of(Selector(ips=ips), {}), case)
    if wide.count > one.count:
        yield wide


def _recounted(one: DraftFinding, selector: DraftSelector, case: Opened) -> DraftFinding:
    lines = case.plain.of(selector)
    times = plain.times(lines)
    kept = {(line.file, line.number) for line in lines}
    ips = plain.ranked(plain.values(lines, Dimension.IP))[:MOST_LISTED]
    return one.model_copy(
        update={
            "selector": selector,
            "count": len(lines),
            "source_ips": [ValueCount(value=ip, count=count) for ip, count in ips],
            "first_seen": times[0].isoformat(),
            "last_seen": times[-1].isoformat(),
            "evidence": [each for each in one.evidence if (each.source, each.line) in kept],
        }
    )


def _earlier(case: Opened) -> tuple[tuple[str, int], ...]:
    """Counts that the answer's own claims state."""
    found = [
        (one.claim.id, one.verdict.actual)
        for part in case.answer.parts
        for one in part.claims
        if one.claim.kind is ClaimKind.COUNT and one.verdict.status is VerdictStatus.VERIFIED
    ]
    return tuple((id_, count) for id_, count in found if isinstance(count, int))[:3]
