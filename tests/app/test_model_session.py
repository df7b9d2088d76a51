"""What a session enters wins, but no key and no token of the machine goes to an address that a session entered."""

import pytest

from app.views.model_session import combined

ENVIRONMENT = {
    "OPENAI_BASE_URL": "https://gateway.example/v1",
    "OPENAI_API_KEY": "machine",
    "AZURE_OPENAI_ENDPOINT": "https://ours.openai.azure.com",
    "AZURE_OPENAI_API_KEY": "machine",
    "AZURE_SEARCH_ENDPOINT": "https://ours.search.windows.net",
    "AZURE_SEARCH_KEY": "machine",
}
EVIL = "https://evil.example"


@pytest.mark.parametrize("name", ["OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT", "AZURE_SEARCH_ENDPOINT"])
@pytest.mark.parametrize("address", [EVIL, f"{EVIL}/.openai.azure.com", "https://x.openai.azure.com.evil.example", ""])
def test_a_key_of_the_machine_stays_at_its_address(name: str, address: str) -> None:
    values = combined(ENVIRONMENT, {name: address})
    key = {"OPENAI_BASE_URL": "OPENAI_API_KEY"}.get(name, name.replace("ENDPOINT", "API_KEY"))
    assert values[key.replace("SEARCH_API_KEY", "SEARCH_KEY")] == ""


def test_what_is_not_entered_is_as_it_was() -> None:
    assert combined(ENVIRONMENT, {}) == ENVIRONMENT
    same = {"OPENAI_BASE_URL": ENVIRONMENT["OPENAI_BASE_URL"], "OPENAI_MODEL": "m"}
    assert combined(ENVIRONMENT, same) == ENVIRONMENT | same


def test_a_key_that_was_entered_goes_where_it_was_meant() -> None:
    own = {"OPENAI_BASE_URL": EVIL, "OPENAI_API_KEY": "own", "AZURE_SEARCH_ENDPOINT": EVIL, "AZURE_SEARCH_KEY": "own"}
    assert {name: value for name, value in combined(ENVIRONMENT, own).items() if value} == ENVIRONMENT | own


@pytest.mark.parametrize(
    ("address", "entra"),
    [("https://mine.openai.azure.com", "1"), (EVIL, ""), ("http://mine.openai.azure.com", ""),
     ("https://openai.azure.com.evil.example", "")],
)  # fmt: skip
def test_a_token_of_the_machine_is_sent_to_the_cloud_only(address: str, entra: str) -> None:
    own = {"AZURE_OPENAI_ENDPOINT": address, "AZURE_OPENAI_USE_ENTRA": "1"}
    assert combined({}, own)["AZURE_OPENAI_USE_ENTRA"] == entra
    assert combined({"AZURE_OPENAI_USE_ENTRA": "1"}, {"AZURE_OPENAI_ENDPOINT": address})["AZURE_OPENAI_USE_ENTRA"] == ""


@pytest.mark.parametrize(("address", "kept"), [("https://mine.search.windows.net", True), (EVIL, False)])
def test_a_search_service_without_a_key_must_be_the_clouds(address: str, kept: bool) -> None:
    assert bool(combined({}, {"AZURE_SEARCH_ENDPOINT": address})["AZURE_SEARCH_ENDPOINT"]) is kept
