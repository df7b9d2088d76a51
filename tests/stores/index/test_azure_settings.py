"""Settings of Azure AI Search, filters, and batches: what is refused, what is quoted, what is sent together."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from eval.stubs.azure_search.odata import compiled
from stores.index.azure.batches import MOST_BYTES, Action, batches
from stores.index.azure.connection import uploading
from stores.index.azure.filters import among, born_within, groups, of_case, quoted
from stores.index.azure.schema import Document, definition, differences
from stores.index.azure.settings import AzureSearch, azure_search

ENDPOINT, NAME, KEY = "AZURE_SEARCH_ENDPOINT", "AZURE_SEARCH_INDEX_NAME", "AZURE_SEARCH_KEY"
A_KEY = "not-a-real-key"


def test_the_names_an_azure_user_knows() -> None:
    values = {ENDPOINT: " https://logs.search.windows.net/ ", NAME: "akashi", KEY: A_KEY, "AZURE_SEARCH_SEMANTIC": "1"}
    assert azure_search(values) == AzureSearch("https://logs.search.windows.net", "akashi", A_KEY, semantic=True)


def test_without_a_key_entra_says_who_asks() -> None:
    found = azure_search({ENDPOINT: "https://logs.search.windows.net", NAME: "akashi", KEY: " "})
    assert found is not None
    assert (found.key, found.semantic) == (None, False)


@pytest.mark.parametrize("values", [{}, {ENDPOINT: " "}, {KEY: A_KEY}])
def test_nothing_named_is_nothing_wanted(values: dict[str, str]) -> None:
    assert azure_search(values) is None


@pytest.mark.parametrize("named", [ENDPOINT, NAME])
def test_one_without_the_other_is_said(named: str) -> None:
    with pytest.raises(InputError, match="search_settings") as refusal:
        azure_search({named: "https://logs.search.windows.net"})
    assert refusal.value.facts == {"missing": ({ENDPOINT, NAME} - {named}).pop()}


BAD_ENDPOINTS = [
    "",
    "logs.search.windows.net",
    "http://logs.search.windows.net",
    "ftp://127.0.0.1",
    "https://user:word@logs.search.windows.net",
    "https://logs.search.windows.net/indexes/akashi",
    "https://logs.search.windows.net?api-key=x",
    "https://logs.search.windows.net#x",
    "http://127.0.0.1.example.org",
    "http://127.0.0.1:port",
    "https://[::1",
]


@pytest.mark.parametrize("endpoint", BAD_ENDPOINTS)
def test_an_endpoint_is_a_host_with_tls(endpoint: str) -> None:
    with pytest.raises(InputError, match="search_endpoint") as refusal:
        AzureSearch(endpoint, "akashi")
    assert refusal.value.facts == {}


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:8081", "http://localhost:8081", "http://[::1]:8081"])
def test_a_stub_on_this_machine_needs_no_tls(endpoint: str) -> None:
    assert AzureSearch(endpoint, "akashi").endpoint == endpoint


@pytest.mark.parametrize("name", ["", "Akashi", "a_b", "-a", "a-", "a b", "a/../b", "a" * 129, "名前", "a\n"])
def test_an_index_name_the_service_would_refuse(name: str) -> None:
    with pytest.raises(InputError, match="search_index_name"):
        AzureSearch("https://logs.search.windows.net", name)


def test_the_key_is_shown_nowhere() -> None:
    search = AzureSearch("https://logs.search.windows.net", "akashi", A_KEY)
    assert A_KEY not in repr(search) + str(search) + f"{search}"


HOSTILE = ["x' or case ne 'x", "'", "''", "x') or (1 eq 1", "x\n' or true", "a,b", "\\'", "%27", "名前", ""]
FIELDS: dict[str, dict[str, Any]] = {
    name: {"type": kind, "filterable": True}
    for name, kind in {"case": "Edm.String", "key": "Edm.String", "born": "Edm.Int32"}.items()
}


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_only_ever_a_value(value: str) -> None:
    test = compiled(of_case(value), FIELDS)
    assert test({"case": value})
    assert not any(test({"case": other}) for other in ["x", "a", *HOSTILE] if other != value)


@given(st.text(), st.text())
def test_a_filter_leaves_one_case_only(case: str, other: str) -> None:
    test = compiled(born_within(case, 2, 3), FIELDS)
    assert test({"case": case, "born": 2})
    assert test({"case": other, "born": 2}) == (case == other)
    assert not test({"case": case, "born": 4})


def test_quotes_are_said_twice() -> None:
    assert quoted("it's") == "'it''s'"
    assert among("born ge 0", ["ab", "cd"]) == "born ge 0 and search.in(key, 'ab,cd', ',')"


def test_many_keys_make_several_filters() -> None:
    assert [len(part) for part in groups([str(number) for number in range(2_500)])] == [1_000, 1_000, 500]


@pytest.mark.parametrize(
    ("lengths", "sizes"),
    [
        ([], []),
        ([9], [1]),
        ([9] * 2_500, [1_000, 1_000, 500]),
        ([MOST_BYTES // 2] * 3, [1, 1, 1]),
        ([MOST_BYTES // 3] * 3, [2, 1]),
        ([MOST_BYTES * 2, 9], [1, 1]),
    ],
)
def test_batches_keep_to_the_limits_of_the_service(lengths: list[int], sizes: list[int]) -> None:
    assert [len(batch) for batch in batches(Action("", "x" * length) for length in lengths)] == sizes


@given(st.text(), st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=9))
def test_a_document_leaves_whole(text: str, row: list[float]) -> None:
    one = Document("k", "c", 1, text, text, np.array(row, np.float32))
    said = json.loads(uploading(one).text.encode("ascii"))
    assert (said["text"], said["@search.action"]) == (text, "upload")
    assert np.array_equal(np.array(said["vector"], np.float32), one.vector)


def fields(**changed: object) -> list[dict[str, Any]]:
    """Our own definition with one field's property changed: `vector__dimensions=2`."""
    found: list[dict[str, Any]] = definition("akashi", 3)["fields"]
    for path, value in changed.items():
        name, _, part = path.partition("__")
        next(one for one in found if one["name"] == name)[part] = value
    return found


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, {}),
        ({"vector__dimensions": 1536}, {"vector": "dimensions 1536, 3 needed"}),
        ({"words__analyzer": "ja.lucene"}, {"words": "analyzer ja.lucene, whitespace needed"}),
        ({"born__type": "Edm.String"}, {"born": "type Edm.String, Edm.Int32 needed"}),
        ({"case__filterable": False}, {"case": "filterable"}),
        ({"case__name": "other"}, {"case": "missing"}),
    ],
)
def test_an_index_of_somebody_else_is_told_apart(changed: dict[str, object], wrong: dict[str, str]) -> None:
    assert differences(fields(**changed), 3) == wrong


def test_fields_of_others_are_nobody_s_business() -> None:
    assert differences([*fields(), {"name": "more", "type": "Edm.Boolean"}], 3) == {}
