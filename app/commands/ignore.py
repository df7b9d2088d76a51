"""`akashi ignore`: hits somebody has judged, left out of reports with a reason and a day on which that ends."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from app.commands.options import Case, DataDir, Json, Language, now, plain_console, refusals, say
from app.i18n import text
from app.inert import inert
from app.render.entries import ignored_view
from app.render.json import dumps, ignored_facts
from core.errors import InputError
from core.ignore import Ignored, IgnoreEntry
from core.selector import Selector
from core.taxonomy import AttackType
from stores.cases import Cases
from stores.ignore_file import NAME, checked_entry, read_ignores, write_ignores

ignore = typer.Typer(help="Leave judged hits out of reports.", no_args_is_help=True)

Ips = Annotated[list[str] | None, typer.Option("--ip", help="Address or network; may be repeated.")]
Types = Annotated[list[AttackType] | None, typer.Option("--type", help="Attack type; may be repeated.")]
RuleIds = Annotated[list[str] | None, typer.Option("--rule", help="Rule id; may be repeated.")]
Paths = Annotated[list[str] | None, typer.Option("--path", help="Whole path, or its beginning and *; may be repeated.")]
Agents = Annotated[list[str] | None, typer.Option("--agent", help="Part of the user agent (with --ip).")]
Reason = Annotated[str, typer.Option("--reason", help="Why these hits are no attack.")]
Author = Annotated[str, typer.Option("--author", help="Who says so.")]
Expires = Annotated[str, typer.Option("--expires", help="Last day on which it holds, e.g. 2026-12-31.")]
Everywhere = Annotated[bool, typer.Option("--everywhere", help="For all cases, not only for --case.")]
EntryId = Annotated[str, typer.Argument(help="Id of the entry, as listed.", show_default=False)]


@ignore.command("add")
@refusals
def add_entry(
    *,
    data_dir: DataDir,
    lang: Language,
    reason: Reason,
    expires: Expires,
    ips: Ips = None,
    types: Types = None,
    rules: RuleIds = None,
    paths: Paths = None,
    agents: Agents = None,
    author: Author = "",
    case: Case = "default",
    everywhere: Everywhere = False,
    as_json: Json = False,
) -> None:
    """Add an entry: hits to which all its conditions apply are left out, and every report says so."""
    folder = data_dir if everywhere else Cases(data_dir).open(case)
    selector = Selector(
        ips=tuple(ips or ()),
        types=tuple(types or ()),
        rules=tuple(rules or ()),
        paths=tuple(paths or ()),
        agent_contains=tuple(agents or ()),
    )
    entry = checked_entry(selector, reason, author, _day(expires), everywhere=everywhere)
    known = _entries(data_dir, folder, everywhere=everywhere)
    write_ignores(folder, [*(one for one in known if one.id != entry.id), entry])
    facts = {"id": entry.id, "path": str(folder / NAME), "day": entry.expires.isoformat()}
    say(dumps({"added": facts}) if as_json else text("ignore.added", lang, **facts))


@ignore.command("list")
@refusals
def list_entries(*, data_dir: DataDir, lang: Language, case: Case = "default", as_json: Json = False) -> None:
    """List the entries that hold for a case, those for all cases first, expired ones too."""
    cases = Cases(data_dir)
    entries = read_ignores(data_dir, cases.open(case) if case in cases.names() else None)
    today = now().date()
    items = [Ignored(entry, 0, expired=not entry.holds_on(today)) for entry in entries]
    if as_json:
        facts = [{key: value for key, value in ignored_facts(item).items() if key != "lines"} for item in items]
        say(dumps({"ignored": facts}))
        return
    if not items:
        say(text("ignore.none", lang))
        return
    table = Table(box=None)
    heads = ("ignore.id", *(f"report.ignored_{name}" for name in ("what", "reason", "author", "until", "where")))
    for head in heads:
        table.add_column(text(head, lang), no_wrap=head == "ignore.id")
    for item in items:
        view = ignored_view(item, lang)
        cells = (item.entry.id, view.what, view.reason, view.author, view.until, view.where)
        table.add_row(*map(Text, cells))
    plain_console().print(table)


@ignore.command("remove")
@refusals
def remove_entry(
    entry: EntryId, *, data_dir: DataDir, lang: Language, case: Case = "default", as_json: Json = False
) -> None:
    """Remove an entry from the list of the case, or from the one for all cases."""
    cases = Cases(data_dir)
    case_dir = cases.open(case) if case in cases.names() else None
    known = read_ignores(data_dir, case_dir)
    found = next((one for one in known if one.id == entry), None)
    if found is None:
        raise InputError("unknown_ignore", id=inert(entry), known=tuple(one.id for one in known))
    folder = data_dir if found.everywhere or case_dir is None else case_dir
    left = [one for one in known if one.everywhere is found.everywhere and one.id != entry]
    write_ignores(folder, left)
    facts = {"id": entry, "path": str(folder / NAME)}
    say(dumps({"removed": facts}) if as_json else text("ignore.removed", lang, **facts))


def _entries(data_dir: Path, folder: Path, *, everywhere: bool) -> list[IgnoreEntry]:
    known = read_ignores(data_dir, None if everywhere else folder)
    return [one for one in known if one.everywhere is everywhere]


def _day(value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise InputError("bad_day", value=inert(value)) from error
    if day < now().date():
        raise InputError("ignore_expired", value=value)
    return day
