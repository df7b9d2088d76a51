"""What to do now, as codes chosen from the findings and from what the logs could not show."""

from collections.abc import Callable

from answering.codes import BlindSpot, NextStep
from core.finding import Finding
from core.report import Conclusion, Coverage
from core.taxonomy import AttackType, Outcome

_Condition = Callable[[Finding], bool]


def _of(*kinds: AttackType, outcomes: tuple[Outcome, ...] = tuple(Outcome)) -> _Condition:
    return lambda finding: finding.type in kinds and finding.outcome in outcomes


_INJECTION = (
    AttackType.SQL_INJECTION,
    AttackType.XSS,
    AttackType.PATH_TRAVERSAL,
    AttackType.REMOTE_FILE_INCLUSION,
    AttackType.COMMAND_INJECTION,
    AttackType.CODE_INJECTION,
    AttackType.SSRF,
    AttackType.OPEN_REDIRECT,
)
_PLANTED = (AttackType.WEBSHELL_ACCESS, AttackType.MALICIOUS_UPLOAD)
_FILES = (AttackType.SENSITIVE_FILE_PROBE, AttackType.CONFIG_EXPOSURE)
_GUESSING = (AttackType.BRUTE_FORCE, AttackType.CREDENTIAL_STUFFING)
_LOGIN = (AttackType.LOGIN_AFTER_FAILURES, *_GUESSING)
_SUCCEEDED = (Outcome.SUCCEEDED,)
_OPEN = (Outcome.SUCCEEDED, Outcome.UNKNOWN)

_BY_FINDING: tuple[tuple[NextStep, _Condition], ...] = (
    (NextStep.ISOLATE_HOST, _of(*_PLANTED, outcomes=_SUCCEEDED)),
    (NextStep.CHECK_WEBSHELL, _of(*_PLANTED, outcomes=_OPEN)),
    (NextStep.ROTATE_SECRETS, _of(*_FILES, AttackType.PATH_TRAVERSAL, outcomes=_SUCCEEDED)),
    (NextStep.RESET_PASSWORDS, _of(*_LOGIN, outcomes=_SUCCEEDED)),
    (NextStep.REVIEW_LOGINS, _of(*_LOGIN, AttackType.UNAUTHORISED_ACCESS, outcomes=_OPEN)),
    (NextStep.CHECK_UNKNOWN_OUTCOMES, lambda finding: finding.outcome is Outcome.UNKNOWN),
    (NextStep.PATCH_APPLICATION, _of(*_INJECTION)),
    (NextStep.RESTRICT_FILES, _of(*_FILES)),
    (NextStep.LIMIT_LOGINS, _of(*_GUESSING)),
    (NextStep.LIMIT_REQUESTS, _of(AttackType.DOS, AttackType.VULNERABILITY_SCAN, AttackType.BAD_BOT)),
    (NextStep.BLOCK_IPS, lambda finding: bool(finding.source_ips)),
    (NextStep.KEEP_LOGS, lambda _: True),
)

_BY_BLIND_SPOT: tuple[tuple[NextStep, BlindSpot], ...] = (
    (NextStep.COLLECT_ACCESS_LOG, BlindSpot.NO_ACCESS_LOG),
    (NextStep.COLLECT_ERROR_LOG, BlindSpot.NO_ERROR_LOG),
    (NextStep.COLLECT_AUTH_LOG, BlindSpot.NO_AUTH_LOG),
    (NextStep.CHECK_GAPS, BlindSpot.SILENT_STRETCHES),
    (NextStep.CHECK_UNPARSED, BlindSpot.UNPARSED_LINES),
)


def next_steps(findings: tuple[Finding, ...], coverage: Coverage, conclusion: Conclusion) -> tuple[str, ...]:
    """Codes, most urgent first.

    Blocking is advised for attackers only, never from log text; `BLOCK_IPS` is left out where the address may be a
    proxy of one's own.
    """
    if conclusion is Conclusion.NO_LOG_MATCHES:
        if coverage.parsed:
            return (NextStep.WIDEN_QUESTION,)
        return (NextStep.CHECK_UNPARSED, NextStep.ADD_LOGS) if coverage.lines else (NextStep.ADD_LOGS,)
    steps = [step for step, applies in _BY_FINDING if any(applies(finding) for finding in findings)]
    if BlindSpot.ADDRESS_MAY_BE_PROXY in coverage.blind_spots:
        steps = [step for step in steps if step is not NextStep.BLOCK_IPS]
    return (*steps, *(step for step, spot in _BY_BLIND_SPOT if spot in coverage.blind_spots))
