"""Sample texts from shapes: `AKIA{A-Z2-7:16}` is plainly no key, and what is made of it has the form of one.

Samples in the kinds' files are shapes, so that no file of ours holds anything that looks like a secret, and that each
kind is tried with many values. In braces stand a character class and a length (or `least-most`); `{{` is a brace.
`{luhn:4:16}`, `{my-number}` (in groups: `{my-number:-}`) and `{iban:GB:18}` make numbers with a right check digit, and
`{pair}` the base64 of a name and a password.
"""

import base64
import random
import re

from models.redact.check_digits import iban_check, luhn_digit, my_number_digit

_PLACE = re.compile(r"\{\{|\{(?P<what>luhn|my-number|iban|pair|[^{}:]+(?=:))(?::(?P<rest>[^{}]+))?\}")
_DIGITS = "0123456789"
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def sample(shape: str, seed: int) -> str:
    """A text of this shape; equal seeds give equal texts. Raises ValueError for a class or length that is none."""
    source = random.Random(f"{seed}:{shape}")  # noqa: S311 - samples of tests, nothing to guess
    return _PLACE.sub(lambda place: _filled(place, source), shape)


def _filled(place: re.Match[str], source: random.Random) -> str:
    if place[0] == "{{":
        return "{"
    what, rest = place["what"], place["rest"] or ""
    if what == "luhn":
        start, _, length = rest.partition(":")
        body = start + _drawn(_DIGITS, int(length) - len(start) - 1, source)
        return body + luhn_digit(body)
    if what == "my-number":
        body = _drawn(_DIGITS, 11, source)
        number = body + my_number_digit(body)
        return rest.join((number[:4], number[4:8], number[8:]))
    if what == "pair":
        return base64.b64encode(f"user:{_drawn(_LETTERS, 12, source)}".encode()).decode()
    if what == "iban":
        country, _, length = rest.partition(":")
        body = _drawn(_DIGITS, int(length), source)
        return country + iban_check(country, body) + body
    least, _, most = rest.partition("-")
    return _drawn(members(what), source.randint(int(least), int(most or least)), source)


def _drawn(chars: str, count: int, source: random.Random) -> str:
    return "".join(source.choice(chars) for _ in range(count))


def members(spelled: str) -> str:
    """The characters of a class: `A-Z2-7` → the 32 of base32."""
    chars = re.sub(r"(\w)-(\w)", lambda span: "".join(map(chr, range(ord(span[1]), ord(span[2]) + 1))), spelled)
    if not chars:
        raise ValueError(f"no characters in {spelled!r}")
    return chars
