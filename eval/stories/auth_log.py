"""Lines of the authentication log: with full time stamps as rsyslog writes them today, or in the classic short form."""

import re

from eval.stories.step import Message

HOST = "teahouse1"


def dated_auth(message: Message) -> bytes:
    """RFC 5424 time stamps, as Debian 12 and later write them."""
    stamp = message.when.isoformat(timespec="microseconds")
    return f"{stamp} {HOST} {message.program}: {message.text}".encode()


def classic_auth(message: Message) -> bytes:
    """RFC 3164: no year, no zone, the day padded with a blank."""
    stamp = re.sub(" 0(?=[0-9] )", "  ", message.when.strftime("%b %d %H:%M:%S"), count=1)
    return f"{stamp} {HOST} {message.program}: {message.text}".encode()
