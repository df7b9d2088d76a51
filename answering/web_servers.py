"""Which web servers wrote the logs of a case, as far as the lines tell."""

from collections.abc import Iterable

from core.source import Source

WEB_SERVERS = ("nginx", "apache")


def web_servers(sources: Iterable[Source]) -> frozenset[str]:
    """`nginx`, `apache`, both where it cannot be told, none without a log of a web server.

    Both write the combined format alike, so that an access log read as nginx's may be Apache's; an error log beside it
    tells which it is, and a format that only one of them has does.
    """
    datasets = {one.dataset for one in sources if one.accounting.lines}
    told = {server for server in WEB_SERVERS if f"{server}.error" in datasets}
    told |= {"apache"} if datasets & {"apache.access", "partial.client"} else set()
    if told:
        return frozenset(told)
    return frozenset(WEB_SERVERS if "nginx.access" in datasets else ())


def web_datasets(sources: Iterable[Source]) -> tuple[str, ...]:
    """The datasets that web servers wrote, sorted."""
    return tuple(sorted({one.dataset for one in sources if one.dataset.endswith((".access", ".error", ".client"))}))
