"""What everything that leaves is passed through, as its callers see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RedactSettings:
    """What is hidden beside secrets, which always are.

    `ips`, `users`, `hosts` and `paths` become reversible tokens; `emails` are irreversible, like secrets.
    """

    ips: bool = False
    users: bool = False
    hosts: bool = False
    paths: bool = False
    emails: bool = True


class Redactor(Protocol):
    """Hides what may not leave; one per case, safe to share between threads. No method raises on any text."""

    def redact(self, text: str) -> str:
        """The text with every secret, and what the settings name, replaced by tokens; a second pass changes nothing."""

    def redact_all(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Each text redacted, as well as secrets that begin in one text and end in the next."""

    def restore(self, text: str) -> str:
        """The text with this redactor's reversible tokens replaced by what they stand for; all else stays."""

    def known(self, token: str) -> bool:
        """Whether this redactor made exactly this token (`⟦…⟧`, reversible or not): anybody else's is a forgery."""

    def learn(self, *, users: Iterable[str] = (), hosts: Iterable[str] = (), paths: Iterable[str] = ()) -> None:
        """Names to hide from now on where the settings say so: text alone does not tell that a word is a user."""
