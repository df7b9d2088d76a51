"""The one exception tree: misuse and broken surroundings; bad *data* is a value, never an exception.

    AkashiError                 everything below; carries a code and facts, never prose
    ├── InputError              a path, upload or option that cannot be used (wrong, missing, unreadable)
    ├── CaseError               a case that is unknown, exists already, or is being written by another process
    ├── ContentError            a rule, locale or suite file that breaks its schema
    └── StorageError            the evidence lake cannot be written or read (disk full, damaged segment)

Only `app/` turns a code into words (`error.<code>` in the locale files), in two languages.
"""

from collections.abc import Mapping


class AkashiError(Exception):
    """A refusal with a machine-readable `code` (locale key `error.<code>`) and the `facts` its sentence needs."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts: Mapping[str, object] = facts
        super().__init__(f"{code} " + " ".join(f"{key}={value!r}" for key, value in facts.items()))


class InputError(AkashiError):
    """A path, upload or option that cannot be used."""


class CaseError(AkashiError):
    """A case that is unknown, exists already, or is being written by another process."""


class ContentError(AkashiError):
    """A rule, locale or suite file that breaks its schema."""


class StorageError(AkashiError):
    """The evidence lake cannot be written or read."""
