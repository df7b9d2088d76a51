"""Variables as settings: what an Azure user knows works, what does not go together is told."""

from collections.abc import Mapping

import pytest

from core.errors import InputError
from models.environment import from_environment
from models.settings import Limits, ModelSettings, Provider
from tests.models.asking import KEY

OPENAI = {"OPENAI_API_KEY": KEY, "OPENAI_MODEL": "gpt-4.1"}
AZURE = {
    "AZURE_OPENAI_ENDPOINT": "https://my.openai.azure.com/",
    "AZURE_OPENAI_API_KEY": KEY,
    "AZURE_OPENAI_DEPLOYMENT_NAME": "my-gpt",
}
CLASSIC = {**AZURE, "AZURE_OPENAI_API_VERSION": "2024-10-21"}
LOCAL = {"OPENAI_BASE_URL": "http://localhost:11434/v1", "OPENAI_MODEL": "llama3.2"}

Environment = Mapping[str, str]


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"AKASHI_MODEL": "off", **OPENAI},
        {"AKASHI_MODEL": "none", **AZURE},
        {"OPENAI_API_KEY": " "},
        {"PATH": "/bin"},
    ],
)
def test_no_model_unless_one_is_set_up(environment: Environment) -> None:
    assert from_environment(environment) == ModelSettings()


@pytest.mark.parametrize(
    ("environment", "provider", "base_url", "model", "version"),
    [
        (OPENAI, "openai", "https://api.openai.com/v1", "gpt-4.1", ""),
        (
            OPENAI | {"OPENAI_BASE_URL": "https://eu.api.openai.com/v1/"},
            "openai",
            "https://eu.api.openai.com/v1",
            "gpt-4.1",
            "",
        ),
        (LOCAL, "compatible", "http://localhost:11434/v1", "llama3.2", ""),
        (
            LOCAL | {"AKASHI_MODEL": "OpenAI", "OPENAI_API_KEY": KEY},
            "openai",
            "http://localhost:11434/v1",
            "llama3.2",
            "",
        ),
        (CLASSIC, "azure", "https://my.openai.azure.com", "my-gpt", "2024-10-21"),
        (AZURE, "azure", "https://my.openai.azure.com/openai/v1", "my-gpt", ""),
        (AZURE | {"AZURE_OPENAI_API_VERSION": "v1"}, "azure", "https://my.openai.azure.com/openai/v1", "my-gpt", ""),
        (
            CLASSIC | {"AZURE_OPENAI_ENDPOINT": "https://my.openai.azure.com/openai/v1/"},
            *("azure", "https://my.openai.azure.com/openai/v1", "my-gpt", ""),
        ),
        (
            CLASSIC | {"AZURE_OPENAI_ENDPOINT": "https://my.openai.azure.com/openai/deployments/my-gpt/chat"},
            *("azure", "https://my.openai.azure.com", "my-gpt", "2024-10-21"),
        ),
        (AZURE | {"OPENAI_API_KEY": KEY}, "azure", "https://my.openai.azure.com/openai/v1", "my-gpt", ""),
        (AZURE | OPENAI | {"AKASHI_MODEL": "openai"}, "openai", "https://api.openai.com/v1", "gpt-4.1", ""),
    ],
)
def test_chat(environment: Environment, provider: str, base_url: str, model: str, version: str) -> None:
    chat = from_environment(environment).chat
    assert chat is not None
    assert (chat.provider, chat.base_url, chat.model, chat.api_version) == (provider, base_url, model, version)
    assert chat.classic == bool(version)


def test_embeddings_are_built_in_unless_others_are_asked_for() -> None:
    assert from_environment(OPENAI).embeddings is None
    assert from_environment(OPENAI | {"AKASHI_EMBEDDINGS": "built-in"}).embeddings is None


