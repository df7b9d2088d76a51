"""One span, one story: a hit gives way on the same field of the same line, and circles are refused."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import ContentError
from core.field import Field
from detection.precedence import Precedence
from detection.records import Hits
from detection.ruleset import RuleSet, load_rules

RULE = """
id = "{id}"
type = "{type}"
level = "low"
fields = ["url.query", "url.path"]
match = ["x"]
yields_to = {yields}
attack = ["T1190"]
known_gaps = "none"
[title]
en = "x"
ja = "試験"
"""


def ruleset(folder: Path, *rules: tuple[str, str, str]) -> RuleSet:
    for name, kind, yields in rules:
        (folder / f"{name}.toml").write_text(RULE.format(id=name, type=kind, yields=yields))
    return load_rules(folder)


def kept(rules: RuleSet, *hits: tuple[int, str, Field]) -> list[tuple[int, str, Field]]:
    number = {rule.id: i for i, rule in enumerate(rules.rules)}
    table = Hits(
        np.array([row for row, _, _ in hits], np.int32),
        np.array([number[rule] for _, rule, _ in hits], np.int32),
        np.array([field for _, _, field in hits], np.uint8),
    )
    keep = Precedence(rules.rules).keep(table)
    return [hit for hit, stays in zip(hits, keep.tolist(), strict=True) if stays]


FILE = ("file", "path_traversal", '["command_injection", "code"]')
SHELL = ("shell", "command_injection", "[]")
CODE = ("code", "code_injection", '["shell"]')
Q, P = Field.QUERY, Field.PATH


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        ([(0, "file", Q), (0, "shell", Q)], [(0, "shell", Q)]),
        ([(0, "file", Q), (0, "code", Q)], [(0, "code", Q)]),
        ([(0, "file", Q), (0, "code", Q), (0, "shell", Q)], [(0, "shell", Q)]),
        ([(0, "file", Q)], [(0, "file", Q)]),
        ([(0, "file", P), (0, "shell", Q)], [(0, "file", P), (0, "shell", Q)]),
        ([(0, "file", Q), (1, "shell", Q)], [(0, "file", Q), (1, "shell", Q)]),
        ([(7, "file", Q), (7, "shell", P), (9, "code", Q), (9, "shell", Q)],
         [(7, "file", Q), (7, "shell", P), (9, "shell", Q)]),
    ],
)  # fmt: skip
def test_a_hit_gives_way_where_another_explains_it(
    tmp_path: Path, hits: list[tuple[int, str, Field]], expected: list[tuple[int, str, Field]]
) -> None:
    assert kept(ruleset(tmp_path, FILE, SHELL, CODE), *hits) == expected


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ((("a", "xss", '["b"]'), ("b", "ssrf", '["xss"]')), "rule_bad_value"),
        ((("a", "xss", '["ssrf"]'), ("b", "ssrf", '["c"]'), ("c", "dos", '["a"]')), "rule_bad_value"),
        ((("a", "xss", '["nothing"]'),), "rule_not_one_of"),
    ],
)
def test_circles_and_unknown_names_are_refused(
    tmp_path: Path, rules: tuple[tuple[str, str, str], ...], code: str
) -> None:
    with pytest.raises(ContentError) as raised:
        ruleset(tmp_path, *rules)
    assert raised.value.code == code


def test_rules_of_one_type_may_give_way_inside_it(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, ("weak", "xss", '["xss"]'), ("strong", "xss", "[]"))
    assert kept(rules, (0, "weak", Q), (0, "strong", Q)) == [(0, "strong", Q)]
