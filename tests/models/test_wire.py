"""A turn of each provider as it goes over the wire; `python -m tests.models.test_wire` writes the files anew."""

import json
import time
from pathlib import Path

import pytest

from eval.stubs.openai import OpenAIStub
from models.build import build_embedder
from models.ledger import Unbooked
from tests.models.asking import KINDS, Hiding, chat_of, gateway_of, settings_of
from tests.models.asking import call_of as question

FOLDER = Path(__file__).with_name("wire")
LINE = "mallory failed to log in"


def recorded(kind: str, case: Path) -> list[dict[str, object]]:
    """A question answered and two texts embedded, as requests: everything that leaves but the key and the port."""
    with OpenAIStub() as stub:
        gateway_of(chat_of(kind, stub.url), case).ask(question(LINE), deadline=time.monotonic() + 60)
        embedder = build_embedder(settings_of(kind, stub.url), Hiding(), Unbooked())
        if embedder:
            embedder.embed([LINE, "証拠"])
        return [
            {
                "method": heard.method,
                "path": heard.path,
                "query": dict(heard.query),
                "headers": {name: value for name, value in heard.headers.items() if name != "host"},
                "key in": heard.auth,
                "body": heard.body,
            }
            for heard in stub.heard
        ]


def file_of(kind: str) -> Path:
    return FOLDER / f"{kind}.json"


@pytest.mark.parametrize("kind", KINDS)
def test_what_leaves_is_what_was_recorded(kind: str, case: Path) -> None:
    assert recorded(kind, case) == json.loads(file_of(kind).read_text(encoding="utf-8"))


def write(folder: Path) -> None:
    """The files as they are now."""
    for kind in KINDS:
        case = folder / kind
        case.mkdir()
        text = json.dumps(recorded(kind, case), ensure_ascii=False, indent=1)
        file_of(kind).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as temporary:
        write(Path(temporary))
