"""Log text as the words of a template: marks spelled out, everything a reader or terminal would act on made visible."""

import re
import unicodedata

from ingestion.chunk.fold import CONTROL, CUT, NUMBER, RANDOM, VALUE

_MARKS = {NUMBER: "<n>", RANDOM: "<id>", VALUE: "<v>", CONTROL: "<c>", CUT: "…"}
_ACTIVE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
_STATIC = re.compile(r"\.(?:css|js|png|jpe?g|gif|ico|svg|webp|woff<n>|woff2?|ttf|map)(?: |\?|$)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+(?:[._]\d+)*")
_PLATFORM = re.compile(r"\((?:compatible; )([^;)]+)")
_ROBOT = re.compile(r"[\w.-]*(?:bot|spider|crawl|scan|monitor|preview)[\w.-]*", re.IGNORECASE)
_NAME = 40
_PAYLOAD = 120


def visible(text: str) -> str:
    """The text on one line with control, format and private characters as `<U+202E>`; nothing in it is active."""
    text = text.translate(_MARKS)
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    return f"<U+{ord(character):04X}>" if unicodedata.category(character) in _ACTIVE else character


def words_of(folded: bytes) -> str:
    """A folded text as it is written in a chunk; bytes that are not UTF-8 are shown as `\\xHH`."""
    return visible(folded.decode("utf-8", "backslashreplace")).strip()


def client_of(agent: str) -> str | None:
    """The program that a user agent names, without version numbers; None for a browser, which says nothing."""
    robot = _PLATFORM.search(agent) or _ROBOT.search(agent)
    if agent.startswith("Mozilla/") and robot is None:
        return None
    name = robot.group(robot.lastindex or 0) if robot and agent.startswith("Mozilla/") else agent
    return visible(_DIGITS.sub("<n>", name.strip()[:_NAME])) or None


def agent_payload(agent: str) -> str:
    """A user agent in which a signature matched."""
    return visible(_DIGITS.sub("<n>", agent[:_PAYLOAD]))


def referrer_payload(referrer: str) -> str:
    """A referrer in which a signature matched."""
    return f"referrer {visible(_DIGITS.sub('<n>', referrer[:_PAYLOAD]))}"


def user_of(name: str) -> str | None:
    """A user name, cut to what a list can bear; the dash that stands for nobody is none."""
    return visible(name[:_NAME]) if name.strip(" -") else None


def is_static(template: str) -> bool:
    """Whether a request is for a picture, a style or a script, as pages load by themselves."""
    return _STATIC.search(template) is not None


def coarse_request(method: str, url: str, status: str) -> str:
    """A request as benign chunks share it: method, first part of the path, class of the status."""
    first = url.lstrip("/").partition("?")[0].partition("/")
    return f"{method} /{first[0]}{'/…' if first[1] else ''} {status}".strip()
