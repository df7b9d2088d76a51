"""`akashi serve`: the browser app on loopback; anywhere else only with authentication."""

import importlib.util
import os
import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from app import settings
from app.commands.options import DataDir, Json, Language, RulesDir, complain, refusals, say
from app.i18n import text
from app.reading import engine, rules_folder
from app.render.json import dumps
from core.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
"""Streamlit reads `.streamlit/config.toml` and `secrets.toml` of the folder it runs in."""

Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")]
BehindProxy = Annotated[
    bool,
    typer.Option(
        "--behind-proxy",
        envvar=settings.BEHIND_PROXY,
        help="Something in front authenticates every request (needed to listen beyond loopback without [auth]).",
    ),
]


@refusals
def serve(
    *,
    data_dir: DataDir,
    lang: Language,
    rules_dir: RulesDir = None,
    host: Host = "127.0.0.1",
    port: Port = 8501,
    behind_proxy: BehindProxy = False,
    as_json: Json = False,
) -> None:
    """Start the app in the browser; it listens on this machine only unless sign-in is set up."""
    sign_in = has_sign_in(ROOT)
    behind_proxy = behind_proxy or settings.from_environment().behind_proxy
    check_binding(host, sign_in=sign_in, behind_proxy=behind_proxy)
    engine(rules_folder(data_dir, rules_dir))  # a broken rule is told here, before a page is asked for
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if as_json:
        say(dumps({"url": url, "data_dir": str(data_dir)}))
    else:
        complain(text("cli.serving", lang, url=url))
    os.environ[settings.DATA_DIR] = str(data_dir.expanduser().resolve())
    if rules_dir is not None:
        os.environ[settings.RULES_DIR] = str(rules_dir.expanduser().resolve())
    os.environ[settings.BEHIND_PROXY] = "1" if behind_proxy else ""
    if sign_in or behind_proxy:  # others use it too: what leaves is for whoever runs it to say
        os.environ.setdefault(settings.SESSION_MODELS, settings.environment().get(settings.SESSION_MODELS, "0"))
    os.chdir(ROOT)
    _run(host, port)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; a name other than localhost is not resolved but refused."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError as error:
        raise InputError("bad_host", host=host) from error


def has_sign_in(folder: Path) -> bool:
    """Whether Streamlit's `[auth]` secrets are set up for the app in `folder`."""
    secrets = folder / ".streamlit" / "secrets.toml"
    if not secrets.is_file():
        return False
    with secrets.open("rb") as file:
        return "auth" in tomllib.load(file)


def check_binding(host: str, *, sign_in: bool, behind_proxy: bool) -> None:
    """Refuse to listen where other machines could read logs without authentication."""
    if sign_in and importlib.util.find_spec("authlib") is None:
        raise InputError("no_authlib")
    if not (is_loopback(host) or sign_in or behind_proxy):
        raise InputError("not_loopback", host=host)


def _run(host: str, port: int) -> None:
    from streamlit.web import bootstrap

    options = {"server_address": host, "server_port": port, "server_headless": True}
    options["browser_serverAddress"] = "localhost"  # else Streamlit asks an outside service for its own address
    if is_loopback(host):
        options["server_allowedHosts"] = ["localhost", "127.0.0.1", "[::1]"]
    bootstrap.load_config_options(options)
    bootstrap.run_asgi_app(str(ROOT / "app" / "server.py"), "app.server:app", [], options)
