"""What a pattern cannot say of a secret: a check digit, a name and a password in base64, that a word means nothing."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType

from models.redact.check_digits import is_card, is_iban, is_my_number

_SYMBOLS = re.compile(r"[A-Za-z0-9_\-.~+/=%|:!@$*]+")
_WORDS = re.compile(r"[A-Za-z]+(?:[-_.+/ ][A-Za-z]+)*")
_SLUG = re.compile(r"(?:[A-Z]?[a-z]+|[0-9]{1,4})(?:[-_.+/](?:[A-Z]?[a-z]+|[0-9]{1,4}))+")
_DATED = re.compile(r"\d{4}-\d\d-\d\d.*|[\d.:,+/-]{1,18}")
_PAIR = re.compile(r"[A-Za-z0-9_.@\\+-]{1,64}:[!-~]{4,256}")
_NUMBERED = re.compile(r"[A-Za-z]+:[\d.:/-]+|[a-z+]{2,12}://.*")


def is_opaque(text: str) -> bool:
    """Whether a value says nothing to a reader: no words, no date, no number, long enough to be worth guessing."""
    if len(text) < 8 or not _SYMBOLS.fullmatch(text) or text.startswith(("/", "http:", "https:")):
        return False
    if "%20" in text or _DATED.fullmatch(text) or _SLUG.fullmatch(text):
        return False
    if _WORDS.fullmatch(text):
        return len(text) >= 20 and _changes_case(text)
    return is_mixed(text) or len(text) >= 20


def _changes_case(text: str) -> bool:
    """Whether capitals stand within words more often than names in camel case have them."""
    changes = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    return changes * 6 > len(text)


def is_pair(text: str) -> bool:
    """Whether this is `name:password`, and not a typed number such as `User:42`."""
    return bool(_PAIR.fullmatch(text)) and not _NUMBERED.fullmatch(text)


def holds_pair(text: str) -> bool:
    """Whether this is the base64 of `name:password`, as HTTP basic authentication sends it (RFC 7617)."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return b":" in base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return False


def is_mixed(text: str) -> bool:
    """Whether letters and digits stand in the text."""
    return any(char.isdigit() for char in text) and any(char.isalpha() for char in text)


CHECKS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "": lambda _: True,
        "card": is_card,
        "iban": is_iban,
        "mixed": is_mixed,
        "my-number": is_my_number,
        "opaque": is_opaque,
        "pair": holds_pair,
    }
)
"""By the name a kind's file uses."""
