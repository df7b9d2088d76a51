"""Load rules, behaviours and known clients from their folders into one immutable, versioned set."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from core.action import Action
from core.errors import ContentError
from core.field import BY_ECS_NAME
from core.selector import Selector
from detection.confirm import PREDICATES
from detection.pattern import compiled_pattern
from detection.rule import Behaviour, Benign, Mode, Rule, Where
from detection.schema import BehaviourFile, BenignFile, RuleFile, SelectFile, read

_HERE = Path(__file__).parent
RULES = _HERE / "rules"
BEHAVIOURS = _HERE / "behaviours"
BENIGN = _HERE / "benign"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything detection knows; `version` is a digest of the files, so a report can name what it was made with."""

    rules: tuple[Rule, ...]
    behaviours: tuple[Behaviour, ...]
    benign: tuple[Benign, ...]
    version: str

    def rule(self, id_: str) -> Rule | None:
        """The rule of that id, if there is one."""
        return next((rule for rule in self.rules if rule.id == id_), None)

    def behaviour(self, id_: str) -> Behaviour | None:
        """The behaviour of that id, if there is one."""
        return next((behaviour for behaviour in self.behaviours if behaviour.id == id_), None)


def load_rules(*folders: Path) -> RuleSet:
    """Rules of these folders (default: the built-in ones) with the built-in behaviours and known clients.

    Raises ContentError naming file and key for anything that breaks the schema, a pattern that does not compile, an
    unknown field, predicate or action, and an id used twice.
    """
    rule_files = _files(folders or (RULES,))
    behaviour_files = _files((BEHAVIOURS,))
    benign_files = _files((BENIGN,))
    rules = tuple(_rule(path) for path in rule_files)
    behaviours = in_order([_behaviour(path, rules) for path in behaviour_files])
    _refuse_twice([*rules, *behaviours])
    digest = hashlib.sha256()
    for path in (*rule_files, *behaviour_files, *benign_files):
        digest.update(path.read_bytes() + b"\0")
    benign = tuple(client for path in benign_files for client in _benign(path))
    return RuleSet(rules, behaviours, benign, digest.hexdigest()[:16])


def _files(folders: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(path for folder in folders for path in sorted(folder.rglob("*.toml")))


def _refuse_twice(items: list[Rule | Behaviour]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise ContentError("duplicate_rule", rule=item.id)
        seen.add(item.id)


def _rule(path: Path) -> Rule:
    file = read(path, RuleFile)
    if unknown := [name for name in file.fields if name not in BY_ECS_NAME]:
        raise ContentError("bad_content_file", file=path.name, key="fields", problem=unknown[0])
    if file.confirm is not None and file.confirm not in PREDICATES:
        raise ContentError("bad_content_file", file=path.name, key="confirm", problem=file.confirm)
    for key, patterns in (("all", file.all), ("unless", file.unless)):  # the engine checks `match` when it compiles
        _check(path, key, patterns)
    return Rule(
        id=file.id,
        version=file.version,
        type=file.type,
        level=file.level,
        title={"en": file.title.en, "ja": file.title.ja},
        fields=frozenset(BY_ECS_NAME[name] for name in file.fields),
        match=file.match,
        all_of=tuple(compiled_pattern(pattern) for pattern in file.all),
        unless=tuple(compiled_pattern(pattern) for pattern in file.unless),
        confirm=file.confirm,
        where=Where(file.where.methods, file.where.status),
        supporting=file.supporting,
        attack=file.attack,
        references=file.references,
        known_gaps=file.known_gaps,
        fires=file.fires,
        silent=file.silent,
    )


def _check(path: Path, key: str, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        try:
            compiled_pattern(pattern)
        except ValueError as error:
            problem = f"{pattern}: {error}"
            raise ContentError("bad_content_file", file=path.name, key=key, problem=problem) from error


def _selector(file: SelectFile, path: Path) -> Selector:
    known = {str(action) for action in Action}
    if unknown := [action for action in file.actions if action not in known]:
        raise ContentError("bad_content_file", file=path.name, key="select.actions", problem=unknown[0])
    return Selector(
        types=file.types,
        rules=file.rules,
        methods=file.methods,
        status_codes=file.status,
        url_contains=file.url_contains,
        agent_contains=file.agent_contains,
        actions=file.actions,
        datasets=file.datasets,
    )


def in_order(behaviours: Iterable[Behaviour]) -> tuple[Behaviour, ...]:
    """A behaviour that leaves lines to other types comes after the behaviours of those types, else as given."""
    waiting, ordered = list(behaviours), list[Behaviour]()
    while waiting:
        types = {one.type for one in waiting}
        ready = [one for one in waiting if not types.intersection((*one.besides, *one.mixed)) - {one.type}]
        if not ready:
            raise ContentError("bad_content_file", file=waiting[0].id, key="besides", problem="circle")
        ordered += ready
        waiting = [one for one in waiting if one not in ready]
    return tuple(ordered)


def _confirmed(file: BehaviourFile, path: Path, rules: tuple[Rule, ...]) -> Selector:
    """What a run is made of: hits of the rules of its types, never what behaviours (itself too) made of them."""
    if not file.select.types:
        raise ContentError("bad_content_file", file=path.name, key="select.types", problem=file.mode)
    named = tuple(rule.id for rule in rules if rule.type in file.select.types)
    return replace(_selector(file.select, path), rules=named)


def _behaviour(path: Path, rules: tuple[Rule, ...]) -> Behaviour:
    file = read(path, BehaviourFile)
    if (file.mode == "sequence") != (file.then is not None):
        raise ContentError("bad_content_file", file=path.name, key="then", problem=file.mode)
    return Behaviour(
        id=file.id,
        version=file.version,
        type=file.type,
        level=file.level,
        title={"en": file.title.en, "ja": file.title.ja},
        mode=Mode(file.mode),
        select=_confirmed(file, path, rules) if file.mode == "run" else _selector(file.select, path),
        then=_selector(file.then, path) if file.then is not None else None,
        relief=_selector(file.relief, path) if file.relief is not None else None,
        key=file.key,
        lines=file.lines,
        gap_seconds=file.gap_seconds,
        window_seconds=file.window_seconds,
        within_seconds=file.within_seconds,
        distinct=file.distinct,
        values=file.values,
        tries=file.tries,
        share=file.share,
        except_urls=file.except_urls,
        besides=file.besides,
        mixed=file.mixed,
        attack=file.attack,
        references=file.references,
        known_gaps=file.known_gaps,
    )


def _benign(path: Path) -> tuple[Benign, ...]:
    file = read(path, BenignFile)
    _check(path, "client.agent", tuple(client.agent for client in file.client))
    return tuple(
        Benign(client.name, compiled_pattern(client.agent), client.networks, client.source) for client in file.client
    )
