"""What to do, most urgent first: contain, investigate, fix, report, prevent; each with the lines that justify it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from answering.codes import BlindSpot
from answering.respond.attackers import Attacker
from core.action import Action
from core.event import USER
from core.finding import Finding
from core.part import Advice, Fact
from core.plan import ANY_ATTACK
from core.report import Report
from core.selector import Selector
from core.taxonomy import AttackType, Outcome
from stores.columns import PATH
from stores.lake import Lake

TOLD = 3
"""So many users or paths of a kind are named, those with the most lines."""

_PLANTED = (AttackType.WEBSHELL_ACCESS, AttackType.MALICIOUS_UPLOAD)
_RUN = (AttackType.COMMAND_INJECTION, AttackType.CODE_INJECTION, AttackType.REMOTE_FILE_INCLUSION)
_FILES = (AttackType.SENSITIVE_FILE_PROBE, AttackType.CONFIG_EXPOSURE, AttackType.PATH_TRAVERSAL)
_GUESSING = (AttackType.BRUTE_FORCE, AttackType.CREDENTIAL_STUFFING)
_INJECTION = (
    *(AttackType.SQL_INJECTION, AttackType.XSS, AttackType.PATH_TRAVERSAL, AttackType.SSRF, AttackType.OPEN_REDIRECT),
    *_RUN,
)
_MANY = (AttackType.DOS, AttackType.VULNERABILITY_SCAN, AttackType.BAD_BOT)
_READ = (AttackType.SQL_INJECTION, *_FILES, *_RUN, *_PLANTED, AttackType.LOGIN_AFTER_FAILURES)


@dataclass(frozen=True, slots=True)
class Frequent:
    """The most frequent values of a column among selected lines, and in how many of them each is."""

    selector: Selector
    column: str
    values: tuple[tuple[str, int], ...]


class Values:
    """Such values as the lake counts them, unless they are `known`."""

    def __init__(self, lake: Lake, known: Iterable[Frequent] = ()) -> None:
        self.lake = lake
        self._known = {(one.selector, one.column): one for one in known}

    def of(self, selector: Selector, column: str) -> tuple[tuple[str, int], ...]:
        """So many as are told."""
        if (selector, column) not in self._known:
            self._known[selector, column] = Frequent(selector, column, self.lake.top(selector, column, TOLD))
        return self._known[selector, column].values

    @property
    def known(self) -> tuple[Frequent, ...]:
        """All that was asked so far."""
        return tuple(self._known.values())


def advise(values: Values, report: Report, attackers: Iterable[Attacker]) -> tuple[Advice, ...]:
    """Advice for the findings of the report, none where there are none."""
    if not report.findings:
        return ()
    people = tuple(attackers)
    return (
        *_contain(values, report, people),
        *_investigate(values.lake, report, people),
        *_fix(values, report),
        *_report(report),
        *_prevent(report),
    )


_ANSWERED = ((200, 299),)


def _of(report: Report, kinds: Iterable[AttackType], *outcomes: Outcome) -> list[Finding]:
    wanted = tuple(kinds)
    return [one for one in report.findings if one.type in wanted and (not outcomes or one.outcome in outcomes)]


def _each(
    values: Values, phase: str, code: str, findings: Iterable[Finding], column: str, fact: str
) -> Iterator[Advice]:
    """One piece for each of the most frequent values of a column among the lines of the findings."""
    for finding in findings:
        for value, lines in values.of(finding.selector, column):
            narrow = replace(finding.selector, paths=(value,)) if column == PATH else _of_user(finding.selector, value)
            yield Advice(phase, code, {fact: value, "lines": lines, "type": str(finding.type)}, narrow)


def _of_user(selector: Selector, user: str) -> Selector:
    return replace(selector, user_contains=(user,))


def _served(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Of a type that succeeded once, the requests that were answered; the others gave nothing away."""
    for one in findings:
        yield replace(one, selector=replace(one.selector, status_codes=one.selector.status_codes or _ANSWERED))


def _lines(finding: Finding, **more: Fact) -> dict[str, Fact]:
    return {"type": str(finding.type), "lines": finding.count, **more}


def _contain(values: Values, report: Report, people: tuple[Attacker, ...]) -> Iterator[Advice]:
    taken_over = _of(report, (*_PLANTED, *_RUN), Outcome.SUCCEEDED)
    for finding in taken_over:
        yield Advice("contain", "isolate_host", _lines(finding, since=finding.first_seen), finding.selector)
    broken_in = _of(report, (AttackType.LOGIN_AFTER_FAILURES,))
    yield from _each(values, "contain", "lock_account", broken_in, USER, "user")
    yield from _each(values, "contain", "remove_planted", _of(report, _PLANTED, Outcome.SUCCEEDED), PATH, "path")
    served = _served(_of(report, _FILES, Outcome.SUCCEEDED))
    yield from _each(values, "contain", "rotate_secrets", served, PATH, "path")
    blocked = [one for one in people if one.ground is None]
    if blocked:
        facts: dict[str, Fact] = {"addresses": len(blocked), "lines": sum(one.attack_lines for one in blocked)}
        yield Advice("contain", "block_addresses", facts, _from(blocked))
    for finding in _of(report, _GUESSING):
        yield Advice("contain", "limit_logins", _lines(finding), finding.selector)
    for finding in _of(report, (AttackType.DOS,)):
        yield Advice("contain", "limit_requests", _lines(finding), finding.selector)
    yield Advice("contain", "keep_logs", {"sources": len(report.coverage.sources)})


