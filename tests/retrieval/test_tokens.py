"""Tokens are counted exactly with a vocabulary at hand, and never too few without one; nothing is ever fetched."""

import base64
import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiktoken import Encoding
from tiktoken_ext import openai_public  # type: ignore[import-untyped]

from retrieval.tokens import PATTERNS, at_most, counting, file_name, token_counter, vocabulary_of

SAMPLES = (
    "",
    "a",
    "GET /index.php?id=1%27%20UNION%20SELECT HTTP/1.1",
    '203.0.113.7 - - [21/Nov/2026:22:04:05 +0900] "GET / HTTP/1.1" 200 612',
    "昨夜、管理画面に何がありましたか?",
    "Ünïcödé ✓ \U0001f600 \u200b\u3000\t\r\n\x00\x1b[31m",
    "\ud800 a lone surrogate",
    "a" * 5_000 + " " * 500 + "'" * 500,
    "<|endoftext|><|endofprompt|>",
)
BYTES = [bytes([value]) for value in range(256)]
MERGES = (b"in", b"ing", b" t", b" th", b" the", b"00", b"\xe3\x81", b"  ", b"%2", b"%27")
VOCABULARIES = (BYTES, [*BYTES, *MERGES])


def vocabulary_file(tokens: list[bytes]) -> bytes:
    return b"".join(base64.b64encode(token) + b" %d\n" % rank for rank, token in enumerate(tokens))


def folders() -> list[Path]:
    named = [os.environ.get("TIKTOKEN_CACHE_DIR"), os.environ.get("DATA_GYM_CACHE_DIR")]
    return [Path(name) for name in (*named, f"{tempfile.gettempdir()}/data-gym-cache") if name]


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("tokens", VOCABULARIES, ids=["bytes alone", "some merges"])
@given(text=st.text(st.characters()) | st.sampled_from(SAMPLES))
def test_the_bound_holds_for_any_byte_level_vocabulary(name: str, tokens: list[bytes], text: str) -> None:
    assert counting(name, vocabulary_file(tokens))(text) <= at_most(text)


@pytest.mark.parametrize("text", [text for text in SAMPLES if "\ud800" not in text])
def test_a_vocabulary_of_bytes_alone_reaches_the_bound(text: str) -> None:
    assert counting("o200k_base", vocabulary_file(BYTES))(text) == at_most(text)


@pytest.mark.parametrize("name", PATTERNS)
@given(text=st.text(st.characters()) | st.sampled_from(SAMPLES))
def test_the_published_vocabulary_where_it_is_at_hand(name: str, text: str) -> None:
    folder = next((one for one in folders() if (one / file_name(name)).is_file()), None)
    if folder is None:
        pytest.skip("no vocabulary file on this machine")
    counter = token_counter(folder, "gpt-4" if name == "cl100k_base" else "")
    assert counter.exact
    assert counter.count(text) <= at_most(text)


@pytest.mark.parametrize("name", PATTERNS)
def test_texts_are_cut_as_tiktoken_cuts_them(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ranks = {token: rank for rank, token in enumerate(VOCABULARIES[1])}
    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", lambda *_, **__: ranks)
    theirs = Encoding(**{**openai_public.ENCODING_CONSTRUCTORS[name](), "explicit_n_vocab": None})
    ours = counting(name, vocabulary_file(VOCABULARIES[1]))
    assert [ours(text) for text in SAMPLES] == [len(theirs.encode_ordinary(text)) for text in SAMPLES]


@pytest.mark.parametrize(
    ("content", "where"),
    [(None, "absent"), (b"", "empty"), (vocabulary_file(BYTES), "foreign"), (b"\x00 x\n", "damaged")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_without_the_right_file_counts_come_from_above_and_no_socket_is_opened(
    content: bytes | None, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    if content is not None:
        (tmp_path / file_name("o200k_base")).write_bytes(content)
    counter = token_counter(tmp_path)
    assert (counter.exact, counter.count("日本 log")) == (False, 10)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("", "o200k_base"),
        ("gpt-4o-mini", "o200k_base"),
        ("gpt-6-of-tomorrow", "o200k_base"),
        ("gpt-4", "cl100k_base"),
        ("text-embedding-3-small", "cl100k_base"),
        ("gpt-oss-120b", "o200k_base"),
        ("llama3.1:8b", "o200k_base"),
    ],
)
def test_the_vocabulary_of_a_model(model: str, name: str) -> None:
    assert vocabulary_of(model) == name


def test_a_legacy_vocabulary_is_counted_from_above(tmp_path: Path) -> None:
    assert not token_counter(tmp_path, "text-davinci-003").exact


def test_files_are_named_as_tiktoken_names_them() -> None:
    assert file_name("o200k_base") == "fb374d419588a4632f3f557e76b4b70aebbca790"
