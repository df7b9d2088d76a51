"""The parts of a log line that a rule can look at, in ECS terms."""

from enum import IntEnum


class Field(IntEnum):
    """Number of a scanned part; the number is stored with every rule hit, so never renumber."""

    METHOD = 0
    PATH = 1
    QUERY = 2
    REQUEST = 3
    USER_AGENT = 4
    REFERRER = 5
    USER = 6
    MESSAGE = 7
    OTHER = 8


ECS_NAME: dict[Field, str] = {
    Field.METHOD: "http.request.method",
    Field.PATH: "url.path",
    Field.QUERY: "url.query",
    Field.REQUEST: "http.request.line",
    Field.USER_AGENT: "user_agent.original",
    Field.REFERRER: "http.request.referrer",
    Field.USER: "user.name",
    Field.MESSAGE: "message",
    Field.OTHER: "http.request.headers",
}
"""Names that rule files use. `http.request.line` is a request line that is not METHOD TARGET PROTOCOL (TLS bytes,
garbage, empty); `http.request.headers` is any further client-controlled field of a custom format (forwarded-for,
cookie)."""

BY_ECS_NAME: dict[str, Field] = {name: field for field, name in ECS_NAME.items()}
