"""The honest side of every story: visitors, an office behind one address, crawlers, monitors and programs."""

from datetime import datetime, timedelta

from eval.stories.agents import BROWSERS, NAMED
from eval.stories.stage import Client, Stage
from eval.stories.step import Cause, Fault

SITE = "https://www.teahouse.example"
OFFICE = "192.0.2.10"
PAGES = (
    "/", "/teas", "/teas?sort=price&page=2", "/teas/sencha-100g", "/teas/earl-grey", "/teapots/iron-0.6l", "/about",
    "/blog/", "/blog/how-to-brew-sencha", "/blog/a-short-history-of-the-union-of-tea-merchants", "/cart",
    "/search?q=green+tea", "/search?q=%E7%85%8E%E8%8C%B6", "/search?q=o%27neill+mug", "/contact", "/events/2026/11",
)  # fmt: skip
EDITED = ("", "orders", "orders?status=open", "pages/12/edit", "media", "settings", "users")
ASSETS = (
    "/static/site.3f9a1c.css", "/static/app.81bc02.js", "/static/logo.svg", "/media/sencha-640.webp",
    "/media/earl-grey-640.webp", "/static/fonts/noto-jp.woff2", "/favicon.ico",
)  # fmt: skip


def wait(stage: Stage, least: int, most: int) -> timedelta:
    """A pause of whole seconds."""
    return timedelta(seconds=stage.dice.randint(least, most))


def visit(client: Client, when: datetime, pages: int) -> datetime:
    """A few pages with what belongs to them; the instant of the last request."""
    stage, referrer = client.stage, arrival(client.stage)
    for _ in range(pages):
        page = stage.dice.choice(PAGES)
        client.ask(when, f"GET {page}", referrer=referrer)
        for asset in stage.dice.sample(ASSETS, stage.dice.randint(0, 2)):
            when += timedelta(seconds=stage.dice.randint(0, 1))
            client.ask(when, f"GET {asset}", stage.dice.choice((200, 200, 304)), referrer=SITE + page)
        referrer, when = SITE + page, when + wait(stage, 6, 75)
    return when


def arrival(stage: Stage) -> str:
    """Where a visitor comes from."""
    return stage.dice.choice(("-", "-", "https://search.example/", "https://news.example/food?utm=tea"))


def visitor(stage: Stage, number: int) -> Client:
    """The `number`-th visitor: one in seven comes over IPv6."""
    ip = f"2001:db8:7ea::{number:x}" if number % 7 == 3 else f"198.51.100.{10 + number % 240}"
    return Client(stage, ip, stage.dice.choice(BROWSERS))


def visitors(stage: Stage, count: int, minutes: float) -> None:
    """`count` visitors spread over the story."""
    for number in range(count):
        visit(visitor(stage, number), stage.at(stage.dice.uniform(0, minutes)), stage.dice.randint(1, 4))


def machines(stage: Stage, minutes: int) -> None:
    """Crawlers that fetch now and then, monitors and probes that knock in step; they announce themselves."""
    google, bing = Client(stage, "66.249.66.71", NAMED["google"]), Client(stage, "157.55.39.20", NAMED["bing"])
    for crawler, every in ((google, 7), (bing, 11)):
        crawler.ask(stage.at(1 + every), "GET /robots.txt")
        for number, minute in enumerate(range(2 * every, minutes, every)):
            page = PAGES[number % len(PAGES)]
            crawler.ask(stage.at(minute, stage.dice.randint(0, 50)), f"GET {page}", 304 if number % 5 == 4 else 200)
    monitor, probe = Client(stage, "216.144.248.20", NAMED["monitor"]), Client(stage, "10.0.3.1", NAMED["kube"])
    for minute in range(0, minutes, 10):
        monitor.ask(stage.at(minute, 3), "HEAD /")
        probe.ask(stage.at(minute, 20), "GET /healthz", size=2)


def office(stage: Stage, minutes: int) -> None:
    """Editors behind one address: they sign in (one mistypes twice), use the admin pages and look at access logs."""
    for number, agent in enumerate(BROWSERS[:4]):
        person = Client(stage, OFFICE, agent)
        when = stage.at(3 + number * 4, stage.dice.randint(0, 50))
        person.ask(when, "GET /admin/login")
        for _ in range(2 if number == 1 else 0):
            when += wait(stage, 8, 20)
            person.ask(when, "POST /admin/login", 401, 1_540, referrer=SITE + "/admin/login")
        when += wait(stage, 9, 25)
        person.ask(when, "POST /admin/login", 302, referrer=SITE + "/admin/login")
        while when < stage.at(minutes):
            page = stage.dice.choice(EDITED)
            when += wait(stage, 90, 700)
            person.ask(when, f"GET /admin/{page}", referrer=SITE + "/admin/")


def programs(stage: Stage, minutes: int) -> None:
    """A shop partner's script and a mobile app."""
    partner, app = Client(stage, "192.0.2.77", NAMED["script"]), Client(stage, "192.0.2.140", NAMED["sdk"])
    for minute in range(4, minutes, 15):
        for page in range(1, 4):
            partner.ask(stage.at(minute, page * 2), f"GET /api/v1/stock?page={page}&per_page=50")
        app.ask(stage.at(minute + 3), "GET /api/v1/teas?filter[price][lte]=10&sort=-created_at")
        app.ask(stage.at(minute + 3, 20), "POST /api/v1/cart", 201, 88)


def broken_link(stage: Stage, count: int, minutes: float) -> None:
    """Visitors of a page that links a picture which is gone."""
    for number in range(count):
        client = visitor(stage, 200 + number)
        when = stage.at(stage.dice.uniform(0, minutes))
        client.ask(when, "GET /blog/how-to-brew-sencha")
        gone = Fault(Cause.MISSING, part_of_attack=False)
        client.ask(when, "GET /media/brewing-old.jpg", 404, referrer=SITE + "/blog/how-to-brew-sencha", fault=gone)


def ordinary(stage: Stage, minutes: int, count: int) -> None:
    """A usual stretch of time on the site: the backdrop of the attacks."""
    visitors(stage, count, minutes)
    machines(stage, minutes)
    broken_link(stage, max(2, count // 12), minutes)
