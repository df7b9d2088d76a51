"""Zip archives: members in place, lies and tricks refused by name, nothing ever written."""

import gzip
import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingestion.fetch.budget import Budget
from ingestion.fetch.expand import Expansion, expand
from ingestion.fetch.input import Input

Make = Callable[..., Input]
ReadAll = Callable[[Input], Any]
Packs = dict[str, Callable[[bytes], bytes]]
Opened = Callable[..., Expansion]

LINE = b'192.0.2.7 - - [21/Nov/2026:13:00:00 +0000] "GET / HTTP/1.1" 200 5\n'


def build(members: Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore")  # two members of one name
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 21, 13, 0, 0)), data, compress_type=method)
    return out.getvalue()


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def run(data: bytes, **budget: int) -> Expansion:
        path = tmp_path / "logs.zip"
        path.write_bytes(data)
        return expand([path], budget=Budget(**budget))

    return run


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_members_are_inputs(opened: Opened, content: ReadAll, method: int) -> None:
    expansion = opened(build([("a.log", LINE), ("sub/", b""), ("sub/b.log", LINE * 9999)], method))
    assert [found.name for found in expansion.inputs] == ["logs.zip:a.log", "logs.zip:sub/b.log"]
    assert [content(found).data for found in expansion.inputs] == [LINE, LINE * 9999]
    assert [content(found).notes for found in expansion.inputs] == [(), ()]
    assert expansion.inputs[0].modified == datetime(2026, 11, 21, 13, tzinfo=UTC)
    assert expansion.refusals == ()


def test_one_more_layer_inside_a_zip_and_no_deeper(opened: Opened, content: ReadAll, pack: Packs) -> None:
    inner = [(f"{codec}.log.x", pack[codec](LINE)) for codec in ("gzip", "bzip2", "xz", "zstd")]
    expansion = opened(
        build([*inner, ("deep.gz", gzip.compress(gzip.compress(LINE))), ("z.zip", build([("a", LINE)]))])
    )
    assert [content(found).data for found in expansion.inputs] == [LINE] * 4
    assert [(error.code, error.facts["kind"]) for error in expansion.refusals] == [
        ("nested_archive", "gzip"),
        ("nested_archive", "zip"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (build([]), "empty_archive"),
        (build([("only/", b"")]), "empty_archive"),
        (build([("a.png", b"\x89PNG\r\n\x1a\n" + bytes(99))]), "no_logs_in_archive"),
        (build([("__MACOSX/._a.log", LINE), (".hidden", LINE)]), "no_logs_in_archive"),
        (build([("a.log", LINE)])[:-30], "corrupt_archive"),
        (b"PK\x03\x04" + bytes(200), "corrupt_archive"),
        (build([(f"{n}.log", b"") for n in range(10_000)]), "too_many_members"),
    ],
    ids=["empty", "folder", "binary", "hidden", "cut", "zeros", "10000"],
)
def test_refusals(opened: Opened, data: bytes, code: str) -> None:
    expansion = opened(data)
    assert [error.code for error in expansion.refusals] == [code]
    assert expansion.inputs == ()
    assert expansion.refusals[0].facts["name"] == "logs.zip"


def test_the_member_limit_is_a_setting(opened: Opened) -> None:
    data = build([(f"{n}.log", LINE) for n in range(30)])
    assert len(opened(data, members=30).inputs) == 30
    [error] = opened(data, members=29).refusals
    assert (error.code, error.facts["members"], error.facts["limit"]) == ("too_many_members", 30, 29)


def test_encrypted_member_is_named_and_the_others_are_read(opened: Opened, content: ReadAll) -> None:
    data = bytearray(build([("a.log", LINE), ("secret.log", LINE)]))
    directory = data.rfind(b"PK\x01\x02")
    data[directory + 8] |= 1
    expansion = opened(bytes(data))
    assert [content(found).data for found in expansion.inputs] == [LINE]
    assert [(error.code, error.facts["name"]) for error in expansion.refusals] == [
        ("encrypted_member", "logs.zip:secret.log")
    ]


def test_names_are_only_text(opened: Opened, tmp_path: Path, content: ReadAll) -> None:
    names = [
        "../../../tmp/evil.log",
        "/etc/passwd",
        "C:\\Windows\\x.log",
        "a\u202egol.log",
        "x" * 300 + ".log",
        "nul",
        "a:b.log",
    ]
    expansion = opened(build([(name, LINE) for name in names]))
    assert [found.name for found in expansion.inputs] == [f"logs.zip:{name}" for name in names]
    assert [content(found).data for found in expansion.inputs] == [LINE] * len(names)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs.zip"]


def test_shift_jis_member_name(opened: Opened) -> None:
    raw = "アクセス.log".encode("cp932")
    data = build([("x" * len(raw), LINE)]).replace(b"x" * len(raw), raw)
    assert [found.name for found in opened(data).inputs] == ["logs.zip:アクセス.log"]


def test_a_lying_directory_is_noted(opened: Opened, content: ReadAll) -> None:
    data = build([("a.log", LINE)])
    directory = data.rfind(b"PK\x01\x02")

    def lie(at: int, value: int) -> bytes:
        return data[: directory + at] + struct.pack("<L", value) + data[directory + at + 4 :]

    assert content(opened(lie(16, 12345)).inputs[0]).notes == ("crc_mismatch",)
    assert content(opened(lie(24, 7)).inputs[0]).notes == ("size_mismatch",)
    assert content(opened(lie(20, 10)).inputs[0]).notes == ("truncated_archive", "size_mismatch")
    assert [error.code for error in opened(lie(42, 1)).refusals] == ["corrupt_archive"]


def test_archive_with_something_in_front(opened: Opened, content: ReadAll) -> None:
    shell = b"#!/bin/sh\nexit\n"
    data = shell + build([("a.log", LINE)])
    assert opened(data).inputs[0].name == "logs.zip", "its content begins with text: it is read as text"
    data = b"PK\x07\x08" + build([("a.log", LINE)])
    assert [content(found).data for found in opened(data).inputs] == [LINE]


def test_zip64(opened: Opened, content: ReadAll) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.log", "w", force_zip64=True) as member,
    ):
        member.write(LINE)
    assert [content(found).data for found in opened(out.getvalue()).inputs] == [LINE]
