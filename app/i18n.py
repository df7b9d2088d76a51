"""Words in two languages: every sentence a person reads comes from `app/locales/<language>.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from app.inert import inert
from core.errors import AkashiError, ContentError

LANGUAGES = ("en", "ja")
_FOLDER = Path(__file__).with_name("locales")


def _flatten(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            yield prefix + key, value
        else:
            raise ContentError("locale_not_text", key=prefix + key)


@cache
def words(lang: str) -> Mapping[str, str]:
    """All texts of a language by dotted key."""
    with (_FOLDER / f"{lang}.toml").open("rb") as file:
        return dict(_flatten(tomllib.load(file)))


def text(key: str, lang: str, **facts: object) -> str:
    """The text of `key`, its `{placeholders}` filled with `facts`; a missing key is a ContentError."""
    try:
        return words(lang)[key].format(**facts)
    except KeyError as error:
        raise ContentError("locale_key_missing", key=key, missing=str(error)) from error


def coded(section: str, code: str, lang: str) -> str:
    """The text of a code from below (`note.truncated`); a code without words is shown as it is, never hidden."""
    return words(lang).get(f"{section}.{code}", code)


def language_of(tag: str | None) -> str:
    """`ja` for Japanese tags (`ja`, `ja-JP`, `ja_JP.UTF-8`), otherwise `en`."""
    return "ja" if (tag or "").lower().replace("_", "-").split("-")[0].split(".")[0] == "ja" else "en"


def error_text(error: AkashiError, lang: str) -> str:
    """A refusal as a sentence that says what to do, behind the name of what it is about if it does not say it."""
    sentence = words(lang).get(f"error.{error.code}")
    if sentence is None:
        return text("error.other", lang, code=error.code)
    name = "" if "{name}" in sentence else inert(str(error.facts.get("name", "")))
    worded = sentence.format_map(_Facts(error.facts))
    return f"{name}: {worded}" if name else worded


class _Facts(dict[str, object]):
    """Facts of an error, inert; lists read as `a, b`, and a missing fact shows as `?` instead of hiding the error."""

    def __getitem__(self, key: str) -> object:
        value = self.get(key, "?")
        return inert(", ".join(map(str, value)) if isinstance(value, tuple | list | frozenset) else str(value))


def number(value: int) -> str:
    """`12,345` in both languages."""
    return f"{value:,}"


def moment(value: datetime | None) -> str:
    """`2026-11-21 03:04:05 UTC`; a dash when the lines carry no time."""
    return "—" if value is None else value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def iso(value: datetime | None) -> str | None:
    """ISO 8601 UTC with `Z`; fractions only when there are any."""
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")
