"""Users' rule files: what is refused says where and what would be right; what is accepted works beside our own."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import ContentError
from detection.ruleset import BUILT_IN_FOLDERS, load_rules
from detection.scanner import Scanner
from tests.detection.reading import fired

RULE = """
id = "{id}"
type = "xss"
level = "low"
fields = ["url.query", "url.path"]
match = ['''{match}''']
attack = ["T1190"]
known_gaps = "none"
{more}
[title]
en = "x"
ja = "試験"
"""


def rule(id_: str = "own", match: str = "needle", more: str = "") -> str:
    return RULE.format(id=id_, match=match, more=more)


BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    (rule(match="("), "rule_bad_pattern", {"key": "match", "pattern": "("}),
    (rule(more="unless = ['(']"), "rule_bad_pattern", {"key": "unless", "pattern": "("}),
    (rule(match="a\\nb"), "rule_bad_pattern", {"key": "match"}),
    (rule(more="surprise = 1"), "rule_unknown_key", {"key": "surprise"}),
    (rule().replace("known_gaps", "gaps"), "rule_key_missing", {"key": "known_gaps"}),
    (rule().replace('"xss"', '"unheard_of"'), "rule_bad_value", {"key": "type"}),
    (rule().replace("T1190", "1190"), "rule_bad_value", {"key": "attack.0"}),
    (rule("A b"), "rule_bad_value", {"key": "id"}),
    (rule(more='confirm = "magic"'), "rule_not_one_of", {"key": "confirm", "value": "magic"}),
    (rule().replace("url.path", "uri"), "rule_not_one_of", {"key": "fields", "value": "uri"}),
    (rule(more="[[also]]\nfields = ['x']\nmatch = ['a']"), "rule_not_one_of", {"key": "also.0.fields"}),
    (rule(more="[[also]]\nfields = ['url.path']\nmatch = ['(']"), "rule_bad_pattern", {"key": "also.0.match"}),
    (rule("bf-ssh"), "duplicate_rule", {"rule": "bf-ssh", "other": "-"}),
    ("id = ", "rule_not_toml", {}),
    ("[[client]]\nname = 'a'\nsource = 'b'", "client_without_sign", {"client": "a"}),
    ("[[client]]\nname = 'a'\nsource = 'b'\nnetworks = ['10.0.0.1/8']", "rule_bad_value", {"key": "client.0.networks"}),
    ("licence = 'a'\nsource = 'b'\ndate = 2026-01-01\nranges = []", "rule_bad_value", {"key": "ranges"}),
]


@pytest.mark.parametrize(("text", "code", "facts"), BROKEN)
def test_a_broken_file_is_named_with_the_key(tmp_path: Path, text: str, code: str, facts: dict[str, Any]) -> None:
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(ContentError) as caught:
        load_rules(*BUILT_IN_FOLDERS, tmp_path)
    assert caught.value.code == code
    assert facts.items() <= caught.value.facts.items()
    assert str(tmp_path / "a.toml") == caught.value.facts["file"]


def test_own_rules_stand_beside_the_built_in_ones(tmp_path: Path) -> None:
    before = load_rules()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.toml").write_text(rule())
    after = load_rules(*BUILT_IN_FOLDERS, tmp_path)
    assert len(after.rules) == len(before.rules) + 1
    assert [one.id for one in after.rules if one.origin] == ["own"]
    assert after.version != before.version
    (tmp_path / "deep" / "er" / "a.toml").write_text(rule(match="other"))
    assert load_rules(*BUILT_IN_FOLDERS, tmp_path).version not in {before.version, after.version}


ALSO = """
[[also]]
fields = ["user_agent.original", "http.request.referrer"]
match = ["curl/", "wget/"]
[[also]]
fields = ["http.request.method"]
match = ["^POST$"]
absent = true
"""
LINE = '203.0.113.7 - - [10/Nov/2026:03:04:05 +0000] "{} HTTP/1.1" 200 5 "{}" "{}"'


@pytest.mark.parametrize(
    ("request_", "referrer", "agent", "fires"),
    [
        ("GET /?q=needle", "-", "curl/8", True),
        ("GET /?q=n%65edle", "-", "Wget/1", True),
        ("GET /needle", "http://x/?curl/8", "Mozilla/5.0", True),
        ("GET /?q=needle", "-", "Mozilla/5.0", False),
        ("POST /?q=needle", "-", "curl/8", False),
        ("GET /?q=hay", "-", "curl/8", False),
    ],
)
def test_also_asks_the_whole_line(tmp_path: Path, request_: str, referrer: str, agent: str, fires: bool) -> None:
    (tmp_path / "a.toml").write_text(rule(more=ALSO))
    scanner = Scanner(load_rules(tmp_path))
    assert (fired(LINE.format(request_, referrer, agent), scanner) == {"own"}) is fires


def test_a_rule_with_a_condition_hides_no_other_rule(tmp_path: Path) -> None:
    """The supporting rule's hit stays: that the other one's condition fails is known only when both are found."""
    (tmp_path / "a.toml").write_text(rule(more=ALSO))
    (tmp_path / "b.toml").write_text(rule("means", more="supporting = true"))
    scanner = Scanner(load_rules(tmp_path))
    assert fired(LINE.format("GET /?q=needle", "-", "Mozilla/5.0"), scanner) == {"means"}


RANGES = """
source = "https://example.org/ranges"
date = 2026-06-01
licence = "CC0-1.0"
[[ranges]]
name = "Nicebot"
networks = ["198.51.100.0/24", "2001:db8::/32"]
"""
CLIENT = "[[client]]\nname = 'Nicebot'\nagent = 'nicebot/[^x]'\nsource = 'test'"
AS_NICEBOT = '{} - - [{}:03:04:05 +0000] "GET / HTTP/1.1" 200 5 "-" "Nicebot/1.0"'


@pytest.mark.parametrize(
    ("ip", "day", "impostor"),
    [
        ("198.51.100.9", "10/Nov/2026", False),
        ("2001:db8::9", "10/Nov/2026", False),
        ("203.0.113.7", "10/Nov/2026", True),
        ("2001:dead::1", "10/Nov/2026", True),
        ("203.0.113.7", "10/Nov/2028", False),  # the ranges are too old for this line
        ("203.0.113.7", "10/Nov/2020", False),
        ("10.0.0.4", "10/Nov/2026", False),  # a proxy in front
        ("crawl.example.org", "10/Nov/2026", False),  # a logged name proves nothing either way
    ],
)
def test_an_impostor_comes_from_outside_the_published_ranges(tmp_path: Path, ip: str, day: str, impostor: bool) -> None:
    (tmp_path / "clients.toml").write_text(CLIENT)
    (tmp_path / "ranges.toml").write_text(RANGES)
    scanner = Scanner(load_rules(tmp_path))
    assert (fired(AS_NICEBOT.format(ip, day), scanner) == {"bot-not-nicebot"}) is impostor
