"""A small rule set of the tests' own, and lines of invented logs."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from core.action import Action
from core.selector import Selector
from core.taxonomy import AttackType, Level
from detection.rule import Behaviour, Benign, Mode, Rule
from detection.ruleset import RuleSet, load_rules
from detection.scanner import Scanner
from ingestion.fetch.expand import expand
from ingestion.pipeline import Options, ingest
from stores.cases import Cases
from stores.lake import Lake

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


RULE = """
id = "{id}"
type = "{type}"
level = "high"
title = {{ en = "{id}", ja = "{id}" }}
fields = {fields}
match = [{match}]
attack = ["T1190"]
known_gaps = "a rule of the tests"
"""
TARGET = ("url.path", "url.query")
SIGNATURES: tuple[tuple[str, AttackType, str, tuple[str, ...]], ...] = (
    ("sqli-union", AttackType.SQL_INJECTION, r"union[\s+]+select", TARGET),
    ("sqli-quote", AttackType.SQL_INJECTION, r"'[\s+]*or[\s+]*1", TARGET),
    ("xss-script", AttackType.XSS, r"<script", TARGET),
    ("probe-env", AttackType.SENSITIVE_FILE_PROBE, r"/\.(?:env|git/)", TARGET[:1]),
    ("shell", AttackType.WEBSHELL_ACCESS, r"/shell\.php", TARGET[:1]),
    ("upload", AttackType.MALICIOUS_UPLOAD, r"/drop\.jsp", TARGET[:1]),
    ("traversal", AttackType.PATH_TRAVERSAL, r"\.\./\.\./", TARGET),
    ("scanner", AttackType.VULNERABILITY_SCAN, r"probebot", ("user_agent.original",)),
)


def signatures() -> tuple[Rule, ...]:
    """The rules of `SIGNATURES`, loaded from files as any rule is."""
    with TemporaryDirectory() as folder:
        for name, kind, match, fields in SIGNATURES:
            text = RULE.format(id=name, type=kind, fields=list(fields), match=f"'''{match}'''")
            Path(folder, f"{name}.toml").write_text(text, encoding="utf-8")
        return load_rules(Path(folder)).rules


def behaviour(
    name: str,
    kind: AttackType,
    mode: Mode,
    select: Selector,
    then: Selector | None = None,
    *,
    key: str = "source.ip",
    lines: int = 3,
) -> Behaviour:
    return Behaviour(
        id=name,
        version=1,
        type=kind,
        level=Level.HIGH,
        title={"en": name, "ja": name},
        mode=mode,
        select=select,
        then=then,
        key=key,
        lines=lines,
        gap_seconds=60,
        window_seconds=60,
        within_seconds=600,
        attack=("T1110",),
        references=(),
        known_gaps="test",
    )


EVERYTHING = Selector()
RULES = RuleSet(
    rules=signatures(),
    behaviours=(
        behaviour(
            "web-brute",
            AttackType.BRUTE_FORCE,
            Mode.SESSION,
            Selector(methods=("POST",), url_contains=("/login",), status_codes=((401, 401),)),
        ),
        behaviour(
            "ssh-brute",
            AttackType.BRUTE_FORCE,
            Mode.SESSION,
            Selector(actions=(Action.LOGIN_FAILED,)),
        ),
        behaviour("flood", AttackType.DOS, Mode.BURST, Selector(url_contains=("/heavy",)), lines=5),
        behaviour(
            "login-after",
            AttackType.LOGIN_AFTER_FAILURES,
            Mode.SEQUENCE,
            Selector(types=(AttackType.BRUTE_FORCE,)),
            Selector(methods=("POST",), url_contains=("/login",), status_codes=((302, 302),)),
        ),
    ),
    benign=(
        Benign("Nicebot", re.compile(rb"nicebot/", re.IGNORECASE), ("192.0.2.0/24",), "test"),
        Benign("Checker", re.compile(rb"checker", re.IGNORECASE), (), "test"),
    ),
    version="test",
)


def at(second: int) -> str:
    """Time stamp `second` seconds after 2026-11-01 10:00:00 UTC."""
    return f"01/Nov/2026:{10 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d} +0000"


def line(
    ip: str,
    second: int,
    target: str,
    status: int = 404,
    size: int = 153,
    method: str = "GET",
    agent: str = "Mozilla/5.0",
) -> str:
    """One line of an access log in the combined format, with its LF."""
    return f'{ip} - - [{at(second)}] "{method} {target} HTTP/1.1" {status} {size} "-" "{agent}"\n'


def lake_in(folder: Path, scanner: Scanner, files: Mapping[str, str]) -> Lake:
    """A lake of these files below `folder`, which may hold earlier ones; an underscore in a name stands for a dot."""
    case_dir = Cases(folder / "cases").create("case")
    paths = [folder / name.replace("_", ".") for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_bytes(text.encode("utf-8"))
    with expand(paths) as found:
        ingest(case_dir, found.inputs, scanner, Options(), NOW)
    return Lake.open(case_dir)
