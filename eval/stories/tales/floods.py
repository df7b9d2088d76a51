"""Requests meant to exhaust the server: from one address, and from many at once."""

from core.taxonomy import AttackType, Outcome
from eval.stories.agents import BROWSERS
from eval.stories.people import ordinary, visit, visitor
from eval.stories.stage import Client, Stage
from eval.stories.step import Cause, Fault

_SHORT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"


def flood_single(stage: Stage) -> None:
    """One address asks for search pages ninety times a second; after a moment the limiter refuses nearly all."""
    ordinary(stage, 60, 18)
    client = Client(stage, "203.0.113.111", _SHORT, (stage.incident("flood", AttackType.DOS),))
    for number in range(800):
        limited = number > 120 and number % 30
        fault = Fault(Cause.LIMIT) if limited and number % 40 == 1 else None
        target = f"/search?q={stage.dice.randrange(16**8):08x}"
        client.ask(stage.at(30, number // 90), f"GET {target}", 429 if limited else 200, fault=fault)


def flood_distributed(stage: Stage) -> None:
    """Eighty addresses ask for one heavy page; visitors get no answer until it ends."""
    ordinary(stage, 60, 18)
    flood = stage.incident("flood", AttackType.DOS, outcome=Outcome.SUCCEEDED)
    clients = [Client(stage, f"198.18.{40 + number % 11}.{7 + number * 2}", _SHORT, (flood,)) for number in range(80)]
    for turn in range(12):
        for number, client in enumerate(clients):
            down = turn > 1
            client.ask(stage.at(31, turn * 2 + number % 2), "GET /teas?sort=price&per_page=500", 503 if down else 200)
    for number in range(9):
        guest = visitor(stage, 150 + number)
        late = Fault(Cause.UPSTREAM_TIMEOUT, part_of_attack=False)
        guest.ask(stage.at(31, 5 + number * 2), "GET /", 503, fault=late if number % 3 == 0 else None)


def newsletter_rush(stage: Stage) -> None:
    """No attack: seventy readers open the same offer within four minutes, and a school class shares one address."""
    ordinary(stage, 60, 18)
    for number in range(24):
        reader = visitor(stage, 60 + number)
        when = stage.at(20, stage.dice.randint(0, 240))
        reader.ask(when, "GET /offers/november?utm_source=newsletter&utm_medium=email&utm_campaign=2026-11")
        for asset in ("/static/site.3f9a1c.css", "/static/app.81bc02.js", "/media/offer-november.webp"):
            reader.ask(when, f"GET {asset}")
        visit(reader, when, 1)
    for number in range(14):
        pupil = Client(stage, "192.0.2.200", BROWSERS[number % len(BROWSERS)])
        visit(pupil, stage.at(40, stage.dice.randint(0, 90)), 2)
