"""The fields of the index as the service is told them, and what is wrong with an index that somebody else made."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from stores.index.protocol import Vector

KEY, CASE, BORN, WORDS, TEXT, VECTOR = "key", "case", "born", "words", "text", "vector"
SEMANTIC = "by-meaning"

_BY_VECTOR, _GRAPH = "by-vector", "graph"
_FLAGS = ("key", "searchable", "filterable", "sortable", "retrievable")


class Document(NamedTuple):
    """An entry as it leaves: `born` is its writer's number, `words` what is looked up, `text` what is read."""

    key: str
    case: str
    born: int
    words: str
    text: str
    vector: Vector


def definition(name: str, dimensions: int) -> dict[str, Any]:
    """The index as JSON (REST API 2026-04-01).

    `words` are of our own making, with blanks between, so that the analyzer only has to cut there; `text` is for the
    semantic ranker. Every vector query of ours is exhaustive; the graph is there for queries of others and because a
    field indexed for HNSW can be asked either way.
    """
    string = "Edm.String"
    fields = [
        _field(KEY, string, key=True, filterable=True, sortable=True, retrievable=True),
        _field(CASE, string, filterable=True),
        _field(BORN, "Edm.Int32", filterable=True),
        _field(WORDS, string, searchable=True) | {"analyzer": "whitespace"},
        _field(TEXT, string, searchable=True, retrievable=True) | {"analyzer": "standard.lucene"},
        _field(VECTOR, "Collection(Edm.Single)", searchable=True, retrievable=True)
        | {"dimensions": dimensions, "vectorSearchProfile": _BY_VECTOR},
    ]
    prioritized = {"prioritizedContentFields": [{"fieldName": TEXT}]}
    return {
        "name": name,
        "fields": fields,
        "vectorSearch": {
            "algorithms": [{"name": _GRAPH, "kind": "hnsw", "hnswParameters": {"metric": "cosine"}}],
            "profiles": [{"name": _BY_VECTOR, "algorithm": _GRAPH}],
        },
        "semantic": {"configurations": [{"name": SEMANTIC, "prioritizedFields": prioritized}]},
    }


def differences(found: Iterable[Mapping[str, Any]], dimensions: int) -> Mapping[str, str]:
    """Field → what of it does not fit; fields that are not ours are nobody's business."""
    held = {str(one["name"]): one for one in found}
    wanted = {str(one["name"]): one for one in definition("", dimensions)["fields"]}
    return {name: wrong for name, one in wanted.items() if (wrong := _wrong(held.get(name), one))}


def _wrong(found: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> str:
    if found is None:
        return "missing"
    for name in ("type", "dimensions", "analyzer"):
        if wanted.get(name) is not None and found.get(name) != wanted[name]:
            return f"{name} {found.get(name)}, {wanted[name]} needed"
    return next((name for name in _FLAGS if wanted.get(name) and not found.get(name)), "")


def _field(name: str, kind: str, **flags: bool) -> dict[str, Any]:
    """Vector fields know no flags but three; what is not said is off."""
    known = _FLAGS[1:] if kind == "Edm.String" or kind.startswith("Edm.") else ("searchable", "retrievable")
    return {"name": name, "type": kind, **dict.fromkeys(known, False), "key": False} | flags
