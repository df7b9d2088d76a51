"""Tokens lead back exactly, nobody else's survive, and no text is too strange."""

import json
import threading

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from models.redact import Redactor, RedactSettings, redactor_for
from models.redact.kind import kinds
from models.redact.shape import sample
from models.redact.tokens import TOKEN

ALL = RedactSettings(ips=True, users=True, hosts=True, paths=True)
LINE = '203.0.113.7 - tanaka [10/Oct/2026:13:55:36 +0000] "GET /srv/app/secret.txt HTTP/1.1" 200 5 "-" "Mozilla/5.0"'


def redactor(key: bytes = b"key", settings: RedactSettings = ALL) -> Redactor:
    made = redactor_for(key, settings)
    made.learn(users=["tanaka", "CORP\\suzuki", "田中", "root"], hosts=["db01.corp.example"], paths=["/srv/app", "/"])
    return made


PIECES = st.sampled_from(
    [
        *(
            "203.0.113.7",
            "2001:db8::1",
            "::ffff:192.0.2.1",
            "tanaka",
            "CORP\\suzuki",
            "田中",
            "db01.corp.example",
            "/srv/app",
        ),
        *("%32%30%33.0.113.7", "%2Fsrv%2Fapp", "L3Nydi9hcHA=", "dGFuYWth", "2f7372762f617070"),
        *(
            "⟦",
            "⟧",
            "⟦IP-aaaaaaaaaaaa⟧",
            "⟦SECRET-jwt-64+-aaaaaa⟧",
            " ",
            "\n",
            "=",
            ":",
            "/",
            "%",
            "\\",
            "&",
            '"',
            "-",
            "+",
        ),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=12).map("".join)
HOSTILE = st.lists(
    PIECES
    | st.text(max_size=8)
    | st.sampled_from(
        ["password=", "token:", "Cookie: a=", "%70%61ss=", "\\u003d", "&#61;", "\ud800", "eyJ", "-----BEGIN "]
    )
    | st.sampled_from([sample(kind.fires[0], 1) for kind in kinds()]),
    max_size=8,
).map("".join)


@given(TEXTS)
def test_what_is_hidden_reversibly_comes_back_exactly(text: str) -> None:
    one = redactor()
    made = one.redact(text)
    assume("⟦SECRET" not in made)
    assert one.restore(made) == text


@given(HOSTILE)
def test_a_second_pass_changes_nothing(text: str) -> None:
    one = redactor()
    assert one.redact(one.redact(text)) == one.redact(text)


@given(st.lists(HOSTILE, max_size=4))
@example(["203.0.113.7", "Cookie: a=", "00"])
def test_a_second_pass_over_many_texts_changes_nothing(texts: list[str]) -> None:
    one = redactor()
    made = one.redact_all(texts)
    assert one.redact_all(made) == made


@given(HOSTILE)
def test_every_token_in_what_leaves_is_ours(text: str) -> None:
    one = redactor()
    assert all(one.known(token) for token in TOKEN.findall(one.redact(text)))


@given(st.text(st.characters()) | st.text("⟦⟧SECRETIP-abc234+%\\&;=:\"'/.0x"))
def test_no_text_is_too_strange(text: str) -> None:
    one = redactor()
    one.known(text)
    assert isinstance(one.restore(one.redact(text)), str)


def test_a_line_shows_what_happened_and_to_nobody() -> None:
    one = redactor()
    made = one.redact(LINE)
    assert made.endswith('/secret.txt HTTP/1.1" 200 5 "-" "Mozilla/5.0"')
    assert [token.partition("-")[0] for token in TOKEN.findall(made)] == ["⟦IP", "⟦USER", "⟦PATH"]
    assert one.restore(made) == LINE


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("203.0.113.7:443", "{}:443"),
        ("[2001:db8::1]:443", "[{}]:443"),
        ("from ::ffff:192.0.2.1 port 22", "from {} port 22"),
        ("fe80::1%eth0", "{}%eth0"),
        ("src=203.0.113.7,dst", "src={},dst"),
        ("203.0.113.7.example.org", "{}.example.org"),
        ("x_203.0.113.7_y", "x_{}_y"),
        ("2001:DB8:0:0:8:800:200C:417A.", "{}."),
        ("at 10:15:36 on 2026-10-01", "at 10:15:36 on 2026-10-01"),
        ("Chrome/120.0.0.0 Safari/537.36", "Chrome/120.0.0.0 Safari/537.36"),
        ("/host/120.0.0.1/", "/host/{}/"),
        ("std::vector, 1.2.3.4.5, 1.2.3, 256.1.1.1000", "std::vector, 1.2.3.4.5, 1.2.3, 256.1.1.1000"),
        ("user root at localhost in /", "user root at localhost in /"),
        ("tanaka tanakas TANAKA", "{} tanakas TANAKA"),
        ("DB01.CORP.EXAMPLE xdb01.corp.example", "{} xdb01.corp.example"),
        ("/srv/app/x /srv/apple", "{}/x /srv/apple"),
        ("q=%E7%94%B0%E4%B8%AD&x", "q={}&x"),
    ],
)
def test_names_and_addresses(text: str, left: str) -> None:
    one = redactor()
    assert TOKEN.sub("{}", one.redact(text)) == left
    assert one.restore(one.redact(text)) == text


