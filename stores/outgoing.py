"""What left the machine for a case: every call with its cost and the exact text sent, written before the first byte."""

import hashlib
import sqlite3
from pathlib import Path

from core.errors import CaseError
from stores.closing import Closing
from stores.database import Database, Layout, micros_of, time_of
from stores.sending import Budget, Sending, Sent, Spent

FILE = "outgoing.sqlite"
MOST_PAYLOAD_BYTES = 64_000_000
"""Of texts kept in a case: some thousand questions. The oldest texts are dropped first; calls and counts never are."""

PENDING = "pending"
"""In the place of a fault: under way, or cut off by the end of the program."""

_SCHEMA = """
CREATE TABLE call (
  number INTEGER PRIMARY KEY AUTOINCREMENT, sent_at INTEGER NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
  purpose TEXT NOT NULL, question TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
  reserved INTEGER NOT NULL, cost REAL, reserved_cost REAL NOT NULL, seconds REAL NOT NULL, fault TEXT NOT NULL,
  sha256 TEXT NOT NULL, size INTEGER NOT NULL, payload TEXT
) STRICT;
CREATE INDEX call_of ON call (question);
CREATE INDEX call_held ON call (number) WHERE payload IS NOT NULL;
"""
LAYOUT = Layout(
    FILE,
    1,
    _SCHEMA,
    damaged="outgoing_damaged",
    busy="outgoing_busy",
    newer="newer_outgoing",
    conflict="outgoing_damaged",
)


class Outgoing(Closing):
    """One connection to a case's record; opened for each use, not to be shared between threads.

    Raises `CaseError("unknown_case")` when the case is gone, and `StorageError` for a damaged file
    (`outgoing_damaged`), one of a newer layout (`newer_outgoing`), one that another process holds (`outgoing_busy`),
    and a disk that refuses.
    """

    def __init__(self, database: Database, most_bytes: int = MOST_PAYLOAD_BYTES) -> None:
        self._database = database
        self._most_bytes = most_bytes

    @classmethod
    def open(cls, case_dir: Path, most_bytes: int = MOST_PAYLOAD_BYTES) -> "Outgoing":
        """The record of the case, empty at first."""
        if not case_dir.is_dir():
            raise CaseError("unknown_case", case=case_dir.name, known=())
        return cls(Database.open(case_dir, LAYOUT), most_bytes)

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    def begin(self, sending: Sending, budget: Budget) -> int | str:
        """Writes down what is about to leave; its number, or the name of the limit that does not hold it.

        Budget and call are one transaction: two windows that ask at once do not both get the last of it.
        """
        payload = sending.payload.encode("utf-8", "backslashreplace").decode()
        sha256 = hashlib.sha256(sending.payload.encode("utf-8", "surrogatepass")).hexdigest()
        values = (
            micros_of(sending.at),
            *(sending.provider, sending.model, sending.purpose, sending.question),
            *(sending.input_tokens, sending.reserved, sending.cost, sending.reserved_cost),
            *(PENDING, sha256, len(payload.encode()), payload),
        )
        sql = (
            "INSERT INTO call (sent_at, provider, model, purpose, question, input_tokens, output_tokens, reserved,"
            " cost, reserved_cost, seconds, fault, sha256, size, payload) VALUES (?,?,?,?,?,?,0,?,?,?,0,?,?,?,?)"
        )
        with self._database.transaction():
            if limit := self._passed(sending, budget):
                return limit
            written = self._database.run(sql, *values)
            self._drop_old_texts()
            return int(written.lastrowid or 0)

    def finish(
        self,
        number: int,
        *,
        input_tokens: int,
        output_tokens: int,
        cost: float | None,
        seconds: float,
        fault: str = "",
        model: str = "",
    ) -> None:
        """What became of the call; `model` is who answered, where the provider tells it more exactly."""
        with self._database.transaction():
            self._database.run(
                "UPDATE call SET input_tokens = ?, output_tokens = ?, reserved = 0, cost = ?, reserved_cost = 0,"
                " seconds = ?, fault = ?, model = coalesce(nullif(?, ''), model) WHERE number = ?",
                *(input_tokens, output_tokens, cost, seconds, fault, model, number),
            )

    def spent(self, question: str | None = None) -> Spent:
        """What the case has taken, or one question of it; calls under way count with what was sent."""
        row = self._database.rows(
            "SELECT count(*), coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0),"
            " coalesce(sum(cost), 0.0), count(cost), coalesce(sum(seconds), 0.0) FROM call"
            " WHERE ?1 IS NULL OR question = ?1",
            question,
        )[0]
        calls, came_in, went_out, priced = (int(str(row[place])) for place in (0, 1, 2, 4))
        return Spent(calls, came_in, went_out, float(str(row[3])), priced, float(str(row[5])))

    def calls(self, most: int = 200, question: str | None = None) -> tuple[Sent, ...]:
        """The newest calls, the newest first."""
        rows = self._database.rows(
            "SELECT number, sent_at, provider, model, purpose, question, input_tokens, output_tokens, cost, seconds,"
            " fault, sha256, size, payload IS NOT NULL FROM call WHERE ?1 IS NULL OR question = ?1"
            " ORDER BY number DESC LIMIT ?2",
            question,
            most,
        )
        return tuple(_sent(row) for row in rows)

    def payload(self, number: int) -> str | None:
        """The text of a call as it was sent; None when it was dropped or there is no such call."""
        rows = self._database.rows("SELECT payload FROM call WHERE number = ?", number)
        return str(rows[0][0]) if rows and rows[0][0] is not None else None

    def _passed(self, sending: Sending, budget: Budget) -> str:
        """The name of the first limit that the call would pass, empty when it passes none."""
        adds = sending.input_tokens + sending.reserved
        tokens = "SELECT coalesce(sum(input_tokens + output_tokens + reserved), 0) FROM call"
        money = "SELECT coalesce(sum(coalesce(cost, 0) + reserved_cost), 0.0) FROM call"
        sums = {
            "question_tokens": (
                self._sum(f"{tokens} WHERE question = ?", sending.question) + adds,
                budget.question_tokens,
            ),
            "case_tokens": (self._sum(tokens) + adds, budget.case_tokens),
            "case_money": (self._sum(money) + (sending.cost or 0) + sending.reserved_cost, budget.case_money),
        }
        return next((name for name, (found, most) in sums.items() if most is not None and found > most), "")

    def _sum(self, sql: str, *values: object) -> float:
        return float(str(self._database.rows(sql, *values)[0][0]))

    def _drop_old_texts(self) -> None:
        """Keeps the newest texts that fit, the one just written at least."""
        self._database.run(
            "UPDATE call SET payload = NULL WHERE payload IS NOT NULL AND number < (SELECT max(number) FROM call)"
            " AND number <= (SELECT coalesce(max(number), 0) FROM (SELECT number, sum(size) OVER"
            " (ORDER BY number DESC) AS running FROM call WHERE payload IS NOT NULL) WHERE running > ?)",
            self._most_bytes,
        )


def _sent(row: sqlite3.Row) -> Sent:
    number, at, provider, model, purpose, question, came_in, went_out, cost, seconds, fault, sha256, size, held = row
    return Sent(
        int(str(number)),
        time_of(at),
        *(str(provider), str(model), str(purpose), str(question)),
        *(int(str(came_in)), int(str(went_out))),
        None if cost is None else float(str(cost)),
        float(str(seconds)),
        *(str(fault), str(sha256)),
        int(str(size)),
        bool(held),
    )
