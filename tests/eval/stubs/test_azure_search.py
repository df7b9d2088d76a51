"""The server that stands for Azure AI Search: it takes what the service takes, and refuses what that refuses."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AzureKeyCredential
from azure.search.documents import SearchClient
from azure.search.documents.indexes import SearchIndexClient
from azure.search.documents.models import VectorizedQuery

from eval.stubs.azure_search import AzureSearchStub, Fault
from eval.stubs.azure_search.odata import compiled
from eval.stubs.azure_search.ranking import bm25, clauses, joined, score_of_cosine, tokens
from eval.stubs.azure_search.refusal import Refusal

ROOT = Path(__file__).parents[3]
VERSION = "?api-version=2026-04-01"
INDEX: dict[str, Any] = {
    "name": "logs",
    "fields": [
        {"name": "id", "type": "Edm.String", "key": True, "sortable": True},
        {"name": "content", "type": "Edm.String", "filterable": False},
        {"name": "ip", "type": "Edm.String"},
        {"name": "time", "type": "Edm.DateTimeOffset"},
        {"name": "status", "type": "Edm.Int32"},
        {
            "name": "vector",
            "type": "Collection(Edm.Single)",
            "dimensions": 4,
            "vectorSearchProfile": "vp",
            "retrievable": False,
        },
    ],
    "vectorSearch": {
        "algorithms": [{"name": "hnsw", "kind": "hnsw", "hnswParameters": {"metric": "cosine"}}],
        "profiles": [{"name": "vp", "algorithm": "hnsw"}],
    },
    "semantic": {
        "configurations": [
            {"name": "sem", "prioritizedFields": {"prioritizedContentFields": [{"fieldName": "content"}]}}
        ]
    },
}
DOCUMENTS = [
    {
        "id": str(place),
        "content": f"GET /a{place} {404 if place % 2 else 200}",
        "ip": f"192.0.2.{place}",
        "time": f"2026-01-0{place + 1}T00:00:00Z",
        "status": 404 if place % 2 else 200,
        "vector": [float(place == part) for part in range(4)],
    }
    for place in range(4)
]


@pytest.fixture
def stub() -> Iterator[AzureSearchStub]:
    with AzureSearchStub() as running:
        yield running


@pytest.fixture
def filled(stub: AzureSearchStub) -> AzureSearchStub:
    assert ask(stub, "PUT", "/indexes('logs')", INDEX)[0] == 201
    assert ask(stub, "POST", "/indexes('logs')/docs/search.index", {"value": DOCUMENTS})[0] == 200
    return stub


def ask(
    stub: AzureSearchStub, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
) -> tuple[int, Any]:
    """Status and JSON of one request; the version is put behind the path unless the path has one."""
    connection = HTTPConnection(stub.url.removeprefix("http://"), timeout=5)
    sent = None if body is None else json.dumps(body)
    path = path if "?" in path else path + VERSION
    connection.request(method, path, sent, {"api-key": stub.key} if headers is None else dict(headers))
    reply = connection.getresponse()
    data = reply.read()
    connection.close()
    return reply.status, json.loads(data) if data else None


def index(**changed: object) -> dict[str, Any]:
    """The definition with the first field's properties changed."""
    return {**INDEX, "fields": [{**INDEX["fields"][0], **changed}, *INDEX["fields"][1:]]}


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({}, "/indexes('logs')", 401),
        ({"api-key": "wrong"}, "/indexes('logs')", 403),
        ({"Authorization": "Bearer wrong"}, "/indexes('logs')", 401),
        ({"Authorization": "Bearer token-of-the-stub"}, "/indexes('logs')", 200),
        ({"api-key": "query-key-of-the-stub"}, "/indexes('logs')", 403),
        ({"api-key": "admin-key-of-the-stub"}, "/indexes('logs')?api-version=1999-01-01", 400),
        ({"api-key": "admin-key-of-the-stub"}, "/indexes('logs')?a=b", 400),
        ({"api-key": "admin-key-of-the-stub"}, "/indexes('other')", 404),
        ({"api-key": "admin-key-of-the-stub"}, "/elsewhere", 404),
        ({"api-key": "admin-key-of-the-stub"}, "/indexes('logs')/docs/elsewhere", 404),
        ({"api-key": "admin-key-of-the-stub"}, "/indexes('logs')/docs/$count", 200),
        ({"api-key": "admin-key-of-the-stub"}, "/indexes", 200),
    ],
)
def test_keys_versions_and_paths(filled: AzureSearchStub, headers: dict[str, str], path: str, status: int) -> None:
    assert ask(filled, "GET", path, headers=headers)[0] == status


