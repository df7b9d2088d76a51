"""Jails for fail2ban against guessed passwords, with filters of our own, played through over the log."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from answering.respond.backtest import Trial
from answering.respond.products import HEAD
from answering.respond.replay import NO_LINES, Jail, Lines, keep_lines, known_lines, lines_of
from core.action import Action
from core.event import RAW
from core.key import Keys
from core.part import BlockRule, Note
from core.plan import ANY_ATTACK
from core.report import Report
from core.selector import Selector
from core.taxonomy import AttackType
from stores.lake import Lake

JAIL = Jail(retries=5, find_seconds=600, ban_seconds=3600)
FORMS = (
    "wp-login.php",
    "xmlrpc.php",
    "login",
    "signin",
    "sign-in",
    "sign_in",
    "logon",
    "j_security_check",
    "user/auth",
)
"""What the path of a login form holds; ours, never taken from the log."""

_FORM = "(?:" + "|".join(re.escape(one).replace(r"\-", "-") for one in FORMS) + ")"
WEB_FAILURE = rf'^<HOST> \S+ [^\[]*\[\] "POST [^"?\s]*{_FORM}[^"\s]* [^"]*" (?:200|401|403|422|429) '
"""A POST to a login form that was refused or shown the form again (fail2ban has taken the time out of the brackets)."""

SSH_FAILURE = r"^.*sshd(?:-session)?\[\d+\]: Failed \S+ for .* from <HOST> port \d+(?: ssh2)?$"
"""sshd's own word for a wrong password; the address is the last one, which nobody can forge by a user name."""


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    failure: str
    line: re.Pattern[bytes]
    path: str
    candidates: Selector
    date: str


def _pattern(failure: str) -> re.Pattern[bytes]:
    """The filter as it reads a line with its time still in it."""
    return re.compile(failure.replace("<HOST>", r"\S+").replace(r"\[\] ", r"\[[^\]]*\] ").encode(), re.ASCII)


_SSH = _Kind(
    name="ssh",
    failure=SSH_FAILURE,
    line=_pattern(SSH_FAILURE),
    path="/var/log/auth.log",
    candidates=Selector(actions=(Action.LOGIN_FAILED, Action.INVALID_USER), raw_contains=("Failed ",)),
    date="",
)
_WEB = _Kind(
    name="web",
    failure=WEB_FAILURE,
    line=_pattern(WEB_FAILURE),
    path="/var/log/nginx/access.log /var/log/apache2/access.log",
    candidates=Selector(methods=("POST",), url_contains=FORMS, status_codes=((200, 200), (401, 429))),
    date="datepattern = ^[^\\[]*\\[({DATE})\n              {^LN-BEG}\n",
)
_GUESSING = (AttackType.BRUTE_FORCE, AttackType.CREDENTIAL_STUFFING, AttackType.LOGIN_AFTER_FAILURES)


def login_rules(trial: Trial, report: Report) -> tuple[BlockRule, ...]:
    """A jail for logins to the machine and one for login forms, where passwords were guessed there."""
    if not any(one.type in _GUESSING for one in report.findings):
        return ()
    return tuple(rule for kind in (_SSH, _WEB) if (rule := _rule(trial, kind)) is not None)


def _rule(trial: Trial, kind: _Kind) -> BlockRule | None:
    banned, stopped = _played(trial, kind)
    bans = banned.addresses
    if not bans:
        return None
    attackers = {ip for ip, _ in trial.lake.per_ip(Selector(types=ANY_ATTACK))}
    facts = {"addresses": len(bans), "innocent": len(bans - attackers), "retries": JAIL.retries}
    return BlockRule(
        product="fail2ban",
        text=_text(kind),
        addresses=(),
        selector=kind.candidates,
        backtest=trial.of_stopped(np.sort(stopped.keys)),
        notes=(Note("block_bans", facts),),
        kind="logins",
    )


def _played(trial: Trial, kind: _Kind) -> tuple[Lines, Lines]:
    """Tries of the addresses that are shut out, and the lines that this keeps away; none where there are too many."""
    names = (f"jail_{kind.name}_bans", f"jail_{kind.name}_stopped")
    banned, stopped = (known_lines(trial.kept, name) for name in names)
    if banned is None or stopped is None:
        banned, stopped = _play(trial.lake, kind)
        keep_lines(trial.kept, names[0], banned)
        keep_lines(trial.kept, names[1], stopped)
    return banned, stopped


def _play(lake: Lake, kind: _Kind) -> tuple[Lines, Lines]:
    lines = _candidates(lake, kind.candidates)
    if lines is None:
        return NO_LINES, NO_LINES
    near = JAIL.within_reach(lines)
    bans = JAIL.shut_out(near.among(failing(lake, np.sort(near.keys), kind.line)).tracks())
    every = lines_of(lake, Selector(ips=tuple(sorted(bans)))) if bans else None
    if every is None:
        return NO_LINES, NO_LINES
    return near.of(bans), every.among(JAIL.stopped(bans, every.tracks()))


def _candidates(lake: Lake, asked: Selector) -> Lines | None:
    """The lines that the filter may count; None when they are too many.

    The filter looks at the bytes itself: unless there are too many lines without it, they are not searched before.
    """
    lines = lines_of(lake, replace(asked, raw_contains=()))
    return lines_of(lake, asked) if lines is None and asked.raw_contains else lines


def failing(lake: Lake, keys: Keys, pattern: re.Pattern[bytes]) -> Keys:
    """Those of the lines that the filter would count."""
    raws: Sequence[bytes] = lake.rows(keys, (RAW,)).column(RAW).to_pylist()
    return keys[[place for place, raw in enumerate(raws) if pattern.search(raw.rstrip(b"\r"))]]


def _text(kind: _Kind) -> str:
    name = f"akashi-{kind.name}"
    paths = kind.path.replace(" ", "\n          ")
    return (
        f"{HEAD}# 1. /etc/fail2ban/filter.d/{name}.conf\n[Definition]\nfailregex = {kind.failure}\n{kind.date}"
        f"\n# 2. /etc/fail2ban/jail.d/{name}.local, then: fail2ban-client reload\n"
        f"[{name}]\nenabled = true\nfilter = {name}\nbackend = auto\n"
        f"# leave only paths that exist, and put your own addresses into ignoreip\nlogpath = {paths}\n"
        f"ignoreip = 127.0.0.1/8 ::1\nmaxretry = {JAIL.retries}\nfindtime = {JAIL.find_seconds}\n"
        f"bantime = {JAIL.ban_seconds}\nbanaction = nftables[type=allports]\n"
    )
