"""What an index may look like and which documents fit into it; everything else is refused as the service does."""

import re
from collections.abc import Mapping
from typing import Any

from eval.stubs.azure_search.refusal import bad

INDEX_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,126}[a-z0-9])?")
KEY = re.compile(r"[A-Za-z0-9_=-]{1,1024}")
_FIELD_NAME = re.compile(r"[A-Za-z]\w{0,127}")
VECTOR = "Collection(Edm.Single)"
_CHECKS: Mapping[str, tuple[type, ...]] = {
    "Edm.String": (str,),
    "Edm.Int32": (int,),
    "Edm.Int64": (int,),
    "Edm.Double": (int, float),
    "Edm.Boolean": (bool,),
    "Edm.DateTimeOffset": (str,),
}
_ANALYZERS = {None, "standard.lucene", "whitespace", "keyword", "ja.lucene", "en.lucene"}
_DIMENSIONS = range(2, 4_097)

Fields = dict[str, Mapping[str, Any]]


def checked_index(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The definition with its fields' defaults filled in."""
    if body.get("name") != name or not INDEX_NAME.fullmatch(name):
        raise bad("Invalid index name: only lower-case letters, digits and dashes, no dash at either end.")
    profiles = {one["name"] for one in body.get("vectorSearch", {}).get("profiles", [])}
    fields = [_field(one, profiles) for one in body.get("fields", [])]
    if len({one["name"].lower() for one in fields}) < len(fields):
        raise bad("The request is invalid. Details: a field is defined twice.")
    if [one["type"] for one in fields if one["key"]] != ["Edm.String"]:
        raise bad("The index must have exactly one key field of type Edm.String.")
    _check_semantic(body.get("semantic", {}), {one["name"]: one for one in fields})
    return {**body, "fields": fields}


def check_change(old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Fields may be added to an index, never changed or taken away."""
    now = {one["name"]: one for one in new["fields"]}
    for one in old["fields"]:
        if now.get(one["name"]) != one:
            raise bad(f"Existing field '{one['name']}' cannot be changed.")


def _field(one: Mapping[str, Any], profiles: set[str]) -> dict[str, Any]:
    name, kind = str(one.get("name", "")), one.get("type")
    if not _FIELD_NAME.fullmatch(name):
        raise bad(f"Invalid field name '{name}'.")
    if kind == VECTOR:
        if one.get("dimensions") not in _DIMENSIONS or one.get("vectorSearchProfile") not in profiles:
            raise bad(f"Vector field '{name}' needs 'dimensions' (2 to 4096) and a known 'vectorSearchProfile'.")
        if one.get("filterable") or one.get("sortable") or one.get("facetable"):
            raise bad(f"Vector field '{name}' cannot be filterable, sortable or facetable.")
    elif kind not in _CHECKS:
        raise bad(f"Field '{name}' has the type '{kind}', which this stub does not know.")
    if one.get("searchable") and kind not in {"Edm.String", VECTOR}:
        raise bad(f"Field '{name}' of type {kind} cannot be searchable.")
    if one.get("analyzer") not in _ANALYZERS:
        raise bad(f"The analyzer '{one.get('analyzer')}' of field '{name}' is not known.")
    plain = kind != VECTOR
    defaults = {"key": False, "retrievable": True, "searchable": kind in {"Edm.String", VECTOR}}
    others = {"filterable": plain, "sortable": plain, "facetable": plain}
    return {**defaults, **others, **{key: value for key, value in one.items() if value is not None}}


def _check_semantic(semantic: Mapping[str, Any], fields: Fields) -> None:
    for one in semantic.get("configurations", []):
        for part in one["prioritizedFields"].get("prioritizedContentFields", []):
            field = fields.get(part["fieldName"])
            if field is None or not (field["searchable"] and field["retrievable"]):
                raise bad(f"Semantic field '{part['fieldName']}' must be searchable and retrievable.")


def check_document(one: Mapping[str, Any], fields: Fields, *, whole: bool) -> str:
    """Its key; `whole` is False for an action that names the key only."""
    key_field = next(name for name, field in fields.items() if field["key"])
    key = one.get(key_field)
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise bad(
            f"Invalid document key: '{key}'. Keys can only contain letters, digits, underscore (_), dash (-), "
            "or equal sign (=)."
        )
    if whole:
        for name, value in one.items():
            _check_value(name, value, fields.get(name))
    return key


def _check_value(name: str, value: object, field: Mapping[str, Any] | None) -> None:
    if field is None:
        raise bad(f"The property '{name}' does not exist on type 'search.documentFields'.")
    if value is None:
        return
    if field["type"] == VECTOR:
        if not isinstance(value, list) or len(value) != field["dimensions"]:
            raise bad(f"The vector field '{name}' needs {field['dimensions']} numbers.")
        if not all(isinstance(part, int | float) and not isinstance(part, bool) for part in value):
            raise bad(f"The vector field '{name}' holds something that is no number.")
    elif not isinstance(value, _CHECKS[field["type"]]) or (isinstance(value, bool) and field["type"] != "Edm.Boolean"):
        raise bad(f"Cannot convert the value of '{name}' to the expected type '{field['type']}'.")
