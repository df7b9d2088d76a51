"""The structural predicates a rule can name: each says whether a structure is in a record."""

from collections.abc import Callable, Mapping

from core.field import Field
from detection.admin_page import guesses_admin_page
from detection.inclusion import includes_remote, sets_include_variable
from detection.instruction import is_instruction
from detection.prose import is_more_than_prose
from detection.redirect import leads_away, leaves_site
from detection.shell import calls_command, runs_command
from detection.sql import is_sql_injection
from detection.ssrf import reaches_inside
from detection.system_file import names_system_file
from detection.traversal import climbs

Predicate = Callable[[bytes, Field], bool]

PREDICATES: Mapping[str, Predicate] = {
    "admin-page": guesses_admin_page,
    "climb": climbs,
    "foreign-target": leaves_site,
    "include-variable": sets_include_variable,
    "inner-target": reaches_inside,
    "instruction": is_instruction,
    "more-than-prose": is_more_than_prose,
    "odd-target": leads_away,
    "remote-include": includes_remote,
    "shell": runs_command,
    "shell-call": calls_command,
    "sql": is_sql_injection,
    "system-file": names_system_file,
}

REFUSING = frozenset({"more-than-prose"})
"""Predicates that only take back what a pattern found, so that the pattern must hold to the letter."""
