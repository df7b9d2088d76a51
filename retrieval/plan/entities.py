"""Things that carry their own shape: addresses, paths, quoted text, status codes, methods, file names."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network, summarize_address_range

from core.plan import CaseFacts
from retrieval.plan.fold import Folded
from retrieval.plan.piece import Kind, Piece

# Every pattern is anchored by `match` at one place and repeats single characters only: none can back-track far.
_V4 = re.compile(r"\d{1,3}(?:(?:\[\.\]|\(\.\)|\.)(?:\d{1,3}|[*x](?![a-z]))){3}(?![0-9a-z_]|\.\d)")
_V6 = re.compile(r"[0-9a-f:]{2,39}(?:\.\d{1,3}){0,3}")
_PREFIX = re.compile(r"/(\d{1,3})(?!\d)")
_RANGE = re.compile(r" ?[-~] ?")
_LAST_BYTE = re.compile(r"(\d{1,3})(?![\d.])")
_PATH = re.compile(r"/[a-z0-9._~%!$&*+;=:@/#\[\]{}^|?<>()-]{0,500}")
_FILE = re.compile(
    r"[a-z0-9_.-]{1,80}\.(?:php\d?|aspx?|jsp|cgi|html?|env|git|sql|bak|zip|tar|gz|js|css|json|xml|txt|ini|conf|ya?ml|sh|log(?:\.\d{1,3})?|pl|py|svn|htaccess|htpasswd|aws|old|pem|key|swp)(?![a-z0-9_])"
)
_DOTFILE = re.compile(
    r"\.(?:env|git|svn|htaccess|htpasswd|aws|ssh|ds_store|vscode|idea|npmrc|dockerenv)(?![a-z0-9])[a-z0-9._/-]{0,60}"
)
_SYSTEM = re.compile(r"/(?:etc|proc|sys|var|root|home|usr|bin|sbin|opt|tmp|dev|windows|winnt)(?:/|$)", re.IGNORECASE)
"""Files of a machine: a log has them inside the paths of a site, if at all."""

_STATUS_RANGE = re.compile(
    r"([1-5]\d\d) ?(?:-|~|to|through|から) ?([1-5]\d\d)(?![0-9a-z_:/-]|\.\d|[年件行個位人回番分秒時日月])"
)
_STATUS = re.compile(r"([1-5])(?:xx|\d\d)s?(?![0-9a-z_/-]|:\d|\.\d|[年件行個位人回番分秒時日月](?!数))")
_METHOD = re.compile(
    r"(?:GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|TRACK|MOVE|COPY|SEARCH)(?:s|ed|ing)?(?![A-Za-z0-9_-])"
)
_LOWER_METHOD = re.compile(
    r"(get|post|put|delete|head|options|patch|trace|connect|propfind)"
    r"(?: ?(?:requests?|method)|リクエスト|メソッド)(?![a-z])"
)
_NUMBER = re.compile(r"\d{1,9}(?![\d])")
_RULE = re.compile(
    r"(?:sqli|xss|pt|rfi|ci|code|ssrf|redirect|probe|ws|upload|proto|scan|bf|cs|laf|dos|bot|run|sudo|admin|account|unauthorised|leak|waf|flood|log|forged)(?:-[a-z0-9]{1,20}){1,6}(?![a-z0-9-])"
)
_DOMAIN = re.compile(
    r"(?:[a-z0-9-]{1,63}\.){1,8}(?:com|net|org|jp|io|example|invalid|edu|gov|eu|ru|cn|de|uk|fr|kr|tw|br|dev|xyz)(?![a-z0-9_.-]*[a-z0-9_])"
)
_CODE = re.compile(r"[a-z]{2,20}(?:_[a-z]{1,20}){1,5}(?![a-z0-9_])")
_CLOSING = {'"': '"', "'": "'", "「": "」", "『": "』", "«": "»", "《": "》"}
_STATUS_CODES = frozenset({
    200, 201, 202, 203, 204, 205, 206, 207, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407,
    408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 444, 451, 494,
    495, 496, 497, 499, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 520, 521, 522, 523, 524,
})  # fmt: skip
"""Codes that servers in the field write (RFC 9110, nginx, CloudFlare); other three-digit numbers are numbers."""
_WIDEST = 64
"""Networks that a range may be cut into."""


def address(folded: Folded, at: int) -> Piece | None:
    """An address, a network or a range of addresses, also defanged, as `ips` of a selector (comma-separated)."""
    text = folded.text
    if at and (text[at - 1].isascii() and (text[at - 1].isalnum() or text[at - 1] in "._")):
        return None
    written = _V4.match(text, at)
    if written is not None:
        return _v4(text, at, written.end())
    written = _V6.match(text, at)
    if written is None or written[0].count(":") < 2:
        return None
    return _v6(text, at, written[0].rstrip(":") if not written[0].endswith("::") else written[0])


def _v4(text: str, at: int, end: int) -> Piece:
    bare = text[at:end].replace("[.]", ".").replace("(.)", ".")
    if "*" in bare or "x" in bare:
        fixed = [part for part in bare.split(".") if part not in "*x"]
        filled = ".".join(fixed + ["0"] * (4 - len(fixed)))
        return _network(f"{filled}/{8 * len(fixed)}", at, end)
    prefix = _PREFIX.match(text, end)
    if prefix is not None:
        return _network(f"{bare}/{prefix[1]}", at, prefix.end())
    joined = _RANGE.match(text, end)
    last = joined and (_V4.match(text, joined.end()) or _LAST_BYTE.match(text, joined.end()))
    if last:
        high = last[0] if "." in last[0] else f"{bare.rpartition('.')[0]}.{last[0]}"
        found = _between(bare, high.replace("[.]", ".").replace("(.)", "."))
        if found:
            return Piece(Kind.IP, found, at, last.end())
    return _network(bare, at, end)


def _v6(text: str, at: int, written: str) -> Piece | None:
    end = at + len(written)
    prefix = _PREFIX.match(text, end)
    piece = _network(f"{written}/{prefix[1]}" if prefix else written, at, prefix.end() if prefix else end)
    return piece if piece.kind is Kind.IP else None


def _network(text: str, at: int, end: int) -> Piece:
    try:
        return Piece(Kind.IP, canonical_ip(text), at, end)
    except ValueError:
        return Piece(Kind.UNREADABLE, text, at, end)


def canonical_ip(text: str) -> str:
    """An address or a network as a selector spells it; raises ValueError for anything else."""
    if "/" not in text:
        one: IPv4Address | IPv6Address = ip_address(text)
        mapped = one.ipv4_mapped if isinstance(one, IPv6Address) else None
        return str(mapped or one)
    network = ip_network(text, strict=False)
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _between(low: str, high: str) -> str:
    try:
        networks = [str(one) for one in summarize_address_range(IPv4Address(low), IPv4Address(high))]
    except ValueError:
        return ""
    return ",".join(canonical_ip(one) for one in networks) if len(networks) <= _WIDEST else ""


def quoted(folded: Folded, at: int) -> Piece | None:
    """Text between quotation marks, to be looked for in the raw lines; an apostrophe inside a word opens nothing."""
    closing = _CLOSING.get(folded.text[at])
    if closing is None or (folded.text[at] == "'" and at and folded.text[at - 1].isalnum()):
        return None
    end = folded.text.find(closing, at + 1)
    if end <= at + 1:
        return None
    return Piece(Kind.RAW, folded.cased[at + 1 : end], at, end + 1)


def path(folded: Folded, at: int, facts: CaseFacts) -> Piece | None:
    """A path as logged, a file name, or the name of one of the case's sources."""
    text = folded.text
    before = text[at - 1] if at else " "
    if before.isascii() and (before.isalnum() or before in "./_"):
        return None
    source = _source(text, at, facts.sources)
    if source is not None:
        return source
    written = _PATH.match(text, at)
    if written is not None:
        end = at + len(written[0].rstrip(".,;:!?)>]}"))
        if end <= at + 1:
            return None
        where = folded.cased[at:end]
        if "?" in where or (_SYSTEM.match(where) and where not in facts.paths):
            return Piece(Kind.URL, where, at, end)
        return Piece(Kind.PATH, where, at, end)
    named = _DOTFILE.match(text, at) or _FILE.match(text, at)
    if named is None:
        return None
    end = at + len(named[0].rstrip("./-"))
    return _file(folded.cased[at:end], at, end, facts)


