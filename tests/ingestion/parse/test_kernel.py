"""The compiled parser against an independent reader, and against the ends of its own buffers."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.event import ParseStatus
from ingestion.parse.access import Compiled
from ingestion.parse.columns import Columns
from ingestion.parse.kernel import NO_TIME
from ingestion.parse.standard import NGINX
from ingestion.parse.values import SLOT_AGENT, SLOT_HOST, SLOT_METHOD, SLOT_REFERRER, SLOT_REQUEST, SLOT_URL, SLOT_USER
from tests.effort import examples

COMBINED = Compiled.of(NGINX["nginx.combined"])
QUOTED = rb'"((?:[^"\\]|\\.)*)"'
REFERENCE = re.compile(
    rb"([^ ]+) - (.*?) \[([0-9]{2}/[A-Za-z]{3}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4})\] "
    + QUOTED
    + rb" ([0-9]{3}|-) ([0-9]{1,18}|-) "
    + QUOTED
    + rb" "
    + QUOTED,
    re.DOTALL,
)
REQUEST = re.compile(rb"([A-Z_-]{1,32}) (.+?)(?: (HTTP/.*))?", re.DOTALL)

NAMES = {"host": SLOT_HOST, "user": SLOT_USER, "referrer": SLOT_REFERRER, "agent": SLOT_AGENT}

text = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=12).map(str.encode)
piece = st.one_of(
    text, st.binary(max_size=6), st.sampled_from([b"\\", b'\\"', b'"', b" ", b"[", b"-", b"\\x22", b"%22"])
)
field = st.lists(piece, max_size=4).map(b"".join).map(lambda raw: raw.replace(b"\n", b""))
inside = field.map(lambda raw: re.sub(rb'[\\"]', lambda found: b"\\" + found.group(), raw))
time = st.datetimes(datetime(1970, 1, 2), datetime(2199, 1, 1)).map(lambda at: at.strftime("%d/%b/%Y:%H:%M:%S +0000"))  # noqa: DTZ001


@st.composite
def log_line(draw: st.DrawFn) -> bytes:
    host = draw(st.sampled_from([b"203.0.113.9", b"2001:db8::1", b"host.example", b"::ffff:198.51.100.7"]))
    request = draw(
        st.one_of(inside, st.just(b"GET /a?b=c HTTP/1.1"), inside.map(lambda raw: b"GET /" + raw + b" HTTP/2.0"))
    )
    status, size = (
        draw(st.sampled_from([b"200", b"404", b"-", b"2x0"])),
        draw(st.sampled_from([b"12", b"-", b"", b"1e3"])),
    )
    line = b'%s - %s [%s] "%s" %s %s "%s" "%s"' % (
        host,
        draw(field),
        draw(time).encode(),
        request,
        status,
        size,
        draw(inside),
        draw(inside),
    )
    cut = draw(st.one_of(st.just(len(line)), st.integers(0, len(line))))
    return line[:cut] + draw(st.sampled_from([b"", b"", b"x", b"\r"]))


def compiled(line: bytes) -> dict[str, object] | None:
    data = np.frombuffer(line + b"\n", np.uint8)
    columns = Columns(1)
    assert COMBINED.parse(data, 0, len(data), 0, columns) == 1
    if columns.states[0, 0] != ParseStatus.PARSED:
        return None

    def span(slot: int) -> bytes | None:
        start, size = int(columns.spans[0, 2 * slot]), int(columns.spans[0, 2 * slot + 1])
        return None if size < 0 else line[start : start + size]

    assert columns.times[0] != NO_TIME
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(columns.times[0]))
    values: dict[str, object] = {name: span(slot) for name, slot in NAMES.items()}
    request = (span(SLOT_METHOD), span(SLOT_URL), span(SLOT_REQUEST))
    return values | {"request": request, "time": when, "status": int(columns.codes[0]), "size": int(columns.sizes[0])}


def reference(line: bytes) -> dict[str, object] | None:
    found = REFERENCE.fullmatch(line.removesuffix(b"\r"))
    if found is None:
        return None
    host, user, when, request, status, size, referrer, agent = found.groups()
    split = REQUEST.fullmatch(request)
    parts = (split.group(1), split.group(2), None) if split else (None, None, request)
    return {
        "host": host,
        "user": None if user in (b"", b"-") else user,
        "referrer": None if referrer == b"-" else referrer,
        "agent": None if agent == b"-" else agent,
        "request": parts,
        "time": datetime.strptime(when.decode(), "%d/%b/%Y:%H:%M:%S %z"),
        "status": 0 if status == b"-" else int(status),
        "size": -1 if size == b"-" else int(size),
    }


@given(log_line())
@settings(max_examples=examples(400), deadline=None)
def test_agrees_with_an_independent_reader(line: bytes) -> None:
    assert compiled(line) == reference(line)


EVERY_INDEX = """
import numpy as np
from ingestion.parse.access import Compiled
from ingestion.parse.columns import Columns
from ingestion.parse.standard import APACHE, NGINX

lines = [
    b'203.0.113.9 - u [02/Mar/2026:00:00:44 +0000] "GET /a?b HTTP/1.1" 200 3 "-" "UA\\\\x22" "1.2.3.4" 0.1',
    b'h:80 203.0.113.9 - u [x [02/Mar/2026:00:00:44 +0000] "\\\\"" - - "\\\\\\\\" ""',
]
for program in (*NGINX.values(), *APACHE.values()):
    compiled = Compiled.of(program)
    for line in lines:
        for cut in range(len(line) + 1):
            data = np.frombuffer(line[:cut] or b"\\n", np.uint8)
            columns = Columns(1)
            assert compiled.parse(data, 0, len(data), 0, columns) == 1
print("ok")
"""


def test_reads_no_byte_beyond_a_line_cut_anywhere() -> None:
    """Without compilation NumPy checks every index; lines end exactly where the buffer ends."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", EVERY_INDEX], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.stdout == "ok\n", done.stderr[-2000:]
