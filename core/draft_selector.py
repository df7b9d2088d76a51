"""How a model writes down which lines it means: flat, strict, and turned into a `Selector` or refused."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from core.event import ParseStatus
from core.line import SourceId
from core.selector import Selector
from core.taxonomy import AttackType


class DraftModel(BaseModel):
    """Base of everything that a model may write: unknown keys and other types are errors, nothing is converted.

    Schemas sent to providers know no defaults, no maps and no lengths of text: every field is required, absent values
    are `null` or empty lists.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StatusRange(DraftModel):
    """Inclusive bounds of status codes."""

    low: int
    high: int


class DraftFilter(DraftModel):
    """Conditions as those of `core.selector.Selector`; times are ISO 8601 with a zone; `sources` are names of files."""

    ips: list[str]
    since: str | None
    until: str | None
    types: Annotated[list[AttackType], Field(strict=False)]
    rules: list[str]
    methods: list[str]
    status_codes: list[StatusRange]
    url_contains: list[str]
    paths: list[str]
    agent_contains: list[str]
    user_contains: list[str]
    referrer_contains: list[str]
    raw_contains: list[str]
    actions: list[str]
    datasets: list[str]
    sources: list[str]


class DraftSelector(DraftFilter):
    """Lines that all conditions of the filter pick, but none of `without`."""

    without: list[DraftFilter]


def selector_of(draft: DraftFilter, sources: Mapping[str, SourceId]) -> Selector:
    """The selector that is meant; `sources` are the case's, by name.

    Raises `ValueError` for a time without a zone or that is none, and for a source that is not in the case. Whether
    addresses can be asked for is decided where every selector is: by the lake (`InputError`).
    """
    without = draft.without if isinstance(draft, DraftSelector) else []
    return Selector(
        ips=tuple(draft.ips),
        since=_time(draft.since),
        until=_time(draft.until),
        types=tuple(draft.types),
        rules=tuple(draft.rules),
        methods=tuple(draft.methods),
        status_codes=tuple((one.low, one.high) for one in draft.status_codes),
        url_contains=tuple(draft.url_contains),
        paths=tuple(draft.paths),
        agent_contains=tuple(draft.agent_contains),
        user_contains=tuple(draft.user_contains),
        referrer_contains=tuple(draft.referrer_contains),
        raw_contains=tuple(draft.raw_contains),
        actions=tuple(draft.actions),
        datasets=tuple(draft.datasets),
        sources=tuple(_source(name, sources) for name in draft.sources),
        statuses=tuple[ParseStatus, ...](),
        without=tuple(selector_of(one, sources) for one in without),
    )


def draft_of(selector: Selector, names: Mapping[SourceId, str]) -> DraftSelector:
    """The same the other way round, as an example for a model or a truthful fake."""
    return DraftSelector(
        **_conditions(selector, names), without=[DraftFilter(**_conditions(one, names)) for one in selector.without]
    )


def _conditions(selector: Selector, names: Mapping[SourceId, str]) -> dict[str, Any]:
    same = ("ips", "types", "rules", "methods", "url_contains", "paths", "agent_contains", "user_contains")
    more = ("referrer_contains", "raw_contains", "actions", "datasets")
    return {
        **{name: list(getattr(selector, name)) for name in (*same, *more)},
        "since": None if selector.since is None else selector.since.isoformat(),
        "until": None if selector.until is None else selector.until.isoformat(),
        "status_codes": [StatusRange(low=low, high=high) for low, high in selector.status_codes],
        "sources": [names[one] for one in selector.sources],
    }


def _time(text: str | None) -> datetime | None:
    """An aware time in UTC."""
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"a time without a zone: {text!r}")
    return time.astimezone(UTC)


def _source(name: str, sources: Mapping[str, SourceId]) -> SourceId:
    if name not in sources:
        raise ValueError(f"no such source: {name!r}")
    return sources[name]
