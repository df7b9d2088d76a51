"""`akashi rules`: what detection looks for, whether every rule does what its samples say, and why a line is flagged."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from app.commands.options import Exit, Json, Language, now, plain_console, refusals, say
from app.i18n import number, text
from app.inert import inert, inert_bytes, split_inert
from app.reading import engine, read_into
from app.render.json import dumps
from core.event import SOURCE
from core.selector import Selector
from detection.rule import Behaviour, Rule
from ingestion.fetch.expand import from_stream
from ingestion.pipeline import Options
from stores.cases import Cases

if TYPE_CHECKING:  # loaded by the commands that need them
    from detection.explain import Explanation
    from stores.lake import Lake

rules = typer.Typer(help="What detection looks for.", no_args_is_help=True)
RawLine = Annotated[str, typer.Argument(help="One raw log line.", show_default=False)]


@rules.command("list")
@refusals
def list_rules(*, lang: Language, as_json: Json = False) -> None:
    """List rules and behaviours."""
    found = engine().rules
    items: tuple[Rule | Behaviour, ...] = (*found.rules, *found.behaviours)
    rows = [(item.id, item.type.value, item.level.value, item.title[lang]) for item in items]
    if as_json:
        keys = ("id", "type", "level", "title")
        say(dumps({"version": found.version, "rules": [dict(zip(keys, row, strict=True)) for row in rows]}))
        return
    table = Table(box=None)
    for key in ("report.rule", "evidence.type", "overview.level", "sources.name"):
        table.add_column(text(key, lang), no_wrap=key == "report.rule")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    plain_console().print(table)


@rules.command("test")
@refusals
def prove_rules(*, lang: Language, as_json: Json = False) -> None:
    """Send every rule's sample lines through the whole pipeline: the firing ones must fire, the silent ones not."""
    found = engine().rules
    samples = [(rule.id, line, fires) for rule in found.rules for line, fires in _samples(rule)]
    wrong = _wrong(samples)
    if as_json:
        keys = ("rule", "line", "should_fire")
        facts = [dict(zip(keys, sample, strict=True)) for sample in wrong]
        say(dumps({"rules": len(found.rules), "samples": len(samples), "wrong": facts}))
    else:
        for rule, line, _ in wrong:
            say(f"{rule}: {inert(line)}")
        counts = {"rules": len(found.rules), "behaviours": len(found.behaviours), "samples": len(samples)}
        key = "cli.rules_wrong" if wrong else "cli.rules_ok"
        say(text(key, lang, wrong=number(len(wrong)), **{name: number(value) for name, value in counts.items()}))
    if wrong:
        raise typer.Exit(Exit.REFUSED)


@rules.command("explain")
@refusals
def explain_line(line: RawLine, *, lang: Language, as_json: Json = False) -> None:
    """Say which rules match one raw line, in which field, and on which bytes."""
    from detection.explain import explain

    raw = line.encode("utf-8", "surrogateescape")
    with _lake_of([raw]) as (lake, _):
        result = explain(engine().scanner, lake.page(Selector(), limit=1))
    if as_json:
        say(dumps(_explanation_facts(result, raw)))
        return
    for form in result.fields:
        say(f"{form.field.name.lower()}: {inert_bytes(form.raw)}")
        if form.decoded is not None:
            say(f"  → {inert_bytes(form.decoded)}")
    for hit in result.hits:
        _, match, _ = split_inert(raw, hit.start, hit.end)
        say(f"{hit.rule} · {hit.field.name.lower()} · {match}")
    if not result.hits:
        say(text("cli.no_rule_matches", lang))


def _samples(rule: Rule) -> Iterator[tuple[str, bool]]:
    for line in rule.fires:
        yield line, True
    for line in rule.silent:
        yield line, False


@contextmanager
def _lake_of(lines: Sequence[bytes]) -> Iterator[tuple["Lake", list[int]]]:
    """Every line as a source of its own (its format is recognised alone), read by the whole pipeline; the numbers."""
    from stores.lake import Lake

    with TemporaryDirectory(prefix="akashi-rules-") as folder:
        case_dir = Cases(Path(folder)).create("rules")
        found = [from_stream(f"line {at}", BytesIO(line + b"\n")) for at, line in enumerate(lines)]
        reading = read_into(case_dir, found, Options(), now(), lambda _: None)
        with Lake.open(case_dir) as lake:
            yield lake, [result.source.number if result.source else 0 for result in reading.results]


def _wrong(samples: Sequence[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """Samples that behave otherwise than stated."""
    with _lake_of([line.encode("utf-8", "surrogateescape") for _, line, _ in samples]) as (lake, numbers):
        rows = lake.hits(Selector()).select([SOURCE, "rule.id"]).to_pylist()
        fired = {(row[SOURCE], row["rule.id"]) for row in rows}
    return [
        sample
        for sample, number in zip(samples, numbers, strict=True)
        if ((number, sample[0]) in fired) is not sample[2]
    ]


def _explanation_facts(result: "Explanation", raw: bytes) -> dict[str, object]:
    return {
        "fields": [
            {
                "field": form.field.name.lower(),
                "text": form.raw.decode("utf-8", "backslashreplace"),
                "decoded": None if form.decoded is None else form.decoded.decode("utf-8", "backslashreplace"),
            }
            for form in result.fields
        ],
        "hits": [
            {
                "rule": hit.rule,
                "field": hit.field.name.lower(),
                "start": hit.start,
                "end": hit.end,
                "match": raw[hit.start : hit.end].decode("utf-8", "backslashreplace"),
            }
            for hit in result.hits
        ],
    }
