"""A case opened for questions: its lake with the behaviours' hits, the second count, and what was worked out before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Self

from answering.case_facts import facts_of
from answering.pipeline import investigate
from answering.validate.recount import Recount
from core.ignore import IgnoreEntry
from core.plan import EVERYTHING, CaseFacts
from core.report import Report
from core.selector import Selector
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from stores.lake import Lake


@dataclass(slots=True)
class _Memory:
    reports: dict[Selector, Report] = field(default_factory=dict)


class OpenCase:
    """One state of a case, held while it is talked about; whoever opens it closes it.

    Questions of one conversation share the counts: what was counted for one answer is not counted again for the next.
    Not to be shared between threads.
    """

    def __init__(
        self,
        lake: Lake,
        rules: RuleSet,
        scanner: Scanner,
        *,
        case: str,
        now: datetime,
        ignores: Sequence[IgnoreEntry] = (),
        read_with: Collection[str] = (),
    ) -> None:
        self.lake, self.rules, self.scanner, self.case, self.now = lake, rules, scanner, case, now
        self._ignores, self._read_with = tuple(ignores), tuple(read_with)
        self._memory = _Memory()
        self.recount: Recount = Recount(lake, rules, scanner, tuple(one.selector for one in self._ignores))
        self.report()  # joins the behaviours' hits, and applies the ignore list

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lake.close()

    def report(self, selector: Selector = EVERYTHING) -> Report:
        """The verified report of what the selector picks; made once a state."""
        if selector not in self._memory.reports:
            self._memory.reports[selector] = investigate(
                self.lake,
                self.rules,
                self.scanner,
                case=self.case,
                now=self.now,
                selector=selector,
                ignores=self._ignores,
                read_with=self._read_with,
            )
        return self._memory.reports[selector]

    @cached_property
    def facts(self) -> CaseFacts:
        """What a planner may know of the case."""
        return facts_of(self.lake, self.report())
