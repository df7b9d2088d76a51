"""JSON from a model that cannot be held to a schema: the schema in words, and the object in what comes back."""

import json
from collections.abc import Mapping

from models.chat import FaultCode, ModelFault


def in_words(schema: Mapping[str, object]) -> str:
    """What is added to a prompt where the schema cannot be sent beside it, or may not be seen by the model."""
    return f"Reply with one JSON object and nothing else. It must follow this JSON schema:\n{json.dumps(schema)}"


def found_json(text: str) -> str:
    """The last JSON object that stands for itself in a text: models think aloud before it and put it into fences.

    Raises `ModelFault(malformed)` when there is none.
    """
    decoder, found, place = json.JSONDecoder(), "", text.find("{")
    while place >= 0:
        try:
            _, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            end = place + 1
        else:
            found = text[place:end]
        place = text.find("{", end)
    if not found:
        raise ModelFault(FaultCode.MALFORMED, reason="no JSON")
    return found
