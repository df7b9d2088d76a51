"""Paths, folders, globs, streams: what is taken, in which order, and how the rest is refused."""

import io
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from core.errors import InputError
from ingestion.fetch.budget import Budget
from ingestion.fetch.expand import Expansion, expand, from_stream, from_streams
from ingestion.fetch.input import Input

ReadAll = Callable[[Input], Any]
Packs = dict[str, Callable[[bytes], bytes]]

LINE = b'192.0.2.7 - - [21/Nov/2026:13:00:00 +0000] "GET / HTTP/1.1" 200 5\n'


def plant(folder: Path, *names: str, data: bytes = LINE) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def names(expansion: Expansion) -> list[str]:
    return [found.name for found in expansion.inputs]


def codes(expansion: Expansion) -> list[str]:
    return [error.code for error in expansion.refusals]


def test_one_file(tmp_path: Path, content: ReadAll) -> None:
    plant(tmp_path, "access.log")
    os.utime(tmp_path / "access.log", (1_000_000_000, 1_000_000_000))
    [found] = expand([str(tmp_path / "access.log")]).inputs
    assert (found.name, found.path, found.size_hint) == ("access.log", tmp_path / "access.log", len(LINE))
    assert found.modified == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    assert content(found).data == LINE


def test_rotated_logs_come_oldest_first(tmp_path: Path) -> None:
    plant(tmp_path, "access.log", "access.log.1", "access.log.2.gz", "access.log.10.gz", "error.log", "error.log.1")
    plant(tmp_path, "dated.log", "dated.log-20261101.gz", "dated.log-20261002", "sub/access.log", "sub/access.log.1")
    assert names(expand([tmp_path])) == [
        "access.log.10.gz", "access.log.2.gz", "access.log.1", "access.log",
        "dated.log-20261002", "dated.log-20261101.gz", "dated.log",
        "error.log.1", "error.log", "sub/access.log.1", "sub/access.log",
    ]  # fmt: skip


def test_pattern_the_shell_did_not_expand(tmp_path: Path) -> None:
    plant(tmp_path, "access.log", "access.log.1", "error.log", "[x].log")
    assert names(expand([tmp_path / "access*"])) == ["access.log.1", "access.log"]
    assert names(expand([tmp_path / "**" / "error.log"])) == ["error.log"]
    assert names(expand([tmp_path / "[x].log"])) == ["[x].log"], "a file of that name is no pattern"
    assert codes(expand([tmp_path / "*.nope"])) == ["missing_path"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    plant(tmp_path, "access.log")
    (tmp_path / "link.log").symlink_to("access.log")
    file = tmp_path / "access.log"
    assert names(expand([file, tmp_path, str(file), tmp_path / "*.log", tmp_path / "link.log"])) == ["access.log"]


def test_equal_names_are_told_apart_by_path(tmp_path: Path) -> None:
    plant(tmp_path, "web1/access.log", "web2/access.log", "web2/error.log")
    assert names(expand([tmp_path / "web1", tmp_path / "web2"])) == [
        str(tmp_path / "web1/access.log"), str(tmp_path / "web2/access.log"), "error.log",
    ]  # fmt: skip


def test_what_a_folder_search_passes_over(tmp_path: Path) -> None:
    folder = plant(tmp_path / "logs", "access.log", ".hidden", ".git/access.log", "conf.py")
    plant(folder, "logo.png", data=b"\x89PNG\r\n\x1a\n" + bytes(50))
    plant(folder, "readme", data=b"see the manual\n")
    plant(folder, "empty.log", data=b"")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder)
    (folder / "out").symlink_to(plant(tmp_path / "elsewhere", "access.log"))
    (folder / "dangling").symlink_to("nowhere")
    expansion = expand([folder])
    assert names(expansion) == ["access.log"]
    assert codes(expansion) == []
    assert {Path(skipped.name).name: skipped.code for skipped in expansion.skipped} == {
        ".hidden": "hidden", ".git": "hidden", "conf.py": "no_log", "logo.png": "binary", "readme": "no_log",
        "empty.log": "empty", "pipe": "not_a_file", "loop": "symlink", "out": "symlink", "dangling": "symlink",
    }  # fmt: skip