def _from(people: Iterable[Attacker], most: int = 1000) -> Selector:
    return Selector(ips=tuple(sorted([one.ip for one in people][:most])), types=ANY_ATTACK)


def _investigate(lake: Lake, report: Report, people: tuple[Attacker, ...]) -> Iterator[Advice]:
    for finding in _of(report, (*_PLANTED, *_RUN), Outcome.SUCCEEDED, Outcome.UNKNOWN):
        yield Advice("investigate", "changed_files", _lines(finding, since=finding.first_seen), finding.selector)
    for finding in _of(report, (AttackType.LOGIN_AFTER_FAILURES,)):
        yield Advice("investigate", "what_was_done", _lines(finding, since=finding.first_seen), finding.selector)
    for finding in report.findings:
        if finding.outcome is Outcome.UNKNOWN:
            yield Advice("investigate", "unknown_outcome", _lines(finding), finding.selector)
    others = [one for one in people if one.other_lines and one.ground is None]
    if others:
        ips = tuple(sorted(one.ip for one in others[:1000]))
        without = Selector(ips=ips, without=(Selector(types=ANY_ATTACK),))
        facts: dict[str, Fact] = {"addresses": len(others), "lines": sum(one.other_lines for one in others)}
        yield Advice("investigate", "other_lines", facts, without)
    yield from _accounts(lake)
    for code, spot in _COLLECT:
        if spot in report.coverage.blind_spots:
            yield Advice("investigate", code)


_COLLECT = (
    ("collect_access_log", BlindSpot.NO_ACCESS_LOG),
    ("collect_error_log", BlindSpot.NO_ERROR_LOG),
    ("collect_auth_log", BlindSpot.NO_AUTH_LOG),
    ("check_gaps", BlindSpot.SILENT_STRETCHES),
    ("check_unparsed", BlindSpot.UNPARSED_LINES),
)
_ACCOUNTS = (Action.ACCOUNT_CREATED, Action.ACCOUNT_CHANGED, Action.PRIVILEGE_GRANTED)


def _accounts(lake: Lake) -> Iterator[Advice]:
    changed = Selector(actions=_ACCOUNTS)
    lines = lake.count(changed)
    if lines:
        yield Advice("investigate", "account_changes", {"lines": lines}, changed)


def _fix(values: Values, report: Report) -> Iterator[Advice]:
    yield from _each(values, "fix", "patch_page", _of(report, _INJECTION), PATH, "path")
    for finding in _of(report, (AttackType.SENSITIVE_FILE_PROBE, AttackType.CONFIG_EXPOSURE)):
        yield Advice("fix", "restrict_files", _lines(finding), finding.selector)
    for finding in _of(report, (AttackType.MALICIOUS_UPLOAD,)):
        yield Advice("fix", "restrict_uploads", _lines(finding), finding.selector)
    for finding in _of(report, (AttackType.SSRF,)):
        yield Advice("fix", "restrict_outgoing", _lines(finding), finding.selector)
    for finding in _of(report, (AttackType.PROTOCOL_ABUSE,)):
        yield Advice("fix", "restrict_methods", _lines(finding), finding.selector)
    for finding in _of(report, (AttackType.LOG_INJECTION,)):
        yield Advice("fix", "handle_logs_with_care", _lines(finding), finding.selector)


def _report(report: Report) -> Iterator[Advice]:
    for finding in _of(report, _READ, Outcome.SUCCEEDED):
        yield Advice("report", "data_may_have_leaked", _lines(finding, since=finding.first_seen), finding.selector)
    totals = report.totals
    facts: dict[str, Fact] = {"types": totals.types, "lines": totals.lines, "addresses": totals.source_ips}
    yield Advice("report", "tell_owners", facts, Selector(types=tuple(one.type for one in report.findings)))
    if totals.source_ips:
        yield Advice("report", "tell_networks", {"addresses": totals.source_ips})


def _prevent(report: Report) -> Iterator[Advice]:
    for finding in _of(report, (*_GUESSING, AttackType.LOGIN_AFTER_FAILURES))[:1]:
        yield Advice("prevent", "second_factor", _lines(finding), finding.selector)
    for finding in _of(report, _INJECTION)[:1]:
        yield Advice("prevent", "web_firewall", _lines(finding), finding.selector)
    for finding in _of(report, _MANY)[:1]:
        yield Advice("prevent", "rate_limits", _lines(finding), finding.selector)
    if BlindSpot.NO_REQUEST_BODIES in report.coverage.blind_spots:
        yield Advice("prevent", "record_more")
    yield Advice("prevent", "logs_elsewhere")
