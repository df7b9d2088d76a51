"""The only way to HTML: elements whose text is always escaped."""

from html import escape


class Html(str):
    """Text that is markup already; everything else is escaped when it becomes a child."""

    __slots__ = ()


def el(name: str, *children: str, cls: str = "", **attributes: str) -> Html:
    """`<name class=… …>children</name>`; children that are not Html are escaped."""
    if cls:
        attributes = {"class": cls, **attributes}
    written = "".join(f' {key.replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    body = "".join(child if isinstance(child, Html) else escape(child, quote=False) for child in children)
    return Html(f"<{name}{written}>{body}</{name}>")


def join(*parts: str) -> Html:
    """Several nodes side by side."""
    return Html("".join(part if isinstance(part, Html) else escape(part, quote=False) for part in parts))