def test_partial_lines_and_json_are_logs(tmp_path: Path) -> None:
    plant(tmp_path, "partial", data=b"[client 192.0.2.9] File does not exist: /var/www\n")
    plant(tmp_path, "json", data=b'{"status": 200}\n')
    plant(tmp_path, "wide", data=LINE.decode().encode("utf-16"))
    expansion = expand([tmp_path])
    assert names(expansion) == ["json", "partial", "wide"]
    assert [found.notes for found in expansion.inputs] == [(), (), ("utf16_text",)]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (lambda folder: folder / "nope.log", "missing_path"),
        (lambda folder: folder / "nope" / "access.log", "missing_path"),
        (lambda folder: folder / "access.log" / "below", "missing_path"),
        (lambda _: "a\0b", "missing_path"),
        (lambda folder: folder / ("n" * 300), "unreadable"),
        (lambda folder: folder / "dangling", "missing_path"),
        (lambda folder: folder / "circle", "unreadable"),
        (lambda folder: folder / "nothing", "no_logs_in_folder"),
        (lambda folder: folder / "pipe", "not_a_file"),
        (lambda folder: folder / "socket", "not_a_file"),
        (lambda _: "/dev/null", "not_a_file"),
        (lambda folder: folder / "a.tar", "unsupported_archive"),
        (lambda folder: folder / "a.7z", "unsupported_archive"),
        (lambda _: "-", "no_stdin"),
    ],
)
def test_bad_paths_are_values_and_good_ones_are_still_read(
    tmp_path: Path, plan: Callable[[Path], str | Path], expected: str
) -> None:
    plant(tmp_path, "access.log")
    plant(tmp_path, "a.7z", data=b"7z\xbc\xaf\x27\x1c" + bytes(30))
    plant(tmp_path, "a.tar", data=bytes(257) + b"ustar\x0000" + bytes(300))
    plant(tmp_path, "nothing/README.md", data=b"# no log\n")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "circle").symlink_to("circle")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket"))
        expansion = expand([plan(tmp_path), tmp_path / "access.log"])
    assert codes(expansion) == [expected]
    assert names(expansion) == ["access.log"]


def test_packed_tar_and_double_packing(tmp_path: Path, pack: Packs) -> None:
    plant(tmp_path, "a.tgz", data=pack["gzip"](bytes(257) + b"ustar\x0000" + bytes(300)))
    plant(tmp_path, "b.gz", data=pack["gzip"](pack["xz"](LINE)))
    plant(tmp_path, "c.gz", data=pack["gzip"](b"PK\x03\x04" + bytes(99)))
    expansion = expand([tmp_path])
    assert codes(expansion) == ["unsupported_archive", "nested_archive", "nested_archive"]


def test_named_binary_is_taken_with_a_note(tmp_path: Path, content: ReadAll) -> None:
    plant(tmp_path, "strange.log", data=b"\x7fELF" + bytes(range(256)) * 9)
    [found] = expand([tmp_path / "strange.log"]).inputs
    assert found.notes == content(found).notes == ("binary",)


def test_stdin_is_kept_without_a_name_and_can_be_read_twice(tmp_path: Path, content: ReadAll, pack: Packs) -> None:
    with expand(["-"], stdin=io.BytesIO(pack["gzip"](LINE * 1000)), spool=tmp_path) as expansion:
        [found] = expansion.inputs
        assert list(tmp_path.iterdir()) == []
        assert (found.name, found.path, found.modified) == ("stdin", None, None)
        assert content(found).data == content(found).data == LINE * 1000


def test_uploaded_zip(tmp_path: Path, content: ReadAll) -> None:
    upload = io.BytesIO()
    with zipfile.ZipFile(upload, "w") as archive:
        archive.writestr("a.log", LINE)
    upload.seek(0)
    with from_stream("../up.zip", upload, spool=tmp_path) as expansion:
        assert names(expansion) == ["../up.zip:a.log"]
        assert content(expansion.inputs[0]).data == LINE
        assert list(tmp_path.iterdir()) == []


def test_uploads_share_one_budget(content: ReadAll) -> None:
    uploads = [(name, io.BytesIO(LINE * 10)) for name in ("a.log", "b.log")]
    with from_streams(uploads, budget=Budget(run_bytes=len(LINE) * 15)) as expansion:
        got = [content(found) for found in expansion.inputs]
    assert names(expansion) == ["a.log", "b.log"]
    assert [(len(each.data), each.notes) for each in got] == [
        (len(LINE) * 10, ()),
        (len(LINE) * 5, ("budget_exceeded",)),
    ]


