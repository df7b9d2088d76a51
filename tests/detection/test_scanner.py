"""Records in, hits out: over record ends, in threads, from the cache, and again when the text is known."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from core import event
from core.errors import ContentError
from core.field import Field
from detection.explain import explain, match_span
from detection.records import Hits, Records, Rows
from detection.ruleset import RuleSet, load_rules
from detection.scanner import Scanner
from detection.stored import records_of

RULE = """
id = "{id}"
type = "{type}"
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


def ruleset(folder: Path, *rules: tuple[str, str, str]) -> RuleSet:
    for name, match, more in rules:
        text = RULE.format(id=name, type="xss", match=match, more=more)
        if more.startswith("[where]"):
            text = RULE.format(id=name, type="xss", match=match, more="") + more + "\n"
        (folder / f"{name}.toml").write_text(text)
    return load_rules(folder)


def columns(*lines: tuple[str, str, int]) -> pa.Table:
    methods, urls, status = zip(*lines, strict=True)
    raw = [f"{m} {u}".encode() for m, u, _ in lines]
    names = [event.RAW, event.METHOD, event.URL, event.STATUS_CODE]
    return pa.table(
        [pa.array(raw, pa.binary()), pa.array(methods), pa.array(urls), pa.array(status, pa.uint16())], names
    )


def pairs(rules: RuleSet, hits: Hits) -> list[tuple[int, str, int]]:
    return [
        (row, rules.rules[rule].id, field)
        for row, rule, field in zip(hits.rows.tolist(), hits.rules.tolist(), hits.fields.tolist(), strict=True)
    ]


def test_a_match_belongs_to_its_record_and_field(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, ("one", "^end", ""), ("two", r"a\sb|tail$", ""))
    table = columns(("GET", "/a?x", 200), ("GET", "/b?end", 200), ("GET", "/tail", 200), ("GET", "/c?a%0ab", 200))
    assert pairs(rules, Scanner(rules).scan(*records_of(table))) == [
        (1, "one", Field.QUERY),
        (2, "two", Field.PATH),
        (3, "two", Field.QUERY),
    ]


def test_conditions_unless_and_all(tmp_path: Path) -> None:
    rules = ruleset(
        tmp_path,
        ("where", "evil", '[where]\nmethods = ["POST", "MKCOL"]\nstatus = [[200, 299]]'),
        ("unless", "evil", "unless = ['''good''']"),
        ("all", "evil", "all = ['''x1''', '''x2''']"),
    )
    table = columns(
        ("POST", "/evil", 204), ("POST", "/evil", 404), ("MKCOL", "/evil-x2-x1", 200), ("GET", "/evil-good", 200)
    )
    found = {(row, name) for row, name, _ in pairs(rules, Scanner(rules).scan(*records_of(table)))}
    assert found == {(0, "where"), (0, "unless"), (1, "unless"), (2, "where"), (2, "unless"), (2, "all")}


def test_a_supporting_rule_gives_way(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, ("deed", "deed", ""), ("means", "means", "supporting = true"))
    table = columns(("GET", "/deed?means", 200), ("GET", "/?means", 200))
    scanner = Scanner(rules)
    assert [(row, name) for row, name, _ in pairs(rules, scanner.scan(*records_of(table)))] == [
        (0, "deed"),
        (1, "means"),
    ]
    records, rows = records_of(table)
    assert pairs(rules, scanner.settle(scanner.admit(scanner.scan(records, None), rows))) == pairs(
        rules, scanner.scan(records, rows)
    )


def test_a_known_clean_text_does_not_hide_a_hit(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, ("where", "evil", "[where]\nstatus = [[500, 599]]"))
    scanner = Scanner(rules)
    table = columns(*[("GET", "/clean", 200), ("GET", "/evil", 200)] * 50)
    assert [len(scanner.scan(*records_of(table)).rows) for _ in range(3)] == [0, 0, 0]
    assert len(scanner.scan(*records_of(columns(("GET", "/clean", 500), ("GET", "/evil", 500)))).rows) == 1


