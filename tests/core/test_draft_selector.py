"""Selectors as a model writes them."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from core.draft_selector import DraftSelector, draft_of, selector_of
from core.line import SourceId
from core.selector import Selector
from core.taxonomy import AttackType

NAMES = {SourceId("a" * 16): "access.log"}
SOURCES = {"access.log": SourceId("a" * 16)}


@pytest.mark.parametrize(
    "selector",
    [
        Selector(),
        Selector(ips=("203.0.113.0/24",), types=(AttackType.XSS,), status_codes=((200, 299), (404, 404))),
        Selector(since=datetime(2026, 1, 1, tzinfo=UTC), sources=(SourceId("a" * 16),), raw_contains=("'",)),
        Selector(without=(Selector(paths=("/health",)), Selector(agent_contains=("monitor",)))),
    ],
)
def test_there_and_back(selector: Selector) -> None:
    written = draft_of(selector, NAMES).model_dump_json()
    assert selector_of(DraftSelector.model_validate_json(written), SOURCES) == selector


@pytest.mark.parametrize(
    ("name", "value"), [("since", "2026-01-01T00:00:00"), ("until", "yesterday"), ("sources", ["other.log"])]
)
def test_what_names_no_lines_is_refused(name: str, value: object) -> None:
    draft = draft_of(Selector(), NAMES).model_copy(update={name: value})
    with pytest.raises(ValueError, match=r"zone|format|source"):
        selector_of(draft, SOURCES)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"ips":[]', '"ips":[1]'), ('"ips":[]', '"ips":[],"sql":"x"'), ('"types":[]', '"types":["worm"]')],
)
def test_other_shapes_are_errors(old: str, new: str) -> None:
    written = draft_of(Selector(), NAMES).model_dump_json()
    with pytest.raises(ValidationError):
        DraftSelector.model_validate_json(written.replace(old, new, 1))
