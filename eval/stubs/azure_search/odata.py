"""Filters: the part of OData that the service documents and Akashi uses, read strictly and applied to documents."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from eval.stubs.azure_search.refusal import bad

Document = Mapping[str, Any]
Test = Callable[[Document], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')
    |(?P<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))
    |(?P<number>-?\d+(?:\.\d+)?)
    |(?P<name>[A-Za-z_][\w./]*)
    |(?P<sign>[(),]))""",
    re.VERBOSE,
)
_DEEPEST = 50
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda held, said: bool(held == said),
    "ne": lambda held, said: bool(held != said),
    "gt": lambda held, said: held is not None and held > said,
    "ge": lambda held, said: held is not None and held >= said,
    "lt": lambda held, said: held is not None and held < said,
    "le": lambda held, said: held is not None and held <= said,
}


def compiled(text: str, fields: Mapping[str, Mapping[str, Any]]) -> Test:
    """A filter as a test of documents; 400 for a field that is not there or not filterable, and for bad grammar."""
    parser = _Parser(text, fields)
    test = parser.either(0)
    if parser.token != ("end", ""):
        raise bad(f"Invalid expression: Syntax error at position {parser.place} in the filter.")
    return test


class _Parser:
    """or < and < not < comparison; `token` is the next one."""

    def __init__(self, text: str, fields: Mapping[str, Mapping[str, Any]]) -> None:
        self._text, self._fields = text, fields
        self.place = 0
        self.token = self._read()

    def either(self, depth: int) -> Test:
        tests = [self._both(depth)]
        while self._skip("or"):
            tests.append(self._both(depth))
        return lambda document: any(test(document) for test in tests)

    def _both(self, depth: int) -> Test:
        tests = [self._one(depth)]
        while self._skip("and"):
            tests.append(self._one(depth))
        return lambda document: all(test(document) for test in tests)

    def _one(self, depth: int) -> Test:
        if depth > _DEEPEST:
            raise bad("Invalid expression: the filter is nested too deeply.")
        if self._skip("not"):
            test = self._one(depth + 1)
            return lambda document: not test(document)
        if self._skip("("):
            test = self.either(depth + 1)
            self._need(")")
            return test
        return self._listed() if self._skip("search.in") else self._compared()

    def _listed(self) -> Test:
        self._need("(")
        name = self._field("Edm.String")
        self._need(",")
        values, marks = self._string(), " ,"
        if self._skip(","):
            marks = self._string()
        self._need(")")
        listed = set(re.split("[" + re.escape(marks) + "]", values)) if marks else {values}
        return lambda document: document.get(name) in listed

    def _compared(self) -> Test:
        name = self._field()
        how = self._take("name")
        if how not in _COMPARE:
            raise bad(f"Invalid expression: unknown operator '{how}'.")
        kind, text = self.token
        self.token = self._read()
        said = _value(kind, text)
        number = str(self._fields[name]["type"]) in {"Edm.Int32", "Edm.Int64", "Edm.Double"}
        if said is not None and number != isinstance(said, int | float):
            raise bad(f"Invalid expression: incompatible types for '{name}'.")
        return lambda document: _COMPARE[how](_held(document.get(name), said), said)

    def _field(self, kind: str = "") -> str:
        name = self._take("name")
        field = self._fields.get(name)
        if field is None or not field.get("filterable"):
            raise bad(f"Invalid expression: '{name}' is not a filterable field. Only filterable fields can be used.")
        if kind and field["type"] != kind:
            raise bad(f"Invalid expression: '{name}' is not of type {kind}.")
        return name

    def _string(self) -> str:
        return self._take("text")[1:-1].replace("''", "'")

    def _skip(self, text: str) -> bool:
        if self.token[1] != text or self.token[0] == "text":
            return False
        self.token = self._read()
        return True

    def _need(self, text: str) -> None:
        if not self._skip(text):
            raise bad(f"Invalid expression: '{text}' expected at position {self.place}.")

    def _take(self, kind: str) -> str:
        if self.token[0] != kind:
            raise bad(f"Invalid expression: {kind} expected at position {self.place}.")
        text = self.token[1]
        self.token = self._read()
        return text

    def _read(self) -> tuple[str, str]:
        if not self._text[self.place :].strip():
            return "end", ""
        found = _TOKEN.match(self._text, self.place)
        if found is None or found.lastgroup is None:
            raise bad(f"Invalid expression: Syntax error at position {self.place}.")
        self.place = found.end()
        return found.lastgroup, found[found.lastgroup]


def _value(kind: str, text: str) -> Any:  # noqa: ANN401 - a literal of any type
    if kind == "text":
        return text[1:-1].replace("''", "'")
    if kind == "number":
        return float(text) if "." in text else int(text)
    if kind == "time":
        return datetime.fromisoformat(text)
    if text in {"true", "false", "null"}:
        return {"true": True, "false": False, "null": None}[text]
    raise bad(f"Invalid expression: a literal is expected instead of '{text}'.")


def _held(value: Any, said: Any) -> Any:  # noqa: ANN401
    return datetime.fromisoformat(value) if isinstance(said, datetime) and isinstance(value, str) else value
