"""The built-in embedder: the same bits everywhere, unit length for any text, questions land near what they mean."""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stores.embedding import BuiltIn, Embedder
from stores.embedding.built_in import DIMENSIONS
from stores.embedding.concepts import built_in_concepts
from tests.effort import examples

EMBEDDER = BuiltIn()
GOLDEN_TEXTS = (
    "",
    "GET /products?id=1' UNION SELECT password FROM users-- 200 sqlmap/1.7",
    "SQLインジェクションはありましたか?",
    "someone guessing passwords",
    "ＳＱＬ　ｲﾝｼﾞｪｸｼｮﾝ café naïve Ünïcödé",
    "Failed password for invalid user admin from 203.0.113.7 port 4711 ssh2 x300",
)
GOLDEN = "3e9141263c4bdca12d4a54416c98fae163675495ea9cd19a96b2b3bcc299fc90"
"""SHA-256 of the golden texts' vectors; another one means another embedder: raise VERSION, every index is made anew."""


def digest(embedder: Embedder) -> str:
    """Of name and vectors, byte by byte."""
    return hashlib.sha256(embedder.name.encode() + embedder.embed(GOLDEN_TEXTS).astype("<f4").tobytes()).hexdigest()


def test_the_golden_vectors() -> None:
    assert digest(BuiltIn()) == GOLDEN


@pytest.mark.parametrize(
    "surroundings", [{"PYTHONHASHSEED": "1", "OPENBLAS_NUM_THREADS": "1"}, {"PYTHONHASHSEED": "2"}]
)
def test_another_process_gives_the_same_bits(surroundings: dict[str, str]) -> None:
    script = "from tests.stores.embedding.test_built_in import *; print(digest(BuiltIn()))"
    command = [sys.executable, "-c", script]
    root = Path(__file__).parents[3]
    run = subprocess.run(command, capture_output=True, text=True, cwd=root, env=os.environ | surroundings, check=True)
    assert run.stdout.strip() == GOLDEN


def test_what_is_asked_beside_it_changes_nothing() -> None:
    texts = [f"GET /page{place}/{place * 7919} 200 word{place % 13}" for place in range(700)] + list(GOLDEN_TEXTS)
    together = BuiltIn().embed(texts)
    mixed = list(range(len(texts)))
    random.Random(3).shuffle(mixed)
    shuffled = BuiltIn().embed([texts[place] for place in mixed])
    alone = BuiltIn()
    assert np.array_equal(shuffled, together[mixed])
    assert all(np.array_equal(alone.embed([texts[place]])[0], together[place]) for place in range(0, len(texts), 41))


def test_forgetting_words_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"word{place} path{place // 3}" for place in range(900)]
    expected = BuiltIn().embed(texts)
    monkeypatch.setattr("stores.embedding.built_in._MOST_REMEMBERED", 10)
    assert np.array_equal(BuiltIn().embed(texts), expected)


@given(st.lists(st.text(st.characters(codec=None), max_size=60), max_size=5))
@settings(max_examples=examples(200))
def test_any_texts_have_unit_length(texts: list[str]) -> None:
    rows = EMBEDDER.embed(texts)
    assert rows.shape == (len(texts), DIMENSIONS)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


