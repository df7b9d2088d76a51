"""A reply that says no, in the shape of the service's errors."""


class Refusal(Exception):  # noqa: N818 - a reply, not an error of ours
    """Status, code and message of an error reply."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        self.body = {"error": {"code": code, "message": message}}
        super().__init__(message)


def bad(message: str) -> Refusal:
    """400 without a code, as the service answers most of what it does not understand."""
    return Refusal(400, "", message)
