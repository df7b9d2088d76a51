"""Is a value a whole filter, as an application that offers one is given it (JQL, OData, SCIM, CEL, a JSON document)?

Every clause compares a field with a literal, every quote is closed where it was opened, and no clause is true by
itself. Whoever breaks out of a query can write no such thing: the value would have to begin inside a string.
"""

import json
import re

MAX_VALUE = 1024
MAX_DEPTH = 8
_FIELD = r"(?:not\s+|!)?[a-z_][\w.]*(?:\([\w.]+\))?"
_TEXT = r"""(?:"[^"'\\]{0,80}"|'[^"'\\]{0,80}')"""
_LITERAL = rf"""(?:{_TEXT}|-?\d+[\w:.-]*|[a-z_]\w*(?:\(\))?|\[[\w"', .-]{{0,80}}\]|\([\w"', .-]{{1,80}}\))"""
_COMPARED = r"(?:\s*(?:[=!]?~|[=!<>]=|=|<|>)\s*|\s+(?:eq|ne|gt|ge|lt|le|co|sw|ew|not\s+in|in|is\s+not|is)\s+)"
_CLAUSE = rf"\(?(?P<field>{_FIELD}){_COMPARED}(?P<literal>{_LITERAL})\)?"
_ORDER = r"(?:\s+order\s+by\s+\w+(?:\s+(?:asc|desc))?(?:\s*,\s*\w+(?:\s+(?:asc|desc))?){0,3})?"
_FILTER = re.compile(
    re.sub(r"\?P<\w+>", "?:", rf"{_CLAUSE}(?:(?:\s+(?:and|or)\s+|\s*(?:&&|\|\|)\s*){_CLAUSE}){{1,8}}{_ORDER}"),
    re.IGNORECASE,
)
_EACH = re.compile(_CLAUSE, re.IGNORECASE)
_CREDENTIAL = re.compile(r"user|pass|login|e?mail|token|secret|^_?id$", re.IGNORECASE)
_NAME = re.compile(r"[\w][\w. -]{0,60}")
_TOGETHER = frozenset(("$and", "$or", "$nor"))
_COMPARISONS = frozenset(("$eq", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$all", "$size", "$elemMatch"))


def is_whole_filter(value: bytes) -> bool:
    """Whether the value from its first to its last byte is a filter that only compares fields."""
    if not 3 <= len(value) <= MAX_VALUE:
        return False
    text = value.decode("latin-1").strip()
    if text[:1] in "{[":
        return _is_document_filter(text)
    return _FILTER.fullmatch(text) is not None and not any(_says_nothing(clause) for clause in _EACH.finditer(text))


def _says_nothing(clause: re.Match[str]) -> bool:
    """A comparison of a thing with itself, or of a truth value: true of every row."""
    field, literal = clause["field"].lower(), clause["literal"].strip("\"'").lower()
    return field == literal or field in ("true", "false", "null")


def _is_document_filter(text: str) -> bool:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and _compares_fields(document, MAX_DEPTH)


def _compares_fields(document: dict[str, object], depth: int) -> bool:
    """Whether every key is a field of a thing (not a credential) or joins such documents."""
    if not document or not depth:
        return False
    for key, operand in document.items():
        if key in _TOGETHER:
            parts = operand if isinstance(operand, list) else []
            if not parts or not all(isinstance(part, dict) and _compares_fields(part, depth - 1) for part in parts):
                return False
        elif not _NAME.fullmatch(key) or _CREDENTIAL.search(key) or not _is_operand(operand):
            return False
    return True


def _is_operand(operand: object) -> bool:
    """A literal, or comparisons with literals that leave something out."""
    if not isinstance(operand, dict):
        return True
    return bool(operand) and all(
        name in _COMPARISONS and limit not in ("", None, [], {}) for name, limit in operand.items()
    )