@pytest.mark.parametrize(
    ("environment", "base_url", "model", "key"),
    [
        (OPENAI | {"AKASHI_EMBEDDINGS": "openai"}, "https://api.openai.com/v1", "text-embedding-3-small", KEY),
        (
            LOCAL | {"AKASHI_EMBEDDINGS": "compatible", "OPENAI_EMBEDDING_MODEL": "nomic"},
            LOCAL["OPENAI_BASE_URL"],
            "nomic",
            "",
        ),
        (
            LOCAL | {"AKASHI_EMBEDDINGS": "openai", "OPENAI_API_KEY": KEY},
            "https://api.openai.com/v1",
            "text-embedding-3-small",
            KEY,
        ),
        (
            AZURE | {"AKASHI_EMBEDDINGS": "azure", "AZURE_OPENAI_EMBEDDING_DEPLOYMENT_NAME": "vectors"},
            *("https://my.openai.azure.com/openai/v1", "vectors", KEY),
        ),
        (
            {"AKASHI_EMBEDDINGS": "openai", "AKASHI_MODEL": "off", "OPENAI_API_KEY": KEY},
            *("https://api.openai.com/v1", "text-embedding-3-small", KEY),
        ),
    ],
)
def test_embeddings(environment: Environment, base_url: str, model: str, key: str) -> None:
    embeddings = from_environment(environment).embeddings
    assert embeddings is not None
    assert (embeddings.base_url, embeddings.model, embeddings.key.get_secret_value()) == (base_url, model, key)


def test_a_key_of_openai_does_not_go_to_a_local_server_beside_it() -> None:
    settings = from_environment(LOCAL | {"AKASHI_EMBEDDINGS": "openai", "OPENAI_API_KEY": KEY, "OPENAI_ORG_ID": "org"})
    assert settings.chat is not None
    assert settings.chat.provider is Provider.COMPATIBLE
    assert (settings.chat.key.get_secret_value(), settings.chat.organization) == ("", "")


@pytest.mark.parametrize(
    ("environment", "code", "facts"),
    [
        (
            {"OPENAI_API_KEY": KEY},
            "model_setting_missing",
            {"setting": "OPENAI_MODEL", "needed_by": "AKASHI_MODEL=openai"},
        ),
        (
            {"OPENAI_MODEL": "gpt-4.1"},
            "model_setting_missing",
            {"setting": "OPENAI_API_KEY", "needed_by": "AKASHI_MODEL=openai"},
        ),
        ({"AKASHI_MODEL": "compatible"}, "model_setting_missing", {"setting": "OPENAI_BASE_URL"}),
        ({"AKASHI_MODEL": "azure"}, "model_setting_missing", {"setting": "AZURE_OPENAI_ENDPOINT"}),
        (AZURE | {"AZURE_OPENAI_API_KEY": ""}, "model_setting_missing", {"setting": "AZURE_OPENAI_API_KEY"}),
        (
            AZURE | {"AZURE_OPENAI_DEPLOYMENT_NAME": ""},
            "model_setting_missing",
            {"setting": "AZURE_OPENAI_DEPLOYMENT_NAME"},
        ),
        (
            AZURE | {"AKASHI_EMBEDDINGS": "azure"},
            "model_setting_missing",
            {"setting": "AZURE_OPENAI_EMBEDDING_DEPLOYMENT_NAME", "needed_by": "AKASHI_EMBEDDINGS=azure"},
        ),
        (OPENAI | {"AKASHI_BUDGET_CASE_MONEY": "5"}, "model_setting_missing", {"setting": "AKASHI_PRICE_INPUT"}),
        ({"AKASHI_MODEL": "gpt"}, "model_setting_bad", {"value": "gpt", "allowed": "off, openai, azure, compatible"}),
        ({"AKASHI_EMBEDDINGS": "best"}, "model_setting_bad", {"allowed": "built-in, openai, azure, compatible"}),
        (OPENAI | {"AKASHI_TEMPERATURE": "warm"}, "model_setting_bad", {"setting": "AKASHI_TEMPERATURE"}),
        (OPENAI | {"AKASHI_TEMPERATURE": "nan"}, "model_setting_bad", {"setting": "AKASHI_TEMPERATURE"}),
        (OPENAI | {"AKASHI_CALL_SECONDS": "0.1"}, "model_setting_bad", {"setting": "AKASHI_CALL_SECONDS"}),
        (OPENAI | {"AKASHI_MAX_OUTPUT_TOKENS": "-1"}, "model_setting_bad", {"setting": "AKASHI_MAX_OUTPUT_TOKENS"}),
        (OPENAI | {"AKASHI_BUDGET_CASE_TOKENS": "0"}, "model_setting_bad", {"setting": "AKASHI_BUDGET_CASE_TOKENS"}),
        (AZURE | OPENAI, "model_ambiguous", {"setting": "AKASHI_MODEL"}),
        (
            AZURE | {"AZURE_OPENAI_USE_ENTRA": "1"},
            "model_ambiguous",
            {"settings": "AZURE_OPENAI_API_KEY, AZURE_OPENAI_USE_ENTRA"},
        ),
        (LOCAL | {"OPENAI_BASE_URL": "localhost:11434"}, "model_endpoint_bad", {"setting": "OPENAI_BASE_URL"}),
        (LOCAL | {"OPENAI_BASE_URL": f"http://user:{KEY}@host/v1"}, "model_endpoint_bad", {}),
        (LOCAL | {"OPENAI_BASE_URL": "http://host:port/v1"}, "model_endpoint_bad", {}),
        (AZURE | {"AZURE_OPENAI_ENDPOINT": f"https://my.azure.com/?key={KEY}"}, "model_endpoint_bad", {}),
    ],
)
def test_what_does_not_go_together_is_told(environment: Environment, code: str, facts: Mapping[str, str]) -> None:
    with pytest.raises(InputError) as told:
        from_environment(environment)
    assert told.value.code == code
    assert told.value.facts == {**told.value.facts, **facts}
    assert KEY not in str(told.value)


