"""Parts of a report that stand beside the findings, in words: what was left out, and who acted as one."""

from dataclasses import dataclass

from app.i18n import coded, moment, number, text
from app.inert import inert
from core.ignore import Ignored
from core.report import Campaign
from core.selector import Selector

IGNORED_HEAD = ("ignored_what", "lines", "ignored_reason", "ignored_author", "ignored_until", "ignored_where")
"""Keys of the heads above an entry of the ignore list, in the section `report`."""

CAMPAIGN_HEAD = ("addresses", "lines", "filter_types", "campaign_shared", "first", "last")
"""Keys of the heads above a campaign, in the section `report`."""

_MANY = 8


@dataclass(frozen=True, slots=True)
class IgnoredView:
    """One entry of the ignore list: what it takes out, why, who says so, until when, and how many lines it was."""

    what: str
    reason: str
    author: str
    until: str
    where: str
    lines: str
    expired: bool

    @property
    def row(self) -> tuple[str, ...]:
        """The cells of a table, in the order of `IGNORED_HEAD`."""
        return (self.what, self.lines, self.reason, self.author, self.until, self.where)


def ignored_view(item: Ignored, lang: str) -> IgnoredView:
    """An entry of the ignore list in words."""
    entry, day = item.entry, item.entry.expires.isoformat()
    return IgnoredView(
        what=ignored_what(entry.selector, lang),
        reason=inert(entry.reason),
        author=inert(entry.author) or "—",
        until=text("report.ignored_expired", lang, day=day) if item.expired else day,
        where=text("report.ignored_everywhere" if entry.everywhere else "report.ignored_case", lang),
        lines="—" if item.expired else number(item.lines),
        expired=item.expired,
    )


def ignored_what(selector: Selector, lang: str) -> str:
    """`address 203.0.113.5 · path /health`."""
    types = tuple(text(f"type.{kind}.title", lang) for kind in selector.types)
    conditions = (
        ("ip", selector.ips),
        ("type", types),
        ("rule", selector.rules),
        ("path", selector.paths),
        ("agent", selector.agent_contains),
    )
    return " · ".join(
        text(f"ignore.{name}", lang, value=", ".join(map(inert, values))) for name, values in conditions if values
    )


def campaign_row(campaign: Campaign, lang: str) -> tuple[str, ...]:
    """The cells of a table, in the order of `CAMPAIGN_HEAD`; tools and targets are log text."""
    addresses = [inert(one.ip) for one in campaign.source_ips]
    further = f" … +{number(len(addresses) - _MANY)}" if len(addresses) > _MANY else ""
    shared = [coded("shared", code, lang) for code in campaign.shared]
    named = [inert(one) for one in (*campaign.tools, *campaign.targets)]
    return (
        ", ".join(addresses[:_MANY]) + further,
        number(campaign.lines),
        ", ".join(text(f"type.{kind}.title", lang) for kind in campaign.types),
        " · ".join([*shared, *named]),
        moment(campaign.first_seen),
        moment(campaign.last_seen),
    )
