"""What OpenAI accepts as a strict JSON schema, and a value that satisfies one."""

from collections.abc import Iterator, Mapping

Schema = Mapping[str, object]

DEEPEST, MOST_PROPERTIES, MOST_ENUM_VALUES, MOST_CHARACTERS = 10, 5_000, 1_000, 120_000
"""Limits of OpenAI's guide to structured outputs (platform.openai.com/docs/guides/structured-outputs, read 2026-11)."""

FORBIDDEN = frozenset(
    """
    allOf not dependentRequired dependentSchemas if then else oneOf default patternProperties unevaluatedProperties
    propertyNames minProperties maxProperties uniqueItems contains minContains maxContains unevaluatedItems minLength
    maxLength prefixItems
    """.split()
)
FORMATS = frozenset("date-time time date duration email hostname ipv4 ipv6 uuid".split())
_SAYS_WHAT = frozenset("type anyOf $ref enum const".split())
_LONG_ENUM, _LONG_ENUM_CHARACTERS = 250, 15_000


def lint_strict_schema(schema: Schema) -> list[str]:
    """The reasons for which a strict schema would be refused; none when it is accepted."""
    found = [] if schema.get("type") == "object" else ["root: schema must be of type 'object'"]
    parts = list(_parts(schema, "root", 1))
    for path, part, depth in parts:
        found += [f"{path}: {problem}" for problem in _problems(part, depth)]
    return found + _too_much([part for _, part, _ in parts])


def _parts(schema: object, path: str, depth: int) -> Iterator[tuple[str, Schema, int]]:
    """Every schema inside a schema, with its path and its depth in objects."""
    if not isinstance(schema, Mapping):
        yield path, {"": schema}, depth
        return
    yield path, schema, depth
    for name, inner in _mapping(schema, "properties").items():
        yield from _parts(inner, f"{path}.properties.{name}", depth + 1)
    if "items" in schema:
        yield from _parts(schema["items"], f"{path}.items", depth)
    for place, inner in enumerate(_list(schema, "anyOf")):
        yield from _parts(inner, f"{path}.anyOf[{place}]", depth)
    for key in ("$defs", "definitions"):
        for name, inner in _mapping(schema, key).items():
            yield from _parts(inner, f"{path}.{key}.{name}", 1)


def _problems(part: Schema, depth: int) -> Iterator[str]:
    if not _SAYS_WHAT & part.keys():
        yield "schema must have a 'type' key"
    yield from (f"'{key}' is not permitted" for key in sorted(FORBIDDEN & part.keys()))
    if "$ref" in part and len(part) > 1:
        yield f"$ref cannot have siblings {sorted(part.keys() - {'$ref'})}"
    if "format" in part and part["format"] not in FORMATS:
        yield f"format {part['format']!r} is not supported"
    enum = _list(part, "enum")
    if len(enum) > _LONG_ENUM and sum(len(str(value)) for value in enum) > _LONG_ENUM_CHARACTERS:
        yield "enum too long"
    kinds = part.get("type")
    if "array" in (kinds if isinstance(kinds, list) else [kinds]) and "items" not in part:
        yield "array schema missing items"
    if "object" in (kinds if isinstance(kinds, list) else [kinds]) or "properties" in part:
        yield from _object_problems(part, depth)


def _object_problems(part: Schema, depth: int) -> Iterator[str]:
    if part.get("additionalProperties") is not False:
        yield "'additionalProperties' is required to be supplied and to be false"
    missing = _mapping(part, "properties").keys() ^ {str(name) for name in _list(part, "required")}
    if missing:
        yield f"'required' must list every property and no other: {sorted(missing)}"
    if depth > DEEPEST:
        yield f"nesting deeper than {DEEPEST}"


def _too_much(parts: list[Schema]) -> list[str]:
    enums = [str(value) for part in parts for value in _list(part, "enum")]
    names = [name for part in parts for key in ("properties", "$defs") for name in _mapping(part, key)]
    constants = [str(part["const"]) for part in parts if "const" in part]
    properties = sum(len(_mapping(part, "properties")) for part in parts)
    found = [f"more than {MOST_PROPERTIES} properties"] if properties > MOST_PROPERTIES else []
    found += [f"more than {MOST_ENUM_VALUES} enum values"] if len(enums) > MOST_ENUM_VALUES else []
    if sum(map(len, enums + names + constants)) > MOST_CHARACTERS:
        found.append(f"more than {MOST_CHARACTERS} characters of names and enum values")
    return found


def example_of(schema: Schema, root: Schema | None = None, depth: int = 0) -> object:
    """A value that satisfies the schema: the answer of a model for which nothing was scripted."""
    root = root or schema
    if "$ref" in schema:
        return example_of(_referred(str(schema["$ref"]), root), root, depth + 1)
    if "const" in schema:
        return schema["const"]
    if enum := _list(schema, "enum"):
        return enum[0]
    if choices := [choice for choice in _list(schema, "anyOf") if isinstance(choice, Mapping)]:
        nothing = next((choice for choice in choices if choice.get("type") == "null"), None)
        return None if depth > _DEEP and nothing else example_of(choices[0], root, depth + 1)
    return _example_of_kind(schema, root, depth)


_DEEP = 4
"""Where a schema refers to itself, its example stays finite by choosing nothing from here on."""

_TEXTS = {"date-time": "2026-01-01T00:00:00Z", "date": "2026-01-01", "ipv4": "192.0.2.1"}


def _example_of_kind(schema: Schema, root: Schema, depth: int) -> object:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), "null")
    if kind == "object":
        return {name: example_of(inner, root, depth + 1) for name, inner in _mapping(schema, "properties").items()}  # type: ignore[arg-type]
    if kind == "array":
        items = schema["items"]
        count = int(str(schema.get("minItems", 0 if depth > _DEEP else 1)))
        return [example_of(items, root, depth + 1)] * count if count and isinstance(items, Mapping) else []
    plain = {"integer": int(str(schema.get("minimum", 1))), "number": 1.0, "boolean": True, "null": None}
    return plain[str(kind)] if kind in plain else _TEXTS.get(str(schema.get("format", "")), "text")


def _referred(pointer: str, root: Schema) -> Schema:
    node: object = root
    for key in pointer.lstrip("#/").split("/"):
        node = node[key] if isinstance(node, Mapping) else {}
    return node if isinstance(node, Mapping) else {}


def _mapping(schema: Schema, key: str) -> Mapping[str, object]:
    found = schema.get(key)
    return found if isinstance(found, Mapping) else {}


def _list(schema: Schema, key: str) -> list[object]:
    found = schema.get(key)
    return found if isinstance(found, list) else []
