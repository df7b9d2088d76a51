"""Files on disk from bytes, and what reading them gives."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import zstandard

from ingestion.fetch.budget import Budget
from ingestion.fetch.expand import expand
from ingestion.fetch.input import Input

PACK: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
}


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a reader gave."""

    data: bytes
    notes: tuple[str, ...]


@pytest.fixture
def pack() -> dict[str, Callable[[bytes], bytes]]:
    return PACK


@pytest.fixture
def entry(tmp_path: Path) -> Callable[..., Input]:
    def make(data: bytes, name: str = "access.log", budget: Budget | None = None) -> Input:
        path = tmp_path / name
        path.write_bytes(data)
        [found] = expand([path], budget=budget or Budget()).inputs
        return found

    return make


@pytest.fixture
def content() -> Callable[[Input], Content]:
    def read(found: Input) -> Content:
        with found.open() as reader:
            data = b"".join(iter(lambda: reader.read(1 << 20), b""))
            return Content(data, reader.notes)

    return read
