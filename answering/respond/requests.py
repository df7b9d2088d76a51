"""Limits on requests for nginx, played through over the log: against guessing at forms and against floods."""

import re
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from answering.respond.backtest import Trial
from answering.respond.logins import FORMS
from answering.respond.paths import plain_path
from answering.respond.products import HEAD
from answering.respond.replay import MOST_LINES, NO_LINES, Bucket, Lines, keep_lines, known_lines, lines_of
from answering.web_servers import web_servers
from core.event import URL
from core.key import Keys
from core.part import BlockRule, Note
from core.report import Report
from core.selector import Selector
from core.taxonomy import AttackType
from stores.lake import Lake

LOGINS = Bucket(per_minute=6, burst=5)
REQUESTS = Bucket(per_minute=600, burst=100)
"""Ten requests a second and a hundred at once: more than a page with all its pictures asks for."""

_FORM = "|".join(one.replace(".", r"\.") for one in FORMS)
_PATH = re.compile(_FORM.encode(), re.IGNORECASE)
_LOGIN_TEXT = f"""{HEAD}# /etc/nginx/conf.d/akashi-logins.conf; then: nginx -t && nginx -s reload
map "$request_method:$uri" $akashi_login {{
    default "";
    "~*^POST:.*(?:{_FORM})" $binary_remote_addr;
}}
limit_req_zone $akashi_login zone=akashi_login:10m rate={LOGINS.per_minute}r/m;
limit_req zone=akashi_login burst={LOGINS.burst} nodelay;
# once, in nginx.conf: limit_req_status 429;
"""
_FLOOD_TEXT = f"""{HEAD}# /etc/nginx/conf.d/akashi-requests.conf; then: nginx -t && nginx -s reload
limit_req_zone $binary_remote_addr zone=akashi_requests:10m rate={REQUESTS.per_minute // 60}r/s;
limit_req zone=akashi_requests burst={REQUESTS.burst} nodelay;
# once, in nginx.conf: limit_req_status 429;
"""
_GUESSING = (AttackType.BRUTE_FORCE, AttackType.CREDENTIAL_STUFFING)
_FLOODING = (AttackType.DOS, AttackType.VULNERABILITY_SCAN, AttackType.BAD_BOT)


def request_rules(trial: Trial, report: Report) -> tuple[BlockRule, ...]:
    """A limit for login forms and one for all requests, where either would have stopped attack lines."""
    lake = trial.lake
    datasets = tuple(sorted({one.dataset for one in lake.sources if one.dataset.endswith(".access")}))
    if "nginx" not in web_servers(lake.sources) or not datasets:
        return ()
    types = {one.type for one in report.findings}
    logins = Selector(methods=("POST",), url_contains=FORMS, datasets=datasets)
    wanted = (
        (_LOGIN_TEXT, LOGINS, logins, types.intersection(_GUESSING)),
        (_FLOOD_TEXT, REQUESTS, Selector(datasets=datasets), types.intersection(_FLOODING)),
    )
    rules = (_rule(trial, text, bucket, of, _addresses(report, about)) for text, bucket, of, about in wanted if about)
    return tuple(rule for rule in rules if rule is not None)


def _addresses(report: Report, about: Collection[AttackType]) -> frozenset[str]:
    """Who did what the limit is against."""
    return frozenset(one.ip for finding in report.findings if finding.type in about for one in finding.source_ips)


def _at_forms(lake: Lake, keys: Keys) -> Keys:
    """Those whose path, not only whose query, holds the word."""
    urls: list[str | None] = lake.rows(keys, (URL,)).column(URL).to_pylist()
    fits = {url: bool(url and _PATH.search(plain_path(url.partition("?")[0]))) for url in set(urls)}
    return keys[[place for place, url in enumerate(urls) if fits[url]]]


def _rule(trial: Trial, text: str, bucket: Bucket, of: Selector, against: frozenset[str]) -> BlockRule | None:
    """None where the limit would have stopped no attack line, or where there is too much to play through.

    Whom it is against is played through first: most limits end there, and not every line has to be looked at.
    """
    name = f"limit_{bucket.per_minute}_{bucket.burst}"
    stopped = known_lines(trial.kept, name)
    if stopped is None:
        busy = {ip: lines for ip, lines in trial.lake.per_ip(of) if ip is not None and lines > bucket.burst}
        if sum(busy.values()) > MOST_LINES or not _attacks(trial, _stopped(trial, bucket, of, against & set(busy))):
            return None
        stopped = _stopped(trial, bucket, of, busy)
        keep_lines(trial.kept, name, stopped)
    if not _attacks(trial, stopped.of(against)):
        return None
    tried = trial.of_stopped(np.sort(stopped.keys))
    return BlockRule("nginx", text, (), of, tried, (Note("block_replayed"),), kind="requests")


def _attacks(trial: Trial, stopped: Lines) -> int:
    return trial.of_stopped(np.sort(stopped.keys)).attack_lines


def _stopped(trial: Trial, bucket: Bucket, of: Selector, ips: Collection[str]) -> Lines:
    """What the limit would have refused of these addresses."""
    lines = lines_of(trial.lake, replace(of, ips=tuple(sorted(ips)))) if ips else None
    if lines is None:
        return NO_LINES
    near = bucket.within_reach(lines)
    if of.url_contains:
        near = near.among(_at_forms(trial.lake, np.sort(near.keys)))
    return near.among(bucket.stopped(near.tracks()))
