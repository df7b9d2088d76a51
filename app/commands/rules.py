"""`akashi rules`: what detection looks for; `test` and `explain` have modules of their own."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from app.commands.options import DataDir, Json, Language, RulesDir, plain_console, refusals, say
from app.commands.rules_explain import explain_line
from app.commands.rules_test import prove_rules
from app.i18n import text
from app.inert import inert
from app.reading import engine, rules_folder
from app.render.json import dumps
from core.errors import InputError
from core.field import ECS_NAME
from detection.rule import Behaviour, Rule
from detection.ruleset import RuleSet

rules = typer.Typer(help="What detection looks for.", no_args_is_help=True)
rules.command("test")(prove_rules)
rules.command("explain")(explain_line)

RuleId = Annotated[str, typer.Argument(help="Id of a rule or behaviour.", show_default=False)]
Item = Rule | Behaviour


def _items(found: RuleSet) -> tuple[Item, ...]:
    return (*found.rules, *found.behaviours)


def _facts(item: Item, lang: str) -> dict[str, object]:
    return {
        "id": item.id,
        "type": item.type.value,
        "level": item.level.value,
        "title": item.title[lang],
        "attack": list(item.attack),
        "origin": item.origin,
    }


@rules.command("list")
@refusals
def list_rules(*, data_dir: DataDir, lang: Language, rules_dir: RulesDir = None, as_json: Json = False) -> None:
    """List rules and behaviours, the built-in ones and yours."""
    found = engine(rules_folder(data_dir, rules_dir)).rules
    facts = [_facts(item, lang) for item in _items(found)]
    if as_json:
        say(dumps({"version": found.version, "rules": facts}))
        return
    table = Table(box=None)
    for key in ("report.rule", "evidence.type", "overview.level", "report.technique", "sources.name", "rules.origin"):
        table.add_column(text(key, lang), no_wrap=key == "report.rule")
    for item in _items(found):
        cells = (item.id, item.type.value, item.level.value, ", ".join(item.attack), inert(item.title[lang]))
        table.add_row(*map(Text, cells), Text(inert(item.origin) or text("rules.built_in", lang)))
    plain_console().print(table)


@rules.command("show")
@refusals
def show_rule(
    rule: RuleId, *, data_dir: DataDir, lang: Language, rules_dir: RulesDir = None, as_json: Json = False
) -> None:
    """Show one rule: what it looks for, its ATT&CK techniques, and what it is known to miss."""
    found = engine(rules_folder(data_dir, rules_dir)).rules
    item = found.rule(rule) or found.behaviour(rule)
    if item is None:
        raise InputError("unknown_rule", rule=rule)
    if as_json:
        say(dumps(_facts(item, lang) | _details(item)))
        return
    say(f"{item.id} · {text(f'type.{item.type}.title', lang)} · {item.level.value} · {', '.join(item.attack)}")
    say(inert(item.title[lang]))
    say(inert(item.origin) or text("rules.built_in", lang))
    say(f"{text('rules.known_gaps', lang)}: {inert(item.known_gaps)}")
    for key, value in _details(item).items():
        if key != "known_gaps" and value:
            values = value if isinstance(value, list) else [value]
            say(f"{key}:")
            say("\n".join(f"  {inert(str(one))}" for one in values))


def _details(item: Item) -> dict[str, object]:
    shared: dict[str, object] = {"known_gaps": item.known_gaps, "references": list(item.references)}
    if isinstance(item, Behaviour):
        return shared | {"mode": item.mode.value, "key": item.key, "lines": item.lines}
    return shared | {
        "fields": [ECS_NAME[field] for field in sorted(item.fields)],
        "match": list(item.match),
        "all": [pattern.pattern.decode() for pattern in item.all_of],
        "unless": [pattern.pattern.decode() for pattern in item.unless],
        "confirm": item.confirm or "",
        "yields_to": list(item.yields_to),
        "fires": list(item.fires),
        "silent": list(item.silent),
    }
