"""What a model is told before it plans: the question, earlier ones, the case's schema, and no text of a log."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from core.draft_plan import DraftPlan, DraftStep
from core.draft_selector import draft_of
from core.line import SourceId
from core.plan import LONGEST_QUESTION, CaseFacts, Exchange, Step
from core.selector import Selector
from retrieval.plan.canonical import canonical
from retrieval.plan.fold import fold
from retrieval.plan.model_names import Names

REMEMBERED = 6
"""Earlier exchanges that a question can be about."""

MOST_SOURCES = 60
"""Sources whose names are told: those that the question names first."""

MOST_NAME = 200
"""Characters of a source's name."""

LANGUAGES = {"en": "English", "ja": "Japanese"}
"""By the codes of `Plan.language`."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def told_of(
    question: str, facts: CaseFacts, history: Sequence[Exchange], names: Names, language: str
) -> Mapping[str, str]:
    """The variables of `prompts/plan.toml`.

    What is typed comes last: the redactor looks for the rest of a secret at its end in the text that follows.
    """
    return {
        "language": LANGUAGES[language],
        "case": _json(_schema(question, facts)),
        "conversation": _json([_exchange(one, facts, names) for one in history[-REMEMBERED:]]),
        "question": question[:LONGEST_QUESTION],
    }


def visible(text: str) -> str:
    """One line without anything that nobody sees."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


def labelled(facts: CaseFacts) -> dict[str, SourceId]:
    """The sources by their labels, in the order of the case."""
    return {f"@source{number}": source for number, (source, _) in enumerate(facts.sources, 1)}


def sources_of(facts: CaseFacts) -> dict[str, SourceId]:
    """The sources by all that a model may call them: their labels, and names that only one of them has."""
    names = [name for _, name in facts.sources]
    return {name: source for source, name in facts.sources if names.count(name) == 1} | labelled(facts)


def _schema(question: str, facts: CaseFacts) -> dict[str, object]:
    zone = _zone(facts)
    return {
        "log_begins": _time(facts.first_seen, zone),
        "log_ends": _time(facts.last_seen, zone),
        "log_ends_on": None if facts.last_seen is None else _DAYS[facts.last_seen.astimezone(zone).weekday()],
        "zone": _offset(facts.offset_seconds),
        "attack_types_found": [one.value for one in facts.types],
        "datasets": list(facts.datasets),
        "sources": _sources(question, facts),
        "sources_in_all": len(facts.sources),
    }


def _sources(question: str, facts: CaseFacts) -> dict[str, str]:
    typed, names = fold(question[:LONGEST_QUESTION]).text, dict(facts.sources)
    labels = labelled(facts)
    meant = [label for label, source in labels.items() if fold(names[source]).text.rpartition("/")[2] in typed]
    told = list(dict.fromkeys((*meant, *labels)))[:MOST_SOURCES]
    return {label: visible(names[labels[label]])[:MOST_NAME] for label in told}


def _exchange(one: Exchange, facts: CaseFacts, names: Names) -> dict[str, object]:
    steps = [_draft(canonical(step), facts, names) for step in one.plan.steps]
    drafts = [step for step in steps if step is not None]
    whole = bool(steps) and len(drafts) == len(steps)
    return {
        "question": one.question[:LONGEST_QUESTION],
        "plan": DraftPlan(steps=drafts, unclear="").model_dump(mode="json") if whole else None,
        "its_answer_named": {kind: values for kind, values in _named(one, names) if values},
    }


def _named(one: Exchange, names: Names) -> Iterator[tuple[str, list[str]]]:
    yield "ips", [names.shown("ip", value) for value in one.ips]
    yield "users", [names.shown("user", value) for value in one.users]
    yield "paths", [names.shown("path", value) for value in one.paths]
    yield "types", [value.value for value in one.types]


def _draft(step: Step, facts: CaseFacts, names: Names) -> DraftStep | None:
    """The step as a model writes it; None for what it cannot: sources that are gone, lines by how they were read."""
    labels = {source: label for label, source in labelled(facts).items()}
    sides = [step.selector, *([] if step.against is None else [step.against])]
    parts = [part for side in sides for part in (side, *side.without)]
    if any(part.statuses or not set(part.sources) <= set(labels) for part in parts):
        return None
    return DraftStep(
        operation=step.operation,
        selector=draft_of(_local(names.masked(step.selector), facts), labels),
        by=step.by,
        limit=step.limit,
        against=None if step.against is None else draft_of(_local(names.masked(step.against), facts), labels),
        outcomes=list(step.outcomes),
        newest=step.newest,
        words=names.shown("text", step.words) if step.words else "",
    )


def _local(selector: Selector, facts: CaseFacts) -> Selector:
    """Times as the log writes them, so that nobody has to reckon."""
    zone = _zone(facts)
    since, until = (None if one is None else one.astimezone(zone) for one in (selector.since, selector.until))
    return replace(selector, since=since, until=until, without=tuple(_local(one, facts) for one in selector.without))


def _zone(facts: CaseFacts) -> timezone:
    return timezone(timedelta(seconds=facts.offset_seconds))


def _time(time: datetime | None, zone: timezone) -> str | None:
    return None if time is None else time.astimezone(zone).isoformat()


def _offset(seconds: int) -> str:
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
