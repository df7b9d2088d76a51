"""A rule that keeps files nobody should ask for from being served, tried on every path of the log."""

import posixpath
import re
from urllib.parse import unquote_to_bytes

from answering.respond.backtest import Trial
from answering.respond.products import HEAD
from answering.web_servers import web_servers
from core.part import BlockRule, Note
from core.report import Report
from core.selector import Selector
from core.taxonomy import AttackType
from stores.columns import PATH

FILES = r"/\.(?!well-known(?:/|$))|(?:\.(?:bak|old|orig|save|swp|sql|sql\.gz|sqlite|pem|key)|~)$|/phpinfo\.php$"
"""Dot files (certificates are renewed through `/.well-known/`), leftovers of editors, dumps and keys. Both servers and
Python read this alike."""

_LOOSE = ("/.", "%2e", "%2f", ".bak", ".old", ".orig", ".save", ".swp", ".sql", ".pem", ".key", "~", "%7e", "phpinfo")
"""What a URL holds whose path fits, as logged (an escaped letter of another kind is not found)."""

MOST_PATHS = 2000
"""So many different paths at most are tried, the most frequent ones."""

_NGINX = f"""{HEAD}# inside server {{ }}, before all other regular expressions: the first that fits decides
location ~* "{FILES}" {{
    return 404;
}}
"""
_APACHE = f"""{HEAD}# /etc/apache2/conf-available/akashi-files.conf
# then: a2enconf akashi-files && apachectl configtest && apachectl graceful
<LocationMatch "(?i){FILES}">
    Require all denied
</LocationMatch>
"""
_TEXTS = {"nginx": _NGINX, "apache": _APACHE}
_ABOUT = (AttackType.SENSITIVE_FILE_PROBE, AttackType.CONFIG_EXPOSURE)
_RULE = re.compile(FILES.encode(), re.IGNORECASE)


def path_rules(trial: Trial, report: Report) -> tuple[BlockRule, ...]:
    """One rule for each web server, where such files were asked for."""
    if not any(one.type in _ABOUT for one in report.findings):
        return ()
    lake = trial.lake
    datasets = tuple(sorted({one.dataset for one in lake.sources if one.dataset.endswith(".access")}))
    if not datasets:
        return ()
    seen = lake.top(Selector(url_contains=_LOOSE, datasets=datasets), PATH, MOST_PATHS)
    paths = tuple(path for path, _ in seen if is_hit(path))
    if not paths:
        return ()
    hit = Selector(paths=paths, datasets=datasets)
    tried = trial.of(hit)
    notes = (Note("block_hits_others", {"lines": tried.other_lines, "attack_lines": tried.attack_lines}),)
    more = (Note("block_paths_cut", {"paths": MOST_PATHS}),) if len(seen) == MOST_PATHS else ()
    return tuple(
        BlockRule(name, _TEXTS[name], (), hit, tried, (*notes[: bool(tried.other_lines)], *more), kind="paths")
        for name in sorted(web_servers(lake.sources), reverse=True)
    )


def is_hit(path: str) -> bool:
    """Whether a web server that reads the path as logged would have refused it."""
    return _RULE.search(plain_path(path)) is not None


def plain_path(path: str) -> bytes:
    """A path of the log as web servers compare it: unescaped once, slashes merged, steps up and down taken."""
    plain = re.sub(rb"/+", b"/", unquote_to_bytes(path.encode("utf-8", "surrogateescape")))
    return posixpath.normpath(plain) + (b"/" if plain.endswith(b"/") and plain != b"/" else b"")
