"""nginx log_format and Apache LogFormat strings as programs."""

# ruff: noqa: E501  (tables are wide)

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from ingestion.parse import program as programs
from ingestion.parse.apache_log_format import compile_apache_log_format
from ingestion.parse.log_format import compile_log_format
from ingestion.parse.program import Program, Step
from ingestion.parse.standard import APACHE, NGINX

C = programs.Column

COMBINED = Program(
    (
        Step(C.HOST),
        Step(C.USER, b" - "),
        Step(C.TIME_CLF, b" ["),
        Step(C.REQUEST, b'] "', quoted=True),
        Step(C.STATUS, b'" '),
        Step(C.BYTES, b" "),
        Step(C.REFERRER, b' "', quoted=True),
        Step(C.AGENT, b'" "', quoted=True),
    ),
    b'"',
)
PASTED = """
log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '  # what nginx.conf ships
                  '$status $body_bytes_sent "$http_referer" '
                  "\\"$http_user_agent\\"";
"""


@pytest.mark.parametrize(
    "source",
    [
        PASTED,
        PASTED.replace("main", "main escape=default"),
        PASTED.replace("main", "main escape=json"),
        """'$remote_addr - $remote_user [$time_local] "$request" $status ' '$body_bytes_sent "$http_referer" "$http_user_agent"'""",
        '$remote_addr - ${remote_user} [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
    ],
)
def test_every_way_to_give_the_combined_format(source: str) -> None:
    assert compile_log_format(source) == COMBINED == NGINX["nginx.combined"]


def test_without_escaping_quotes_protect_nothing() -> None:
    program = compile_log_format(PASTED.replace("main", "main escape=none"))
    assert [step.column for step in program.steps] == [step.column for step in COMBINED.steps]
    assert not any(step.quoted for step in program.steps)


def columns(program: Program) -> list[tuple[programs.Column, bytes, bool]]:
    return [(step.column, step.literal_before, step.quoted) for step in program.steps]


@pytest.mark.parametrize(
    ("source", "expected", "after"),
    [
        (
            '{"t":"$time_iso8601","ip":"$remote_addr","m":"$request_method","u":"$request_uri","s":$status}',
            [(C.TIME_ISO, b'{"t":"', True), (C.HOST, b'","ip":"', True), (C.METHOD, b'","m":"', True), (C.URL, b'","u":"', True), (C.STATUS, b'","s":', False)],
            b"}",
        ),
        ("$msec $host $args $server_protocol $uri", [(C.TIME_EPOCH, b"", False), (C.DOMAIN, b" ", False), (C.QUERY, b" ", False), (C.PROTOCOL, b" ", False), (C.PATH, b" ", False)], b""),
        ("$remote_addr|$http_cookie|$arg_q|$my_map", [(C.HOST, b"", False), (C.OTHER, b"|", False), (C.OTHER, b"|", False), (C.OTHER, b"|", False)], b""),
        ("$remote_addr $request_time $status", [(C.HOST, b"", False), (C.SKIP, b" ", False), (C.STATUS, b" ", False)], b""),
        ("$remote_addr $status $upstream_addr $request_time!", [(C.HOST, b"", False), (C.STATUS, b" ", False), (C.SKIP, b" ", False)], b""),
        ('$remote_addr "$http_x_forwarded_for"', [(C.HOST, b"", False), (C.FORWARDED, b' "', True)], b'"'),
        ("$remote_addr $body_bytes_sent $bytes_sent $status", [(C.HOST, b"", False), (C.BYTES, b" ", False), (C.SKIP, b" ", False), (C.STATUS, b" ", False)], b""),
        ("$time_local $msec $status", [(C.TIME_CLF, b"", False), (C.SKIP, b" ", False), (C.STATUS, b" ", False)], b""),
    ],
)  # fmt: skip
def test_nginx_variables(source: str, expected: list[tuple[programs.Column, bytes, bool]], after: bytes) -> None:
    program = compile_log_format(source)
    assert (columns(program), program.literal_after) == (expected, after)


@pytest.mark.parametrize(
    ("source", "token"),
    [
        ("$remote_addr$status", "$status"),
        ("${remote_addr $status", "${remote_addr $statu"),
        ("$ $status", "$ $status"),
        ("no variables", ""),
        ("", ""),
        ("$request_time $pid", ""),
        ("log_format main '$remote_addr", "'$remote_addr"),
    ],
)
def test_nginx_refusals(source: str, token: str) -> None:
    with pytest.raises(InputError) as refused:
        compile_log_format(source)
    assert (refused.value.code, refused.value.facts) == ("bad_log_format", {"token": token})


APACHE_COMBINED = [
    (C.HOST, b"", False),
    (C.SKIP, b" ", False),
    (C.USER, b" ", False),
    (C.TIME_CLF, b" [", False),
    (C.REQUEST, b'] "', True),
    (C.STATUS, b'" ', False),
    (C.BYTES, b" ", False),
    (C.REFERRER, b' "', True),
    (C.AGENT, b'" "', True),
]


