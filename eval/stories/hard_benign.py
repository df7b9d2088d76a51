"""Hand-written benign requests that look dangerous to a string matcher, written as one day of an nginx access log.

`benign_hard/*.txt` holds one request a line: `METHOD target [status] [ua=name] [ref=address]`. What stands between `⟦`
and `⟧` is text as a person or program meant it; it is percent-encoded in one of four usual ways, in turn.
`⟦shift_jis|…⟧` names a character set, `⏎` is a line end inside the text. A request that a fair analyst could call an
attack does not belong there.
"""

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import quote, quote_plus

from eval.stories.access_log import nginx_access
from eval.stories.agents import BROWSERS, NAMED
from eval.stories.case import CaseFiles, written
from eval.stories.people import OFFICE
from eval.stories.step import Request

FOLDER = Path(__file__).parent / "benign_hard"
START = datetime(2026, 11, 9, 0, 0, 7, tzinfo=timezone(timedelta(hours=9)))
SEED = 20261109
ADDRESSES = {
    "office": OFFICE,
    "office365": OFFICE,
    "localagent": "127.0.0.1",
    "apache": "::1",
    "kube": "10.0.3.1",
    "elb": "10.0.3.9",
    "prometheus": "10.0.3.20",
    "bing": "157.55.39.20",
    "yandex": "5.255.231.12",
    "apple": "17.241.75.10",
    "monitor": "216.144.248.20",
}
_TEXT = re.compile("⟦(?:([a-z0-9_]+)\\|)?(.*?)⟧")
_KEPT_BY_BROWSERS = "!$()*,-./:;=?@[\\]^_`{|}~"


def _browser(data: bytes) -> str:
    """As the address bar encodes a query (https://url.spec.whatwg.org/#query-percent-encode-set)."""
    return quote(data, safe=_KEPT_BY_BROWSERS)


def _component(data: bytes) -> str:
    """As JavaScript's encodeURIComponent."""
    return quote(data, safe="!'()*-._~")


def _form(data: bytes) -> str:
    """As an HTML form."""
    return quote_plus(data, safe="*-._")


def _lower_case(data: bytes) -> str:
    """As a form of an old program: lower-case hexadecimal digits."""
    return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), quote_plus(data))


_WAYS = (_form, _component, _browser, _lower_case)


def encoded(target: str, number: int) -> str:
    """The target with its bracketed texts percent-encoded in the `number`-th way, in turn."""
    way = _WAYS[number % len(_WAYS)]
    return _TEXT.sub(lambda found: way(found[2].replace("⏎", "\r\n").encode(found[1] or "utf-8")), target)


def entries() -> Iterator[str]:
    """Every hand-written request, file by file."""
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line and not line.startswith("#"):
                yield line


def request(entry: str, number: int, when: datetime, visitor: str, agent: str) -> Request:
    """One entry as a request of a visitor, or of the program that the entry names."""
    method, target, *more = encoded(entry, number).split(" ")
    named = dict(part.split("=", 1) for part in more if "=" in part)
    status = next((int(part) for part in more if part.isdigit()), 200)
    ip = ADDRESSES.get(named.get("ua", ""), visitor)
    size = 0 if status in {101, 204, 304} or method == "HEAD" else 700 + 37 * (number % 211)
    return Request(when, ip, method, target, status, size, NAMED.get(named.get("ua", ""), agent), named.get("ref", "-"))


def requests() -> Iterator[Request]:
    """All entries in a drawn order: a visitor asks for a few things, then the next one comes."""
    dice = random.Random(SEED)  # noqa: S311 - a story, not a secret
    drawn = list(entries())
    dice.shuffle(drawn)
    when, visitor, agent = START, "", ""
    for number, entry in enumerate(drawn):
        if number % 4 == 0:
            visitor, agent = f"198.51.100.{1 + number // 4 % 254}", dice.choice(BROWSERS)
        when += timedelta(seconds=dice.randint(11, 130))
        yield request(entry, number, when, visitor, agent)


def benign_hard() -> CaseFiles:
    """The case: every line is benign."""
    lines = tuple(nginx_access(one) for one in requests())
    return written("nginx.access", {"access.log": lines}, ())
