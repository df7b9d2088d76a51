"""Bytes changed at random: every outcome is lines, notes or a refusal, never an exception."""

import io
import random
import zipfile
from collections.abc import Callable

import pytest

from ingestion.fetch.blocks import blocks
from ingestion.fetch.budget import Budget
from ingestion.fetch.expand import from_stream

LINES = b"".join(b"192.0.2.%d - - [21/Nov/2026:13:00:00 +0000] x %d\n" % (i % 256, i * i) for i in range(300))


def mutated(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 3, 20))):
        at = dice.randrange(len(changed))
        action = dice.randrange(4)
        if action == 0:
            changed[at] ^= 1 << dice.randrange(8)
        elif action == 1:
            changed[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", bytes(4), b"\x00\x00\x00\x80"))
        elif action == 2:
            del changed[at : at + dice.randrange(1, 40)]
        else:
            changed[at:at] = dice.randbytes(dice.randrange(1, 9))
    return bytes(changed)


@pytest.mark.parametrize("codec", ["plain", "gzip", "bzip2", "xz", "zstd", "zip", "zip-of-zstd"])
def test_changed_bytes(pack: dict[str, Callable[[bytes], bytes]], codec: str) -> None:
    dice = random.Random(codec)
    whole = pack[codec](LINES) if codec in pack else archive(codec, pack)
    for _ in range(200):
        with from_stream("any", io.BytesIO(mutated(whole, dice)), budget=Budget(run_bytes=1 << 22)) as expansion:
            for found in expansion.inputs:
                with found.open() as reader:
                    size = sum(block.size for block in blocks(reader, 4096, 256))
                    assert size == reader.position <= 1 << 22
            assert expansion.inputs or expansion.refusals


def archive(codec: str, pack: dict[str, Callable[[bytes], bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.log", LINES)
        file.writestr("b.log", pack["zstd"](LINES) if codec == "zip-of-zstd" else LINES)
    return out.getvalue()
