"""A running app, headless Chromium, and a counter for requests that must never happen."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "tests" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Open = Callable[..., Page]
expect.set_options(timeout=30_000)


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("AKASHI_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None or not Path(path).is_file():
        if os.environ.get("AKASHI_REQUIRE_BROWSER"):
            pytest.fail("Chromium is required (AKASHI_REQUIRE_BROWSER) and was not found; set AKASHI_CHROMIUM")
        pytest.skip("Chromium was not found: install it or set AKASHI_CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: int = 120) -> None:
    for _ in range(seconds * 4):
        assert process.poll() is None, "the app ended while starting"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"{url} did not answer")


NO_MODEL = {"AKASHI_MODEL": "off", "AKASHI_EMBEDDINGS": "built-in", "AZURE_SEARCH_ENDPOINT": ""}
"""What a developer has set up is none of the tests' business."""


@contextmanager
def running_app(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """The app as `akashi serve` starts it, on the cases of `folder / "data"`; its address."""
    port = free_port()
    entry = [sys.executable, "-c", "from app.cli import main; main()"]
    command = [*entry, "serve", "--port", str(port), "--data-dir", str(folder / "data")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **settings})
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app without a model."""
    with running_app(tmp_path_factory.mktemp("app"), NO_MODEL) as address:
        yield address


@dataclass
class Sink:
    """A foreign host: whatever arrives here was fetched because of log text."""

    port: int
    hits: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def listening() -> Iterator[Sink]:
    """A host that notes what is asked of it."""
    found: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Sink(server.server_address[1], found)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with listening() as found:
        yield found


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Open]:
    """Open the app in a context of its own."""
    with opening(browser, base) as new:
        yield new


@contextmanager
def opening(browser: Browser, base: str) -> Iterator[Open]:
    """Pages of the app at an address, each in a context of its own; all are closed at the end."""
    contexts = []

    def new(path: str = "/", lang: str = "en-US", width: int = 1280, bypass_csp: bool = False) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, locale=lang, bypass_csp=bypass_csp)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(base + path)
        return page

    yield new
    for context in contexts:
        context.close()
