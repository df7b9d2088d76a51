"""`akashi rules explain`: how a line is decoded, which rules hit it where, and why others did not count."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.ingest import Format
from app.commands.options import DataDir, Json, Language, RulesDir, refusals, say
from app.commands.rules_lines import lake_of
from app.i18n import text
from app.inert import inert, inert_bytes, split_inert
from app.reading import Engine, engine, rules_folder
from app.render.json import dumps
from core.errors import InputError
from core.selector import Selector

if TYPE_CHECKING:  # loaded by the command that needs them
    from detection.explain import Explanation
    from detection.near_miss import NearMiss

RawLine = Annotated[
    str, typer.Argument(help="One raw log line; - reads lines from standard input.", show_default=False)
]


@refusals
def explain_line(
    line: RawLine,
    *,
    data_dir: DataDir,
    lang: Language,
    rules_dir: RulesDir = None,
    log_format: Format = None,
    as_json: Json = False,
) -> None:
    """Say how a line is decoded, which rules hit it on which bytes, and which came close and why they do not count."""
    known = engine(rules_folder(data_dir, rules_dir))
    lines = _lines(line)
    if as_json:
        facts = [_facts(raw, *_explained(raw, known, log_format), known) for raw in lines]
        say(dumps(facts[0] if line != "-" else facts))
        return
    for raw in lines:
        _print(raw, *_explained(raw, known, log_format), known, lang)


def _lines(line: str) -> list[bytes]:
    if line != "-":
        return [line.encode("utf-8", "surrogateescape")]
    lines = [raw for raw in sys.stdin.buffer.read().split(b"\n") if raw.strip()]
    if not lines:
        raise InputError("no_stdin")
    return lines


def _explained(raw: bytes, known: Engine, log_format: str | None) -> tuple["Explanation", "tuple[NearMiss, ...]"]:
    from detection.explain import explain
    from detection.near_miss import near_misses

    with lake_of([raw], known.scanner, log_format) as (lake, _):
        columns = lake.page(Selector(), limit=1)
    result = explain(known.scanner, columns)
    return result, near_misses(known.rules, columns, result)


def _print(raw: bytes, result: "Explanation", missed: "tuple[NearMiss, ...]", known: Engine, lang: str) -> None:
    say(inert_bytes(raw))
    for form in result.fields:
        say(f"  {form.field.name.lower()}: {inert_bytes(form.raw)}")
        for count, decoded in enumerate(form.rounds, 1):
            say(f"    → {count}: {inert_bytes(decoded)}")
    for hit in result.hits:
        rule = known.rules.rule(hit.rule)
        kind = "" if rule is None else f" · {rule.type.value} · {', '.join(rule.attack)}"
        _, match, _ = split_inert(raw, hit.start, hit.end)
        say(f"  ✓ {hit.rule}{kind} · {hit.field.name.lower()} {hit.start}–{hit.end} · {match}")
    if not result.hits:
        say(f"  {text('cli.no_rule_matches', lang)}")
    for miss in missed:
        why = text(f"miss.{miss.miss.name.lower()}", lang, detail=inert(miss.detail))
        say(f"  ✗ {miss.rule} · {miss.field.name.lower()} · {inert_bytes(miss.matched)} — {why}")


def _facts(raw: bytes, result: "Explanation", missed: "tuple[NearMiss, ...]", known: Engine) -> dict[str, object]:
    return {
        "fields": [
            {"field": form.field.name.lower(), "text": _shown(form.raw), "rounds": [_shown(one) for one in form.rounds]}
            for form in result.fields
        ],
        "hits": [
            {
                "rule": hit.rule,
                "type": rule.type.value,
                "attack": list(rule.attack),
                "field": hit.field.name.lower(),
                "start": hit.start,
                "end": hit.end,
                "match": _shown(raw[hit.start : hit.end]),
            }
            for hit in result.hits
            if (rule := known.rules.rule(hit.rule)) is not None
        ],
        "near_misses": [
            {
                "rule": miss.rule,
                "field": miss.field.name.lower(),
                "matched": _shown(miss.matched),
                "reason": miss.miss.name.lower(),
                "detail": miss.detail,
            }
            for miss in missed
        ],
    }


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")