def _letter_follows(text: str, at: int) -> bool:
    return at < len(text) and text[at].isascii() and text[at].isalnum()


def _source(text: str, at: int, sources: Sequence[tuple[str, str]]) -> Piece | None:
    """The longest name of a source, with or without its folders, that stands here."""
    best: Piece | None = None
    for identifier, name in sources:
        for spelled in {name.lower(), name.lower().rpartition("/")[2]}:
            end = at + len(spelled)
            whole = spelled and text.startswith(spelled, at) and not _letter_follows(text, end)
            if whole and (best is None or end > best.end):
                best = Piece(Kind.SOURCE, identifier, at, end)
            elif whole and best is not None and end == best.end and identifier not in best.value.split(","):
                best = Piece(Kind.SOURCE, f"{best.value},{identifier}", at, end)
    return best


def _file(name: str, at: int, end: int, facts: CaseFacts) -> Piece:
    if name.lower().endswith(".log") or ".log." in name.lower():
        # A log file that this case does not have: no line of it can be picked, and saying so is the answer.
        return Piece(Kind.UNREADABLE, name, at, end)
    known = sorted({one for one in facts.paths if one == f"/{name}" or one.endswith(f"/{name}")})
    return Piece(Kind.PATH, "\n".join(known), at, end) if known else Piece(Kind.URL, name, at, end)


