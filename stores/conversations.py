"""What was asked of a case and answered, kept over restarts; any number of windows ask at once and no turn is lost."""

import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from secrets import token_hex

from core.answer import Answer
from core.errors import CaseError
from stores.answer_text import read_answer, write_answer
from stores.closing import Closing
from stores.database import Database, Layout, micros_of, time_of

FILE = "conversations.sqlite"
LONGEST_TITLE = 80
_SCHEMA = """
CREATE TABLE conversation (id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, title TEXT NOT NULL) STRICT;
CREATE TABLE turn (
  number INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL REFERENCES conversation(id),
  asked_at INTEGER NOT NULL, question TEXT NOT NULL, state TEXT NOT NULL, answer TEXT, failure TEXT NOT NULL
) STRICT;
CREATE INDEX turn_of ON turn (conversation, number);
"""
LAYOUT = Layout(
    FILE,
    1,
    _SCHEMA,
    damaged="history_damaged",
    busy="history_busy",
    newer="newer_history",
    conflict="history_damaged",
)
_ID = re.compile(r"[0-9a-f]{16}")


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


class Conversations(Closing):
    """One connection to a case's conversations; opened for each use, not to be shared between threads.

    Raises `CaseError("unknown_case")` when the case is gone, and `StorageError` for a damaged file
    (`history_damaged`), one of a newer layout (`newer_history`), and a disk that refuses.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, case_dir: Path) -> "Conversations":
        """The conversations of the case, none at first."""
        if not case_dir.is_dir():
            raise CaseError("unknown_case", case=case_dir.name, known=())
        return cls(Database.open(case_dir, LAYOUT))

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    def all(self) -> tuple[Conversation, ...]:
        """Every conversation, the one with the newest question first."""
        sql = (
            "SELECT id, started_at, title, count(*) AS turns FROM conversation JOIN turn ON conversation = id"
            " GROUP BY id ORDER BY max(number) DESC"
        )
        return tuple(
            Conversation(str(row[0]), time_of(row[1]), str(row[2]), int(str(row[3])))
            for row in self._database.rows(sql)
        )

    def begin(self, conversation: str, question: str, now: datetime) -> int:
        """Notes that something is being asked; the number of the turn."""
        question = question.encode("utf-8", "backslashreplace").decode("utf-8")  # what no file can hold is spelled out
        title = " ".join(question.split())[:LONGEST_TITLE]
        with self._database.transaction():
            run = self._database.run
            run("INSERT OR IGNORE INTO conversation VALUES (?, ?, ?)", conversation, micros_of(now), title)
            written = run(
                "INSERT INTO turn (conversation, asked_at, question, state, failure) VALUES (?, ?, ?, ?, '')",
                *(conversation, micros_of(now), question, TurnState.PENDING.value),
            )
            return int(written.lastrowid or 0)

    def answered(self, number: int, answer: Answer) -> None:
        """The pending turn has its answer."""
        self._end(number, TurnState.ANSWERED, write_answer(answer), "")

    def told(self, number: int, answer: Answer) -> None:
        """The answered turn has what a model said beside its answer."""
        with self._database.transaction():
            self._database.run(
                "UPDATE turn SET answer = ? WHERE number = ? AND state = ?",
                *(write_answer(answer), number, TurnState.ANSWERED.value),
            )

    def stopped(self, number: int) -> None:
        """The pending turn was stopped; one that has an answer keeps it."""
        self._end(number, TurnState.STOPPED, None, "")

    def failed(self, number: int, code: str) -> None:
        """The pending turn could not be answered, for this reason."""
        self._end(number, TurnState.FAILED, None, code)

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """The turns of a conversation in the order they were asked, without their answers."""
        sql = "SELECT number, conversation, asked_at, question, state, NULL, failure FROM turn WHERE conversation = ?"
        return tuple(_turn(row) for row in self._database.rows(f"{sql} ORDER BY number", conversation))

    def turn(self, number: int) -> Turn | None:
        """One turn with its answer; None when there is none of this number."""
        sql = "SELECT number, conversation, asked_at, question, state, answer, failure FROM turn WHERE number = ?"
        return next((_turn(row) for row in self._database.rows(sql, number)), None)

    def forget(self, conversation: str) -> None:
        """Deletes a conversation with all its turns."""
        with self._database.transaction():
            self._database.run("DELETE FROM turn WHERE conversation = ?", conversation)
            self._database.run("DELETE FROM conversation WHERE id = ?", conversation)

    def _end(self, number: int, state: TurnState, answer: str | None, failure: str) -> None:
        with self._database.transaction():
            self._database.run(
                "UPDATE turn SET state = ?, answer = ?, failure = ? WHERE number = ? AND state = ?",
                *(state.value, answer, failure, number, TurnState.PENDING.value),
            )


def _turn(row: sqlite3.Row) -> Turn:
    number, conversation, asked_at, question, state, answer, failure = row
    found = read_answer(answer) if isinstance(answer, str) else None
    lost = isinstance(answer, str) and found is None
    return Turn(
        int(str(number)),
        str(conversation),
        time_of(asked_at),
        str(question),
        TurnState.UNREADABLE if lost else TurnState(str(state)),
        found,
        str(failure),
    )
