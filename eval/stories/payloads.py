"""What the attackers of the stories send, read from `payloads.toml`."""

import tomllib
from pathlib import Path
from typing import Any

_READ: dict[str, Any] = tomllib.loads(Path(__file__).with_name("payloads.toml").read_text(encoding="utf-8"))

Shots = tuple[tuple[str, int], ...]
"""Targets, each with the status of the answer."""

LEAKS: tuple[tuple[str, str], ...] = tuple((cause, text) for cause, text in _READ["leaks"])
FORGED: tuple[str, ...] = tuple(_READ["forged"])
TALK: tuple[tuple[str, str, str], ...] = tuple((target, agent, referrer) for target, agent, referrer in _READ["talk"])


def shots(kind: str) -> Shots:
    """The requests of one attack type."""
    return tuple((target, status) for target, status in _READ[kind])
