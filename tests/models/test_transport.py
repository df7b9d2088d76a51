"""On the wire: proxies and certificates of the settings, tokens of Entra ID, and no wait past the deadline."""

import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from eval.stubs.openai import Fault, OpenAIStub
from models.build import build_chat
from models.chat import FaultCode, ModelFault
from models.openai_chat import OpenAIChat
from models.settings import ModelSettings
from tests.models.asking import KEY, KINDS, ask, chat_of, settings_of

SECONDS, LATE = 0.6, 0.5
ENTRA = {"AZURE_OPENAI_API_KEY": "", "AZURE_OPENAI_USE_ENTRA": "1"}


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    with OpenAIStub() as stub:
        ask(chat_of("openai", stub.url))


def fault_of(chat: OpenAIChat, seconds: float = SECONDS) -> ModelFault:
    """The fault of a reply that does not come, in time."""
    began = time.monotonic()
    with pytest.raises(ModelFault) as told:
        ask(chat, seconds)
    assert time.monotonic() - began < seconds + LATE
    return told.value


class Rude(threading.Thread):
    """A server that accepts and then sends bytes one by one, or nothing."""

    def __init__(self, says: bytes) -> None:
        super().__init__(daemon=True)
        self._says = says
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.over = threading.Event()

    def run(self) -> None:
        with self._listening.accept()[0] as connection:
            for place in range(len(self._says)):
                if self.over.wait(0.05):
                    break
                try:
                    connection.sendall(self._says[place : place + 1])
                except OSError:
                    break
            self.over.wait()
        self._listening.close()


@pytest.fixture
def rude(request: pytest.FixtureRequest) -> Iterator[Rude]:
    server = Rude(request.param)
    server.start()
    yield server
    server.over.set()
    server.join(2)


