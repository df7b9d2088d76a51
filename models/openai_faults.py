"""What the libraries raise, as one of the reasons why there is no reply."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from models.chat import FaultCode, ModelFault

if TYPE_CHECKING:
    import openai

BUSY_SECONDS = 1.0
"""To wait where a busy server does not say how long."""

_BY_CODE = {
    "context_length_exceeded": FaultCode.CONTEXT_OVERFLOW,
    "content_filter": FaultCode.FILTERED,
    "content_policy_violation": FaultCode.FILTERED,
    "insufficient_quota": FaultCode.QUOTA,
    "billing_hard_limit_reached": FaultCode.QUOTA,
    "rate_limit_exceeded": FaultCode.RATE_LIMITED,
    "invalid_api_key": FaultCode.UNAUTHORIZED,
    "model_not_found": FaultCode.NOT_FOUND,
    "deploymentnotfound": FaultCode.NOT_FOUND,
    "server_error": FaultCode.SERVER_ERROR,
}
_BY_STATUS = {
    HTTPStatus.UNAUTHORIZED: FaultCode.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED: FaultCode.QUOTA,
    HTTPStatus.FORBIDDEN: FaultCode.FORBIDDEN,
    HTTPStatus.NOT_FOUND: FaultCode.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT: FaultCode.SERVER_ERROR,
    HTTPStatus.CONFLICT: FaultCode.SERVER_ERROR,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: FaultCode.CONTEXT_OVERFLOW,
    HTTPStatus.TOO_MANY_REQUESTS: FaultCode.RATE_LIMITED,
}
_AGAIN = frozenset({FaultCode.RATE_LIMITED, FaultCode.SERVER_ERROR})
_LONG_CONTEXT = re.compile(
    r"maximum context length|context window|prompt is too long"
    r"|exceeds? the (available )?context|context size",
    re.IGNORECASE,
)
_SCHEMA = re.compile(r"response_format|json_schema|text\.format|structured outputs?|grammar", re.IGNORECASE)
_PARAMETER = re.compile(r"[a-z_.\[\]0-9]{1,40}")


def fault_of(raised: Exception) -> ModelFault:
    """The fault for anything that the libraries raise; nothing of a server's text is in it."""
    import openai

    if isinstance(raised, ModelFault):
        return raised
    if isinstance(raised, openai.LengthFinishReasonError):
        return ModelFault(FaultCode.TRUNCATED)
    if isinstance(raised, openai.ContentFilterFinishReasonError):
        return ModelFault(FaultCode.FILTERED)
    if isinstance(raised, openai.APIStatusError):
        return _refused(raised)
    if isinstance(raised, openai.APIConnectionError):
        return ModelFault(FaultCode.UNREACHABLE, reason="connection")
    if isinstance(raised, openai.APIError):
        return _told(raised)
    # what is left is a reply the libraries could not read: no JSON, other keys, no events at all
    return ModelFault(FaultCode.MALFORMED, reason=type(raised).__name__)


def _told(raised: "openai.APIError") -> ModelFault:
    """An error in the middle of a stream."""
    code = _BY_CODE.get(_code(raised), FaultCode.SERVER_ERROR)
    return ModelFault(code, retry_after=BUSY_SECONDS if code in _AGAIN else None)


def _refused(raised: "openai.APIStatusError") -> ModelFault:
    status, said = raised.status_code, str(raised.message)
    parameter = str(raised.param or "") if hasattr(raised, "param") else ""
    code = _of_status(status, _code(raised), said, parameter)
    facts: dict[str, str | float] = {"status": status}
    if _PARAMETER.fullmatch(parameter):
        facts["parameter"] = parameter
    again = _wait(raised.response.headers) if code in _AGAIN else None
    return ModelFault(code, retry_after=again, **facts)


def _of_status(status: int, code: str, said: str, parameter: str) -> FaultCode:
    if found := _BY_CODE.get(code):
        return found
    if _SCHEMA.search(f"{parameter} {said}") and status in _NOT_UNDERSTOOD:
        return FaultCode.SCHEMA_REFUSED
    if _LONG_CONTEXT.search(said):
        return FaultCode.CONTEXT_OVERFLOW
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return FaultCode.SERVER_ERROR
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return FaultCode.NOT_FOUND  # a redirect: what is asked for is not at this address
    return _BY_STATUS.get(HTTPStatus(status) if status in _KNOWN else HTTPStatus.BAD_REQUEST, FaultCode.BAD_REQUEST)


_NOT_UNDERSTOOD = frozenset({400, 404, 415, 422, 500, 501})
"""How servers answer that do not know a form of replies: llama.cpp with 400 or 500, vLLM and Azure with 400."""

_KNOWN = frozenset(int(status) for status in HTTPStatus)


def _code(raised: "openai.APIError") -> str:
    body = raised.body if isinstance(raised.body, Mapping) else {}
    inner = body.get("innererror")
    return str(raised.code or (inner.get("code") if isinstance(inner, Mapping) else "") or raised.type or "").lower()


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds of `Retry-After-Ms` or `Retry-After`; a date is not worth a clock here."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    return BUSY_SECONDS
