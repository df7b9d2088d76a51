"""Many literals as one regular expression that shares their beginnings, so that one pass looks for all of them."""

import re
from collections.abc import Iterable
from typing import Any

_Node = dict[str, Any]
_END = ""


def literals_pattern(literals: Iterable[str]) -> str:
    """A pattern that matches the longest of the literals at a position; without any, one that matches nowhere.

    >>> literals_pattern(["ab", "ac", "abd"])
    'a(?:b(?:d)?|c)'
    """
    root: _Node = {}
    for literal in filter(None, literals):
        node = root
        for char in literal:
            node = node.setdefault(char, {})
        node[_END] = {}
    return _alternatives(root) or r"(?!)"


def _alternatives(root: _Node) -> str:
    """Depth first without recursion: a learned path may be longer than the interpreter's stack is deep."""
    made: dict[int, str] = {}
    stack = [root]
    while stack:
        node = stack[-1]
        waiting = [below for char, below in node.items() if char != _END and id(below) not in made]
        if waiting:
            stack += waiting
            continue
        made[id(stack.pop())] = _joined(node, made)
    return made[id(root)]


def _joined(node: _Node, made: dict[int, str]) -> str:
    branches = [re.escape(char) + made[id(below)] for char, below in sorted(node.items()) if char != _END]
    if not branches:
        return ""
    ends_here = _END in node
    if len(branches) == 1 and not ends_here:
        return branches[0]
    return f"(?:{'|'.join(branches)})" + ("?" if ends_here else "")
