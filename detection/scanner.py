"""The engine: every pattern of every rule in one Hyperscan (Vectorscan) database, one scan a block, then checks."""

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import hyperscan
import numpy as np
from numpy.typing import NDArray

from core.errors import ContentError
from core.field import Field
from detection.confirm import PREDICATES
from detection.pattern import bounded
from detection.records import METHODS, OTHER_METHOD, Hits, Records, Rows
from detection.rule import Rule
from detection.ruleset import RuleSet

_FLAGS = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_MULTILINE
_ID_BITS = 16
_ID_MASK = (1 << _ID_BITS) - 1
_MEMO = 1 << 13

Check = Callable[[bytes, int], bool]


def _noted(expression: int, _start: int, end: int, _flags: int, found: Any) -> None:  # noqa: ANN401
    """The callback of the engine, once a match: nothing but one packed number, the rest is done by columns."""
    found.append(end << _ID_BITS | expression)


class Scanner:
    """Scans records for all rules of a set; one instance serves any number of threads."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self._database = _compile(ruleset.rules)
        self._local = threading.local()
        self._rule_of = np.array([i for i, rule in enumerate(ruleset.rules) for _ in rule.match], np.int32)
        self._allowed = _field_table(ruleset.rules)
        self._methods = _method_table(ruleset.rules)
        self._checks: tuple[Check | None, ...] = tuple(candidate_check(rule) for rule in ruleset.rules)
        self._checked = np.array([check is not None for check in self._checks], np.bool_)
        self._by_status = tuple(i for i, rule in enumerate(ruleset.rules) if rule.where.status_codes)

    def scan(self, records: Records, rows: Rows | None) -> Hits:
        """All hits of the records, unique and sorted by (row, rule, field).

        Without `rows` the rules' conditions on method and status are left open; `admit` closes them. That is how a
        text that many lines share (a user agent) is scanned once.
        """
        found = self._found(records.data)
        if not len(found):
            return Hits(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.uint8))
        rule = self._rule_of[found & _ID_MASK]
        record = np.searchsorted(records.ends, (found >> _ID_BITS) - 1, "right")
        keep = self._allowed[rule, records.fields[record]]
        rule, record = rule[keep], record[keep]
        if rows is not None:
            keep = self._where(rule, rows, records.rows[record])
            rule, record = rule[keep], record[keep]
        pair = np.unique(record.astype(np.int64) << _ID_BITS | rule)
        rule, record = (pair & _ID_MASK).astype(np.int32), pair >> _ID_BITS
        keep = self._confirmed(rule, record, records)
        rule, record = rule[keep], record[keep]
        return _hits(records.rows[record], rule, records.fields[record])

    def admit(self, hits: Hits, rows: Rows) -> Hits:
        """The hits whose rules accept the method and status of their row."""
        keep = self._where(hits.rules, rows, hits.rows)
        return Hits(hits.rows[keep], hits.rules[keep], hits.fields[keep])

    def _found(self, data: NDArray[np.uint8]) -> NDArray[np.int64]:
        if not len(data):
            return np.empty(0, np.int64)
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        found: list[int] = []
        # the binding takes any buffer; its type hints know only bytes and text
        self._database.scan(cast("bytes", data), match_event_handler=_noted, scratch=scratch, context=found)
        return np.array(found, np.int64)

    def _where(self, rule: NDArray[np.int32], rows: Rows, row: NDArray[np.int32]) -> NDArray[np.bool_]:
        keep = self._methods[rule, rows.method[row]]
        for i in self._by_status:
            of_rule = rule == i
            if of_rule.any():
                status = rows.status[row]
                within = np.zeros(len(status), np.bool_)
                for low, high in self.ruleset.rules[i].where.status_codes:
                    within |= (status >= low) & (status <= high)
                keep &= ~of_rule | within
        return keep

    def _confirmed(self, rule: NDArray[np.int32], record: NDArray[np.int64], records: Records) -> NDArray[np.bool_]:
        keep = np.ones(len(rule), np.bool_)
        for i in np.flatnonzero(self._checked[rule]).tolist():
            at = int(record[i])
            check = self._checks[int(rule[i])]
            start = int(records.ends[at - 1]) if at else 0
            text = records.data[start : int(records.ends[at]) - 1].tobytes()
            if check is not None and not check(text, int(records.fields[at])):
                keep[i] = False
        return keep


def _hits(row: NDArray[np.int32], rule: NDArray[np.int32], field: NDArray[np.uint8]) -> Hits:
    packed = np.unique(row.astype(np.int64) << 24 | rule.astype(np.int64) << 8 | field.astype(np.int64))
    return Hits(
        (packed >> 24).astype(np.int32), (packed >> 8 & 0xFFFF).astype(np.int32), (packed & 0xFF).astype(np.uint8)
    )


def _compile(rules: tuple[Rule, ...]) -> "hyperscan.Database":
    patterns = [(rule, bounded(pattern).encode()) for rule in rules for pattern in rule.match]
    if len(patterns) > _ID_MASK:
        raise ContentError("too_many_patterns", patterns=len(patterns))
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    expressions = [expression for _, expression in patterns]
    try:
        database.compile(expressions=expressions, ids=list(range(len(patterns))), flags=[_FLAGS] * len(patterns))
    except hyperscan.CompilerError as error:
        raise ContentError("bad_pattern", rule=_culprit(patterns), problem=str(error)) from error
    return database


def _culprit(patterns: list[tuple[Rule, bytes]]) -> str:
    """The rule whose pattern the engine refuses when it is compiled alone."""
    for rule, expression in patterns:
        try:
            hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK).compile(expressions=[expression], ids=[0], flags=[_FLAGS])
        except hyperscan.CompilerError:
            return rule.id
    return ""


def _field_table(rules: tuple[Rule, ...]) -> NDArray[np.bool_]:
    table = np.zeros((max(len(rules), 1), len(Field)), np.bool_)
    for i, rule in enumerate(rules):
        table[i, [int(field) for field in rule.fields]] = True
    return table


def _method_table(rules: tuple[Rule, ...]) -> NDArray[np.bool_]:
    table = np.ones((max(len(rules), 1), 256), np.bool_)
    for i, rule in enumerate(rules):
        if rule.where.methods:
            codes = [METHODS.index(name) if name in METHODS else OTHER_METHOD for name in rule.where.methods]
            table[i] = False
            table[i, codes] = True
    return table


def candidate_check(rule: Rule) -> Check | None:
    """What a candidate record must still pass, remembered by its bytes (attack lines repeat)."""
    predicate = PREDICATES[rule.confirm] if rule.confirm else None
    if not (rule.all_of or rule.unless or predicate):
        return None

    @lru_cache(maxsize=_MEMO)
    def check(text: bytes, field: int) -> bool:
        if not all(pattern.search(text) for pattern in rule.all_of):
            return False
        if any(pattern.search(text) for pattern in rule.unless):
            return False
        return predicate is None or predicate(text, Field(field))

    return check
