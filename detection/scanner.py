"""The engine: every pattern of every rule in one Hyperscan (Vectorscan) database, one scan a block, then checks."""

import hashlib
import os
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import hyperscan
import numpy as np
from numpy.typing import NDArray

from core.errors import ContentError
from core.field import Field
from detection.confirm import PREDICATES, REFUSING
from detection.novelty import new_table, pick_unknown, remember
from detection.pattern import bounded, compiled_pattern, relaxed
from detection.precedence import Precedence
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
    """Scans records for all rules of a set; one instance serves any number of threads.

    `cache` is a folder for the compiled database (compiling takes seconds, loading milliseconds); None compiles.
    """

    def __init__(self, ruleset: RuleSet, cache: Path | None = None) -> None:
        self.ruleset = ruleset
        self._database = _database(ruleset, cache)
        self._local = threading.local()
        self._rule_of = np.array([i for i, rule in enumerate(ruleset.rules) for _ in rule.match], np.int32)
        self._allowed = _field_table(ruleset.rules)
        self._methods = _method_table(ruleset.rules)
        self._checks: tuple[Check | None, ...] = tuple(candidate_check(rule) for rule in ruleset.rules)
        self._checked = np.array([check is not None for check in self._checks], np.bool_)
        self._supporting = np.array([rule.supporting for rule in ruleset.rules], np.bool_)
        self._explaining = np.array([not (rule.supporting or rule.condition) for rule in ruleset.rules], np.bool_)
        self._precedence = Precedence(ruleset.rules)
        self._by_status = tuple(i for i, rule in enumerate(ruleset.rules) if rule.where.status_codes)

    def scan(self, records: Records, rows: Rows | None) -> Hits:
        """All hits of the records, unique and sorted by (row, rule, field).

        Without `rows` the rules' conditions on method and status are left open; `admit` closes them. The pipeline
        scans a text that many lines share (a user agent) once, and only then looks at the lines.
        """
        if not len(records.ends):
            return _hits(records.rows, np.empty(0, np.int32), records.fields)
        state = self._state()
        fresh, numbers, hashes = state.unknown(records)
        rule, local = self._matches(fresh, state)
        clean = np.ones(len(numbers), np.bool_)
        clean[local] = False
        remember(state.table, hashes, clean)
        record = numbers[local]
        hits = _hits(records.rows[record], rule, records.fields[record])
        return hits if rows is None else self.settle(self.admit(hits, rows))

    def admit(self, hits: Hits, rows: Rows) -> Hits:
        """The hits whose rules accept the method and status of their row."""
        keep = self._where(hits.rules, rows, hits.rows)
        return Hits(hits.rows[keep], hits.rules[keep], hits.fields[keep])

    def settle(self, hits: Hits) -> Hits:
        """The hits without those that another one explains (`yields_to`, `supporting`); for all hits of the rows."""
        if not len(hits.rows):
            return hits
        keep = self._precedence.keep(hits)
        hits = Hits(hits.rows[keep], hits.rules[keep], hits.fields[keep])
        supporting = self._supporting[hits.rules]
        explained = np.zeros(int(hits.rows.max()) + 1, np.bool_)
        explained[hits.rows[self._explaining[hits.rules]]] = True
        keep = ~(supporting & explained[hits.rows])
        return Hits(hits.rows[keep], hits.rules[keep], hits.fields[keep])

    def _state(self) -> "_ThreadState":
        state: _ThreadState | None = getattr(self._local, "state", None)
        if state is None:
            state = self._local.state = _ThreadState(hyperscan.Scratch(self._database))
        return state

    def _matches(self, records: Records, state: "_ThreadState") -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """(rule, record) pairs that match and pass their checks; method and status are not looked at."""
        found: list[int] = []
        if len(records.data):
            # the binding takes any buffer; its type hints know only bytes and text
            data = cast("bytes", records.data)
            self._database.scan(data, match_event_handler=_noted, scratch=state.scratch, context=found)
        packed = np.unique(np.array(found, np.int64))
        rule = self._rule_of[packed & _ID_MASK]
        record = np.searchsorted(records.ends, (packed >> _ID_BITS) - 1, "right")
        keep = self._allowed[rule, records.fields[record]]
        pair = np.unique(record[keep].astype(np.int64) << _ID_BITS | rule[keep])
        rule, record = (pair & _ID_MASK).astype(np.int32), pair >> _ID_BITS
        keep = self._confirmed(rule, record, records)
        return rule[keep], record[keep]

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