def test_a_stream_beyond_the_budget_is_cut_and_flagged(content: ReadAll) -> None:
    with from_stream("up", io.BytesIO(LINE * 100), budget=Budget(run_bytes=1000)) as expansion:
        got = content(expansion.inputs[0])
    assert (got.data, got.notes) == ((LINE * 100)[:1000], ("budget_exceeded",))


def test_a_full_disk_is_a_refusal() -> None:
    class Full(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            raise OSError(28, "No space left on device")

    with from_stream("up", Full()) as expansion:
        [error] = expansion.refusals
    assert (error.code, error.facts["reason"]) == ("spool_failed", "ENOSPC")


def test_names_that_are_not_unicode(tmp_path: Path, content: ReadAll) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.log"
    with open(path, "wb") as file:  # noqa: PTH123 - a bytes path
        file.write(LINE)
    [found] = expand([os.fsdecode(path)]).inputs
    assert found.name.encode() == b"caf\\udce9.log"
    assert content(found).data == LINE


def test_file_gone_after_expansion(tmp_path: Path) -> None:
    plant(tmp_path, "access.log")
    [found] = expand([tmp_path]).inputs
    (tmp_path / "access.log").unlink()
    with pytest.raises(InputError, match="missing_path"), found.open():
        pass


def test_file_cut_while_it_is_read(tmp_path: Path) -> None:
    plant(tmp_path, "access.log", data=LINE * 100_000)
    [found] = expand([tmp_path]).inputs
    with found.open() as reader:
        first = reader.read(1 << 20)
        os.truncate(tmp_path / "access.log", len(first) + 10)
        assert first + reader.read(1 << 20) == (LINE * 100_000)[: len(first) + 10]
        assert reader.read(1 << 20) == b""
        assert reader.notes == ("file_shrank",)


@pytest.mark.parametrize("codec", ["plain", "gzip"])
def test_reading_on_after_the_end_of_with(tmp_path: Path, pack: Packs, codec: str) -> None:
    plant(tmp_path, "access.log", data=pack[codec](os.urandom(400_000).hex().encode()))
    [found] = expand([tmp_path / "access.log"]).inputs
    with found.open() as reader:
        reader.read(10)
    while reader.read(1 << 20):
        pass
    assert reader.notes == ("read_error",)


def test_packed_file_cut_while_it_is_read(tmp_path: Path, pack: Packs) -> None:
    plant(tmp_path, "access.gz", data=pack["gzip"](os.urandom(400_000).hex().encode()))
    [found] = expand([tmp_path / "access.gz"]).inputs
    with found.open() as reader:
        assert reader.read(10)
        os.truncate(tmp_path / "access.gz", 9)
        while reader.read(1 << 20):
            pass
        assert reader.notes == ("truncated_archive", "file_shrank")


def test_file_that_grows_while_it_is_read_ends_where_it_did(tmp_path: Path, content: ReadAll) -> None:
    plant(tmp_path, "access.log")
    [found] = expand([tmp_path]).inputs
    with found.open() as reader:
        with (tmp_path / "access.log").open("ab") as file:
            file.write(LINE)
        assert reader.read(1 << 20) == LINE
        assert reader.read(1 << 20) == b""
    assert content(found).data == LINE * 2


UNPRIVILEGED = """
import os, sys
from ingestion.fetch.expand import expand
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
found = expand(sys.argv[1:])
print([error.code for error in found.refusals], [entry.name for entry in found.inputs])
"""


def test_unreadable_file_and_folder(tmp_path: Path) -> None:
    plant(tmp_path, "secret.log", "open.log", "closed/a.log")
    (tmp_path / "secret.log").chmod(0)
    (tmp_path / "closed").chmod(0)
    for folder in (tmp_path, *(one for one in tmp_path.parents if one.is_relative_to(gettempdir()))):
        folder.chmod(folder.stat().st_mode | 0o755)
    root = Path(__file__).parents[3]
    paths = [tmp_path / name for name in ("secret.log", "closed", "open.log")]
    run = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, *paths], cwd=root, capture_output=True, text=True, check=True
    )
    (tmp_path / "closed").chmod(0o755)
    assert run.stdout == "['unreadable', 'unreadable'] ['open.log']\n"
