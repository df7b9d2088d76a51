"""The three renderings: hostile log text stays text, and both languages carry the same values."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from app.render.html import render_html
from app.render.json import render_json
from app.render.markdown import escape, fence, render_markdown
from app.render.view import report_view
from core.report import Conclusion, Report, Totals
from core.taxonomy import AttackType

VALUES = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*::[0-9a-f]+|[0-9a-f]{16,}|\d[\d,]*(?:[-:]\d+)*")


def values(words: str) -> list[str]:
    return sorted(VALUES.findall(words))


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(document: str) -> Seen:
    seen = Seen()
    seen.feed(document)
    return seen


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_html_holds_no_live_element_and_the_whole_quote(report: Report, lang: str) -> None:
    document = render_html(report_view(report, lang))
    seen = parsed(document)
    assert seen.tags.isdisjoint({"img", "script", "a", "link", "iframe", "object", "b", "form", "svg"})
    assert seen.attributes <= {"class", "id", "lang", "charset", "http-equiv", "content", "name", "title"}
    assert "default-src 'none'" in document
    assert "![x](http://203.0.113.99/p.png) <img src=http://203.0.113.99/q.png> ````" in seen.text
    assert "<mark>UNION%20SELECT</mark>" in document


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_firewalls_own_rules_are_listed(report: Report, lang: str) -> None:
    view = report_view(report, lang)
    for document in (render_html(view), render_markdown(view)):
        assert "942100 ×12,000, 942190 ×4" in document
    rules = json.loads(render_json(report))["findings"][0]["waf_rules"]
    assert rules == [{"id": "942100", "count": 12_000}, {"id": "942190", "count": 4}]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_rendering_holds_an_active_character(report: Report, lang: str) -> None:
    view = report_view(report, lang)
    for document in (render_html(view), render_markdown(view), render_json(report)):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", document)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_markdown_shows_log_text_only_inside_fences(report: Report, lang: str) -> None:
    outside: list[str] = []
    inside: list[str] = []
    bar = ""
    for line in render_markdown(report_view(report, lang)).split("\n"):
        opening = re.match(r"`{3,}", line)
        if not bar and opening:
            bar = opening.group()
        elif bar and line == bar:
            bar = ""
        else:
            (inside if bar else outside).append(line)
    assert not bar
    assert "203.0.113.99" not in "\n".join(outside)
    assert "![x](http://203.0.113.99/p.png)" in "\n".join(inside)


def test_a_caret_line_stands_under_the_match(report: Report) -> None:
    lines = render_markdown(report_view(report, "en")).split("\n")
    carets = next(line for line in lines if line.strip() and set(line.strip()) == {"^"})
    quoted = lines[lines.index(carets) - 1]
    assert quoted[carets.index("^") : len(carets)] == "UNION%20SELECT"


@pytest.mark.parametrize("draw", [render_html, render_markdown])
def test_both_languages_carry_the_same_values(report: Report, draw: object) -> None:
    english, japanese = (values(draw(report_view(report, lang))) for lang in ("en", "ja"))  # type: ignore[operator]
    assert english == japanese
    assert {"12,345", "203.0.113.7"} <= set(english)


@pytest.mark.parametrize(("text", "bar"), [("plain", "```"), ("a ``` b", "````"), ("`````", "``````"), ("", "```")])
def test_a_fence_is_longer_than_what_it_holds(text: str, bar: str) -> None:
    assert fence([text]) == f"{bar}text\n{text}\n{bar}"


def test_escape_leaves_no_markdown_alive() -> None:
    assert escape("![x](http://a) <b> `c` | *d* &#x41; 2026-11-10: 7") == (
        r"!\[x\](http\://a) \<b\> \`c\` \| \*d\* \&#x41; 2026-11-10: 7"
    )


def test_json_has_the_promised_shape(report: Report) -> None:
    facts = json.loads(render_json(report, {AttackType.SQL_INJECTION: {3: [5], 1: [7, 9]}}))
    finding = facts["findings"][0]
    assert finding["type"] == "sql_injection"
    assert finding["source_ips"] == [{"ip": "203.0.113.7", "count": 12_000}, {"ip": "2001:db8::7", "count": 345}]
    assert (finding["first_seen"], finding["last_seen"]) == ("2026-11-10T03:04:00Z", "2026-11-10T04:00:00Z")
    assert list(finding["lines"].values()) == [[7, 9], [5]]
    assert set(finding["lines"]) < {source["file"] for source in facts["coverage"]["sources"]}
    assert facts["totals"] == {"types": 1, "lines": 12_345, "source_ips": 2}
    assert facts["conclusion"] == "attacks_found"
    assert [claim["status"] for claim in facts["claims"]] == ["verified", "refuted", "unverifiable", "verified"]
    assert "lines" not in json.loads(render_json(report))["findings"][0]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_nothing_found_and_nothing_to_look_at_are_different_statements(report: Report, lang: str) -> None:
    quiet = replace(report, findings=(), claims=(), totals=Totals(0, 0, 0), conclusion=Conclusion.NO_ATTACK_FOUND)
    empty = replace(quiet, conclusion=Conclusion.NO_LOG_MATCHES)
    sentences = {report_view(each, lang).conclusion for each in (report, quiet, empty)}
    assert len(sentences) == 3
    for each in (quiet, empty):
        assert report_view(each, lang).conclusion in parsed(render_html(report_view(each, lang))).text
