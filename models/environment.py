"""Variables of the environment as settings of the models; what does not go together is refused."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import SecretStr

from core.errors import InputError
from models.settings import TEXT_EMBEDDING, Endpoint, Limits, ModelSettings, Prices, Provider, Route

CHAT, EMBEDDINGS = "AKASHI_MODEL", "AKASHI_EMBEDDINGS"
OPENAI_URL = "https://api.openai.com/v1"
OFF = frozenset({"off", "none"})
BUILT_IN = "built-in"
TRUE = frozenset({"1", "true", "yes", "on"})
_NO_LIMIT = frozenset({"none", "unlimited"})
_V1 = "/openai/v1"
_DEPLOYMENTS = "/openai/deployments"

Environment = Mapping[str, str]


def from_environment(environment: Environment) -> ModelSettings:
    """Settings from variables an OpenAI or Azure user knows (docs/design/models.md lists them), empty ones left out.

    Raises `InputError`: `model_setting_missing` (setting, needed_by), `model_setting_bad` (setting, value, allowed),
    `model_ambiguous` (setting, settings), `model_endpoint_bad` (setting).
    """
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    chat, embeddings = _chat_provider(given), _embeddings_provider(given)
    both = {chat, embeddings}
    prices = Prices(
        _number(given, "AKASHI_PRICE_INPUT"),
        _number(given, "AKASHI_PRICE_OUTPUT"),
        _number(given, "AKASHI_PRICE_EMBEDDING"),
    )
    limits = _limits(given)
    if limits.case_money is not None:
        _need_prices(prices, paid_embeddings=embeddings is not None)
    return ModelSettings(
        chat=None if chat is None else _endpoint(given, chat, both, CHAT),
        embeddings=None if embeddings is None else _endpoint(given, embeddings, both, EMBEDDINGS),
        embedding_model=given.get("OPENAI_EMBEDDING_MODEL", TEXT_EMBEDDING),
        embedding_dimensions=_whole(given, "AKASHI_EMBEDDING_DIMENSIONS"),
        temperature=_number(given, "AKASHI_TEMPERATURE"),
        limits=limits,
        prices=prices,
    )


def _need_prices(prices: Prices, *, paid_embeddings: bool) -> None:
    """A limit in money can be kept only where every price is known."""
    known = {"AKASHI_PRICE_INPUT": prices.input, "AKASHI_PRICE_OUTPUT": prices.output}
    known |= {"AKASHI_PRICE_EMBEDDING": prices.embedding} if paid_embeddings else {}
    for name, price in known.items():
        if price is None:
            raise InputError("model_setting_missing", setting=name, needed_by="AKASHI_BUDGET_CASE_MONEY")


def _chat_provider(given: Environment) -> Provider | None:
    """The provider that was named, or the only one that is set up."""
    said = given.get(CHAT, "").lower()
    if said in OFF:
        return None
    if said:
        return _named(CHAT, said, ("off",))
    azure = "AZURE_OPENAI_ENDPOINT" in given
    other = any(name in given for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"))
    if azure and "OPENAI_MODEL" in given:
        raise InputError("model_ambiguous", setting=CHAT, settings="AZURE_OPENAI_ENDPOINT, OPENAI_MODEL")
    if azure:
        return Provider.AZURE
    if not other:
        return None
    return Provider.OPENAI if _is_openai(given.get("OPENAI_BASE_URL", OPENAI_URL)) else Provider.COMPATIBLE


def _embeddings_provider(given: Environment) -> Provider | None:
    said = given.get(EMBEDDINGS, BUILT_IN).lower()
    return None if said == BUILT_IN or said in OFF else _named(EMBEDDINGS, said, (BUILT_IN,))


def _named(setting: str, said: str, others: tuple[str, ...]) -> Provider:
    try:
        return Provider(said)
    except ValueError:
        raise _bad(setting, said, ", ".join([*others, *Provider])) from None


def _endpoint(given: Environment, provider: Provider, both: set[Provider | None], by: str) -> Endpoint:
    if provider is Provider.AZURE:
        return _azure(given, by)
    local = provider is Provider.COMPATIBLE
    # the address is the local server's when one is in use: an OpenAI key beside it must not go there
    shared = {Provider.OPENAI, Provider.COMPATIBLE} <= both
    url = OPENAI_URL if shared and not local else given.get("OPENAI_BASE_URL", "" if local else OPENAI_URL)
    _need(url, "OPENAI_BASE_URL", f"{by}={provider}")
    key = given.get("AKASHI_COMPATIBLE_API_KEY" if shared and local else "OPENAI_API_KEY", "")
    if not local:
        _need(key, "OPENAI_API_KEY", f"{by}={provider}")
    model = given.get("OPENAI_MODEL", "") if by == CHAT else given.get("OPENAI_EMBEDDING_MODEL", TEXT_EMBEDDING)
    _need(model, "OPENAI_MODEL", f"{by}={provider}")
    return Endpoint(
        provider,
        _address("OPENAI_BASE_URL", url),
        model,
        SecretStr(key),
        organization="" if local else given.get("OPENAI_ORG_ID", ""),
        project="" if local else given.get("OPENAI_PROJECT_ID", ""),
        route=_route(given, url),
    )


def _azure(given: Environment, by: str) -> Endpoint:
    because = f"{by}={Provider.AZURE}"
    deployment = "AZURE_OPENAI_DEPLOYMENT_NAME" if by == CHAT else "AZURE_OPENAI_EMBEDDING_DEPLOYMENT_NAME"
    for name in ("AZURE_OPENAI_ENDPOINT", deployment):
        _need(given.get(name, ""), name, because)
    entra = given.get("AZURE_OPENAI_USE_ENTRA", "").lower() in TRUE
    key = given.get("AZURE_OPENAI_API_KEY", "")
    if not entra:
        _need(key, "AZURE_OPENAI_API_KEY", because)
    elif key:
        raise InputError("model_ambiguous", setting=by, settings="AZURE_OPENAI_API_KEY, AZURE_OPENAI_USE_ENTRA")
    url = _address("AZURE_OPENAI_ENDPOINT", given["AZURE_OPENAI_ENDPOINT"]).partition(_DEPLOYMENTS)[0]
    version = "" if url.endswith(_V1) else given.get("AZURE_OPENAI_API_VERSION", "")
    if version.lower() in {"v1", "latest", "preview"}:  # the names of the v1 interface, which has no dates
        version = ""
    if not version and not url.endswith(_V1):
        url = url.removesuffix("/openai") + _V1
    base = url if version == "" else url.removesuffix("/openai")
    return Endpoint(
        Provider.AZURE, base, given[deployment], SecretStr(key), version, entra=entra, route=_route(given, url)
    )


def _limits(given: Environment) -> Limits:
    usual = Limits()
    return Limits(
        call_seconds=_number(given, "AKASHI_CALL_SECONDS", least=1) or usual.call_seconds,
        turn_seconds=_number(given, "AKASHI_TURN_SECONDS", least=1) or usual.turn_seconds,
        output_tokens=_whole(given, "AKASHI_MAX_OUTPUT_TOKENS") or usual.output_tokens,
        question_tokens=_bound(given, "AKASHI_BUDGET_QUESTION_TOKENS", usual.question_tokens),
        case_tokens=_bound(given, "AKASHI_BUDGET_CASE_TOKENS", usual.case_tokens),
        case_money=None
        if _is_unlimited(given, "AKASHI_BUDGET_CASE_MONEY")
        else _number(given, "AKASHI_BUDGET_CASE_MONEY"),
    )


def _bound(given: Environment, name: str, usual: int | None) -> int | None:
    if _is_unlimited(given, name):
        return None
    found = _whole(given, name)
    return usual if found is None else found


def _is_unlimited(given: Environment, name: str) -> bool:
    return given.get(name, "").lower() in _NO_LIMIT


def _whole(given: Environment, name: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    plain = text.replace("_", "").replace(",", "")
    if not plain.isdecimal() or not plain.isascii() or int(plain) < 1:
        raise _bad(name, text, "a whole number")
    return int(plain)


def _number(given: Environment, name: str, least: float = 0) -> float | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        found = float(text)
    except ValueError:
        raise _bad(name, text, "a number") from None
    if not least <= found < float("inf"):
        raise _bad(name, text, f"a number from {least:g}")
    return found


def _address(name: str, text: str) -> str:
    """The URL without a slash at its end; no user or query in it: a key in an address would be logged everywhere."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and parts.hostname and not parts.query and parts.username is None
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise InputError("model_endpoint_bad", setting=name)
    return text.rstrip("/")


def _is_openai(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == "api.openai.com" or host.endswith(".api.openai.com")


def _route(given: Environment, url: str) -> Route:
    """The proxy and the certificates of the environment, for this address."""
    scheme, host = urlsplit(url).scheme, urlsplit(url).hostname or ""
    small = {name.lower(): value for name, value in given.items()}
    proxy = small.get(f"{scheme}_proxy") or small.get("all_proxy", "")
    return Route("" if _direct(host, small.get("no_proxy", "")) else proxy, given.get("SSL_CERT_FILE", ""))


def _direct(host: str, no_proxy: str) -> bool:
    """Whether `NO_PROXY` names the host, a domain above it, or everything."""
    names = [name.strip().lower().lstrip("*").lstrip(".") for name in no_proxy.split(",") if name.strip()]
    return "*" in no_proxy.split(",") or any(host == name or host.endswith(f".{name}") for name in names if name)


def _need(value: str, setting: str, by: str) -> None:
    if not value:
        raise InputError("model_setting_missing", setting=setting, needed_by=by)


def _bad(setting: str, value: str, allowed: str) -> InputError:
    return InputError("model_setting_bad", setting=setting, value=value, allowed=allowed)
