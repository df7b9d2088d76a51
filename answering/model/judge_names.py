"""Addresses, paths, users, tools, codes and quotes of a text: whether a claim names them."""

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from answering.model import words
from answering.model.known import Known, Sort
from answering.model.saying import Place, Said, marked, present, settle, typed, unknown
from answering.model.tokens import Piece
from core.told import Mark, Span


def judge_address(place: Place, said: Said) -> Span:
    """An address or network, in canonical text; one in other letters is never verified."""
    value, sort = place.token.value.replace(" ", ""), Sort.ADDRESS
    try:
        if "/" in value:
            value, sort = str(ip_network(value)), Sort.NETWORK
        else:
            address = ip_address(value)
            value = str(getattr(address, "ipv4_mapped", None) or address)
    except ValueError:
        return unknown(place)
    same = [one for one in said.known if one.sort is sort and one.value == value]
    right = (one for one in same if one.true and typed(one, place, said) and present(one, place))
    return settle(place, right, (one for one in same if not one.true))


def judge_text(place: Place, said: Said) -> Span:
    """A path, file, user or method: a value of a claim, or what stands by itself in a rightly quoted line."""
    value = place.token.value
    same = [one for one in said.known if one.sort is Sort.TEXT and one.value == value]
    right = [one for one in same if one.true and present(one, place)] or list(_quotes(value, said))
    return settle(place, right, (one for one in same if not one.true))


def _quotes(value: str, said: Said) -> Iterator[Known]:
    """Rightly quoted lines in which the text stands by itself."""
    pattern = re.compile(rf"(?<![\w/.-]){re.escape(value)}(?![\w/-])")
    return (one for one in said.of(Sort.QUOTE) if pattern.search(one.value))


def judge_quoted(place: Place, said: Said) -> Span:
    """Words in quotation marks: a value, or words of a rightly quoted line."""
    value = place.token.value.strip()
    sorts = (Sort.TEXT, Sort.ADDRESS, Sort.NETWORK, Sort.TECHNIQUE, Sort.STATUS)
    right = [one for one in said.of(*sorts) if one.value == value and present(one, place)]
    return settle(place, right or [one for one in said.of(Sort.QUOTE) if value in one.value], ())


def judge_tool(place: Place, said: Said) -> Span:
    """The name of a tool: only where a claim or a rightly quoted line has it."""
    name = place.token.value.lower()
    return settle(place, (one for one in said.of(Sort.TEXT, Sort.QUOTE) if name in one.value.lower()), ())


def judge_status(place: Place, said: Said) -> Span:
    """A status code."""
    same = [one for one in said.known if one.sort is Sort.STATUS and one.value == place.token.value]
    quoted = (one for one in said.of(Sort.QUOTE) if f'" {place.token.value} ' in one.value)
    return settle(place, [one for one in same if one.true] or quoted, (one for one in same if not one.true))


def judge_line(place: Place, said: Said) -> Span:
    """A line number: only that of a rightly quoted line."""
    name, _, number = place.token.value.rpartition(":")
    right = (
        one
        for one in said.of(Sort.LINE)
        if one.value.rpartition(":")[2] == number and name in ("", one.value.rpartition(":")[0])
    )
    return settle(place, right, ())


def judge_code(place: Place, said: Said) -> Span:
    """A technique of ATT&CK; other codes (CVE, CWE, …) are never verified."""
    same = [one for one in said.known if one.sort is Sort.TECHNIQUE and one.value == place.token.value.upper()]
    right = (one for one in same if one.true and present(one, place))
    return settle(place, right, (one for one in same if not one.true))


def judge_type(place: Place, said: Said) -> Span:
    """The name of an attack type; to deny one that is verified is wrong."""
    kind = place.token.value
    same = [one for one in said.known if one.sort is Sort.TYPE and one.value == kind]
    if kind in said.attacks and words.denied(place.text, place.token.start, place.token.end) and not _of_outcome(place):
        stated = next((one for one in same if one.true and not one.empty), None)
        return marked(place, Mark.WRONG, stated, kind)
    right = (one for one in same if one.true and present(one, place))
    return settle(place, right, (one for one in same if not one.true))


def _of_outcome(place: Place) -> bool:
    """Whether its clause says how it ended: "no SQL injection succeeded" denies none."""
    start, end = place.around.start, place.around.start + len(place.around.clause)
    return any(start <= one.start < end and one.piece is Piece.OUTCOME for one in place.tokens)