def test_threads_agree_with_one_thread(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, ("one", r"evil\d", "unless = ['''evil7''']"))
    scanner = Scanner(rules)
    table = columns(*[("GET", f"/evil{n % 10}?{n}", 200) for n in range(500)])
    block = records_of(table)
    expected = pairs(rules, Scanner(rules).scan(*block))
    with ThreadPoolExecutor(4) as pool:
        assert [pairs(rules, hits) for hits in pool.map(lambda _: scanner.scan(*block), range(24))] == [expected] * 24


def test_the_cached_database_finds_the_same(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    rules = ruleset(tmp_path / "rules", ("one", "evil.{0,99}end", ""))
    block = records_of(columns(("GET", "/evil-end", 200), ("GET", "/evil", 200)))
    first = pairs(rules, Scanner(rules, tmp_path / "cache").scan(*block))
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert pairs(rules, Scanner(rules, tmp_path / "cache").scan(*block)) == first == [(0, "one", Field.PATH)]
    next((tmp_path / "cache").iterdir()).write_bytes(b"damaged")
    assert pairs(rules, Scanner(rules, tmp_path / "cache").scan(*block)) == first


def test_no_records_no_hits(tmp_path: Path) -> None:
    scanner = Scanner(ruleset(tmp_path, ("one", "x", "")))
    empty = Records(np.empty(0, np.uint8), np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.uint8))
    assert len(scanner.scan(empty, Rows(np.empty(0, np.uint8), np.empty(0, np.uint16))).rows) == 0


def test_a_pattern_the_engine_refuses_names_its_rule(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        Scanner(ruleset(tmp_path, ("fine", "x", ""), ("ahead", "x(?=y)", "")))
    assert caught.value.facts["rule"] == "ahead"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/a?x=1&y=ev%69l", b"ev%69l"),
        ("/evil?x=1", b"evil"),
        ("/a?x=%2565vil&y", b"%2565vil"),
        ("/evil/a?x", b"evil"),
        ("/a?x=ok", b""),
    ],
)
def test_the_span_is_on_the_raw_line(tmp_path: Path, url: str, shown: bytes) -> None:
    rules = ruleset(tmp_path, ("one", "evil", ""))
    table = columns(("GET", url, 200))
    raw = table.column(event.RAW)[0].as_py()
    start, end = match_span(rules.rules[0], raw, table)
    assert raw[start:end] == shown


def test_explain_shows_forms_and_places(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, ("one", "evil", ""))
    told = explain(Scanner(rules), columns(("GET", "/a?ev%69l", 200)))
    assert [(form.field, form.raw, form.rounds[-1] if form.rounds else None) for form in told.fields] == [
        (Field.METHOD, b"GET", None),
        (Field.PATH, b"/a", None),
        (Field.QUERY, b"ev%69l", b"evil"),
    ]
    assert [(hit.rule, hit.field, hit.start, hit.end) for hit in told.hits] == [("one", Field.QUERY, 7, 13)]


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    rules = ruleset(tmp_path / "rules", ("one", "needle", ""))
    (tmp_path / "file").write_bytes(b"")
    block = records_of(columns(("GET", "/needle", 200)))
    assert pairs(rules, Scanner(rules, tmp_path / "file" / "cache").scan(*block)) == [(0, "one", Field.PATH)]


def test_stored_headers_of_custom_formats_are_scanned_again(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, ("one", "^needle$", ""))
    other = replace(rules.rules[0], fields=frozenset({Field.OTHER}))
    table = columns(("GET", "/a", 200)).append_column(event.HEADERS, pa.array(["10.0.0.1\tneedle"]))
    rules = replace(rules, rules=(other,))
    assert pairs(rules, Scanner(rules).scan(*records_of(table))) == [(0, "one", Field.OTHER)]