def number(folded: Folded, at: int) -> Piece | None:
    """A status code, a class of them, or a plain number."""
    text = folded.text
    before = text[at - 1] if at else " "
    if before.isascii() and (before.isalnum() or before in "._"):
        return None
    span = _STATUS_RANGE.match(text, at)
    if span is not None and int(span[1]) in _STATUS_CODES and span[1] < span[2]:
        return Piece(Kind.STATUS, f"{span[1]}-{span[2]}", at, span.end())
    status = _STATUS.match(text, at)
    if status is not None:
        digits = status[0].removesuffix("s")
        if "x" in digits:
            return Piece(Kind.STATUS, f"{status[1]}00-{status[1]}99", at, status.end())
        if int(digits) in _STATUS_CODES:
            others = ((Kind.NUMBER, digits),) if digits == status[0] else ()
            return Piece(Kind.STATUS, f"{digits}-{digits}", at, status.end(), others)
    plain = _NUMBER.match(text, at)
    return Piece(Kind.NUMBER, str(int(plain[0])), at, plain.end()) if plain else None


def method(folded: Folded, at: int) -> Piece | None:
    """A request method: in capitals, or before the word "request"."""
    if at and folded.cased[at - 1].isascii() and folded.cased[at - 1].isalnum():
        return None
    written = _METHOD.match(folded.cased, at)
    if written is not None:
        return Piece(Kind.METHOD, written[0].rstrip("singed"), at, written.end())
    lower = _LOWER_METHOD.match(folded.text, at)
    return Piece(Kind.METHOD, lower[1].upper(), at, at + len(lower[1])) if lower else None


def domain(folded: Folded, at: int) -> Piece | None:
    """The name of a host: one word, so that a noun beside it can say what it is the name of."""
    if at and folded.text[at - 1].isascii() and (folded.text[at - 1].isalnum() or folded.text[at - 1] in "._-"):
        return None
    written = _DOMAIN.match(folded.text, at)
    return Piece(Kind.UNKNOWN, written[0], at, written.end()) if written else None


def code(folded: Folded, at: int) -> Piece | None:
    """The id of a rule (`sqli-structure`), or a code of ours (`login_after_failures`)."""
    if at and folded.text[at - 1].isascii() and (folded.text[at - 1].isalnum() or folded.text[at - 1] in "_-"):
        return None
    written = _RULE.match(folded.text, at)
    if written is not None:
        return Piece(Kind.RULE, written[0], at, written.end())
    written = _CODE.match(folded.text, at)
    return Piece(Kind.CODE, written[0], at, written.end()) if written else None
