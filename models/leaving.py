"""Texts as they may leave: redacted, and in an encoding that can be sent."""

from collections.abc import Sequence

from models.chat import FaultCode, ModelFault
from models.redact.protocol import Redactor


def redacted(redactor: Redactor, texts: Sequence[str]) -> list[str]:
    """Every text redacted, what is no text spelled out; `ModelFault(redaction_failed)` if that goes wrong."""
    try:
        safe = redactor.redact_all(list(texts))
    except Exception as fault:
        raise ModelFault(FaultCode.REDACTION_FAILED, reason=type(fault).__name__) from fault
    if len(safe) != len(texts):
        raise ModelFault(FaultCode.REDACTION_FAILED, reason="count")
    return [text.encode("utf-8", "backslashreplace").decode() for text in safe]
