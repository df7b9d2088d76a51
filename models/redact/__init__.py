"""Redaction: nothing secret leaves for a language model, an embedding provider or a search service (docs/design/redaction.md)."""

from models.redact.protocol import Redactor, RedactSettings

__all__ = ["RedactSettings", "Redactor"]
