"""Tokens: what stands where something was hidden, sealed with the case's key so that no log text can hold one.

    ⟦SECRET-jwt-64+-k3v9qa⟧     kind, length class, seal: says what stood there, leads nowhere
    ⟦IP-4mzq7k2xw5rb⟧           the seal of the value itself: this redactor leads it back

Letters, digits, hyphen and plus between two brackets that no protocol uses: JSON, URLs and Markdown leave it whole, and
nothing in it reads as an emoji code, a link or emphasis.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from threading import Lock

OPEN, CLOSE = "⟦", "⟧"
TOKEN = re.compile(r"⟦[A-Z]{2,8}-[a-z0-9+-]{6,64}⟧")
_SECRET = re.compile(r"⟦SECRET-([a-z0-9-]+-(?:1|8|16|32|64)\+)-([a-z2-7]{6})⟧")
_CLASSES = (64, 32, 16, 8, 1)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one case; the maps only grow, one writer at a time, and reading needs no lock."""

    key: bytes
    _by_value: dict[tuple[str, str], str] = field(default_factory=dict)
    _by_token: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def secret(self, kind: str, length: int) -> str:
        """The token of a secret of `length` characters."""
        said = f"{kind}-{next(least for least in _CLASSES if length >= least)}+"
        return f"{OPEN}SECRET-{said}-{self._seal('SECRET', said, 0)[:6]}{CLOSE}"

    def reversible(self, kind: str, value: str) -> str:
        """The token of a value, the same in every run; two values never share one."""
        made = self._by_value.get((kind, value))
        return made or self._made(kind, value)

    def _made(self, kind: str, value: str) -> str:
        with self._lock:
            attempt = 0
            while True:  # 60 bits: a second attempt is a matter of a billion values
                token = f"{OPEN}{kind}-{self._seal(kind, value, attempt)}{CLOSE}"
                if self._by_token.setdefault(token, value) == value:
                    self._by_value[kind, value] = token
                    return token
                attempt += 1

    def value(self, token: str) -> str | None:
        """What a reversible token stands for; None when this case made no such token."""
        return self._by_token.get(token)

    def made(self, token: str) -> bool:
        """Whether this is exactly a token of this case."""
        if token in self._by_token:
            return True
        secret = _SECRET.fullmatch(token)
        return secret is not None and hmac.compare_digest(secret[2], self._seal("SECRET", secret[1], 0)[:6])

    def _seal(self, kind: str, value: str, attempt: int) -> str:
        """Twelve letters of HMAC-SHA-256; the kind cannot run into the value, it has no NUL."""
        said = f"{kind}\0{attempt}\0{value}".encode("utf-8", "surrogatepass")
        return base64.b32encode(hmac.digest(self.key, said, hashlib.sha256))[:12].decode().lower()
