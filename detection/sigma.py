"""Sigma rules (https://sigmahq.io) of the categories a log line can answer: webserver, nginx, apache, linux logins."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule

from core import event
from core.errors import ContentError
from core.taxonomy import TECHNIQUE, AttackType, Level
from detection.condition import Condition, Every, OneOf, Present
from detection.rule import Rule, Where
from detection.sigma_condition import PARTS, Translated, Untranslatable, some, translated

_LOGINS = frozenset({"syslog.auth"})
_SOURCES: Mapping[tuple[str | None, str | None, str | None], Condition] = {
    ("webserver", None, None): Present(event.URL),
    ("webserver", "nginx", None): OneOf(event.DATASET, frozenset({"nginx.access"})),
    ("webserver", "apache", None): OneOf(event.DATASET, frozenset({"apache.access"})),
    (None, "nginx", None): OneOf(event.DATASET, frozenset({"nginx.access", "nginx.error"})),
    (None, "apache", None): OneOf(event.DATASET, frozenset({"apache.access", "apache.error"})),
    (None, "nginx", "access"): OneOf(event.DATASET, frozenset({"nginx.access"})),
    (None, "apache", "access"): OneOf(event.DATASET, frozenset({"apache.access"})),
    (None, "nginx", "error"): OneOf(event.DATASET, frozenset({"nginx.error"})),
    (None, "apache", "error"): OneOf(event.DATASET, frozenset({"apache.error"})),
    (None, "linux", None): OneOf(event.DATASET, _LOGINS),
    (None, "linux", "auth"): OneOf(event.DATASET, _LOGINS),
    (None, "linux", "syslog"): OneOf(event.DATASET, _LOGINS),
    (None, "linux", "sshd"): OneOf(event.PROCESS, frozenset({"sshd", "sshd-session"})),
    (None, "linux", "sudo"): OneOf(event.PROCESS, frozenset({"sudo"})),
    (None, "linux", "su"): OneOf(event.PROCESS, frozenset({"su"})),
}
"""(category, product, service) -> the lines that are meant."""

_TYPE_OF_TECHNIQUE: Mapping[str, AttackType] = {
    "T1059.007": AttackType.XSS,
    "T1083": AttackType.PATH_TRAVERSAL,
    "T1059": AttackType.COMMAND_INJECTION,
    "T1059.004": AttackType.COMMAND_INJECTION,
    "T1090": AttackType.SSRF,
    "T1566.002": AttackType.OPEN_REDIRECT,
    "T1552.001": AttackType.SENSITIVE_FILE_PROBE,
    "T1505.003": AttackType.WEBSHELL_ACCESS,
    "T1105": AttackType.MALICIOUS_UPLOAD,
    "T1595": AttackType.VULNERABILITY_SCAN,
    "T1595.002": AttackType.VULNERABILITY_SCAN,
    "T1595.003": AttackType.VULNERABILITY_SCAN,
    "T1110": AttackType.BRUTE_FORCE,
    "T1110.001": AttackType.BRUTE_FORCE,
    "T1110.003": AttackType.BRUTE_FORCE,
    "T1110.004": AttackType.CREDENTIAL_STUFFING,
    "T1498": AttackType.DOS,
    "T1499": AttackType.DOS,
    "T1548": AttackType.UNAUTHORISED_ACCESS,
    "T1548.003": AttackType.UNAUTHORISED_ACCESS,
    "T1078": AttackType.UNAUTHORISED_ACCESS,
    "T1136.001": AttackType.UNAUTHORISED_ACCESS,
    "T1592": AttackType.CONFIG_EXPOSURE,
    "T1565.001": AttackType.LOG_INJECTION,
}
"""Techniques that name one type; T1190 (exploit of a public application) may be any."""


class _Extra(BaseModel):
    """What a Sigma rule may say to Akashi alone, under the key `akashi`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: AttackType | None = None
    title_ja: str | None = None
    fires: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    silent: tuple[Annotated[str, Field(min_length=1)], ...] = ()