def test_a_query_key_searches_and_does_nothing_else(filled: AzureSearchStub) -> None:
    reading = {"api-key": filled.query_key}
    assert ask(filled, "POST", "/indexes('logs')/docs/search.post.search", {}, headers=reading)[0] == 200
    assert ask(filled, "POST", "/indexes('logs')/docs/search.index", {"value": []}, headers=reading)[0] == 403


@pytest.mark.parametrize(
    "body",
    [
        {**INDEX, "name": "other"},
        {**INDEX, "vectorSearch": {}},
        index(key=False),
        index(type="Edm.Int32"),
        index(type="Edm.Unheard"),
        index(name="1st"),
        index(name="content"),
        index(analyzer="unheard"),
        {**INDEX, "fields": [*INDEX["fields"][:-1], {**INDEX["fields"][-1], "dimensions": 1}]},
        {**INDEX, "fields": [*INDEX["fields"][:-1], {**INDEX["fields"][-1], "filterable": True}]},
        {**INDEX, "fields": [*INDEX["fields"], {"name": "n", "type": "Edm.Int32", "searchable": True}]},
        {**INDEX, "fields": [one for one in INDEX["fields"] if one["name"] != "content"]},
    ],
)
def test_an_index_that_is_refused(stub: AzureSearchStub, body: dict[str, Any]) -> None:
    assert ask(stub, "PUT", "/indexes('logs')", body)[0] == 400
    assert stub.indexes == {}


def test_an_index_may_grow_but_not_change(filled: AzureSearchStub) -> None:
    assert ask(filled, "PUT", "/indexes('logs')", index(sortable=False))[0] == 400
    assert ask(filled, "PUT", "/indexes('logs')", INDEX)[0] == 200
    more = {**INDEX, "fields": [*INDEX["fields"], {"name": "more", "type": "Edm.Boolean"}]}
    assert ask(filled, "PUT", "/indexes('logs')", more)[0] == 200
    assert ask(filled, "POST", "/indexes", INDEX)[0] == 409
    assert ask(filled, "DELETE", "/indexes('logs')")[0] == 204
    assert ask(filled, "DELETE", "/indexes('logs')")[0] == 404


@pytest.mark.parametrize(
    "action",
    [
        {"id": "a b"},
        {"id": "a/b"},
        {"id": ""},
        {"id": 7},
        {"id": "a" * 1_025},
        {"content": "x"},
        {"id": "a", "unheard": 1},
        {"id": "a", "vector": [1, 2, 3]},
        {"id": "a", "vector": [1, 2, 3, "4"]},
        {"id": "a", "vector": "1 2 3 4"},
        {"id": "a", "status": "404"},
        {"id": "a", "status": True},
        {"id": "a", "@search.action": "unheard"},
    ],
)
def test_a_document_that_is_refused(filled: AzureSearchStub, action: dict[str, Any]) -> None:
    assert ask(filled, "POST", "/indexes('logs')/docs/search.index", {"value": [action]})[0] == 400
    assert ask(filled, "GET", "/indexes('logs')/docs/$count")[1] == 4


@pytest.mark.parametrize("count", [0, 1_001])
def test_a_batch_has_its_limits(filled: AzureSearchStub, count: int) -> None:
    actions = [{"id": str(number)} for number in range(count)]
    assert ask(filled, "POST", "/indexes('logs')/docs/search.index", {"value": actions})[0] == 400


def test_a_request_has_its_limit(filled: AzureSearchStub) -> None:
    actions = [{"id": "a", "content": "x" * (16 << 20)}]
    assert ask(filled, "POST", "/indexes('logs')/docs/search.index", {"value": actions})[0] == 413


def test_every_document_has_a_result_of_its_own(filled: AzureSearchStub) -> None:
    filled.failing = {"1": [409], "": [503]}
    actions = [
        {"@search.action": "merge", "id": "0", "status": 500},
        {"@search.action": "merge", "id": "1", "status": 500},
        {"@search.action": "merge", "id": "9", "status": 500},
        {"@search.action": "mergeOrUpload", "id": "9", "status": 500},
        {"@search.action": "delete", "id": "3"},
        {"@search.action": "delete", "id": "3"},
    ]
    status, reply = ask(filled, "POST", "/indexes('logs')/docs/search.index", {"value": actions})
    assert status == 207
    assert [one["statusCode"] for one in reply["value"]] == [503, 409, 404, 201, 200, 200]
    assert [one["status"] for one in reply["value"]] == [False, False, False, True, True, True]
    assert sorted(filled.indexes["logs"].documents) == ["0", "1", "2", "9"]


