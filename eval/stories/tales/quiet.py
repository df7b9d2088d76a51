"""A busy site on which nothing bad happens, with everything that makes analysts jump."""

from eval.stories.agents import BROWSERS, NAMED
from eval.stories.people import ASSETS, SITE, broken_link, machines, office, programs, visitors, wait
from eval.stories.ssh import Sshd
from eval.stories.stage import Client, Stage
from eval.stories.step import Cause, Fault
from eval.stories.tales.credentials import forgetful
from eval.stories.tales.floods import newsletter_rush


def clean_busy_site(stage: Stage) -> None:
    """Crowds, machines, mistyped passwords, old links, a heavy gallery and a shop behind one address."""
    newsletter_rush(stage)
    visitors(stage, 18, 170)
    machines(stage, 170)
    office(stage, 170)
    programs(stage, 80)
    broken_link(stage, 30, 170)
    for number, mistakes in enumerate((1, 2, 2, 3, 4, 5)):
        forgetful(stage, 15 + number * 21, mistakes, f"198.51.100.{203 + number}")
    _moved_site(stage)
    _gallery(stage)
    _odd_moments(stage)
    Sshd(stage).ordinary(170)


def _moved_site(stage: Stage) -> None:
    """A crawler still knows the addresses of the old shop."""
    crawler = Client(stage, "157.55.39.21", NAMED["bing"])
    when = stage.at(70)
    for number in range(24):
        when += wait(stage, 15, 50)
        gone = Fault(Cause.MISSING, part_of_attack=False)
        crawler.ask(when, f"GET /shop/old-{number * 37}.html", 404, fault=gone)


def _gallery(stage: Stage) -> None:
    """One page with ninety pictures, all fetched within four seconds."""
    client = Client(stage, "198.51.100.240", BROWSERS[0])
    client.ask(stage.at(90), "GET /blog/photo-album")
    for number in range(90):
        picture = f"GET /media/album/{number:03d}.webp"
        client.ask(stage.at(90, number // 25), picture, referrer=SITE + "/blog/photo-album")


def _odd_moments(stage: Stage) -> None:
    """A restart with a few 502s, a polling tab, a resumed download, and a person who looks for an admin page once."""
    for number in range(6):
        client = Client(stage, f"198.51.100.{120 + number}", BROWSERS[number])
        late = Fault(Cause.UPSTREAM_TIMEOUT, part_of_attack=False)
        client.ask(stage.at(110, number * 2), "GET /teas", 502, 157, fault=late if number % 2 else None)
    tab = Client(stage, "198.51.100.130", BROWSERS[2])
    for number in range(60):
        tab.ask(stage.at(100, number * 10), "GET /api/v1/cart/count", 200, 14)
    for number in range(12):
        tab.ask(stage.at(130, number), "GET /media/brewing.mp4", 206, 1_048_576)
    for asset in ASSETS:
        tab.ask(stage.at(131), f"GET {asset}", 304)
    for number, (path, status) in enumerate((("/admin", 302), ("/admin/login", 200))):
        Client(stage, "198.51.100.131", BROWSERS[1]).ask(stage.at(140, number * 6), f"GET {path}", status)
