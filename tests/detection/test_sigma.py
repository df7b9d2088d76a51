"""Sigma rules of our own making: what they fire on, what leaves them silent, and what is refused by name."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.errors import ContentError
from core.taxonomy import AttackType, Level
from detection.ruleset import BUILT_IN_FOLDERS, load_rules
from detection.scanner import Scanner
from tests.detection.reading import fired

HEAD = """
title: A test
id: 00000000-0000-4000-8000-000000000001
author: Somebody
license: DRL 1.1
level: high
tags: [attack.initial-access, attack.t1190, attack.t1505.003]
falsepositives: [A blog about web shells.]
"""
WEB = "logsource: {category: webserver}\n"
AUTH = "logsource: {product: linux, service: auth}\n"
SSHD = "logsource: {product: linux, service: sshd}\n"


def web(
    request: str, status: int = 200, ip: str = "203.0.113.7", agent: str = "Mozilla/5.0", referrer: str = "-"
) -> str:
    return f'{ip} - bob [10/Nov/2026:03:04:05 +0000] "{request} HTTP/1.1" {status} 512 "{referrer}" "{agent}"'


def auth(message: str, program: str = "sshd[12]") -> str:
    return f"Nov 10 03:04:05 web {program}: {message}"


def write(folder: Path, detection: str, source: str = WEB, head: str = HEAD) -> None:
    lines = "".join(f"    {line}\n" for line in detection.strip("\n").split("\n"))
    (folder / "a rule.yml").write_text(f"{head}{source}detection:\n{lines}", encoding="utf-8")


# (detection, log source, lines it fires on, lines that leave it silent)
TABLE: list[tuple[str, str, list[str], list[str]]] = [
    (
        "s: {cs-uri-query|contains: 'cmd='}\ncondition: s",
        WEB,
        [web("GET /a.php?cmd=id"), web("GET /a.php?x=1&CMD%3did"), web("GET /?%63md%3d1")],
        [web("GET /cmd="), web("GET /a.php?comd=1"), auth("cmd=")],
    ),
    (
        "s: {cs-uri-stem|endswith: ['.bak', '.old']}\ncondition: s",
        WEB,
        [web("GET /db.bak"), web("GET /a/x%2eold?y")],
        [web("GET /db.bak/x"), web("GET /?f=db.bak")],
    ),
    (
        "s: {cs-uri-stem|startswith: /admin, cs-method: POST}\ncondition: s",
        WEB,
        [web("POST /admin/a"), web("POST /%61dmin")],
        [web("GET /admin/a"), web("POST /x/admin")],
    ),
    (
        "s: {c-uri: '/x.php?a=*&b=?'}\ncondition: s",
        WEB,
        [web("GET /x.php?a=1&b=2"), web("GET /x.php?a=&b=%32")],
        [web("GET /x.php?a=1&b=22"), web("GET /y/x.php?a=1&b=2"), web("GET /x.php")],
    ),
    (
        "s: {cs-uri-query|contains|all: [union, select]}\nf: {sc-status: 404}\ncondition: s and not f",
        WEB,
        [web("GET /?q=union+select"), web("GET /?q=select%20x%20union", 500)],
        [web("GET /?q=union"), web("GET /?q=union+select", 404)],
    ),
    (
        (
            "s1: {cs-user-agent|contains: curl}\ns2: {cs-referer|contains: evil}\nf: {cs-uri-stem: /ok}\n"
            "condition: 1 of s* and not f"
        ),
        WEB,
        [web("GET /", agent="curl/8"), web("GET /", referrer="http://evil/")],
        [web("GET /"), web("GET /ok", agent="curl/8")],
    ),
    (
        "s1: {c-useragent|contains: curl}\ns2: {cs-uri-query|contains: evil}\ncondition: all of them",
        WEB,
        [web("GET /?evil", agent="curl/8")],
        [web("GET /", agent="curl/8"), web("GET /?evil")],
    ),
    (
        "s: {cs-uri-query|re: 'id=[0-9]+;[a-z]{2,9}'}\ncondition: s",
        WEB,
        [web("GET /?id=1;ls"), web("GET /?id=12%3bwhoami")],
        [web("GET /?id=;ls"), web("GET /?id=1;LS")],
    ),
    (
        "s: {cs-uri-query|re|i: '^id=1;ls$'}\ncondition: s",
        WEB,
        [web("GET /?id=1;LS")],
        [web("GET /?id=1;lsa")],
    ),
    (
        "s: {cs-uri-query|contains: a}\nf: {c-ip|cidr: [203.0.113.0/24, '2001:db8::/32']}\ncondition: s and not f",
        WEB,
        [web("GET /?a", ip="192.0.2.1")],
        [web("GET /?a"), web("GET /?a", ip="2001:db8::1")],
    ),
    (
        "s: {cs-uri-query|contains: a, cs-referer|exists: true}\ncondition: s",
        WEB,
        [web("GET /?a", referrer="http://x/")],
        [web("GET /?a")],
    ),
    (
        "s: {cs-uri-query|contains: a, cs-referer: null}\ncondition: s",
        WEB,
        [web("GET /?a")],
        [web("GET /?a", referrer="http://x/")],
    ),
    (
        "s: {cs-uri-query|contains: a, sc-status|gte: 500}\ncondition: s",
        WEB,
        [web("GET /?a", 500), web("GET /?a", 503)],
        [web("GET /?a", 499)],
    ),
    (
        "s: {cs-uri-query|contains: a, sc-status: ['4*', 301]}\ncondition: s",
        WEB,
        [web("GET /?a", 404), web("GET /?a", 301)],
        [web("GET /?a", 200), web("GET /?a", 302)],
    ),
    (
        "s: {cs-uri-query|windash|contains: ' -rf '}\ncondition: s",
        WEB,
        [web("GET /?x=rm%20-rf%20a"), web("GET /?x=rm%20/rf%20a")],
        [web("GET /?x=rm%20rf%20a")],
    ),
    (
        "s: {cs-uri-query|contains|cased: Admin}\ncondition: s",
        WEB,
        [web("GET /?Admin")],
        [web("GET /?admin")],
    ),
    (
        "s: {cs-uri-query|base64offset|contains: /etc/passwd}\ncondition: s",
        WEB,
        [web("GET /?x=L2V0Yy9wYXNzd2Q=")],
        [web("GET /?x=L2V0Yy9ob3N0cw==")],
    ),
    (
        "s: {cs-uri-query|contains: 'Ä%20日本'}\ncondition: s",
        WEB,
        [web("GET /?x=Ä%20日本")],
        [web("GET /?x=日本")],
    ),
    (
        "keywords: ['=select ', '/x.php?y=']\ncondition: keywords",
        WEB,
        [web("GET /?q=select+1"), web("GET /", agent="a=SELECT b"), web("GET /x.php?y=1")],
        [web("GET /?q=selected"), web("GET /x.php?z=1")],
    ),
    (
        "k: ['Accepted password', 'for root']\ncondition: k",
        AUTH,
        [auth("Accepted password for root from 203.0.113.7 port 22 ssh2"), auth("for root", "su")],
        [auth("Accepted publickey for bob from 203.0.113.7 port 22 ssh2")],
    ),
    (
        "k: {'|all': ['Accepted password', 'for root']}\ncondition: k",
        SSHD,
        [auth("Accepted password for root from 203.0.113.7 port 22 ssh2")],
        [auth("Accepted password for bob from 203.0.113.7 port 22 ssh2"), auth("Accepted password for root", "su")],
    ),
]


@pytest.mark.parametrize(("detection", "source", "fires", "silent"), TABLE, ids=[row[0] for row in TABLE])
def test_a_rule_fires_where_its_condition_holds(
    tmp_path: Path, detection: str, source: str, fires: list[str], silent: list[str]
) -> None:
    write(tmp_path, detection, source)
    scanner = Scanner(load_rules(tmp_path))
    assert [line for line in fires if not fired(line, scanner)] == []
    assert [line for line in silent if fired(line, scanner)] == []


def test_what_a_rule_says_of_itself_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "s: {cs-uri-query|contains: x}\ncondition: s")
    [rule] = load_rules(tmp_path).rules
    assert (rule.id, rule.type, rule.level) == ("sigma-a-rule", AttackType.WEBSHELL_ACCESS, Level.HIGH)
    assert rule.attack == ("T1190", "T1505.003")
    assert rule.references == ("Sigma 00000000-0000-4000-8000-000000000001", "Somebody", "DRL 1.1")
    assert "A blog about web shells." in rule.known_gaps
    assert rule.origin.endswith("a rule.yml")


@pytest.mark.parametrize(
    ("folder", "head", "kind"),
    [
        ("any", HEAD + "akashi: {type: xss}\n", AttackType.XSS),
        ("ssrf", HEAD + "akashi: {type: xss}\n", AttackType.XSS),
        ("ssrf", HEAD, AttackType.SSRF),
        ("ssrf", "title: A test\n", AttackType.SSRF),
        ("any", HEAD, AttackType.WEBSHELL_ACCESS),
    ],
)
def test_the_type_is_what_the_rule_the_folder_or_the_technique_says(
    tmp_path: Path, folder: str, head: str, kind: AttackType
) -> None:
    (tmp_path / folder).mkdir()
    write(tmp_path / folder, "s: {cs-uri-query|contains: x}\ncondition: s", head=head)
    assert [rule.type for rule in load_rules(tmp_path).rules] == [kind]


SIMPLE = "s: {cs-uri-query|contains: x}\ncondition: s"
REFUSED: list[tuple[str, str, str, str, dict[str, Any]]] = [
    (SIMPLE, WEB, "title: A\ntags: [attack.t1190]\n", "sigma_no_type", {"rule": "A"}),
    (SIMPLE, WEB, "title: A\ntags: [attack.t1083, attack.t1105]\n", "sigma_no_type", {}),
    (SIMPLE, WEB, HEAD + "akashi: {kind: xss}\n", "rule_bad_value", {"key": "akashi.kind"}),
    (SIMPLE, WEB, HEAD + "akashi: {type: foul}\n", "rule_bad_value", {"key": "akashi.type"}),
    (SIMPLE, "logsource: {product: windows, category: process_creation}\n", HEAD, "sigma_source",
     {"source": "process_creation/windows/-"}),
    ("s: {CommandLine|contains: x}\ncondition: s", WEB, HEAD, "sigma_unsupported", {"construct": "CommandLine"}),
    ("s: {cs-cookie|contains: x}\ncondition: s", WEB, HEAD, "sigma_unsupported", {"construct": "cs-cookie"}),
    ("s: {cs-uri-query|expand: '%a%'}\ncondition: s", WEB, HEAD, "sigma_unsupported",
     {"construct": "cs-uri-query|expand"}),
    ("s: {cs-uri-query|fieldref: cs-referer}\ncondition: s", WEB, HEAD, "sigma_unsupported",
     {"construct": "cs-uri-query: FieldReference"}),
    ("s: {cs-uri-query|re: 'a(?=b)'}\ncondition: s", WEB, HEAD, "sigma_not_valid", {}),
    ("s: {cs-uri-query|re: 'a[^\\W]b'}\ncondition: s", WEB, HEAD, "sigma_unsupported", {}),
    ("s: {sc-status: 404}\ncondition: s", WEB, HEAD, "sigma_no_text", {"rule": "A test"}),
    (SIMPLE.replace("condition: s", "condition: not s"), WEB, HEAD, "sigma_no_text", {}),
    ("s: {c-uri|re: 'a.*b'}\ncondition: s", WEB, HEAD, "sigma_no_text", {}),
    ("s: {cs-uri-query|contains: x}\nf: {sc-status: 1}\ncondition: s or f", WEB, HEAD, "sigma_no_text", {}),
    (SIMPLE + "\ntimeframe: 5m", WEB, HEAD, "sigma_not_a_rule", {"construct": "timeframe"}),
    (SIMPLE.replace("condition: s", "condition: s | count() > 5"), WEB, HEAD, "sigma_not_valid", {}),
    (SIMPLE.replace("condition: s", "condition: s and t"), WEB, HEAD, "sigma_not_valid", {}),
    (SIMPLE.replace("contains", "resembles"), WEB, HEAD, "sigma_not_valid", {}),
    (SIMPLE, "", HEAD, "sigma_not_valid", {}),
]  # fmt: skip


@pytest.mark.parametrize(("detection", "source", "head", "code", "facts"), REFUSED)
def test_what_cannot_be_translated_is_refused_by_name(
    tmp_path: Path, detection: str, source: str, head: str, code: str, facts: dict[str, Any]
) -> None:
    write(tmp_path, detection, source, head)
    with pytest.raises(ContentError) as caught:
        load_rules(tmp_path)
    assert (caught.value.code, caught.value.facts["file"]) == (code, str(tmp_path / "a rule.yml"))
    assert facts.items() <= caught.value.facts.items()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [", "sigma_not_valid"),
        ("- a\n- b", "sigma_not_valid"),
        ("!!python/object/apply:os.getcwd []", "sigma_not_valid"),
        ("title: a\ncorrelation: {type: event_count}", "sigma_not_a_rule"),
        ("title: a\nfilter: {rules: [b]}", "sigma_not_a_rule"),
        ("action: global\ntitle: a", "sigma_not_a_rule"),
        (("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n"
         "d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d]"), "sigma_not_valid"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_rule_is_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "a.yml").write_text(text)
    with pytest.raises(ContentError) as caught:
        load_rules(tmp_path)
    assert caught.value.code == code


def test_several_rules_in_one_file_have_ids_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, SIMPLE)
    path = tmp_path / "a rule.yml"
    path.write_text(path.read_text() + "---\n" + path.read_text().replace("A test", "Another"))
    assert [rule.id for rule in load_rules(tmp_path).rules] == ["sigma-a-rule", "sigma-a-rule-2"]


def test_no_network_and_no_disk_cache_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    write(tmp_path, SIMPLE)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert load_rules(*BUILT_IN_FOLDERS, tmp_path).rule("sigma-a-rule")
    loaded = "import sys, pathlib; from detection.ruleset import load_rules; load_rules(pathlib.Path(sys.argv[1]))"
    asked = f"{loaded}; print(sorted({{'requests', 'diskcache', 'sigma.data.mitre_attack'}} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", asked, str(tmp_path)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_without_sigma_rules_the_parser_is_not_loaded() -> None:
    asked = "import sys; from detection.ruleset import load_rules; load_rules(); print('sigma.rule' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
