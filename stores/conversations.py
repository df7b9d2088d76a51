"""What was asked of a case and answered, kept over restarts; any number of windows ask at once and no turn is lost."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Self

from core.answer import Answer
from core.errors import CaseError, StorageError
from stores.answer_text import read_answer, write_answer

FILE = "conversations.sqlite"
LONGEST_TITLE = 80
_VERSION = 1
_SCHEMA = """
CREATE TABLE conversation (id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, title TEXT NOT NULL) STRICT;
CREATE TABLE turn (
  number INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL REFERENCES conversation(id),
  asked_at INTEGER NOT NULL, question TEXT NOT NULL, state TEXT NOT NULL, answer TEXT, failure TEXT NOT NULL
) STRICT;
CREATE INDEX turn_of ON turn (conversation, number);
"""
_ID = re.compile(r"[0-9a-f]{16}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TurnState(StrEnum):
    """What became of a question."""

    PENDING = "pending"  # being answered, here or in another window, or cut off by the end of the program
    ANSWERED = "answered"
    STOPPED = "stopped"  # by the person who asked
    FAILED = "failed"
    UNREADABLE = "unreadable"  # the stored answer is of a layout this version does not know


@dataclass(frozen=True, slots=True)
class Conversation:
    """`title` is the beginning of its first question."""

    id: str
    started_at: datetime
    title: str
    turns: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what became of it; `failure` is the code of an error. `number` is unique in the case."""

    number: int
    conversation: str
    asked_at: datetime
    question: str
    state: TurnState
    answer: Answer | None = None
    failure: str = ""


def new_conversation() -> str:
    """The name of a conversation that nobody has; nothing is stored before its first question."""
    return token_hex(8)


def is_conversation(text: str) -> bool:
    """Whether the text can be the name of a conversation."""
    return _ID.fullmatch(text) is not None


class Conversations:
    """One connection to a case's conversations; opened for each use, not to be shared between threads.

    Raises `CaseError("unknown_case")` when the case is gone, and `StorageError` for a damaged file
    (`history_damaged`), one of a newer layout (`newer_history`), and a disk that refuses.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, case_dir: Path) -> "Conversations":
        """The conversations of the case, none at first."""
        if not case_dir.is_dir():
            raise CaseError("unknown_case", case=case_dir.name, known=())
        with _faults():
            connection = sqlite3.connect(case_dir / FILE, timeout=30, isolation_level=None)
            try:
                _prepare(connection)
            except BaseException:
                connection.close()
                raise
        return cls(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def all(self) -> tuple[Conversation, ...]:
        """Every conversation, the one with the newest question first."""
        sql = (
            "SELECT id, started_at, title, count(*) AS turns FROM conversation JOIN turn ON conversation = id"
            " GROUP BY id ORDER BY max(number) DESC"
        )
        return tuple(Conversation(str(row[0]), _time(row[1]), str(row[2]), int(str(row[3]))) for row in self._rows(sql))

    def begin(self, conversation: str, question: str, now: datetime) -> int:
        """Notes that something is being asked; the number of the turn."""
        question = question.encode("utf-8", "backslashreplace").decode("utf-8")  # what no file can hold is spelled out
        title = " ".join(question.split())[:LONGEST_TITLE]
        with self._transaction():
            run = self._connection.execute
            run("INSERT OR IGNORE INTO conversation VALUES (?, ?, ?)", (conversation, _micros(now), title))
            written = run(
                "INSERT INTO turn (conversation, asked_at, question, state, failure) VALUES (?, ?, ?, ?, '')",
                (conversation, _micros(now), question, TurnState.PENDING.value),
            )
            return int(written.lastrowid or 0)

    def answered(self, number: int, answer: Answer) -> None:
        """The pending turn has its answer."""
        self._end(number, TurnState.ANSWERED, write_answer(answer), "")

    def stopped(self, number: int) -> None:
        """The pending turn was stopped; one that has an answer keeps it."""
        self._end(number, TurnState.STOPPED, None, "")

    def failed(self, number: int, code: str) -> None:
        """The pending turn could not be answered, for this reason."""
        self._end(number, TurnState.FAILED, None, code)

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """The turns of a conversation in the order they were asked, without their answers."""
        sql = "SELECT number, conversation, asked_at, question, state, NULL, failure FROM turn WHERE conversation = ?"
        return tuple(_turn(row) for row in self._rows(f"{sql} ORDER BY number", conversation))

    def turn(self, number: int) -> Turn | None:
        """One turn with its answer; None when there is none of this number."""
        sql = "SELECT number, conversation, asked_at, question, state, answer, failure FROM turn WHERE number = ?"
        return next((_turn(row) for row in self._rows(sql, number)), None)

    def forget(self, conversation: str) -> None:
        """Deletes a conversation with all its turns."""
        with self._transaction():
            self._connection.execute("DELETE FROM turn WHERE conversation = ?", (conversation,))
            self._connection.execute("DELETE FROM conversation WHERE id = ?", (conversation,))

    def _end(self, number: int, state: TurnState, answer: str | None, failure: str) -> None:
        with self._transaction():
            self._connection.execute(
                "UPDATE turn SET state = ?, answer = ?, failure = ? WHERE number = ? AND state = ?",
                (state.value, answer, failure, number, TurnState.PENDING.value),
            )

    def _rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with _faults():
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _faults():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _prepare(connection: sqlite3.Connection) -> None:
    version = _version(connection)
    if version < _VERSION:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) < _VERSION:  # another process may have been faster
            for statement in filter(str.strip, _SCHEMA.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={_VERSION}")
        connection.execute("COMMIT")
    connection.execute("PRAGMA synchronous=FULL")  # a question that was asked survives a power cut


def _version(connection: sqlite3.Connection) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > _VERSION:
        raise StorageError("newer_history", name=FILE, version=version)
    return version


@contextmanager
def _faults() -> Iterator[None]:
    """Turns SQLite's errors into `StorageError` codes; the evidence is in other files and never concerned."""
    try:
        yield
    except sqlite3.Error as fault:
        reason = getattr(fault, "sqlite_errorname", "")
        raise StorageError(_code(fault), name=FILE, reason=reason) from fault


def _code(fault: sqlite3.Error) -> str:
    number = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    if number == sqlite3.SQLITE_FULL:
        return "disk_full"
    if number == sqlite3.SQLITE_BUSY:
        return "history_busy"
    if number in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
        return "write_failed"
    return "history_damaged"


def _turn(row: tuple[object, ...]) -> Turn:
    number, conversation, asked_at, question, state, answer, failure = row
    found = read_answer(answer) if isinstance(answer, str) else None
    lost = isinstance(answer, str) and found is None
    return Turn(
        int(str(number)),
        str(conversation),
        _time(asked_at),
        str(question),
        TurnState.UNREADABLE if lost else TurnState(str(state)),
        found,
        str(failure),
    )


def _micros(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)


def _time(micros: object) -> datetime:
    return _EPOCH + timedelta(microseconds=int(str(micros)))
