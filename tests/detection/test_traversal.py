"""Values in, whether they climb out of their directory or name a file of the system out."""

import pytest

from core.field import Field
from detection.system_file import names_system_file
from detection.traversal import climbs, fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("..%2f..%5cx", "../../x"),
        ("%252e%252e%252fx", "../x"),
        ("%%32%65%%32%65%%32%66x", "../x"),
        ("%c0%ae%c0%ae%c0%afx", "../x"),
        ("%e0%80%ae%e0%80%ae%e0%80%afx", "../x"),
        ("%f8%80%80%80%ae%f8%80%80%80%ae/x", "../x"),
        ("%uff0e%uff0e%u2215x", "../x"),
        ("0x2e0x2e0x5cx", "../x"),
        ("..%01/%00x", "../x"),
        ("%c0.%c0.%c0%9vx", "../x"),
        ("..%bg%qfx", "../x"),
        ("..2fx", "../x"),
        ("plain/text.html", "plain/text.html"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    "query",
    [
        b"f=../../x", b"f=..\\..\\x", b"f=....//....//x", b"f=..;/..;/x", b"f=/../x", b"f=a/../../x",
        b"f=..%252f..%252fx",
        b"f=.../.../x", b"f=/././././x", b"f=??/??/etc/hosts", b"f=..%c0%9v..%c0%9vx", b"f=../a/secret", b"f=%2e%2e/x",
        b"f=x&g=../../y", b"f=..%00/..%00/x", b"f=\xe2\x80\xa6../\xe2\x80\xa6../",
        b"f=..\xef\xbc\x8f..\xef\xbc\x8fx", b"f=/..........{file}", b"f=......etcpasswd", b"f=/" + b"a" * 120,
    ],
)  # fmt: skip
def test_climbs(query: bytes) -> None:
    assert climbs(query, Field.QUERY)


@pytest.mark.parametrize(
    "query",
    [
        b"q=wait... what/why", b"q=and so on../maybe", b"f=report..final.pdf", b"v=1..2/x", b"q=see ../readme for more",
        b"next=https://shop.example/a/..", b"p=a/.../b", b"q=./run", b"goto=../cart",
        b"q=../modules not found", b"doc=guides/../guides/start", b"q=...hello", b"f=/abcdef" + b"gh" * 60,
        b"p=./a/b", b"x=%C0%E0%C1/x", b"q=c:/temp..",
    ],
)  # fmt: skip
def test_does_not_climb(query: bytes) -> None:
    assert not climbs(query, Field.QUERY)


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        (b"/static/../../x", Field.PATH, True),
        (b"/a/..;/manager", Field.PATH, True),
        (b"/a..b/c", Field.PATH, False),
        (b"https://example.org/../x", Field.REFERRER, False),
        (b"https://example.org/?f=../../../x", Field.REFERRER, True),
    ],
)
def test_climbs_elsewhere(text: bytes, field: Field, *, expected: bool) -> None:
    assert climbs(text, field) is expected


@pytest.mark.parametrize(
    "query",
    [
        b"f=/etc/passwd", b"f=/etc/passwd\x00", b"f=file:///etc/hosts", b"f=C:\\Windows\\win.ini", b"f=c:/boot.ini",
        b"f=/proc/self/environ", b"f=/var/log/nginx/access.log", b"f=/home/app/.ssh/id_rsa", b"file=config.php",
        b"page=wp-config.php", b"f=php://filter/convert.base64-encode/resource=x",
        b"f=L2V0Yy9wYXNzd2Q=", b"f=\\xampp\\logs\\a.log",
        b"f=x/../../etc/shadow", b"f=/opt/lampp/etc/httpd.conf", b"f=\\Program Files\\Apache\\logs\\error.log",
        b"file=.htpasswd", b"f=/apache/logs/error.log", b"f=zip://a.zip%23x",
    ],
)  # fmt: skip
def test_names_system_file(query: bytes) -> None:
    assert names_system_file(query, Field.QUERY)


@pytest.mark.parametrize(
    "query",
    [
        b"q=what is /etc/passwd for", b"q=config.php", b"path=/photos/2024", b"f=C:\\fakepath\\photo.jpg",
        b"next=/home/orders",
        b"next=/user/settings", b"f=report.txt", b"q=the etc folder", b"dir=/var/ideas", b"f=access log", b"t=12:30",
        b"file=C:\\Users\\me\\Pictures\\cat.png", b"q=/dev/stories", b"path=/root/child", b"x=L2V",
        b"u=https://example.org/etc/",
        b"cmd=cat /etc/passwd", b"q=/var/log/syslog", b"path=/var/www",
    ],
)  # fmt: skip
def test_names_no_system_file(query: bytes) -> None:
    assert not names_system_file(query, Field.QUERY)
