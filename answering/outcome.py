"""Did it work? One code a line, one outcome a finding, with the lines that decide it.

Each line of a finding gets the first code that fits (`LineCode`, harmless to harmful); the finding has the most
harmful code over its lines, and the lines that carry exactly that code decide it.

- *blocked*: the server refused by policy: 403, 406, 429, 444; 503 to an address for which the same case holds a
  request-limit message; an error-log line that says the access was denied or a limit was hit.
- *failed*: any other 4xx or 5xx (not 499), and authentication or error messages that say it did not work; a 200 that
  says the same by its size: `USUAL_ANSWER` a probed path was answered with what this site gives to anything
  (`answering.site`), `FORM_AGAIN` a guessed password with the page that nearly all guesses get.
- *unknown*: `LOGIN_NEARBY`, and all else a line cannot settle. **A 2xx alone is never success** (forms, catch-alls and
  search pages answer 200 to anything); neither is a redirect, a closed connection (499), a line without a status, or
  a 5xx during a flood (it may be the very effect the attacker wanted).
- *succeeded*: only by evidence beyond the status:
  `FILE_SERVED` a probed file, web shell or traversal in the *path* was answered 200/206 with a body, while this site
  answers 404 elsewhere and the body's size is not one of its usual answers (`answering.site`);
  `LOGIN_SUCCEEDED` the line is itself a login after a series of failures;
  and for password guessing, such a login from one of the guessing addresses (`LOGIN_FOLLOWED`, decided by its lines);
  `UPLOAD_FETCHED` an uploaded path (PUT answered 2xx) was later served.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from answering.hit_lines import NO_VALUE, HitLines
from answering.site import Site
from core.field import Field
from core.taxonomy import AttackType, Outcome

MAX_DECIDING = 5

SAME_FORMS = 5
FORM_SHARE = 0.8
"""So many guesses, and this share of them, answered 200 with one size were all answered with the form."""


class LineCode(IntEnum):
    """Why a line counts as it does, ordered from harmless to harmful; the lower-case name is the reason code."""

    REFUSED = 10  # 403, 406, 429, 444
    LIMITED = 11
    DENIED = 12  # the server's own message says so
    CLIENT_ERROR = 20
    SERVER_ERROR = 21
    REPORTED_FAILURE = 22
    USUAL_ANSWER = 23  # a 200 of the size this site gives to anything: what was asked for is not there
    FORM_AGAIN = 24  # a guess answered 200 with the very size that guesses are answered with
    NO_STATUS = 30
    CONNECTION_CLOSED = 31
    REDIRECTED = 32
    ERRORS_UNDER_FLOOD = 33
    SUCCESS_STATUS_ALONE = 35
    LOGIN_NEARBY = 36  # an address that guessed got in, after too few failures to be sure that it guessed right
    FILE_SERVED = 40
    UPLOAD_FETCHED = 41
    LOGIN_FOLLOWED = 42
    LOGIN_SUCCEEDED = 43


def outcome_of(code: LineCode) -> Outcome:
    """The outcome a code stands for."""
    if code < LineCode.CLIENT_ERROR:
        return Outcome.BLOCKED
    if code < LineCode.NO_STATUS:
        return Outcome.FAILED
    return Outcome.UNKNOWN if code < LineCode.FILE_SERVED else Outcome.SUCCEEDED


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of a finding: its reason code and the keys of the deciding lines (none when unknown)."""

    outcome: Outcome
    reason: str
    deciding: tuple[int, ...]


_REFUSING = (403, 406, 429, 444)
_SERVED = (200, 206)
_CLOSED = 499
_OVERLOADED = 503
_FILE_TYPES = frozenset(
    {
        AttackType.SENSITIVE_FILE_PROBE,
        AttackType.CONFIG_EXPOSURE,
        AttackType.WEBSHELL_ACCESS,
        AttackType.PATH_TRAVERSAL,
    }
)
_GUESSING = frozenset({AttackType.BRUTE_FORCE, AttackType.CREDENTIAL_STUFFING})


