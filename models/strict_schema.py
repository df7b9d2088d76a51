"""A pydantic model as a strict JSON schema: what OpenAI and Azure both accept, made the same way every time."""

from collections.abc import Mapping

from pydantic import BaseModel

Json = dict[str, object]

_LEFT_OUT = frozenset({"title", "default", "discriminator", "minLength", "maxLength"})
"""Names nobody needs, and bounds that strict mode refuses: pydantic checks them when the reply is read."""


def strict_schema(model: type[BaseModel]) -> Json:
    """The schema of a reply: every property required, no other allowed.

    A key of the model that is missing from a reply is then an error of the provider, not a silent default. What strict
    mode has no words for (a dictionary with free keys, a tuple) stays as it is, and `eval.stubs.openai` refuses it.
    """
    made = model.model_json_schema()
    if "$ref" in made:  # a model that refers to itself is among the definitions, and the root must be an object
        made = {**made["$defs"][made["$ref"].rpartition("/")[2]], "$defs": made["$defs"]}
    return _strict(made)


def schema_name(model: type[BaseModel]) -> str:
    """The name a schema is sent under: letters, digits, `_` and `-`, 64 at most."""
    return "".join(sign for sign in model.__name__ if sign.isascii() and (sign.isalnum() or sign in "_-"))[:64]


def _strict(part: Mapping[str, object]) -> Json:
    made: Json = {}
    for key, value in part.items():
        if key in ("properties", "$defs") and isinstance(value, Mapping):
            made[key] = {name: _strict(inner) for name, inner in value.items()}
        elif key not in _LEFT_OUT:
            made["anyOf" if key == "oneOf" else key] = _inside(value)
    if "$ref" in made:
        return {"$ref": made["$ref"]}  # it may have no siblings: a description beside it is dropped
    if made.get("type") == "object" and "additionalProperties" not in made:
        made["additionalProperties"] = False
    if isinstance(properties := made.get("properties"), Mapping):
        made["required"] = list(properties)
    return made


def _inside(value: object) -> object:
    if isinstance(value, Mapping):
        return _strict(value)
    return [_inside(each) for each in value] if isinstance(value, list) else value
