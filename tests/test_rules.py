"""Every rule proves itself: it fires on its firing samples, and no rule of its type fires on a silent one."""

from collections import Counter
from datetime import UTC
from functools import cache

import numpy as np
import pytest

from core.event import TimeSource
from core.field import Field
from core.taxonomy import AttackType
from detection.pattern import compiled_pattern
from detection.rule import Behaviour, Mode, Rule
from detection.ruleset import load_rules
from detection.scanner import Scanner
from detection.stored import records_of
from ingestion.fetch.blocks import Block
from ingestion.parse.messages import Calendar
from ingestion.parse.table import recognise
from ingestion.parse.years import YearPlan
from ingestion.parse.zones import LocalTime
from ingestion.segment import Plan, Segment, build

RULES = load_rules()
SCANNER = Scanner(RULES)
CALENDAR = Calendar(LocalTime(UTC, TimeSource.ASSUMED), YearPlan(2026))
TYPE = {rule.id: rule.type for rule in RULES.rules}
FIRES = [(rule, sample) for rule in RULES.rules for sample in rule.fires]
SILENT = [(rule, sample) for rule in RULES.rules for sample in rule.silent]


@cache
def read(sample: str) -> Segment:
    """The line as production reads it."""
    data = sample.encode() + b"\n"
    return build(Block(data, 1, 0, 1, True), Plan(0, recognise(data), CALENDAR), SCANNER)


def found(sample: str) -> set[str]:
    """Rules that hit the line."""
    return set(read(sample).hits.column("rule.id").to_pylist())


def named(pair: object) -> str:
    return pair.id if isinstance(pair, Rule | Behaviour) else ""


@pytest.mark.parametrize(("rule", "sample"), FIRES, ids=named)
def test_rule_fires_on_its_sample(rule: Rule, sample: str) -> None:
    assert rule.id in found(sample)


@pytest.mark.parametrize(("rule", "sample"), SILENT, ids=named)
def test_no_rule_of_the_type_fires_on_a_silent_sample(rule: Rule, sample: str) -> None:
    assert {hit for hit in found(sample) if TYPE[hit] == rule.type} == set()


@pytest.mark.parametrize("rule", RULES.rules, ids=named)
def test_rule_carries_its_proof(rule: Rule) -> None:
    assert len(rule.fires) >= 2
    assert len(rule.silent) >= 2
    assert all("\n" not in sample for sample in (*rule.fires, *rule.silent))


@pytest.mark.parametrize("item", [*RULES.rules, *RULES.behaviours], ids=named)
def test_titles_and_gaps_are_stated(item: Rule | Behaviour) -> None:
    assert set(item.title) == {"en", "ja"}
    assert any(ord(letter) > 0x3000 for letter in item.title["ja"])
    assert item.known_gaps
    assert item.attack


def test_every_attack_type_has_a_rule_or_behaviour() -> None:
    assert {*TYPE.values(), *(behaviour.type for behaviour in RULES.behaviours)} == set(AttackType)


def test_ids_are_unique() -> None:
    counts = Counter([*(rule.id for rule in RULES.rules), *(behaviour.id for behaviour in RULES.behaviours)])
    assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("behaviour", RULES.behaviours, ids=named)
def test_behaviour_needs_more_than_a_few_lines(behaviour: Behaviour) -> None:
    assert behaviour.lines >= (4 if behaviour.mode is Mode.RUN else 5)
    assert (behaviour.mode is Mode.SEQUENCE) == (behaviour.then is not None)


def test_the_engine_is_rarely_asked_about_harmless_lines() -> None:
    """Each match of the engine costs a call into Python: no rule may be asked about a fifth of the harmless lines."""
    lines = [fields_of(sample) for sample in sorted({sample for _, sample in SILENT})]
    asked = {rule.id: asked_about(rule, lines) for rule in RULES.rules}
    assert any(asked.values())
    assert {name: count for name, count in asked.items() if count > len(lines) / 5} == {}


def fields_of(sample: str) -> list[tuple[Field, bytes]]:
    """What of the line is scanned."""
    records, _ = records_of(read(sample).events)
    return list(zip(map(Field, records.fields), bytes(records.data).split(b"\n")[:-1], strict=True))


def asked_about(rule: Rule, lines: list[list[tuple[Field, bytes]]]) -> int:
    """Of how many lines a field matches; each pattern is compiled once, they are more than `re` remembers."""
    patterns = [compiled_pattern(pattern) for pattern in rule.match]
    chosen = ([text for field, text in line if field in rule.fields] for line in lines)
    return sum(any(pattern.search(text) for pattern in patterns for text in texts) for texts in chosen)


def test_known_clients_state_where_they_come_from() -> None:
    assert all(client.source for client in RULES.benign)
    agents = np.array([len(client.agent.pattern) for client in RULES.benign if client.agent is not None])
    assert agents.min() > 3
