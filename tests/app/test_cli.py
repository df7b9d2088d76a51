"""The command line end to end: real files in, words and exit codes out; bad input loses nothing."""

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.sample import FILES
from core.event import ParseStatus

ATTACK = (
    b'203.0.113.7 - - [10/Nov/2026:03:04:05 +0000] "GET /i?id=1%27%20UNION%20SELECT%20a,b%20FROM%20users-- HTTP/1.1" '
    b'200 512 "-" "\x1b[2J![x](http://203.0.113.99/p.png) \xe2\x80\xaegnp"\n'
)
QUIET = b'192.0.2.1 - - [10/Nov/2026:03:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n'
LANGUAGES = ("en", "ja")
WHOLE = pytest.mark.slow
IN_BOTH = ("en", pytest.param("ja", marks=WHOLE))
"""Every day in one language: the way is the same, and that the words are there in both is told by `test_locales`."""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run one command; what is read is made findable by meaning only where that is asked for."""

    def invoke(*args: object, lang: str = "en", stdin: bytes | None = None, index: bool = False) -> Result:
        command = [str(arg) for arg in args]
        where = [] if command[0] == "eval" else ["--data-dir", str(tmp_path / "d")]
        unindexed = ["--no-index"] if command[0] == "ingest" and not index else []
        return CliRunner().invoke(app, [*command, *where, *unindexed, "--lang", lang], input=stdin)

    return invoke


def log(tmp_path: Path, name: str = "access.log", content: bytes = QUIET * 3 + ATTACK) -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def found(facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {finding["type"]: finding for finding in facts["findings"]}


def test_a_log_becomes_a_report_with_line_numbers(run: Run, tmp_path: Path) -> None:
    assert run("ingest", log(tmp_path), index=True).exit_code == 0
    result = run("report", "--json", "--lines")
    facts = json.loads(result.stdout)
    finding = found(facts)["sql_injection"]
    assert (finding["count"], finding["lines"]) == (1, {"access.log": [4]})
    assert finding["source_ips"] == [{"ip": "203.0.113.7", "count": 1}]
    assert all(rule["attack"] for rule in finding["rules"])
    assert finding["first_seen"] == finding["last_seen"] == "2026-11-10T03:04:05Z"
    assert facts["totals"] == {"types": len(facts["findings"]), "lines": 1, "source_ips": 1}
    assert {claim["status"] for claim in facts["claims"]} == {"verified"}
    assert facts["coverage"]["lines"] == 4


def test_a_report_of_paths_leaves_no_case_behind(run: Run, tmp_path: Path) -> None:
    facts = json.loads(run("report", log(tmp_path), "--json").stdout)
    assert facts["conclusion"] == "attacks_found"
    assert json.loads(run("cases", "list", "--json").stdout) == {"cases": []}


def test_equal_base_names_stay_apart(run: Run, tmp_path: Path) -> None:
    paths = [log(tmp_path, f"{name}/access.log", ATTACK + name.encode() + b"\n") for name in ("a", "b")]
    facts = json.loads(run("report", *paths, "--json", "--lines").stdout)
    assert found(facts)["sql_injection"]["lines"] == {"a/access.log": [1], "b/access.log": [1]}


@pytest.mark.parametrize("kind", ["terminal", "--markdown", "--html", "--json"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_active_character_reaches_the_terminal(run: Run, tmp_path: Path, kind: str, lang: str) -> None:
    options = [] if kind == "terminal" else [kind]
    out = run("report", log(tmp_path), *options, lang=lang).stdout
    assert "UNION" in out
    assert not set(out) & set("\x1b\x07\x9b\u202e\u200b")


def test_lines_are_shown_inert_and_in_order(run: Run, tmp_path: Path) -> None:
    run("ingest", log(tmp_path))
    out = run("lines", "--ip", "203.0.113.0/24").stdout
    assert out.startswith("access.log:4: 203.0.113.7 ")
    assert "\\x1b[2J![x](http://203.0.113.99/p.png) \\u{202e}gnp" in out
    facts = json.loads(run("lines", "--type", "sql_injection", "--json").stdout)
    assert (facts["count"], [line["line"] for line in facts["lines"]]) == (1, [4])
    assert json.loads(run("lines", "--since", "2026-11-10T03:04", "--json").stdout)["count"] == 1
    assert json.loads(run("lines", "--until", "2026-11-10T12:04+09:00", "--json").stdout)["count"] == 3
    assert run("lines", "--since", "yesterday").exit_code == 1


def test_the_accounting_adds_up(run: Run, tmp_path: Path) -> None:
    run("ingest", log(tmp_path, content=QUIET + b"\nwhat is this\n" + ATTACK + b"no end"))
    (source,) = json.loads(run("lines", "--accounting", "--json").stdout)["sources"]
    account = source["accounting"]
    assert account["lines"] == sum(account[status.name.lower()] for status in ParseStatus) == 5
    assert "access.log" in run("lines", "--accounting", lang="ja").stdout


def test_the_same_log_twice_adds_nothing(run: Run, tmp_path: Path) -> None:
    path = log(tmp_path)
    run("ingest", path)
    (again,) = json.loads(run("ingest", path, "--json").stdout)["inputs"]
    assert (again["status"], again["new_lines"]) == ("duplicate", 0)
    path.write_bytes(path.read_bytes() + QUIET)
    (grown,) = json.loads(run("ingest", path, "--json").stdout)["inputs"]
    assert (grown["status"], grown["new_lines"]) == ("grown", 1)


def test_standard_input_is_read(run: Run) -> None:
    facts = json.loads(run("report", "-", "--json", stdin=QUIET + ATTACK).stdout)
    assert facts["coverage"]["lines"] == 2


def test_a_report_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    run("ingest", log(tmp_path))
    assert run("report", "--html", "--out", tmp_path / "r.html").exit_code == 0
    assert (tmp_path / "r.html").read_text("utf-8").startswith("<!doctype html>")
    refused = run("report", "--html", "--out", tmp_path / "no" / "r.html")
    assert refused.exit_code == 1
    assert "r.html" in refused.stderr


def test_nothing_found_is_said_plainly(run: Run, tmp_path: Path) -> None:
    assert (
        "No attack was found. All 3 lines that could be understood"
        in run("report", log(tmp_path, content=QUIET * 3)).stdout
    )
    assert "no log line to judge" in run("report", log(tmp_path, "empty.log", b"")).stdout


# -- bad input: (what makes it, exit code, part of the message in English, in Japanese)


def folder_without_logs(tmp_path: Path) -> Path:
    log(tmp_path, "site/index.html", b"<html></html>")
    return tmp_path / "site"


def truncated(tmp_path: Path) -> Path:
    """Long enough that something comes out before the cut."""
    lines = b"".join(QUIET.replace(b"/ HTTP", b"/%d HTTP" % number) for number in range(20_000))
    return log(tmp_path, "access.log.gz", gzip.compress(lines)[:-20])


def crowded(tmp_path: Path) -> Path:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_000):
            archive.writestr(f"{number}.log", b"x\n")
    return path


BAD: tuple[tuple[str, Callable[[Path], Path], list[str], int, str, str], ...] = (
    ("empty file", lambda path: log(path, content=b""), [], 0, "Empty", "空のファイル"),
    ("folder without logs", folder_without_logs, [], 1, "No log was found in the folder", "ログが見つかりません"),
    ("binary", lambda path: log(path, "x.bin", os.urandom(64) + b"\0" * 900), [], 0, "binary data", "バイナリデータ"),
    ("truncated .gz", truncated, [], 0, "ends too early", "途中で切れています"),
    ("zip with 10,000 members", crowded, [], 1, "10000 files", "10000 個のファイル"),
    ("unknown format", log, ["--format", "no.such"], 1, "no format called", "形式はありません"),
    ("broken format", log, ["--format", "$remote_addr$request"], 1, "cannot be read from", "以降を読めません"),
    ("unknown zone", log, ["--timezone", "Mars/Base"], 1, "not a time zone", "タイムゾーンではありません"),
    ("missing file", lambda path: path / "gone.log", [], 1, "does not exist", "存在しません"),
)


@pytest.mark.parametrize("lang", IN_BOTH)
@pytest.mark.parametrize(("name", "make", "options", "code", "english", "japanese"), BAD, ids=[row[0] for row in BAD])
def test_bad_input_is_named_and_nothing_is_lost(
    run: Run,
    tmp_path: Path,
    lang: str,
    name: str,
    make: Callable[[Path], Path],
    options: list[str],
    code: int,
    english: str,
    japanese: str,
) -> None:
    run("ingest", log(tmp_path, "before.log"))
    result = run("ingest", make(tmp_path), *options, lang=lang, index=lang == "en")
    said = result.stdout + result.stderr
    assert (english if lang == "en" else japanese) in said
    assert "Traceback" not in said
    assert result.exit_code == code
    assert found(json.loads(run("report", "--json").stdout))["sql_injection"]["count"] == 1


@pytest.mark.parametrize("lang", IN_BOTH)
@pytest.mark.parametrize("command", ["report --case nope", "lines --accounting --case nope", "cases delete nope"])
def test_an_unknown_case_is_named_with_the_known_ones(run: Run, tmp_path: Path, command: str, lang: str) -> None:
    run("ingest", log(tmp_path), "--case", "known")
    result = run(*command.split(), lang=lang)
    assert result.exit_code == 3
    assert "nope" in result.stderr
    assert "known" in result.stderr
    asked = run(*command.split(), "--json", lang=lang)
    assert json.loads(asked.stdout)["error"]["code"] == "unknown_case"


def test_a_bad_case_name_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("ingest", log(tmp_path), "--case", "../escape")
    assert (result.exit_code, "../escape" in result.stderr) == (1, True)


def test_a_case_is_deleted_without_trace(run: Run, tmp_path: Path) -> None:
    run("ingest", log(tmp_path), "--case", "gone", index=True)
    assert run("cases", "delete", "gone").exit_code == 0
    assert list((tmp_path / "d").iterdir()) == []


def command(*args: object) -> list[str]:
    return [sys.executable, "-c", "from app.cli import main; main()", *map(str, args)]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "The disk is full"), pytest.param("ja", "ディスクがいっぱい", marks=WHOLE)]
)
def test_a_full_disk_keeps_what_was_stored(run: Run, tmp_path: Path, lang: str, words: str) -> None:
    run("ingest", log(tmp_path))

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    noise = b"".join(QUIET.replace(b"/ HTTP", b"/%s HTTP" % os.urandom(40).hex().encode()) for _ in range(20_000))
    asked = command("ingest", log(tmp_path, "big.log", noise), "--data-dir", tmp_path / "d", "--lang", lang)
    failed = subprocess.run(asked, preexec_fn=small_files, capture_output=True, text=True, check=False)
    assert words in failed.stderr
    assert failed.returncode == 1
    facts = json.loads(run("report", "--json").stdout)
    assert [source["file"] for source in facts["coverage"]["sources"]] == ["access.log"]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "may not be read"), pytest.param("ja", "権限がありません", marks=WHOLE)]
)
def test_an_unreadable_file_is_named(tmp_path: Path, lang: str, words: str) -> None:
    """As a user who is not root, for whom file modes count."""
    path = log(tmp_path, "secret.log")
    path.chmod(0)
    asked = command("ingest", path, "--data-dir", tmp_path / "d", "--lang", lang)
    if os.geteuid() == 0:
        asked = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *asked]
    result = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert words in result.stderr
    assert "secret.log" in result.stderr
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("host", "options", "refused"),
    [("0.0.0.0", [], True), ("192.0.2.1", [], True), ("::", [], True), ("example.org", [], True)],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_serving_beyond_loopback_needs_authentication(
    run: Run, lang: str, host: str, options: list[str], refused: bool
) -> None:
    result = run("serve", "--host", host, *options, lang=lang)
    assert (result.exit_code == 1) is refused
    assert host in result.stderr


OWN_RULE = """
id = "own-needle"
type = "xss"
level = "low"
fields = ["url.query"]
match = ["needle"]
attack = ["T1059.007"]
known_gaps = "only a test"
fires = ['''{fires}''']
[title]
en = "Own"
ja = "自作"
"""
NEEDLE = '203.0.113.7 - - [10/Nov/2026:03:04:05 +0000] "GET /?q=needle HTTP/1.1" 200 512 "-" "Mozilla/5.0"'
SIGMA = """
title: Own Sigma
tags: [attack.t1059.007]
logsource: {category: webserver}
detection: {s: {cs-uri-query|contains: needle}, condition: s}
"""


def rules_dir(tmp_path: Path, fires: str = NEEDLE) -> Path:
    folder = tmp_path / "d" / "rules"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.toml").write_text(OWN_RULE.format(fires=fires), "utf-8")
    return folder


def test_rules_are_listed_and_proven(run: Run) -> None:
    listed = json.loads(run("rules", "list", "--json").stdout)["rules"]
    assert {"sql_injection", "brute_force"} <= {rule["type"] for rule in listed}
    assert all(rule["attack"] for rule in listed)
    facts = json.loads(run("rules", "test", "--json").stdout)
    assert facts["wrong"] == facts["refused"] == []
    assert {rule["rule"] for rule in facts["rules"]} <= {rule["id"] for rule in listed}


def test_own_rules_are_listed_tested_and_reported(run: Run, tmp_path: Path) -> None:
    """From the data folder, where rules are looked for unless something else is said."""
    rules_dir(tmp_path).joinpath("s.yml").write_text(SIGMA)
    listed = {rule["id"]: rule for rule in json.loads(run("rules", "list", "--json").stdout)["rules"]}
    assert listed["own-needle"]["origin"].endswith("own.toml")
    assert "own.toml" in run("rules", "list").stdout
    assert run("rules", "test").exit_code == 0
    facts = json.loads(run("report", log(tmp_path, content=NEEDLE.encode() + b"\n"), "--json").stdout)
    [finding] = facts["findings"]
    assert {item["rule"] for item in finding["rules"]} == {"own-needle", "sigma-s"}
    assert {claim["status"] for claim in facts["claims"]} == {"verified"}


def test_lines_read_with_other_rules_are_said_and_true(run: Run, tmp_path: Path) -> None:
    """A rule that is gone shows nothing any more, refuted or not; one that came later is named as a blind spot."""
    rules_dir(tmp_path)
    run("ingest", log(tmp_path, content=NEEDLE.encode() + b"\n" + ATTACK))
    assert "other_rules" not in json.loads(run("report", "--json").stdout)["coverage"]["blind_spots"]
    (tmp_path / "d" / "rules" / "own.toml").unlink()
    facts = json.loads(run("report", "--json").stdout)
    assert "sql_injection" in found(facts)
    assert "own-needle" not in {item["rule"] for finding in facts["findings"] for item in finding["rules"]}
    assert {claim["status"] for claim in facts["claims"]} == {"verified"}
    assert "other_rules" in facts["coverage"]["blind_spots"]


def test_a_named_folder_of_rules_comes_first(run: Run, tmp_path: Path) -> None:
    rules_dir(tmp_path)
    (tmp_path / "other").mkdir()
    listed = json.loads(run("rules", "list", "--json", "--rules", tmp_path / "other").stdout)["rules"]
    assert "own-needle" not in {rule["id"] for rule in listed}
    assert run("rules", "list", "--rules", tmp_path / "gone").exit_code == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sample_that_does_not_behave_is_named(run: Run, tmp_path: Path, lang: str) -> None:
    rules_dir(tmp_path, fires=QUIET.decode().strip())
    result = run("rules", "test", lang=lang)
    assert result.exit_code == 1
    assert "own-needle: " in result.stdout


@pytest.mark.parametrize(("lang", "words"), [("en", "Add it"), ("ja", "追加してください")])
def test_a_broken_rule_is_named_with_key_and_remedy(run: Run, tmp_path: Path, lang: str, words: str) -> None:
    path = rules_dir(tmp_path) / "own.toml"
    path.write_text(path.read_text("utf-8").replace("known_gaps", "#"), "utf-8")
    for command in (("rules", "list"), ("report", log(tmp_path)), ("serve",)):
        result = run(*command, lang=lang)
        assert result.exit_code == 1
        assert {"own.toml", "known_gaps", words} <= {
            part for part in ("own.toml", "known_gaps", words) if part in result.stderr
        }


def test_files_can_be_tried_before_they_are_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "good.yml").write_text(SIGMA)
    (tmp_path / "new" / "bad.yml").write_text(SIGMA.replace("cs-uri-query", "Image"))
    facts = json.loads(run("rules", "test", tmp_path / "new", "--json").stdout)
    assert [error["code"] for error in facts["refused"]] == ["sigma_unsupported"]
    assert [rule["rule"] for rule in facts["rules"]] == ["sigma-good"]
    [measured] = json.loads(run("rules", "test", tmp_path / "new" / "good.yml", "--cost", "--json").stdout)["rules"]
    assert measured["micros_per_line"] > 0
    assert measured["share"] == 1
    assert run("rules", "test", tmp_path / "new" / "bad.yml").exit_code == 1


def test_a_rule_is_shown_with_its_gaps(run: Run, tmp_path: Path) -> None:
    rules_dir(tmp_path)
    assert "only a test" in run("rules", "show", "own-needle").stdout
    facts = json.loads(run("rules", "show", "bf-ssh", "--json").stdout)
    assert facts["known_gaps"]
    assert run("rules", "show", "no-such").exit_code == 1


def test_a_line_is_explained(run: Run) -> None:
    facts = json.loads(run("rules", "explain", ATTACK.decode()[:-1], "--json").stdout)
    assert any("UNION" in hit["match"] for hit in facts["hits"])
    assert "No rule matches" in run("rules", "explain", QUIET.decode()[:-1]).stdout


def test_an_explanation_shows_every_round_of_decoding(run: Run) -> None:
    line = QUIET.decode()[:-1].replace("GET / ", "GET /?q=%2527+%2526lt;b ")
    [query] = [
        form
        for form in json.loads(run("rules", "explain", line, "--json").stdout)["fields"]
        if form["field"] == "query"
    ]
    assert query["rounds"] == ["q=%27 %26lt;b", "q=' &lt;b", "q=' <b"]
    assert "→ 2: q=' &lt;b" in run("rules", "explain", line).stdout


def test_an_explanation_says_why_a_rule_does_not_count(run: Run) -> None:
    """A word of SQL in the place of a value: the structure is missing."""
    line = QUIET.decode()[:-1].replace("GET / ", "GET /?q=select+a+seat+from+the+plan ")
    facts = json.loads(run("rules", "explain", line, "--json").stdout)
    assert facts["hits"] == []
    assert ("sqli-structure", "confirm") in {(miss["rule"], miss["reason"]) for miss in facts["near_misses"]}
    for lang, words in (("en", "the structure is not there"), ("ja", "構造が成り立っていません")):
        assert words in run("rules", "explain", line, lang=lang).stdout


def test_lines_to_explain_come_from_standard_input(run: Run) -> None:
    facts = json.loads(run("rules", "explain", "-", "--json", stdin=ATTACK + QUIET).stdout)
    assert [bool(one["hits"]) for one in facts] == [True, False]
    assert run("rules", "explain", "-", stdin=b"").exit_code == 1


def test_a_line_of_an_own_format_is_explained(run: Run) -> None:
    line = "[10/Nov/2026:03:04:05 +0000] GET /?q=%3Cscript%3Ealert(1)%3C/script%3E 203.0.113.7"
    facts = json.loads(
        run(
            "rules", "explain", line, "--format", "[$time_local] $request_method $request_uri $remote_addr", "--json"
        ).stdout
    )
    assert facts["hits"]


def test_what_is_ignored_is_left_out_and_said(run: Run, tmp_path: Path) -> None:
    run("ingest", log(tmp_path))
    added = run(
        "ignore", "add", "--ip", "203.0.113.0/24", "--reason", "our own test", "--expires", "2999-12-31", "--json"
    )
    entry = json.loads(added.stdout)["added"]["id"]
    facts = json.loads(run("report", "--json").stdout)
    assert (facts["findings"], facts["conclusion"]) == ([], "no_attack_found")
    assert [(one["id"], one["lines"], one["expired"]) for one in facts["ignored"]] == [(entry, 1, False)]
    assert json.loads(run("lines", "--type", "sql_injection", "--json").stdout)["count"] == 0
    for lang, words in (("en", "Left out by the ignore list"), ("ja", "無視リストで除いたもの")):
        for kind in ([], ["--markdown"], ["--html"]):
            said = run("report", *kind, lang=lang).stdout
            assert words in said
            assert "our own test" in said
    assert entry in run("ignore", "list").stdout
    assert run("ignore", "remove", entry).exit_code == 0
    assert found(json.loads(run("report", "--json").stdout))["sql_injection"]["count"] == 1


def test_an_entry_everywhere_holds_for_paths_too(run: Run, tmp_path: Path) -> None:
    run(
        "ignore",
        "add",
        "--type",
        "sql_injection",
        "--path",
        "/i",
        "--reason",
        "r",
        "--expires",
        "2999-12-31",
        "--everywhere",
    )
    facts = json.loads(run("report", log(tmp_path), "--json").stdout)
    assert [one["lines"] for one in facts["ignored"]] == [1]


def test_an_expired_entry_is_said_and_not_applied(run: Run, tmp_path: Path) -> None:
    run("ingest", log(tmp_path))
    (tmp_path / "d" / "default" / "ignore.toml").write_text(
        '[[ignore]]\nips = ["203.0.113.7"]\nreason = "old \\u001b[2J"\nexpires = 2026-01-01\n'
    )
    facts = json.loads(run("report", "--json").stdout)
    assert found(facts)["sql_injection"]["count"] == 1
    assert [(one["expired"], one["lines"]) for one in facts["ignored"]] == [(True, 0)]
    said = run("report").stdout
    assert "2026-01-01 (expired, not applied)" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--path", "/x", "--reason", "r", "--expires", "2999-01-01"], "ignore_too_wide"),
        (["--type", "xss", "--agent", "curl", "--reason", "r", "--expires", "2999-01-01"], "ignore_agent_alone"),
        (["--type", "xss", "--reason", " ", "--expires", "2999-01-01"], "ignore_without_reason"),
        (["--type", "xss", "--reason", "r", "--expires", "soon"], "bad_day"),
        (["--type", "xss", "--reason", "r", "--expires", "2020-01-01"], "ignore_expired"),
        (["--ip", "nobody", "--reason", "r", "--expires", "2999-01-01"], "bad_network"),
    ],
)
def test_an_entry_that_would_hide_too_much_is_refused(run: Run, tmp_path: Path, options: list[str], code: str) -> None:
    run("ingest", log(tmp_path))
    result = run("ignore", "add", *options, "--json")
    assert (result.exit_code, json.loads(result.stdout)["error"]["code"]) == (1, code)
    assert run("ignore", "remove", "abc").exit_code == 1


def test_a_suite_is_measured(run: Run, tmp_path: Path) -> None:
    log(tmp_path, "suite/one/logs/access.log")
    incident = {"type": "sql_injection", "source_ips": ["203.0.113.7"], "lines": {"access.log": [4]}, "count": 1}
    truth = {"incidents": [incident], "unlabelled": "benign"}
    (tmp_path / "suite/one/truth.json").write_text(json.dumps(truth))
    facts = json.loads(run("eval", tmp_path / "suite", "--json").stdout)
    assert (facts["totals"]["found"], facts["totals"]["missed"], facts["totals"]["wrongly_flagged"]) == (1, 0, 0)
    assert "true \\ reported" in run("eval", tmp_path / "suite").stdout
    assert run("eval", tmp_path / "nothing").exit_code == 1


def test_usage_errors_have_their_own_code(run: Run) -> None:
    assert run("lines", "--limit", "0").exit_code == 2
    assert run("report", "--json", "--html").exit_code == 2


def test_the_sample_incident_is_what_its_script_writes() -> None:
    from app.sample.generate import files

    assert {path.name: path.read_text("utf-8") for path in FILES} == files()


def test_the_sample_incident_tells_its_story(run: Run) -> None:
    facts = json.loads(run("report", *FILES, "--json").stdout)
    findings = found(facts)
    assert {"sql_injection", "path_traversal", "xss", "brute_force"} <= set(findings)
    assert findings["webshell_access"]["outcome"] == findings["login_after_failures"]["outcome"] == "succeeded"
    assert {item["ip"] for item in findings["sql_injection"]["source_ips"]} == {"198.51.100.23"}
    assert facts["coverage"]["parsed"] == facts["coverage"]["lines"]
    assert all(claim["status"] == "verified" for claim in facts["claims"])
