"""Sentences that mention code are silent; the same words with something that runs are not."""

import pytest

from core.field import Field
from detection.prose import commands_only_mentioned, is_more_than_prose, is_prose


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"<iframe> element explained", True),
        (b"the <script async> attribute", True),
        (b"phpinfo() missing", True),
        (b"how to use confirm(1)", True),
        (b"vue {{ price | round }} filter", True),
        (b"<script>alert(1)</script> tutorial", False),
        (b"the <script> alert(1)", False),
        (b"the <img src=x onerror=alert(1)> element", False),
        (b"confirm(1)", False),
        (b"my {{7*7}} answer", False),
        (b"what is {{config.items()}}", False),
        (b"what is ${jndi:ldap://198.51.100.3/a}", False),
        (b"'> the <script> tag", False),
        (b"read the file /etc/passwd", False),
        (b"the page http://198.51.100.3/x.txt", False),
        (b"all the names union select names", False),
        (b"admin or sleep(5)", False),
        (b"what is\x0d\x0aSet-Cookie", False),
        (b"system", False),
        (b"", False),
    ],
)
def test_is_prose(value: bytes, expected: bool) -> None:
    assert is_prose(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"what does ping -c mean", True),
        (b"is mkdir dist && npm install safe", True),
        (b"ansible-vault decrypt everything", False),
        (b"x && whoami", False),
        (b"what is this; id", False),
        (b"what is this && cat /etc/passwd", False),
    ],
)
def test_commands_only_mentioned(value: bytes, expected: bool) -> None:
    assert commands_only_mentioned(value) is expected


@pytest.mark.parametrize(
    ("record", "field", "expected"),
    [
        (b"q=<svg>+element+explained&page=2", Field.QUERY, False),
        (b"q=%3Csvg%3E%20element%20explained", Field.QUERY, False),
        (b"q=the+<svg>+element&r=<svg/onload=alert(1)>", Field.QUERY, True),
        (b"table=information_schema.tables", Field.QUERY, True),
        (b"2026 union all select concat", Field.QUERY, True),
        (b"/tag/<script>-basics", Field.PATH, False),
        (b"/tag/<script>alert(1)", Field.PATH, True),
        (b"https://www.example.org/search?q=<svg> element explained", Field.REFERRER, False),
        (b"the <script> element explained", Field.USER_AGENT, True),
        (b"order=<order><to>Ann</to><body>Hello</body></order>", Field.QUERY, False),
        (b"order=<order><to>Ann</to><script>x</script></order>", Field.QUERY, True),
        (b"page=<body><b>x</b></body>", Field.QUERY, True),
    ],
)
def test_is_more_than_prose(record: bytes, field: Field, expected: bool) -> None:
    assert is_more_than_prose(record, field) is expected
