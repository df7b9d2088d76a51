"""What lines can be grouped by, and what of them can be counted."""

from enum import StrEnum


class Dimension(StrEnum):
    """A value every line may have; `top` and `timeline` group by one. Values are the ECS names of the columns."""

    IP = "source.ip"
    PATH = "url.path"
    USER = "user.name"
    AGENT = "user_agent.original"
    METHOD = "http.request.method"
    STATUS = "http.response.status_code"
    REFERRER = "http.request.referrer"
    DOMAIN = "url.domain"
    ACTION = "event.action"
    DATASET = "event.dataset"
    SOURCE = "log.source"
    TYPE = "akashi.type"
    RULE = "rule.id"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


SECONDS = {Dimension.MINUTE: 60, Dimension.HOUR: 3600, Dimension.DAY: 86_400}
"""Width of the dimensions that are stretches of time; all others are values."""
