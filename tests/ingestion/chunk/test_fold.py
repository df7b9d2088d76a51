"""What of a text stays in its template, and that equal hashes mean equal templates."""

import os
import random
import subprocess
import sys

import numpy as np
import pytest

from ingestion.chunk.fold import PAYLOAD, PLAIN, SAID, fold_hashes, fold_text
from ingestion.chunk.words import words_of


def folded(text: bytes, how: int) -> str:
    data = np.frombuffer(text or b"\0", np.uint8)
    return words_of(fold_text(data, 0, len(text), how).tobytes())


_FROM = "from <n> port <n> ssh<n>"


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        (b"/", PLAIN, "/"),
        (b"/product/1234/kids-shoes", PLAIN, "/product/<n>/kids-shoes"),
        (b"/img/products/2305_m.webp", PLAIN, "/img/products/<n>_m.webp"),
        (b"/u/4f9c2a77-1111-abcd-9e2f-0123456789ab", PLAIN, "/u/<id>"),
        (b"/u/4f9c2a77-1111-4bcd-9e2f-0123456789ab", PLAIN, "/u/<id>"),
        (b"/a/" + b"x" * 40, PLAIN, "/a/<id>"),
        (b"/a/" + b"x" * 20, PLAIN, "/a/" + "x" * 20),
        (b"/t/eyJhbGciOiJIUzI1NiJ9", PLAIN, "/t/<id>"),
        (b"/v2/h2o", PLAIN, "/v<n>/h<n>o"),
        (b"/search?q=shoes&page=2&sort", PLAIN, "/search?q=<v>&page=<v>&sort"),
        (b"/search?q=", PLAIN, "/search?q="),
        (b"/a=b/c", PLAIN, "/a=b/c"),
        (b"/x?q=1%27%20OR%20%271%27%3D%271", PAYLOAD, "/x?q=<n>' OR '<n>'='<n>"),
        (b"/x?f=..%2f..%2fetc/passwd", PAYLOAD, "/x?f=../../etc/passwd"),
        (b"/x?f=..%252f..%25252fetc/passwd", PAYLOAD, "/x?f=../../etc/passwd"),
        (b"/100%", PLAIN, "/<n>%"),
        (b"/%zz%4", PLAIN, "/%zz%<n>"),
        (
            b"Failed password for root from 203.0.113.7 port 4022 ssh2",
            SAID,
            "Failed password for root from <n> port <n> ssh<n>",
        ),
        (b"pid 77, took 0.25s at 2026-03-01", SAID, "pid <n>, took <n>s at <n>"),
        (b"", SAID, ""),
    ],
)
def test_what_stays_of_a_text(text: bytes, how: int, expected: str) -> None:
    assert folded(text, how) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"/a\nb", "/a<c>b"),
        (b"/a%0d%0aSet-Cookie", "/a<c><c>Set-Cookie"),
        (b"/\x01\x02\x03", "/<c><c><c>"),
        (b"/\x1b[2J", "/<c>[<n>J"),
        ("/a\u202eb\u2028c".encode(), "/a<U+202E>b<U+2028>c"),
        (b"/\xff\xfe", "/\\xff\\xfe"),
        ("/日本語".encode(), "/日本語"),
    ],
)
def test_nothing_in_a_template_is_active(text: bytes, expected: str) -> None:
    assert folded(text, PAYLOAD) == expected


@pytest.mark.parametrize("how", [PLAIN, PAYLOAD, SAID])
def test_a_template_is_short_whatever_the_text(how: int) -> None:
    longest = max(len(folded(text, how)) for text in (b"ab/" * 5000, b"1." * 9000, b"a1/" * 9000, b"%25" * 9000))
    assert longest <= 3 * 200 + 10


def test_hashes_are_equal_for_texts_that_fold_alike_and_only_for_those() -> None:
    chance = random.Random(5)
    pieces = (b"/", b"a", b"b1", b"7", b"%27", b"?", b"=", b"&", b"\x00", b"\xff", b"-", b".", b"deadbeef1", b"%2527")
    texts = [b"".join(chance.choices(pieces, k=chance.randrange(6))) for _ in range(3000)]
    hows = np.array([chance.choice((PLAIN, PAYLOAD)) for _ in texts], np.uint8)
    offsets = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    hashes = fold_hashes(np.frombuffer(b"".join(texts), np.uint8), offsets, hows, 11)
    templates = [(folded(text, int(how)), int(how)) for text, how in zip(texts, hows, strict=True)]
    assert len(set(zip(templates, hashes.tolist(), strict=True))) == len(set(templates)) == len(set(hashes.tolist()))


def test_another_seed_gives_other_hashes() -> None:
    data, offsets, hows = np.frombuffer(b"/a", np.uint8), np.array([0, 2], np.int64), np.zeros(1, np.uint8)
    assert fold_hashes(data, offsets, hows, 1)[0] != fold_hashes(data, offsets, hows, 2)[0]


EVERY_INDEX = """
import numpy as np
from ingestion.chunk.fold import fold_hashes, fold_text

texts = [b"/a1%27b/4f9c2a77-abcd-1?q=1&r;s=0x1f%25252e." * 3, b"1.2.3.4:5 0", b"0x", b"%", b"=?=", b"a1" * 400]
for text in texts:
    for cut in range(min(len(text), 140) + 1):
        for how in range(3):
            data = np.frombuffer(text[:cut] or b"\\0", np.uint8)
            fold_text(data, 0, cut, how)
            fold_hashes(data, np.array([0, cut], np.int64), np.array([how], np.uint8), 7)
print("ok")
"""


def test_looks_at_no_byte_beyond_a_text_cut_anywhere() -> None:
    """Without compilation NumPy checks every index; texts end exactly where the buffer ends."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", EVERY_INDEX], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.stdout == "ok\n", done.stderr[-2000:]