@pytest.mark.parametrize(
    "rude", [b"", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000], indirect=True, ids=["silent", "headers"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_says_nothing_is_left_in_time(rude: Rude, scheme: str) -> None:
    """As a name is found and a connection made, every step after it keeps to the time: TLS and headers too."""
    fault = fault_of(chat_of("openai", f"{scheme}://127.0.0.1:{rude.port}"))
    assert fault.code in {FaultCode.DEADLINE, FaultCode.UNREACHABLE}  # no TLS record begins with an H


def test_a_name_that_is_never_found_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(5))
    assert fault_of(chat_of("openai", "http://slow.invalid")).code is FaultCode.DEADLINE


def test_a_reply_that_is_packed_is_not_unpacked(stub: OpenAIStub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb of a megabyte is a gigabyte when it is undone; nobody asked for packed bytes."""
    from eval.stubs.openai.handler import Handler

    plain = Handler.send_header

    def packed(self: Handler, name: str, value: str) -> None:
        plain(self, name, value)
        if name == "Content-Type":
            plain(self, "Content-Encoding", "gzip")

    monkeypatch.setattr(Handler, "send_header", packed)
    fault = fault_of(chat_of("openai", stub.url), 5)
    assert (fault.code, fault.facts["reason"]) == (FaultCode.MALFORMED, "encoding")


def test_no_redirect_is_followed(stub: OpenAIStub) -> None:
    with OpenAIStub() as other:
        stub.fail(Fault(status=307, error=other.url))
        assert fault_of(chat_of("openai", stub.url), 5).code is FaultCode.NOT_FOUND
        assert other.heard == ()


def test_a_proxy_of_the_settings_is_used(stub: OpenAIStub) -> None:
    ask(chat_of("openai", "http://provider.invalid", HTTP_PROXY=stub.url))
    (heard,) = stub.heard
    assert (heard.path, heard.headers["host"]) == ("/v1/chat/completions", "provider.invalid")


def test_a_proxy_that_is_not_there() -> None:
    with OpenAIStub() as gone:
        proxy = gone.url
    assert fault_of(chat_of("openai", "http://provider.invalid", HTTP_PROXY=proxy), 5).code is FaultCode.UNREACHABLE


def test_a_server_without_tls_is_told_apart(stub: OpenAIStub) -> None:
    fault = fault_of(chat_of("openai", stub.url.replace("http:", "https:")), 5)
    assert fault.code is FaultCode.UNREACHABLE
    assert fault.facts["reason"] == "encryption"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [("SSL_CERT_FILE", "/no/such/file.pem", "ca_file"), ("HTTPS_PROXY", "ftp://proxy:21", "proxy")],
)
def test_a_route_that_cannot_be_is_a_fault(name: str, value: str, reason: str) -> None:
    with pytest.raises(ModelFault) as told:
        chat_of("openai", "https://provider.invalid", **{name: value})
    assert (told.value.code, told.value.facts["reason"]) == (FaultCode.UNREACHABLE, reason)


def test_a_socks_proxy_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    fault = fault_of(chat_of("openai", "http://provider.invalid", HTTP_PROXY="socks5://127.0.0.1:9"), 5)
    assert fault.code in {FaultCode.MISSING_PACKAGE, FaultCode.UNREACHABLE}


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a stub")])
    now = datetime.now(UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(host, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files = folder / "cert.pem", folder / "key.pem"
    for file, content in zip(files, (made.public_bytes(pem), plain), strict=True):
        file.write_bytes(content)
    return files


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[tuple[OpenAIStub, str, Path]]:
    """A provider behind TLS, its address and the file that makes it trusted."""
    ca_file, key_file = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, key_file)
    stub = OpenAIStub()
    stub._server.socket = context.wrap_socket(stub._server.socket, server_side=True)
    with stub:
        yield stub, stub.url.replace("http:", "https:"), ca_file


def test_an_encrypted_connection_to_a_host_that_is_trusted(encrypted: tuple[OpenAIStub, str, Path]) -> None:
    stub, url, ca_file = encrypted
    chat = chat_of("openai", url, SSL_CERT_FILE=str(ca_file))
    assert ask(chat).text
    stub.fail("hang", "trickle")
    assert fault_of(chat).code is FaultCode.DEADLINE
    assert fault_of(chat).code is FaultCode.DEADLINE


def test_a_host_that_is_not_trusted_hears_nothing(encrypted: tuple[OpenAIStub, str, Path]) -> None:
    stub, url, ca_file = encrypted
    assert fault_of(chat_of("openai", url), 5).facts["reason"] == "certificate"
    elsewhere = chat_of("openai", url.replace("127.0.0.1", "localhost"), SSL_CERT_FILE=str(ca_file))
    assert fault_of(elsewhere, 5).facts["reason"] == "certificate"  # of another name
    assert stub.heard == ()


@dataclass
class Identity:
    """Gives one token after some seconds."""

    seconds: float = 0
    asked: int = 0

    def get_token(self, *scopes: str) -> SimpleNamespace:
        assert scopes == ("https://cognitiveservices.azure.com/.default",)
        self.asked += 1
        time.sleep(self.seconds)
        return SimpleNamespace(token="a-token-of-nobody")


def settings(kind: str, url: str) -> ModelSettings:
    return settings_of(kind, url, **ENTRA)


@pytest.mark.parametrize("kind", ["azure-classic", "azure-v1"])
def test_a_token_of_entra_is_sent_instead_of_a_key(kind: str) -> None:
    identity = Identity()
    with OpenAIStub(keys=("a-token-of-nobody",)) as stub:
        chat = build_chat(settings(kind, stub.url), lambda: identity)
        assert chat is not None
        chat.warm()
        ask(chat)
        ask(chat)
        assert {heard.auth for heard in stub.heard} == {"authorization"}
        assert identity.asked == 2  # azure-identity keeps tokens itself


def test_a_token_that_takes_too_long_is_left_in_time(stub: OpenAIStub) -> None:
    chat = build_chat(settings("azure-v1", stub.url), lambda: Identity(seconds=5))
    assert chat is not None
    chat.warm()
    assert fault_of(chat).code is FaultCode.DEADLINE
    assert stub.heard == ()


def test_no_token_is_a_fault(stub: OpenAIStub) -> None:
    def nobody() -> Identity:
        raise RuntimeError(KEY)

    chat = build_chat(settings("azure-v1", stub.url), nobody)
    assert chat is not None
    chat.warm()
    fault = fault_of(chat, 5)
    assert (fault.code, fault.facts) == (FaultCode.NO_TOKEN, {"reason": "RuntimeError"})


def test_without_the_package_it_is_named(stub: OpenAIStub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    chat = chat_of("azure-v1", stub.url, **ENTRA)
    fault = fault_of(chat, 5)
    assert (fault.code, fault.facts) == (FaultCode.MISSING_PACKAGE, {"package": "azure-identity"})


def test_two_threads_share_a_model(stub: OpenAIStub) -> None:
    stub.always = Fault(trickle=0)
    chat = chat_of("openai", stub.url)
    slow = Fault(hang=0.4)
    stub.fail(slow, None, slow, None)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(ask(chat, 10).text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4


def test_kinds_are_all_that_the_tests_know() -> None:
    assert set(KINDS) == {"openai", "openai-responses", "azure-classic", "azure-v1", "ollama"}
