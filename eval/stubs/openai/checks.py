"""What a provider refuses: a wrong key, an unknown model, a parameter or a schema it does not accept."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from eval.stubs.openai.schema import lint_strict_schema
from eval.stubs.openai.script import Heard

MOST_INPUTS = 2_048
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_REASONING = re.compile(r"^(o\d|gpt-[5-9])(?!.*chat)")
_DEPLOYMENT = re.compile(r"/openai/deployments/([^/]+)/")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")


class Refusal(Exception):  # noqa: N818 - a reply, not an error of ours
    """An error reply in the words of the provider."""

    def __init__(
        self, status: int, code: str, message: str = "", *, param: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        self.status, self.headers = status, headers
        kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
        self.body = {"error": {"message": message or code, "type": kind, "param": param or None, "code": code}}
        super().__init__(code)


def check_path(heard: Heard, key: str, keys: Iterable[str] | None, models: Iterable[str] | None) -> None:
    """A key that is known, an API version where Azure wants one, a model or deployment that is there."""
    azure = heard.path.startswith("/openai/")
    if not heard.auth and keys is not None:
        raise Refusal(401, "401" if azure else "invalid_api_key", "Missing key.")
    if keys is not None and key not in set(keys):
        raise Refusal(401, "401" if azure else "invalid_api_key", "Incorrect API key provided.")
    deployment = _DEPLOYMENT.match(heard.path)
    if deployment and not _VERSION.fullmatch(heard.query.get("api-version", "")):
        raise Refusal(404, "404", "Resource not found")
    model = deployment[1] if deployment else str(heard.body.get("model", ""))
    if models is not None and heard.method == "POST" and model not in set(models):
        raise Refusal(404, "DeploymentNotFound" if azure else "model_not_found", "There is no such model.")


def check_chat(body: Mapping[str, object], modes: Iterable[str], *, lenient: bool) -> None:
    """Messages, parameters and the form of the reply, as chat completions check them."""
    if not body.get("messages"):
        raise Refusal(400, "invalid_value", "[] is too short - 'messages'", param="messages")
    if not lenient:
        _check_reasoning(body)
    form = body.get("response_format")
    kind = form.get("type") if isinstance(form, Mapping) else "text"
    if kind not in {*modes, "text"}:
        raise Refusal(
            400, "invalid_value", f"response_format of type {kind!r} is not supported", param="response_format"
        )
    schema = form.get("json_schema") if isinstance(form, Mapping) else None
    if isinstance(schema, Mapping) and not lenient:
        _check_schema(schema)
    if kind == "json_object" and not lenient and "json" not in str(body["messages"]).lower():
        raise Refusal(400, "invalid_value", "'messages' must contain the word 'json' in some form", param="messages")


def _check_reasoning(body: Mapping[str, object]) -> None:
    if not _REASONING.match(str(body.get("model", ""))):
        return
    if "max_tokens" in body:
        raise Refusal(400, "unsupported_parameter", "Use 'max_completion_tokens' instead.", param="max_tokens")
    if body.get("temperature") not in (None, 1, 1.0):
        raise Refusal(400, "unsupported_value", "Only the default (1) value is supported.", param="temperature")


def _check_schema(given: Mapping[str, object]) -> None:
    name, schema = str(given.get("name", "")), given.get("schema")
    if not _NAME.fullmatch(name):
        raise Refusal(400, "invalid_value", "Invalid name of a schema.", param="response_format")
    problems = lint_strict_schema(schema if isinstance(schema, Mapping) else {}) if given.get("strict") else []
    if problems:
        said = f"Invalid schema for response_format {name!r}: {'; '.join(problems)}"
        raise Refusal(400, "invalid_value", said, param="response_format")


def schema_of(body: Mapping[str, object]) -> Mapping[str, object] | None:
    """The schema a reply must have, in the words of chat completions or of responses."""
    form = body.get("response_format")
    text = body.get("text")
    inside = (
        form.get("json_schema")
        if isinstance(form, Mapping)
        else text.get("format")
        if isinstance(text, Mapping)
        else {}
    )
    schema = inside.get("schema") if isinstance(inside, Mapping) else None
    return schema if isinstance(schema, Mapping) else None


def check_embeddings(body: Mapping[str, object]) -> list[str]:
    """The texts of a request for embeddings; token ids are joined to a text of numbers."""
    given = body.get("input")
    if isinstance(given, str) or (isinstance(given, list) and given and isinstance(given[0], int)):
        given = [given]
    if not isinstance(given, list) or not given:
        raise Refusal(400, "invalid_value", "'$.input' cannot be empty", param="input")
    if len(given) > MOST_INPUTS:
        raise Refusal(400, "invalid_value", f"'$.input' is longer than {MOST_INPUTS}", param="input")
    if any(each in ("", []) for each in given):
        raise Refusal(400, "invalid_value", "an input cannot be an empty string", param="input")
    return [each if isinstance(each, str) else " ".join(map(str, each)) for each in given]
