"""A source file as the registry knows it, and the account of its physical lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.line import SourceId


@dataclass(frozen=True, slots=True)
class Accounting:
    """Where every physical line went; `lines` is what `wc -l` says, plus one when the last line has no LF.

    `reasons` splits `unparsed` by `core.event.Reason` name. parsed + continuation + header + blank + unparsed +
    oversize == lines always holds; the pipeline refuses to commit a segment for which it does not.
    """

    lines: int = 0
    parsed: int = 0
    continuation: int = 0
    header: int = 0
    blank: int = 0
    unparsed: int = 0
    oversize: int = 0
    reasons: Mapping[str, int] | None = None

    def __add__(self, other: "Accounting") -> "Accounting":
        """Both accounts as one."""
        reasons = dict(self.reasons or {})
        for name, count in (other.reasons or {}).items():
            reasons[name] = reasons.get(name, 0) + count
        return Accounting(
            lines=self.lines + other.lines,
            parsed=self.parsed + other.parsed,
            continuation=self.continuation + other.continuation,
            header=self.header + other.header,
            blank=self.blank + other.blank,
            unparsed=self.unparsed + other.unparsed,
            oversize=self.oversize + other.oversize,
            reasons=reasons,
        )


@dataclass(frozen=True, slots=True)
class Source:
    """One file, archive member or stream of a case.

    `number` is the value of `log.source` in the lake. `name` is what the user called it (never used as a path).
    `sha256` is over the inflated content of `size` bytes. `notes` are codes such as `truncated_archive`,
    `trailing_garbage`, `unterminated_last_line`, worded by `app/`.
    """

    id: SourceId
    number: int
    name: str
    dataset: str
    sha256: str
    size: int
    accounting: Accounting
    first_seen: datetime | None
    last_seen: datetime | None
    ingested_at: datetime
    zone: str = "UTC"
    zone_source: str = "explicit"
    year_source: str = "explicit"
    notes: tuple[str, ...] = ()