def sigma_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of one file, ids made of its name.

    Raises ContentError with the file: `sigma_not_valid` (problem), `sigma_not_a_rule` (construct),
    `sigma_unsupported` (rule, construct, known), `sigma_source` (rule, source, known), `sigma_no_type` (rule, known),
    `sigma_no_text` (rule), `rule_bad_value` (key, problem).
    """
    documents = _documents(path)
    for document in documents:
        if kind := {"correlation", "filter", "action"} & document.keys():
            raise ContentError("sigma_not_a_rule", file=str(path), construct=min(kind))
        detection = document.get("detection")
        if isinstance(detection, dict) and "timeframe" in detection:
            raise ContentError("sigma_not_a_rule", file=str(path), construct="timeframe")
    try:
        found = [rule for rule in SigmaCollection.from_dicts(documents).rules if isinstance(rule, SigmaRule)]
        return tuple(_rule(path, rule, number) for number, rule in enumerate(found, 1))
    except SigmaError as error:
        raise ContentError("sigma_not_valid", file=str(path), problem=str(error)) from error


def _documents(path: Path) -> list[dict[str, Any]]:
    try:
        documents = [one for one in yaml.safe_load_all(path.read_bytes()) if one is not None]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError("sigma_not_valid", file=str(path), problem=" ".join(str(error).split())) from error
    except OSError as error:
        raise ContentError("rule_unreadable", file=str(path), problem=error.strerror) from error
    if not all(isinstance(one, dict) for one in documents):
        raise ContentError("sigma_not_valid", file=str(path), problem="not a mapping")
    return documents


def _rule(path: Path, rule: SigmaRule, number: int) -> Rule:
    extra = _extra(path, rule)
    detection = _translated(path, rule)
    if not detection.patterns:
        raise ContentError("sigma_no_text", file=str(path), rule=rule.title)
    techniques = tuple(name for tag in rule.tags if (name := _technique(tag.namespace, tag.name)))
    kind = _type(path, rule, extra, techniques)
    return Rule(
        id=_id(path, number),
        version=1,
        type=kind,
        level=Level(str(rule.level)) if rule.level else Level.MEDIUM,
        title={"en": rule.title, "ja": extra.title_ja or rule.title},
        fields=detection.fields,
        match=tuple(sorted(detection.patterns)),
        all_of=(),
        unless=(),
        confirm=None,
        where=Where(),
        supporting=False,
        attack=techniques or (TECHNIQUE[kind],),
        references=(*rule.references, *_origin(rule)),
        known_gaps=" ".join(["Keywords are looked for inside single fields.", *rule.falsepositives]),
        fires=extra.fires,
        silent=extra.silent,
        condition=Every((_source(path, rule), detection.condition)),
        origin=str(path),
    )


def _extra(path: Path, rule: SigmaRule) -> _Extra:
    try:
        return _Extra.model_validate(rule.custom_attributes.get("akashi", {}))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(["akashi", *map(str, first["loc"])])
        raise ContentError("rule_bad_value", file=str(path), key=key, problem=first["msg"]) from error


def _translated(path: Path, rule: SigmaRule) -> Translated:
    try:
        return some([translated(condition.parsed) for condition in rule.detection.parsed_condition])
    except Untranslatable as error:
        facts = {"file": str(path), "rule": rule.title, "construct": str(error), "known": tuple(sorted(PARTS))}
        raise ContentError("sigma_unsupported", **facts) from error


def _source(path: Path, rule: SigmaRule) -> Condition:
    source = rule.logsource
    known = _SOURCES.get((source.category, source.product, source.service))
    if known is None:
        named = "/".join(part or "-" for part in (source.category, source.product, source.service))
        listed = tuple("/".join(part or "-" for part in key) for key in _SOURCES)
        raise ContentError("sigma_source", file=str(path), rule=rule.title, source=named, known=listed)
    return known


def _technique(namespace: str, name: str) -> str:
    digits = name[1:].replace(".", "")
    return name.upper() if namespace == "attack" and name[:1] in "tT" and digits.isdigit() else ""


def _type(path: Path, rule: SigmaRule, extra: _Extra, techniques: tuple[str, ...]) -> AttackType:
    """What the rule says, else the folder it lies in, else the one type its ATT&CK techniques name."""
    if extra.type is not None:
        return extra.type
    if path.parent.name in set(AttackType):
        return AttackType(path.parent.name)
    named = {_TYPE_OF_TECHNIQUE[one] for one in techniques if one in _TYPE_OF_TECHNIQUE}
    if len(named) != 1:
        known = tuple(map(str, AttackType))
        raise ContentError("sigma_no_type", file=str(path), rule=rule.title, known=known)
    return named.pop()


def _id(path: Path, number: int) -> str:
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in path.stem.lower()).split()
    name = "-".join(["sigma", *words])[:60].rstrip("-")
    return name if number == 1 else f"{name}-{number}"


def _origin(rule: SigmaRule) -> tuple[str, ...]:
    """Whose rule it is: Sigma's licence asks that the author stay named wherever a match is shown."""
    named = [f"Sigma {rule.id}" if rule.id else "", rule.author or "", rule.license or ""]
    return tuple(part for part in named if part)
