"""Redaction: nothing secret leaves for a model, an embedder or a search service (docs/design/redaction.md)."""

from models.redact.protocol import Redactor, RedactSettings
from models.redact.redactor import redactor_for

__all__ = ["RedactSettings", "Redactor", "redactor_for"]
