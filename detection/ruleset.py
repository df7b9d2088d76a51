"""Load rules, behaviours and known clients from their folders into one immutable, versioned set."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.action import Action
from core.errors import ContentError
from core.selector import Selector
from detection.condition import Condition
from detection.known_clients import Ranges, clients_of, impostor_rules, ranges_of, with_ranges
from detection.precedence import refuse_circles
from detection.rule import BUILT_IN, Behaviour, Benign, Mode, Rule
from detection.rule_file import rule_of
from detection.schema import BehaviourFile, SelectFile, read, read_table

_HERE = Path(__file__).parent
RULES = _HERE / "rules"
BEHAVIOURS = _HERE / "behaviours"
BENIGN = _HERE / "benign"
BUILT_IN_FOLDERS = (RULES, BEHAVIOURS, BENIGN)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything detection knows; `version` is a digest of the files, so a report can name what it was made with."""

    rules: tuple[Rule, ...]
    behaviours: tuple[Behaviour, ...]
    benign: tuple[Benign, ...]
    version: str

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """What the behaviours ask of the lines (a run asks for hits, a flood for few addresses)."""
        asking = [one for one in self.behaviours if one.mode is not Mode.RUN and not one.is_flood]
        asked = (selector for one in asking for selector in (one.select, one.then, one.relief))
        return tuple(selector for selector in asked if selector is not None)

    @property
    def conditions(self) -> dict[int, Condition]:
        """The conditions of the rules that have one, by the rule's index."""
        return {i: rule.condition for i, rule in enumerate(self.rules) if rule.condition is not None}

    def rule(self, id_: str) -> Rule | None:
        """The rule of that id, if there is one."""
        return next((rule for rule in self.rules if rule.id == id_), None)

    def behaviour(self, id_: str) -> Behaviour | None:
        """The behaviour of that id, if there is one."""
        return next((behaviour for behaviour in self.behaviours if behaviour.id == id_), None)


def load_rules(*folders: Path) -> RuleSet:
    """Everything in these folders or files (default: what Akashi brings along, `BUILT_IN_FOLDERS`), as one set.

    A `.toml` file is a rule, a behaviour (it has a `mode`), a list of known clients (`client`) or of their published
    address ranges (`ranges`); a `.yml` file is a Sigma rule. Raises ContentError naming file, key and remedy for
    anything else, and for an id used twice.
    """
    loaded = _Loaded()
    digest = hashlib.sha256()
    for folder in folders or BUILT_IN_FOLDERS:
        for path in _files(folder):
            _load(path, BUILT_IN if folder in BUILT_IN_FOLDERS else str(path), loaded)
            digest.update(path.read_bytes() + b"\0")
    clients = with_ranges(loaded.clients, loaded.ranges)
    rules = (*loaded.rules, *impostor_rules(clients))
    behaviours = in_order([replace(_behaviour(path, rules), origin=origin) for path, origin in loaded.behaviours])
    _refuse_twice([*rules, *behaviours])
    refuse_circles(rules)
    return RuleSet(rules, behaviours, clients, digest.hexdigest()[:16])


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What the files of all folders hold; a behaviour may name rules of any of them, so it waits as a path."""

    rules: list[Rule] = field(default_factory=list)
    behaviours: list[tuple[Path, str]] = field(default_factory=list)
    clients: list[Benign] = field(default_factory=list)
    ranges: list[Ranges] = field(default_factory=list)


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return sorted(path for path in folder.rglob("*") if path.suffix in {".toml", ".yml", ".yaml"})


def _load(path: Path, origin: str, into: _Loaded) -> None:
    if path.suffix != ".toml":
        from detection.sigma import sigma_rules  # a parser that most starts never need

        into.rules.extend(sigma_rules(path))
        return
    table = read_table(path)
    if "mode" in table:
        into.behaviours.append((path, origin))
    elif "client" in table:
        into.clients.extend(clients_of(path, table))
    elif "ranges" in table:
        into.ranges.extend(ranges_of(path, table))
    else:
        into.rules.append(rule_of(path, table, origin))


def _refuse_twice(items: list[Rule | Behaviour]) -> None:
    seen: dict[str, str] = {}
    for item in items:
        if item.id in seen:
            files = sorted((seen[item.id], item.origin), reverse=True)  # the user's file, the one to be changed, first
            raise ContentError("duplicate_rule", rule=item.id, file=files[0], other=files[1] or "-")
        seen[item.id] = item.origin


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
        user_contains=("",) if file.named_user else (),  # every text contains the empty one: any user, but one
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
        repeats=file.repeats,
        share=file.share,
        except_urls=file.except_urls,
        besides=file.besides,
        mixed=file.mixed,
        then_without=file.then_without,
        attack=file.attack,
        references=file.references,
        known_gaps=file.known_gaps,
    )