class _ThreadState:
    """What one thread needs: the engine's scratch space, the table of clean records and buffers that grow."""

    def __init__(self, scratch: "hyperscan.Scratch") -> None:
        self.scratch = scratch
        self.table, self._seed = new_table()
        self._bytes = np.empty(0, np.uint8)
        self._ends = np.empty(0, np.int64)
        self._picked = np.empty(0, np.int64)
        self._hashes = np.empty(0, np.uint64)

    def unknown(self, records: Records) -> tuple[Records, NDArray[np.int64], NDArray[np.uint64]]:
        """The records not known to be clean, their numbers in `records`, and their hashes."""
        if len(self._bytes) < len(records.data):
            self._bytes = np.empty(len(records.data) * 5 // 4, np.uint8)
        if len(self._ends) < len(records.ends):
            room = len(records.ends) * 5 // 4 + 1
            self._ends, self._picked = np.empty(room, np.int64), np.empty(room, np.int64)
            self._hashes = np.empty(room, np.uint64)
        count, size = pick_unknown(
            records.data, records.ends, records.fields, self.table, self._seed,
            self._bytes, self._ends, self._picked, self._hashes,
        )  # fmt: skip
        numbers = self._picked[:count]
        fresh = Records(self._bytes[:size], self._ends[:count], records.rows[numbers], records.fields[numbers])
        return fresh, numbers, self._hashes[:count]


def _hits(row: NDArray[np.int32], rule: NDArray[np.int32], field: NDArray[np.uint8]) -> Hits:
    packed = np.unique(row.astype(np.int64) << 24 | rule.astype(np.int64) << 8 | field.astype(np.int64))
    return Hits(
        (packed >> 24).astype(np.int32), (packed >> 8 & 0xFFFF).astype(np.int32), (packed & 0xFF).astype(np.uint8)
    )


def _database(ruleset: RuleSet, cache: Path | None) -> "hyperscan.Database":
    """The compiled patterns, from the cache folder when it holds exactly these for this engine.

    A cache that cannot be read or written only costs time.
    """
    patterns = [(rule, relaxed(pattern).encode()) for rule in ruleset.rules for pattern in rule.match]
    if cache is None:
        return _compile(patterns)
    digest = hashlib.sha256(b"\0".join(expression for _, expression in patterns)).hexdigest()[:32]
    path = cache / f"rules-{digest}-{version('hyperscan')}.hsdb"
    try:
        return hyperscan.loadb(path.read_bytes(), mode=hyperscan.HS_MODE_BLOCK)
    except (OSError, hyperscan.error):
        database = _compile(patterns)
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(hyperscan.dumpb(database))
        part.replace(path)
    return database


def _compile(patterns: list[tuple[Rule, bytes]]) -> "hyperscan.Database":
    if len(patterns) > _ID_MASK:
        raise ContentError("too_many_patterns", patterns=len(patterns))
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    expressions = [expression for _, expression in patterns]
    try:
        database.compile(expressions=expressions, ids=list(range(len(patterns))), flags=[_FLAGS] * len(patterns))
    except hyperscan.error as error:
        raise ContentError("bad_pattern", rule=_culprit(patterns), problem=str(error)) from error
    return database


def _culprit(patterns: list[tuple[Rule, bytes]]) -> str:
    """The rule whose pattern the engine refuses when it is compiled alone."""
    for rule, expression in patterns:
        try:
            hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK).compile(expressions=[expression], ids=[0], flags=[_FLAGS])
        except hyperscan.error:
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


def _exact(rule: Rule) -> tuple[str, ...]:
    """The rule's patterns, when the engine only looks for a relaxed form of one and no predicate decides anyway."""
    decided = rule.confirm is not None and rule.confirm not in REFUSING
    if decided or all(relaxed(pattern) == bounded(pattern) for pattern in rule.match):
        return ()
    return rule.match


def candidate_check(rule: Rule) -> Check | None:
    """What a candidate record must still pass, remembered by its bytes (attack lines repeat)."""
    predicate = PREDICATES[rule.confirm] if rule.confirm else None
    exact = _exact(rule)
    if not (rule.all_of or rule.unless or predicate or exact):
        return None

    @cache
    def compiled() -> tuple[re.Pattern[bytes], ...]:  # when the first candidate asks: most starts of a program never do
        return tuple(compiled_pattern(pattern) for pattern in exact)

    @lru_cache(maxsize=_MEMO)
    def check(text: bytes, field: int) -> bool:
        if exact and not any(pattern.search(text) for pattern in compiled()):
            return False
        if not all(pattern.search(text) for pattern in rule.all_of):
            return False
        if any(pattern.search(text) for pattern in rule.unless):
            return False
        return predicate is None or predicate(text, Field(field))

    return check
