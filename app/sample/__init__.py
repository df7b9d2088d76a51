"""The sample incident: an invented night of a small web shop, so that the first success takes no log of one's own."""

from pathlib import Path

FILES = tuple(Path(__file__).with_name(name) for name in ("access.log", "auth.log"))
