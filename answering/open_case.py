"""A case opened for questions: its lake, both counts of its hits, and the reports made of it so far."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from answering.basis import Basis
from answering.case_facts import facts_of
from answering.pipeline import report_of
from answering.validate.recount import Recount
from core.ignore import IgnoreEntry
from core.plan import EVERYTHING, CaseFacts
from core.report import Report
from core.selector import Selector
from core.wire import from_json, to_json
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from stores.closing import Closing
from stores.derived import Derived
from stores.lake import Lake

Value = TypeVar("Value")


class OpenCase(Closing):
    """One state of a case, held while it is talked about; whoever opens it closes it.

    Questions of one conversation share the counts: what was counted for one answer is not counted again for the next,
    nor by the next process, as long as neither lines nor rules nor the ignore list change. Not to be shared between
    threads.
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
        derived: Derived | None = None,
    ) -> None:
        self.lake, self.rules, self.scanner = lake, rules, scanner
        self.derived = derived
        self._reports: dict[Selector, Report] = {}
        self.basis = Basis.of(
            lake, rules, scanner, case=case, now=now, ignores=ignores, read_with=read_with, derived=derived
        )

    @classmethod
    def open(
        cls,
        case_dir: Path,
        rules: RuleSet,
        scanner: Scanner,
        *,
        case: str,
        now: datetime,
        ignores: Sequence[IgnoreEntry] = (),
        read_with: Collection[str] = (),
    ) -> "OpenCase":
        """The newest committed state of the case in `case_dir`; raises as `Lake.open` does."""
        lake = Lake.open(case_dir)
        try:
            derived = Derived(case_dir, (lake.state, *lake.files, rules.version))
            return cls(lake, rules, scanner, case=case, now=now, ignores=ignores, read_with=read_with, derived=derived)
        except BaseException:
            lake.close()
            raise

    def close(self) -> None:
        """Frees the lake."""
        self.lake.close()

    @property
    def case(self) -> str:
        """The name of the case."""
        return self.basis.case

    @property
    def now(self) -> datetime:
        """When it was opened."""
        return self.basis.now

    @property
    def recount(self) -> Recount:
        """The second count."""
        return self.basis.recount

    def report(self, selector: Selector = EVERYTHING) -> Report:
        """The verified report of what the selector picks; made once a state."""
        selector = self.plain(selector)
        if selector not in self._reports:
            self._reports[selector] = self._whole() if selector == EVERYTHING else report_of(self.basis, selector)
        return self._reports[selector]

    def plain(self, selector: Selector) -> Selector:
        """The same lines with fewer words: every dataset or source that there is need not be named."""
        datasets, sources = ({getattr(one, name) for one in self.lake.sources} for name in ("dataset", "id"))
        return replace(
            selector,
            datasets=() if datasets <= set(selector.datasets) else selector.datasets,
            sources=() if sources <= set(selector.sources) else selector.sources,
        )

    def _whole(self) -> Report:
        """The report of everything, as it was made when this state was first asked about."""
        return self.kept("report", Report, lambda: report_of(self.basis))

    def kept(self, name: str, kind: type[Value], make: Callable[[], Value]) -> Value:
        """What was kept of this state under the name; what another version or a damaged disk has left is made again.

        For values that depend on nothing but this case, and that JSON gives back as they were.
        """
        if self.derived is None:
            return make()
        name = f"{name}-{self._asked}"
        text = self.derived.text(name)
        if text is not None:
            with suppress(ValueError):
                return from_json(kind, text)
        value = make()
        self.derived.keep_text(name, to_json(kind, value))
        return value

    @cached_property
    def _asked(self) -> str:
        """What a report depends on beside the state and the rules."""
        facts = (self.case, self.basis.ignored, sorted(self.basis.read_with))
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]

    @cached_property
    def facts(self) -> CaseFacts:
        """What a planner may know of the case."""
        return self.kept("facts", CaseFacts, lambda: facts_of(self.lake, self.report()))