def test_limits_and_prices() -> None:
    settings = from_environment(
        OPENAI
        | {
            "AKASHI_CALL_SECONDS": "20",
            "AKASHI_TURN_SECONDS": "45.5",
            "AKASHI_MAX_OUTPUT_TOKENS": "4_000",
            "AKASHI_BUDGET_QUESTION_TOKENS": "none",
            "AKASHI_BUDGET_CASE_TOKENS": "1,000,000",
            "AKASHI_BUDGET_CASE_MONEY": "2.5",
            "AKASHI_PRICE_INPUT": "1.25",
            "AKASHI_PRICE_OUTPUT": "10",
            "AKASHI_TEMPERATURE": "0",
            "AKASHI_EMBEDDING_DIMENSIONS": "512",
        }
    )
    assert settings.limits == Limits(20, 45.5, 4000, None, 1_000_000, 2.5)
    assert settings.prices.cost(1_000_000, 100_000) == 2.25
    assert settings.prices.embedding_cost(1) is None
    assert (settings.temperature, settings.embedding_dimensions) == (0, 512)


@pytest.mark.parametrize("name", ["QUESTION_TOKENS", "CASE_TOKENS", "CASE_MONEY"])
def test_no_limit(name: str) -> None:
    limits = from_environment(OPENAI | {f"AKASHI_BUDGET_{name}": "None"}).limits
    assert getattr(limits, name.lower()) is None


def test_entra_needs_no_key() -> None:
    chat = from_environment(CLASSIC | {"AZURE_OPENAI_API_KEY": "", "AZURE_OPENAI_USE_ENTRA": "1"}).chat
    assert chat is not None
    assert (chat.entra, chat.key.get_secret_value()) == (True, "")


PROXIES = {"HTTPS_PROXY": "http://proxy:3128", "http_proxy": "http://plain:3128", "SSL_CERT_FILE": "/ca.pem"}


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        (OPENAI | PROXIES, "http://proxy:3128"),
        (LOCAL | PROXIES, "http://plain:3128"),
        (LOCAL | PROXIES | {"NO_PROXY": "example.com, localhost"}, ""),
        (OPENAI | PROXIES | {"no_proxy": ".openai.com"}, ""),
        (OPENAI | PROXIES | {"no_proxy": "notopenai.com"}, "http://proxy:3128"),
        (OPENAI | PROXIES | {"no_proxy": "*"}, ""),
        (OPENAI | {"ALL_PROXY": "http://all:3128"}, "http://all:3128"),
        (OPENAI, ""),
    ],
)
def test_the_proxy_of_the_environment(environment: Environment, proxy: str) -> None:
    chat = from_environment(environment).chat
    assert chat is not None
    assert chat.route.proxy == proxy
    assert chat.route.ca_file == environment.get("SSL_CERT_FILE", "")