FILTERS = [
    ("ip eq '192.0.2.1'", "1"),
    ("ip ne '192.0.2.1'", "023"),
    ("status ge 400", "13"),
    ("status gt 404 or status lt 201", "02"),
    ("not (status eq 200) and ip le '192.0.2.2'", "1"),
    ("time ge 2026-01-03T00:00:00Z", "23"),
    ("time lt 2026-01-02T09:00:00+09:00", "0"),
    ("search.in(ip, '192.0.2.0,192.0.2.3')", "03"),
    ("search.in(ip, '192.0.2.0|192.0.2.3', '|')", "03"),
    ("search.in(ip, '192.0.2.0 192.0.2.3', ',')", ""),
    ("ip eq 'it''s'", ""),
    ("ip eq null", ""),
    ("status eq 200 or status eq 404 and ip eq '192.0.2.1'", "012"),
    ("((((id eq '2'))))", "2"),
]


@pytest.mark.parametrize(("text", "found"), FILTERS)
def test_filters(filled: AzureSearchStub, text: str, found: str) -> None:
    status, reply = ask(filled, "POST", "/indexes('logs')/docs/search.post.search", {"filter": text, "select": "id"})
    assert status == 200, reply
    assert "".join(sorted(one["id"] for one in reply["value"])) == found


BAD_FILTERS = [
    "",
    "ip",
    "ip eq",
    "ip = 'a'",
    "ip eq 'a",
    "ip eq a",
    "content eq 'a'",
    "unheard eq 'a'",
    "vector eq 1",
    "status eq '200'",
    "ip eq 200",
    "search.in(status, '200')",
    "search.in(ip '200')",
    "ip in ('a')",
    "ip eq 'a')",
    "(ip eq 'a'",
    "ip eq 'a' and",
    "ip eq 'a' ip eq 'b'",
    "ip eq 'a'; drop",
    "(" * 60 + "ip eq 'a'" + ")" * 60,
]


@pytest.mark.parametrize("text", BAD_FILTERS)
def test_a_filter_that_is_refused(text: str) -> None:
    fields = {one["name"]: {"filterable": one["name"] not in {"content", "vector"}, **one} for one in INDEX["fields"]}
    with pytest.raises(Refusal):
        compiled(text, fields)


VECTOR = {"kind": "vector", "fields": "vector", "vector": [1, 0, 0, 0], "k": 2}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"select": "unheard"}, 400),
        ({"select": "vector"}, 400),
        ({"orderby": "ip"}, 200),
        ({"orderby": "vector"}, 400),
        ({"searchFields": "status", "search": "a"}, 400),
        ({"top": 1_001}, 400),
        ({"skip": 100_001}, 400),
        ({"unheard": 1}, 400),
        ({"queryType": "full", "search": "a~"}, 501),
        ({"search": "+a -b"}, 501),
        ({"search": '"a'}, 501),
        ({"search": "a" * 100_001}, 400),
        ({"search": "a " * 3_001}, 400),
        ({"queryType": "semantic", "semanticConfiguration": "unheard", "search": "a"}, 400),
        ({"queryType": "semantic", "semanticConfiguration": "sem", "search": "a"}, 200),
        ({"vectorQueries": [VECTOR]}, 200),
        ({"vectorQueries": [{**VECTOR, "k": 0}]}, 400),
        ({"vectorQueries": [{**VECTOR, "fields": "content"}]}, 400),
        ({"vectorQueries": [{**VECTOR, "vector": [1, 0]}]}, 400),
        ({"vectorQueries": [{**VECTOR, "kind": "text"}]}, 400),
        ({"filter": "content eq 'a'"}, 400),
    ],
    ids=str,
)
def test_what_a_search_may_ask(filled: AzureSearchStub, body: dict[str, Any], status: int) -> None:
    assert ask(filled, "POST", "/indexes('logs')/docs/search.post.search", body)[0] == status


def clients(stub: AzureSearchStub) -> tuple[SearchIndexClient, SearchClient]:
    key = AzureKeyCredential(stub.key)
    return SearchIndexClient(stub.url, key, retry_total=0), SearchClient(stub.url, "logs", key, retry_total=0)


