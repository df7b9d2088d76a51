"""One rule file in, one rule out; every refusal names the file, the key and what would be right."""

from pathlib import Path

from core.errors import ContentError
from core.field import BY_ECS_NAME, ECS_NAME, Field
from detection.condition import Condition, Every, Not, Some, Text
from detection.confirm import PREDICATES
from detection.pattern import compiled_pattern
from detection.rule import Rule, Where
from detection.schema import AlsoFile, RuleFile, checked

_PART = {Field.METHOD: "http.request.method", Field.OTHER: "http.request.headers", Field.REQUEST: "url.original"}
"""Columns of fields whose ECS name is none."""


def rule_of(path: Path, table: dict[str, object], origin: str) -> Rule:
    """The rule of a TOML table.

    Raises ContentError with file and key: what `schema.checked` raises, `rule_not_one_of` (value, known) for a field or
    predicate that does not exist, `rule_bad_pattern` (pattern, problem).
    """
    file = checked(path, table, RuleFile)
    fields = _fields(path, "fields", file.fields)
    if file.confirm is not None and file.confirm not in PREDICATES:
        known = tuple(sorted(PREDICATES))
        raise ContentError("rule_not_one_of", file=str(path), key="confirm", value=file.confirm, known=known)
    if origin:  # the engine checks those of our own when it compiles them, and compiling takes time at every start
        check_patterns(path, "match", file.match)
    for key, patterns in (("all", file.all), ("unless", file.unless)):
        check_patterns(path, key, patterns)
    return Rule(
        id=file.id,
        version=file.version,
        type=file.type,
        level=file.level,
        title={"en": file.title.en, "ja": file.title.ja},
        fields=fields,
        match=file.match,
        all_of=tuple(compiled_pattern(pattern) for pattern in file.all),
        unless=tuple(compiled_pattern(pattern) for pattern in file.unless),
        confirm=file.confirm,
        where=Where(file.where.methods, file.where.status),
        supporting=file.supporting,
        yields_to=file.yields_to,
        attack=file.attack,
        references=file.references,
        known_gaps=file.known_gaps,
        fires=file.fires,
        silent=file.silent,
        condition=_condition(path, file.also),
        origin=origin,
    )


def check_patterns(path: Path, key: str, patterns: tuple[str, ...]) -> None:
    """Raises ContentError("rule_bad_pattern", file, key, pattern, problem) for the first that does not compile."""
    for pattern in patterns:
        try:
            compiled_pattern(pattern)
        except ValueError as error:
            facts = {"file": str(path), "key": key, "pattern": pattern, "problem": str(error)}
            raise ContentError("rule_bad_pattern", **facts) from error


def _fields(path: Path, key: str, names: tuple[str, ...]) -> frozenset[Field]:
    for name in names:
        if name not in BY_ECS_NAME:
            raise ContentError("rule_not_one_of", file=str(path), key=key, value=name, known=tuple(BY_ECS_NAME))
    return frozenset(BY_ECS_NAME[name] for name in names)


def _condition(path: Path, also: tuple[AlsoFile, ...]) -> Condition | None:
    """Every `[[also]]` must hold: one of its patterns in one of its fields, or none of them where it says `absent`."""
    conditions = [_also(path, number, one) for number, one in enumerate(also)]
    return Every(tuple(conditions)) if conditions else None


def _also(path: Path, number: int, file: AlsoFile) -> Condition:
    fields = _fields(path, f"also.{number}.fields", file.fields)
    check_patterns(path, f"also.{number}.match", file.match)
    parts = tuple(_PART.get(field, ECS_NAME[field]) for field in sorted(fields))
    shown = Some(tuple(Text(parts, compiled_pattern(pattern)) for pattern in file.match))
    return Not(shown) if file.absent else shown