def test_equal_values_have_equal_tokens_in_one_case_only() -> None:
    assert redactor().redact(LINE) == redactor().redact(LINE)
    assert redactor().redact(LINE) != redactor(b"another key").redact(LINE)


def test_two_values_never_share_a_token() -> None:
    one = redactor()
    made = one.redact("\n".join(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(20_000)))
    assert len(set(TOKEN.findall(made))) == 20_000


def test_a_token_of_another_case_or_of_nobody_is_unknown_and_stays_visible() -> None:
    foreign = TOKEN.findall(redactor(b"another key").redact("203.0.113.7 password=hunter2-9"))
    one = redactor()
    assert one.redact("203.0.113.7")
    for token in [*foreign, "⟦IP-aaaaaaaaaaaa⟧", "⟦SECRET-jwt-64+-aaaaaa⟧", "⟦⟧", ""]:
        assert not one.known(token)
        assert one.restore(f"said {token}") == f"said {token}"


def test_a_forged_token_in_a_log_becomes_plain_text() -> None:
    one = redactor()
    made = one.redact("GET /?x=⟦IP-aaaaaaaaaaaa⟧ ⟦SECRET-jwt-64+-aaaaaa⟧")
    assert "⟦IP" not in made
    assert "⟦SECRET" not in made
    assert one.restore(made) == "GET /?x=⟦IP-aaaaaaaaaaaa⟧ ⟦SECRET-jwt-64+-aaaaaa⟧"


def test_tokens_pass_json_unchanged() -> None:
    one = redactor()
    made = one.redact(LINE)
    assert json.loads(json.dumps({"text": made}))["text"] == made


def test_nothing_reversible_is_hidden_unless_asked_for() -> None:
    one = redactor(settings=RedactSettings())
    assert one.redact(LINE) == LINE


def test_mail_addresses_can_be_let_through() -> None:
    text = "mail taro@shop.example.jp password=hunter2-9"
    made = redactor(settings=RedactSettings(emails=False)).redact(text)
    assert made.startswith("mail taro@shop.example.jp password=⟦SECRET-password-8+-")


def test_a_learned_user_that_is_a_mail_address_leads_back() -> None:
    one = redactor()
    one.learn(users=["taro@shop.example.jp"])
    made = one.redact("login taro@shop.example.jp from x")
    assert made.startswith("login ⟦USER-")
    assert one.restore(made) == "login taro@shop.example.jp from x"


def test_names_that_each_begin_the_next_are_learned() -> None:
    one = redactor_for(b"key", ALL)
    one.learn(paths=["/" + "a/" * n for n in range(1, 400)])
    assert one.redact("GET /a/a/a/") != "GET /a/a/a/"


def test_a_key_must_be_given() -> None:
    with pytest.raises(ValueError, match="empty"):
        redactor_for(b"", ALL)


def test_threads_share_a_redactor() -> None:
    one = redactor()
    texts = [f"10.0.{n % 7}.{n}" for n in range(200)]
    made: list[list[str]] = [[] for _ in range(4)]
    threads = [threading.Thread(target=lambda into=into: into.extend(map(one.redact, texts))) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(each == made[0] for each in made)
    assert [one.restore(each) for each in made[0]] == texts