@pytest.mark.parametrize(
    "source",
    [
        r'LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" combined',
        r'CustomLog logs/access_log "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\""',
        r"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-agent}i\"",
        '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
        '%a %l %u %t "%r" %!200,304>s %B "%{referer}i" "%{USER-AGENT}i"',
    ],
)
def test_every_way_to_give_the_apache_combined_format(source: str) -> None:
    program = compile_apache_log_format(source)
    assert (columns(program), program.literal_after) == (APACHE_COMBINED, b'"')


@pytest.mark.parametrize(
    ("source", "expected", "after"),
    [
        ("%v:%p %h %>s", [(C.DOMAIN, b"", False), (C.SKIP, b":", False), (C.HOST, b" ", False), (C.STATUS, b" ", False)], b""),
        ("%m %U%q %H", [(C.METHOD, b"", False), (C.URL, b" ", False), (C.PROTOCOL, b" ", False)], b""),
        ("%U %q", [(C.PATH, b"", False), (C.QUERY, b" ", False)], b""),
        ("%h %a %s", [(C.SKIP, b"", False), (C.HOST, b" ", False), (C.STATUS, b" ", False)], b""),
        ("%{c}a %a %s", [(C.SKIP, b"", False), (C.HOST, b" ", False), (C.STATUS, b" ", False)], b""),
        ("%h %O %b", [(C.HOST, b"", False), (C.SKIP, b" ", False), (C.BYTES, b" ", False)], b""),
        ("%h %O %D %T %I %k %X %{ms}T %^ti", [(C.HOST, b"", False), (C.BYTES, b" ", False), (C.SKIP, b" ", False)], b""),
        ('%h "%{X-Forwarded-For}i" "%{Cookie}i" %{JSESSIONID}C', [(C.HOST, b"", False), (C.FORWARDED, b' "', True), (C.OTHER, b'" "', True), (C.OTHER, b'" ', False)], b""),
        ("[%{%d/%b/%Y:%T %z}t] %h", [(C.TIME_CLF, b"[", False), (C.HOST, b"] ", False)], b""),
        ("%{%FT%T%z}t %h", [(C.TIME_ISO, b"", False), (C.HOST, b" ", False)], b""),
        ("%{%Y-%m-%dT%H:%M:%S}t.%{usec_frac}t%{%z}t %h", [(C.TIME_ISO, b"", False), (C.HOST, b" ", False)], b""),
        ("%{sec}t %h", [(C.TIME_EPOCH, b"", False), (C.HOST, b" ", False)], b""),
        ("%{sec}t.%{msec_frac}t %h", [(C.TIME_EPOCH, b"", False), (C.HOST, b" ", False)], b""),
        ("%{begin:msec}t %h", [(C.TIME_EPOCH_MS, b"", False), (C.HOST, b" ", False)], b""),
        ("%{usec}t %h", [(C.TIME_EPOCH_US, b"", False), (C.HOST, b" ", False)], b""),
        ("100%% %h", [(C.HOST, b"100% ", False)], b""),
    ],
)  # fmt: skip
def test_apache_directives(source: str, expected: list[tuple[programs.Column, bytes, bool]], after: bytes) -> None:
    program = compile_apache_log_format(source)
    assert (columns(program), program.literal_after) == (expected, after)


@pytest.mark.parametrize(
    ("source", "token"),
    [
        ("%h%b", "%b"),
        ("%h %Z", "%Z"),
        ("%h %{x}y", "%{x}y"),
        ("%{%H:%M}t %h", "%{%H:%M}t"),
        ("%h %", "%"),
        ("%D %T", ""),
    ],
)
def test_apache_refusals(source: str, token: str) -> None:
    with pytest.raises(InputError) as refused:
        compile_apache_log_format(source)
    assert (refused.value.code, refused.value.facts) == ("bad_log_format", {"token": token})


@pytest.mark.parametrize(
    ("program", "can_shift"),
    [
        (NGINX["nginx.combined"], False),
        (APACHE["apache.vhost_combined"], False),
        (APACHE["apache.forwarded_combined"], True),
        (compile_apache_log_format('"%{X-Forwarded-For}i" %h %t'), False),
        (compile_log_format("$request_uri $remote_addr $status"), True),
        (compile_log_format("$status $request_uri"), False),
    ],
)
def test_formats_in_which_a_client_can_move_the_address_say_so(program: Program, can_shift: bool) -> None:
    assert program.address_can_shift is can_shift


@given(st.text(alphabet="$%{}abhrstuU \"'\\;#>!0_log", max_size=60))
def test_any_text_is_a_program_or_refused(source: str) -> None:
    for compiler in (compile_log_format, compile_apache_log_format):
        with contextlib.suppress(InputError):
            assert compiler(source).steps
