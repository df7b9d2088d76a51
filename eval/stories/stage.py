"""Where a story is played: its dice, its clock, its steps and the labels of its incidents."""

import random
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from core.taxonomy import AttackType, Outcome
from eval.stories.agents import BROWSERS
from eval.stories.step import Fault, Label, Message, Request, Step

ZONE = timezone(timedelta(hours=9))
UNJUDGED = "unjudged"
"""For lines around an attack that one analyst counts and another does not, such as the end of a refused connection."""

_ERROR_SIZES = {301: 169, 302: 0, 303: 0, 304: 0, 400: 157, 403: 153, 404: 162, 405: 157, 429: 169, 500: 177, 503: 197}


class Stage:
    """Collects what actors do; `start` is the story's first instant."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.start = start
        self.steps: list[Step] = []
        self.labels: dict[str, Label] = {}

    def at(self, minutes: float, seconds: float = 0) -> datetime:
        """A whole second of the story, counted from its start."""
        return self.start + timedelta(seconds=int(minutes * 60 + seconds))

    def incident(self, key: str, kind: AttackType, *accept: AttackType, outcome: Outcome | None = None) -> str:
        """Declare an incident; steps name it by the key that is given back."""
        self.labels[key] = Label(kind, accept, outcome)
        return key

    def message(
        self, when: datetime, program: str, text: str, ip: str | None = None, incidents: Iterable[str] = ()
    ) -> None:
        """A line of the authentication log."""
        self.steps.append(Message(when, program, text, ip, tuple(incidents)))


@dataclass(slots=True)
class Client:
    """Someone with an address and a user agent; all of its requests belong to `incidents`."""

    stage: Stage
    ip: str
    agent: str = BROWSERS[0]
    incidents: tuple[str, ...] = ()
    referrer: str = "-"
    user: str = "-"

    def ask(
        self,
        when: datetime,
        request: str,
        status: int = 200,
        size: int | None = None,
        *,
        fault: Fault | None = None,
        incidents: Iterable[str] | None = None,
        referrer: str | None = None,
        raw: str | None = None,
    ) -> None:
        """Send `METHOD target`; without a size the site's usual one for that path and status is answered."""
        method, _, target = request.partition(" ")
        answered = usual_size(method, target, status) if size is None else size
        belongs = self.incidents if incidents is None else tuple(incidents)
        step = Request(
            when=when,
            ip=self.ip,
            method=method,
            target=target,
            status=status,
            size=answered,
            agent=self.agent,
            referrer=self.referrer if referrer is None else referrer,
            user=self.user,
            raw=raw,
            fault=fault,
            incidents=belongs,
        )
        self.stage.steps.append(step)


def usual_size(method: str, target: str, status: int) -> int:
    """What this site answers: error pages have one size each, a page has its own, whatever the query."""
    if method in {"HEAD", "OPTIONS"}:
        return 0
    if status in _ERROR_SIZES:
        return _ERROR_SIZES[status]
    return 3_000 + zlib.crc32(target.partition("?")[0].encode()) % 30_000
