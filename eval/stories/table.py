"""The one list of suites: each story as nginx and as Apache log it."""

import zlib
from collections.abc import Callable, Iterator
from datetime import datetime

from eval.stories.case import CaseFiles
from eval.stories.hard_benign import benign_hard
from eval.stories.render import APACHE, APACHE_VHOSTS, NGINX, render
from eval.stories.stage import ZONE, Stage
from eval.stories.tales import credentials, deceptions, floods, injections, intrusions, quiet

START = datetime(2026, 11, 9, 2, 0, tzinfo=ZONE)

STORIES: dict[str, Callable[[Stage], None]] = {
    "bots": intrusions.bots,
    "basic_auth": credentials.basic_auth,
    "clean_busy_site": quiet.clean_busy_site,
    "credential_stuffing": credentials.credential_stuffing,
    "distributed_guesses": credentials.distributed_guesses,
    "fast_guesses": credentials.fast_guesses,
    "flood_distributed": floods.flood_distributed,
    "flood_single": floods.flood_single,
    "foreign_addresses": injections.foreign_addresses,
    "forged_lines": deceptions.forged_lines,
    "injections": injections.injections,
    "leaking_errors": deceptions.leaking_errors,
    "odd_requests": injections.odd_requests,
    "scan_then_exploit": intrusions.scan_then_exploit,
    "slow_guesses": credentials.slow_guesses,
    "success_after_failures": credentials.success_after_failures,
    "three_logs": intrusions.three_logs,
    "upload_then_shell": intrusions.upload_then_shell,
}
_WITH_VHOSTS = frozenset({"basic_auth", "foreign_addresses", "scan_then_exploit"})


def suites() -> Iterator[tuple[str, CaseFiles]]:
    """Every suite: its name and its files; the seed of a story comes from its name."""
    yield "benign_hard", benign_hard()
    for name, tell in STORIES.items():
        stage = Stage(zlib.crc32(name.encode()), START)
        tell(stage)
        yield f"{name}_nginx", render(stage, NGINX)
        yield f"{name}_apache", render(stage, APACHE_VHOSTS if name in _WITH_VHOSTS else APACHE)
