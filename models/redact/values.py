"""Where the value of a sensitive key begins and ends, and whether it can be a secret at all."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from models.redact.checks import is_opaque

_GAP = re.compile(r"[ \t\\]{0,4}")
_DOUBLE = re.compile(r'"((?:[^"\\\r\n⟦]|\\.){1,8192})"')
_SINGLE = re.compile(r"'((?:[^'\"&\\\r\n⟦]|\\.){1,8192})'")
_BARE = re.compile(r"[\"']?([^\s&\"<>\\⟦]{1,65536})")
_SYMBOLS = re.compile(r"[\"']?([A-Za-z0-9_\-.~+/=%|:!@$*]{8,8192})")
_LINE = re.compile(r"[\"']?([^\r\n\"⟦]{4,8192})")
_NOTHING = frozenset(
    "null none nil true false yes no undefined required invalid incorrect missing expired empty failed ok on off "
    "changed reset accepted denied unknown nan redacted filtered hidden masked removed string password token "
    "secret".split()
)
_MASKED = re.compile(r"[*x•.#-]+|\[[a-z ]*\]?|\{+[a-z_. ]*\}*|\$\{[a-z_]*\}*|%[sdv]|%\([a-z_]+\)s")

Span = tuple[int, int]


def any_value(text: str, start: int) -> Span | None:
    """Whatever stands there, but for words that say there is nothing, and placeholders."""
    found = _quoted(text, start)
    if found is None:
        return None
    plain = text[found[0] : found[1]].rstrip(",;)}]").lower()
    return None if not plain or plain in _NOTHING or _MASKED.fullmatch(plain) else found


def unpath_value(text: str, start: int) -> Span | None:
    """Whatever stands there if it is no absolute path: `PWD=/srv/www` of sudo names a folder."""
    found = any_value(text, start)
    return None if found is None or text.startswith(("/", "\\", "~"), found[0]) else found


def number_value(text: str, start: int) -> Span | None:
    """What stands there if four digits or more are in it."""
    found = any_value(text, start)
    return found if found and sum(char.isdigit() for char in text[slice(*found)]) >= 4 else None


def token_value(text: str, start: int) -> Span | None:
    """What stands there if it is no word: six characters at least, with a digit, in mixed case or of 16."""
    found = any_value(text, start)
    if found is None:
        return None
    plain = text[found[0] : found[1]].rstrip(",;)}]")
    strange = any(char.isdigit() for char in plain) or plain.lower() != plain != plain.upper() or len(plain) >= 16
    return found if len(plain) >= 6 and strange and " " not in plain else None


def opaque_value(text: str, start: int) -> Span | None:
    """What stands there if it says nothing to a reader (`models.redact.checks.is_opaque`)."""
    found = _SYMBOLS.match(text, _GAP.match(text, start).end())  # type: ignore[union-attr]  # it matches nothing as well
    return found.span(1) if found and is_opaque(found[1]) else None


def line_value(text: str, start: int) -> Span | None:
    """The rest of the line or of the quoted text, as a header's value."""
    found = _LINE.match(text, _GAP.match(text, start).end())  # type: ignore[union-attr]  # it matches nothing as well
    if found is None or not re.search(r"[=\d]|\w{9}", found[1]) or _MASKED.fullmatch(found[1]):
        return None
    return found.span(1)


def _quoted(text: str, start: int) -> Span | None:
    """The value in quotes if they close, else up to where a query string or a field of a line ends."""
    gap = _GAP.match(text, start)
    begin = gap.end() if gap else start
    for form in (_DOUBLE, _SINGLE, _BARE):
        if found := form.match(text, begin):
            return found.span(1)
    return None


VALUES: Mapping[str, Callable[[str, int], Span | None]] = MappingProxyType(
    {
        "any": any_value,
        "unpath": unpath_value,
        "number": number_value,
        "token": token_value,
        "opaque": opaque_value,
        "line": line_value,
    }
)
"""By the name a key's file uses."""