ODD = {
    "empty": "",
    "blanks": " \t\n\u3000",
    "lone surrogates": "\ud800 \udfff /a\udcff",
    "nul": "\x00",
    "one megabyte": "GET /index.html " * 65_536,
    "one word of a megabyte": "a" * 1_048_576,
    "one Japanese word of a megabyte": "攻" * 350_000,
    "blanks between": "a" + " " * 1_000_000 + "攻撃",
    "percent signs": "%2e" * 300_000,
    "numbers": "1234567890 " * 1_000,
    "combining marks": "e\u0301" * 10_000,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_texts_have_unit_length(text: str) -> None:
    rows = EMBEDDER.embed([text, text])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert np.array_equal(rows[0], rows[1])


def test_texts_that_say_nothing_are_like_each_other_only() -> None:
    rows = EMBEDDER.embed(["", "what is the", "1234567", "SQL injection", "login"])
    assert np.allclose(rows[:3] @ rows[:3].T, 1)
    assert np.allclose(rows[:3] @ rows[3:].T, 0)


SAME = [
    ("SQLインジェクション", "ＳＱＬ　インジェクション"),
    ("ログイン", "ﾛｸﾞｲﾝ"),
    ("SQL INJECTION", "sql injection"),
    ("クロスサイト・スクリプティング", "クロスサイトスクリプティング"),
    ("the scan of a server", "scan server"),
    ("/a%20b", "/a b"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_other_spellings_are_the_same_text(one: str, other: str) -> None:
    rows = EMBEDDER.embed([one, other])
    assert np.array_equal(rows[0], rows[1])


CHUNKS = {
    "sql_injection": "GET /p?id=<n>' UNION SELECT <s> 200 ×12; sqlmap · SQL injection, SQLi SQLインジェクション",
    "xss": "GET /search?q=<script>alert(<n>)</script> 200 ×3 · cross-site scripting, XSS クロスサイトスクリプティング",
    "path_traversal": "GET /d?f=../../etc/passwd 404 ×9 · path traversal パストラバーサル not found 見つからない",
    "brute_force": "Failed password for root from <ip> ×300 · brute force, password guessing 総当たり攻撃",
    "login_after_failures": "Accepted password for root · login after failures, account takeover 乗っ取り",
    "vulnerability_scan": "GET /admin.php 404; Nikto ×80 · vulnerability scan, scanner 脆弱性スキャン",
    "dos": "GET / 503 ×50000 · denial of service, DoS, flood サービス妨害 DoS攻撃 server error サーバーエラー",
    "webshell_access": "POST /uploads/x.php 200 ×4 · web shell access, backdoor Webシェル バックドア form sent 送信",
    "code_injection": "GET /?x=${jndi:ldap://h/a} 200 · code injection, Log4Shell コードインジェクション",
    "command_injection": "GET /ping?host=;cat+/tmp/x 200 · command injection コマンドインジェクション",
    "ssrf": "GET /fetch?url=http://169.254.169.254/latest/meta-data/ · server-side request forgery, SSRF",
    "sensitive_file_probe": "GET /.env 404; GET /backup.zip 404 · sensitive file probe, secrets 機密ファイルの探索",
    "malicious_upload": "PUT /shell.jsp 201 · malicious upload 悪意のあるアップロード file put 書き込み",
    "log_injection": "GET /%0a127.0.0.1 - - 200 · log forging, log injection ログの偽造",
    "visits": "GET /index.html 200 ×20; GET /style.css 200; Mozilla/5.0 Chrome · answered 正常応答",
    "login": "POST /login 302 ×2; GET /account 200 · form sent 送信 redirect 転送",
    "missing": "GET /favicon.ico 404 ×4 · not found 見つからない",
}
QUESTIONS = [
    ("SQLインジェクション", "sql_injection"),
    ("was there an SQL injection?", "sql_injection"),
    ("did someone try to steal the database?", "sql_injection"),
    ("データベースを盗もうとした人はいますか", "sql_injection"),
    ("xss", "xss"),
    ("スクリプトを埋め込もうとしたリクエスト", "xss"),
    ("attempts to read system files", "path_traversal"),
    ("ディレクトリトラバーサルの痕跡", "path_traversal"),
    ("someone guessing passwords", "brute_force"),
    ("passwords were guessed", "brute_force"),
    ("パスワードの総当たり", "brute_force"),
    ("ブルートフォースはあった?", "brute_force"),
    ("which account was taken over? account takeover", "login_after_failures"),
    ("乗っ取られたアカウントは?", "login_after_failures"),
    ("who was scanning us for vulnerabilities", "vulnerability_scan"),
    ("脆弱性を探していたのは誰", "vulnerability_scan"),
    ("サーバーを落とそうとした", "dos"),
    ("was the server flooded?", "dos"),
    ("is there a backdoor?", "webshell_access"),
    ("裏口が仕掛けられていないか", "webshell_access"),
    ("log4shellは来た?", "code_injection"),
    ("remote code execution attempts", "code_injection"),
    ("OSコマンドを実行された?", "command_injection"),
    ("shell commands in requests", "command_injection"),
    ("cloud metadata service", "ssrf"),
    ("内部ネットワークへのリクエスト", "ssrf"),
    ("secrets and backup files", "sensitive_file_probe"),
    ("機密ファイルを探された", "sensitive_file_probe"),
    ("uploaded malware", "malicious_upload"),
    ("不正なファイルのアップロード", "malicious_upload"),
    ("ログの改ざん", "log_injection"),
    ("forged log lines", "log_injection"),
    ("正常なアクセス 画像やトップページ", "visits"),
    ("missing pages not found", "missing"),
]


@pytest.mark.parametrize(("question", "meant"), QUESTIONS)
def test_a_question_lands_on_what_it_means(question: str, meant: str) -> None:
    scores = EMBEDDER.embed(list(CHUNKS.values())) @ EMBEDDER.embed([question])[0]
    assert list(CHUNKS)[int(scores.argmax())] == meant


def test_the_name_tells_which_concepts() -> None:
    assert built_in_concepts().digest in EMBEDDER.name
    assert isinstance(EMBEDDER, Embedder)