def test_the_client_of_the_service_works_with_it(stub: AzureSearchStub) -> None:
    indexes, documents = clients(stub)
    assert indexes.create_index(INDEX).name == "logs"
    assert [one.name for one in indexes.list_indexes()] == ["logs"]
    assert all(one.succeeded for one in documents.upload_documents(list(DOCUMENTS)))
    assert documents.get_document_count() == 4
    near = VectorizedQuery(vector=[0.0, 1.0, 0.5, 0.0], k_nearest_neighbors=2, fields="vector")
    found = list(documents.search(None, vector_queries=[near], select=["id"]))
    assert [one["id"] for one in found] == ["1", "2"]
    assert found[0]["@search.score"] == pytest.approx(1 / (2 - 1 / 1.25**0.5))
    both = list(documents.search("404", search_fields=["content"], vector_queries=[near], select=["id"]))
    assert [one["id"] for one in both] == ["1", "3", "2"]  # both lists, the second of each, and of one only
    assert both[0]["@search.score"] == pytest.approx(2 / 61)
    reranked = documents.search(
        "404",
        query_type="semantic",
        semantic_configuration_name="sem",
        semantic_query="a3",
        query_caption="extractive",
        query_answer="extractive",
        include_total_count=True,
        top=1,
    )
    assert reranked.get_count() == 2
    [best] = list(reranked)
    assert (best["id"], best["@search.reranker_score"]) == ("3", 4.0)
    assert best["@search.captions"][0].text == "GET /a3 404"
    indexes.delete_index("logs")
    indexes.close()
    documents.close()


def test_pages_and_order(filled: AzureSearchStub) -> None:
    body = {"orderby": "id desc", "top": 2, "skip": 1, "count": True, "select": "id"}
    reply = ask(filled, "POST", "/indexes('logs')/docs/search.post.search", body)[1]
    assert [one["id"] for one in reply["value"]] == ["2", "1"]
    assert reply["@odata.count"] == 4


def test_what_is_uploaded_is_found_later(stub: AzureSearchStub) -> None:
    stub.lag = 2
    ask(stub, "PUT", "/indexes('logs')", INDEX)
    ask(stub, "POST", "/indexes('logs')/docs/search.index", {"value": DOCUMENTS})
    counts = [
        ask(stub, "POST", "/indexes('logs')/docs/search.post.search", {"count": True, "top": 0})[1]["@odata.count"]
        for _ in range(4)
    ]
    assert counts == [0, 0, 4, 4]


def test_faults_and_the_log(filled: AzureSearchStub) -> None:
    filled.heard.clear()
    filled.faults.extend([Fault(429, {"Retry-After": "3"}, only="/docs/"), Fault(200, body="cut {")])
    assert ask(filled, "GET", "/indexes('logs')")[0] == 200
    assert ask(filled, "GET", "/indexes('logs')/docs/$count")[0] == 429
    with pytest.raises(ValueError, match="Expecting"):
        ask(filled, "GET", "/indexes('logs')")
    assert [one.path for one in filled.heard] == [
        "/indexes('logs')",
        "/indexes('logs')/docs/$count",
        "/indexes('logs')",
    ]
    assert filled.key not in str(filled.heard)


@pytest.mark.parametrize(
    ("text", "analyzer", "found"),
    [
        ("GET /a1 404", "standard.lucene", ["get", "a1", "404"]),
        ("GET /a1 404", "whitespace", ["GET", "/a1", "404"]),
        ("GET /a1 404", "keyword", ["GET /a1 404"]),
        ("総当たり 攻撃", "whitespace", ["総当たり", "攻撃"]),
    ],
)
def test_analyzers(text: str, analyzer: str, found: list[str]) -> None:
    assert tokens(text, analyzer) == found


def test_phrases_words_and_rare_ones_first() -> None:
    assert clauses('"a b" | c "d"') == ["a b", "c", "d"]
    scores = bm25('"red fox" | "rare"', ["red fox", "fox red", "rare red fox", "rare", ""], None)
    assert [place for place, score in enumerate(scores) if score] == [0, 2, 3]
    assert scores[2] == max(scores)
    assert (
        bm25("red", ["red", "red and long and long"], None)[0] > bm25("red", ["red", "red and long and long"], None)[1]
    )


def test_reciprocal_ranks_and_scores_of_cosines() -> None:
    assert joined([["a", "b"], ["b"]]) == pytest.approx({"a": 1 / 61, "b": 1 / 62 + 1 / 61})
    assert [score_of_cosine(cosine) for cosine in (1, 0, -1)] == pytest.approx([1, 1 / 2, 1 / 3])


def test_the_stub_as_a_program() -> None:
    command = [sys.executable, "-m", "eval.stubs.azure_search", "--key", "a-key"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        stub = AzureSearchStub(key="a-key", url=process.stdout.readline().strip())
        assert ask(stub, "GET", "/indexes")[0] == 200
        process.kill()
