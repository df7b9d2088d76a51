"""`akashi lines`: the raw lines of a selection, or the account of every physical line."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from app.commands.options import Case, DataDir, Json, Language, RulesDir, now, plain_console, refusals, say
from app.i18n import coded, iso, number, text
from app.inert import inert, inert_bytes
from app.naming import display_names
from app.reading import engine, investigation, rules_folder
from app.render.json import dumps, source_facts
from core.errors import InputError
from core.selector import Selector
from core.source import Source
from core.taxonomy import AttackType
from stores.cases import Cases
from stores.ignore_file import read_ignores

if TYPE_CHECKING:  # the query engine is loaded by the first question, not by every start
    from stores.lake import Lake

Ips = Annotated[list[str] | None, typer.Option("--ip", help="Address or network; may be repeated.")]
Types = Annotated[list[AttackType] | None, typer.Option("--type", help="Attack type; may be repeated.")]
RuleIds = Annotated[list[str] | None, typer.Option("--rule", help="Rule id; may be repeated.")]
Contains = Annotated[list[str] | None, typer.Option("--contains", help="Part of the URL; may be repeated.")]
WithText = Annotated[list[str] | None, typer.Option("--text", help="Part of the whole line; may be repeated.")]
Since = Annotated[str | None, typer.Option("--since", help="Not before (ISO 8601; without a zone: UTC).")]
Until = Annotated[str | None, typer.Option("--until", help="Before (ISO 8601; without a zone: UTC).")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="At most so many lines.")]
Accounted = Annotated[bool, typer.Option("--accounting", help="Where every physical line of every source went.")]


@refusals
def lines(
    *,
    data_dir: DataDir,
    lang: Language,
    case: Case = "default",
    rules_dir: RulesDir = None,
    accounting: Accounted = False,
    ips: Ips = None,
    types: Types = None,
    rules: RuleIds = None,
    contains: Contains = None,
    raw_text: WithText = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """Show the raw lines of a selection, oldest first, or the accounting of the sources."""
    case_dir = Cases(data_dir).open(case)
    selector = Selector(
        ips=tuple(ips or ()),
        types=tuple(types or ()),
        rules=tuple(rules or ()),
        url_contains=tuple(contains or ()),
        raw_contains=tuple(raw_text or ()),
        since=_time(since),
        until=_time(until),
    )
    if accounting:
        with _open(case_dir) as lake:
            _print_accounting(lake.sources, lang, as_json=as_json)
    elif types or rules:
        known, ignores = engine(rules_folder(data_dir, rules_dir)), read_ignores(data_dir, case_dir)
        with investigation(case_dir, case, known, now(), ignores) as found:
            _print_lines(found.lake, selector, limit, lang, as_json=as_json)
    else:
        with _open(case_dir) as lake:
            _print_lines(lake, selector, limit, lang, as_json=as_json)


def _time(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError as error:
        raise InputError("bad_time", value=value) from error
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _print_lines(lake: "Lake", selector: Selector, limit: int, lang: str, *, as_json: bool) -> None:
    count = lake.count(selector)
    found = lake.lines(lake.refs(selector, limit=limit))
    shown = display_names(lake.sources)
    names = {source.id: shown[source.number] for source in lake.sources}
    if as_json:
        rows = [
            {
                "file": names[line.ref.source],
                "line": line.ref.line,
                "time": iso(line.time),
                "ip": line.ip,
                "text": line.raw.decode("utf-8", "backslashreplace"),
            }
            for line in found
        ]
        say(dumps({"count": count, "shown": len(rows), "lines": rows}))
        return
    for line in found:
        say(f"{inert(names[line.ref.source])}:{line.ref.line}: {inert_bytes(line.raw)}")
    key = "evidence.showing" if count else "evidence.none"
    say(text(key, lang, shown=number(len(found)), count=number(count)))


_COUNTS = ("lines", "parsed", "continuation", "header", "blank", "unparsed", "oversize")


def _print_accounting(sources: tuple[Source, ...], lang: str, *, as_json: bool) -> None:
    shown = display_names(sources)
    if as_json:
        say(dumps({"sources": [source_facts(source, shown[source.number]) for source in sources]}))
        return
    table = Table(box=None)
    table.add_column(text("sources.name", lang), no_wrap=True)
    for key in _COUNTS:
        table.add_column(text(f"sources.{key}", lang), justify="right")
    table.add_column(text("sources.reasons", lang))
    for source in sources:
        counts = [Text(number(getattr(source.accounting, key))) for key in _COUNTS]
        reasons = source.accounting.reasons or {}
        why = ", ".join(f"{coded('reason', name.lower(), lang)}: {number(count)}" for name, count in reasons.items())
        table.add_row(Text(inert(shown[source.number])), *counts, Text(why))
    plain_console().print(table)


def _open(case_dir: Path) -> "Lake":
    from stores.lake import Lake

    return Lake.open(case_dir)
