"""One index with its documents: takes batches, document by document, and answers searches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from eval.stubs.azure_search.definition import VECTOR, Fields, check_document
from eval.stubs.azure_search.odata import compiled
from eval.stubs.azure_search.ranking import bm25, cosines, joined, score_of_cosine, tokens
from eval.stubs.azure_search.refusal import Refusal, bad

MOST_ACTIONS, MOST_TOP, MOST_SKIP = 1_000, 1_000, 100_000
_RERANKED = 50
_KNOWN = {
    "search", "count", "filter", "queryType", "captions", "answers", "semanticConfiguration", "semanticQuery",
    "semanticErrorHandling", "semanticMaxWaitInMilliseconds", "select", "top", "skip", "vectorQueries", "orderby",
    "vectorFilterMode", "searchFields", "searchMode", "sessionId",
}  # fmt: skip

Document = dict[str, Any]


@dataclass(slots=True)
class Index:
    """`documents` are found by searches, `coming` after so many more of them: the service indexes in its own time."""

    definition: Mapping[str, Any]
    semantic: bool = True
    lag: int = 0
    documents: dict[str, Document] = field(default_factory=dict)
    coming: list[tuple[int, str, Document | None]] = field(default_factory=list)

    @property
    def fields(self) -> Fields:
        """By name."""
        return {one["name"]: one for one in self.definition["fields"]}

    def act(self, actions: list[Mapping[str, Any]], failing: dict[str, list[int]]) -> list[dict[str, Any]]:
        """A result for each action; `failing` has the statuses that documents meet, by key or for any ("")."""
        if not 0 < len(actions) <= MOST_ACTIONS:
            raise bad(f"A batch holds 1 to {MOST_ACTIONS} actions.")
        bodies = [{name: value for name, value in one.items() if not name.startswith("@")} for one in actions]
        kinds = [str(one.get("@search.action", "upload")) for one in actions]
        pairs = list(zip(bodies, kinds, strict=True))
        keys = [check_document(one, self.fields, whole=kind != "delete") for one, kind in pairs]
        results = []
        for key, body, kind in zip(keys, bodies, kinds, strict=True):
            spoiled = failing.get(key) or failing.get("")
            status = spoiled.pop(0) if spoiled else self._apply(key, body, kind)
            fine = status < 400
            said = None if fine else "The document was refused."
            results.append({"key": key, "status": fine, "errorMessage": said, "statusCode": status})
        return results

    def _apply(self, key: str, body: Document, kind: str) -> int:
        held = self._newest(key)
        if kind == "merge" and held is None:
            return 404
        if kind not in {"upload", "merge", "mergeOrUpload", "delete"}:
            raise bad(f"Unknown action '{kind}'.")
        new = None if kind == "delete" else body if kind == "upload" else {**(held or {}), **body}
        self.coming.append((self.lag, key, new))
        if not self.lag:
            self.settle()
        return 200 if held is not None or kind == "delete" else 201

    def _newest(self, key: str) -> Document | None:
        for _, name, document in reversed(self.coming):
            if name == key:
                return document
        return self.documents.get(key)

    def settle(self) -> None:
        """Time passes: what waited long enough is found from now on."""
        for left, key, document in self.coming:
            if left <= 0 and document is None:
                self.documents.pop(key, None)
            elif left <= 0 and document is not None:
                self.documents[key] = document
        self.coming = [(left - 1, key, document) for left, key, document in self.coming if left > 0]

    def search(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The reply to a search."""
        self.settle()
        self._check(asked)
        test = compiled(asked["filter"], self.fields) if asked.get("filter") else lambda _: True
        chosen = {key: one for key, one in self.documents.items() if test(one)}
        scores = self._scores(asked, chosen)
        order = sorted(scores, key=lambda key: -scores[key])
        order = self._ordered(order, asked)
        ranked = self._reranked(order, asked) if asked.get("queryType") == "semantic" else {}
        order = sorted(order, key=lambda key: -ranked.get(key, -1.0)) if ranked else order
        skip, top = asked.get("skip") or 0, asked.get("top")
        page = order[skip : skip + (50 if top is None else top)]
        reply: dict[str, Any] = {"value": [self._shown(key, scores[key], ranked, asked) for key in page]}
        if asked.get("count"):
            reply["@odata.count"] = len(order)
        if asked.get("answers"):
            reply["@search.answers"] = [
                {"key": key, "score": 0.9, "text": self._text(key)} for key in page[:1] if key in ranked
            ]
        return reply

    def _check(self, asked: Mapping[str, Any]) -> None:
        unknown = set(asked) - _KNOWN
        if unknown:
            raise bad(f"The parameters {sorted(unknown)} are not known.")
        if (asked.get("top") or 0) > MOST_TOP or (asked.get("skip") or 0) > MOST_SKIP:
            raise bad(f"'top' is {MOST_TOP} and 'skip' {MOST_SKIP} at most.")
        for name in _names(asked.get("select")):
            if not self.fields.get(name, {}).get("retrievable"):
                raise bad(f"Could not find a retrievable property named '{name}'.")
        for name in _names(asked.get("searchFields")):
            if not self.fields.get(name, {}).get("searchable") or self.fields[name]["type"] == VECTOR:
                raise bad(f"The field '{name}' is not searchable.")
        if asked.get("queryType", "simple") not in {"simple", "semantic"}:
            raise Refusal(501, "NotImplemented", "This stub does not know the full Lucene syntax.")
        if asked.get("queryType") == "semantic":
            self._check_semantic(str(asked.get("semanticConfiguration")))

    def _check_semantic(self, name: str) -> None:
        if not self.semantic:
            raise Refusal(
                400, "SemanticQueriesNotAvailable", "Semantic search is not enabled for this service."
            )  # fmt: skip
        if name not in {one["name"] for one in self.definition.get("semantic", {}).get("configurations", [])}:
            raise bad(f"Unknown semantic configuration '{name}'.")

    def _scores(self, asked: Mapping[str, Any], chosen: dict[str, Document]) -> dict[str, float]:
        words = str(asked.get("search") or "").strip()
        vectors = [self._near(one, chosen) for one in asked.get("vectorQueries") or []]
        said = self._said(words, asked, chosen) if words not in {"", "*"} else None
        if said is None and len(vectors) == 1:
            return {key: score_of_cosine(cosine) for key, cosine in vectors[0].items()}
        if said is not None and not vectors:
            return said
        if said is None and not vectors:
            return dict.fromkeys(chosen, 1.0)
        return joined(sorted(one, key=lambda key: -one[key]) for one in (said or {}, *vectors))

    def _near(self, asked: Mapping[str, Any], chosen: dict[str, Document]) -> dict[str, float]:
        name, k = str(asked.get("fields")), asked.get("k")
        kind = self.fields.get(name, {})
        if kind.get("type") != VECTOR or asked.get("kind") != "vector" or not isinstance(k, int) or k < 1:
            raise bad("A vector query needs kind 'vector', one vector field and k above 0.")
        if len(asked["vector"]) != kind["dimensions"]:
            raise bad(f"The vector of the query has {len(asked['vector'])} numbers, '{name}' {kind['dimensions']}.")
        keys = [key for key, one in chosen.items() if one.get(name) is not None]
        if not keys:
            return {}
        found = cosines(asked["vector"], np.array([chosen[key][name] for key in keys], np.float32))
        best = np.argsort(-found, kind="stable")[:k]
        return {keys[place]: float(found[place]) for place in best}

    def _said(self, words: str, asked: Mapping[str, Any], chosen: dict[str, Document]) -> dict[str, float]:
        names = _names(asked.get("searchFields")) or [
            name for name, one in self.fields.items() if one["searchable"] and one["type"] == "Edm.String"
        ]
        keys = list(self.documents)
        scores = sum(
            bm25(words, [str(self.documents[key].get(name) or "") for key in keys], self.fields[name].get("analyzer"))
            for name in names
        )
        return {
            key: float(score) for key, score in zip(keys, np.asarray(scores), strict=True) if score and key in chosen
        }

    def _ordered(self, order: list[str], asked: Mapping[str, Any]) -> list[str]:
        for part in reversed(_names(asked.get("orderby"))):
            name, _, way = part.partition(" ")
            if not self.fields.get(name, {}).get("sortable"):
                raise bad(f"The property '{name}' is not sortable.")
            order = sorted(order, key=lambda key: str(self.documents[key].get(name)), reverse=way == "desc")
        return order

    def _reranked(self, order: list[str], asked: Mapping[str, Any]) -> dict[str, float]:
        """Of the first 50 only, from 0 to 4; here simply by the share of the question's words that a text says."""
        question = set(tokens(str(asked.get("semanticQuery") or asked.get("search") or ""), None))
        share = {key: len(question & set(tokens(self._text(key), None))) for key in order[:_RERANKED]}
        return {key: 4 * number / max(len(question), 1) for key, number in share.items()}

    def _text(self, key: str) -> str:
        parts = self.definition["semantic"]["configurations"][0]["prioritizedFields"]["prioritizedContentFields"]
        return " ".join(str(self.documents[key].get(part["fieldName"]) or "") for part in parts)

    def _shown(self, key: str, score: float, ranked: Mapping[str, float], asked: Mapping[str, Any]) -> Document:
        names = _names(asked.get("select")) or [name for name, one in self.fields.items() if one["retrievable"]]
        shown: Document = {"@search.score": score}
        if asked.get("queryType") == "semantic":
            shown["@search.rerankerScore"] = ranked.get(key)
        if asked.get("captions"):
            shown["@search.captions"] = [{"text": self._text(key)[:200], "highlights": ""}]
        return shown | {name: self.documents[key].get(name) for name in names}


def _names(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]