def settle(kind: AttackType, hits: HitLines, site: Site) -> Settled:
    """The outcome of one finding from all its hits (any order of rules, (time, line) order of lines)."""
    lines = hits.distinct()
    codes = line_codes(kind, hits, lines, site)
    worst = LineCode(int(codes.max()))
    keys = lines.keys[codes == worst]
    guessing = {lines.ip_names[code] for code in np.unique(lines.ips) if code != NO_VALUE} if kind in _GUESSING else {}
    if logins := [key for key, ip in site.logins_after_failures if ip in guessing]:
        worst, keys = LineCode.LOGIN_FOLLOWED, np.array(logins, np.int64)
    elif site.guessers_in.intersection(guessing) and kind is AttackType.CREDENTIAL_STUFFING:
        worst = LineCode.LOGIN_NEARBY
    elif kind is AttackType.MALICIOUS_UPLOAD and site.fetched_uploads:
        worst, keys = LineCode.UPLOAD_FETCHED, np.array(site.fetched_uploads, np.int64)
    outcome = outcome_of(worst)
    deciding = () if outcome is Outcome.UNKNOWN else tuple(int(key) for key in keys[:MAX_DECIDING])
    return Settled(outcome, worst.name.lower(), deciding)


def line_codes(kind: AttackType, hits: HitLines, lines: HitLines, site: Site) -> NDArray[np.int64]:
    """A `LineCode` per distinct line."""
    codes = _by_status(kind, lines.status)
    limited = np.isin(lines.ips, [i for i, ip in enumerate(lines.ip_names) if ip in site.limited_ips])
    codes[limited & (lines.status == _OVERLOADED)] = LineCode.LIMITED
    for code, keys in ((LineCode.DENIED, site.denied), (LineCode.REPORTED_FAILURE, site.failed)):
        codes[np.isin(lines.keys, keys) & (lines.status == NO_VALUE)] = code
    if kind is AttackType.LOGIN_AFTER_FAILURES:
        codes[:] = LineCode.LOGIN_SUCCEEDED
    if kind in _FILE_TYPES:
        _file_codes(codes, hits, lines, site)
    if kind in _GUESSING:
        _guess_codes(codes, lines)
    return codes


def _by_status(kind: AttackType, status: NDArray[np.int64]) -> NDArray[np.int64]:
    codes = np.full(len(status), int(LineCode.NO_STATUS), np.int64)
    codes[(status >= 200) & (status < 300)] = LineCode.SUCCESS_STATUS_ALONE
    codes[(status >= 300) & (status < 400)] = LineCode.REDIRECTED
    codes[(status >= 400) & (status < 500)] = LineCode.CLIENT_ERROR
    codes[np.isin(status, _REFUSING)] = LineCode.REFUSED
    codes[status == _CLOSED] = LineCode.CONNECTION_CLOSED
    flood = kind is AttackType.DOS
    codes[status >= 500] = LineCode.ERRORS_UNDER_FLOOD if flood else LineCode.SERVER_ERROR
    return codes


def _file_codes(codes: NDArray[np.int64], hits: HitLines, lines: HitLines, site: Site) -> None:
    in_path = np.unique(hits.keys[hits.fields == int(Field.PATH)])
    served = np.isin(lines.keys, in_path) & np.isin(lines.status, _SERVED) & (lines.body > 0)
    if "HEAD" in lines.method_names:
        served &= lines.methods != lines.method_names.index("HEAD")
    usual = np.isin(lines.body, site.usual_sizes)
    codes[served & usual] = LineCode.USUAL_ANSWER
    if site.answers_404:
        codes[served & ~usual] = LineCode.FILE_SERVED


def _guess_codes(codes: NDArray[np.int64], lines: HitLines) -> None:
    """A right password is answered otherwise than wrong ones: a size that nearly all answers have is the form's."""
    answered = (lines.status == 200) & (lines.body > 0)
    sizes, counts = np.unique(lines.body[answered], return_counts=True)
    again = sizes[(counts >= SAME_FORMS) & (counts >= FORM_SHARE * counts.sum())]
    codes[answered & np.isin(lines.body, again)] = LineCode.FORM_AGAIN
