"""Does a value run a command when it reaches a shell? Evasions are folded away, then simple commands are read.

What counts is a command word in command position: behind a separator or substitution the value brings along, or at
its very start when what follows can only be arguments of a program (an option, an absolute path, a URL, an address).
"""

import re

from core.field import Field
from detection.prose import commands_only_mentioned
from detection.shell_words import AMBIGUOUS, PAIR, PLAIN, PROSE, STRONG, WEAK
from detection.sql import values

_IFS = re.compile(rb"\$\{?IFS[^}\s;|&]{0,8}\}|\$IFS(?:\$\d)?|\{IFS\}", re.IGNORECASE)
_BRACED = re.compile(rb"(?<!\$)\{([\w/.-]{1,40}(?:,[\w/.:=-]{0,80}){1,8})\}")
_EMPTY = re.compile(
    rb"\$\(\)|[<>]\(\)|``|\$\{\}|\$[@*!_?-]|\$\{[@*]\}|\$(?!HOME|PATH|PWD|USER|SHELL)[a-z](?=[a-z\\'\"$])|''|\"\"|\\[\x0a\x0b]",
    re.IGNORECASE,
)
_INSIDE_WORD = re.compile(
    rb"(?<=[\w/.?*\[\]])[\\^](?=\w)|(?<![\w\\])\\(?=[a-z]{2,})|(?<=[a-z])[`](?=[a-z])|\^(?=[a-z])", re.IGNORECASE
)
_QUOTED_PIECE = re.compile(rb"(?<=[\w/.?-])(['\"])([\w/.?*-]{0,12})\1|(['\"])([\w/.?-]{1,12})\3(?=[\w/.?-])")
_SEPARATORS = re.compile(
    rb"(?P<sep>\|\|?|&&?|;+|[\x0a\x0b\x0d]+|`|\$\(+|[<>]\(|\{\s*(?=[\w/]+,)|(?<![\w])\(\)\s*\{[^;]{0,20};?)"
)
_HEAD = re.compile(
    rb"[\s'\"()!{@+$]*(?:(?:sudo|nohup|time|strace|exec|env|eval|command|busybox|start|call|xargs|then|do|else|nice|timeout\s+\d+)\s+)?"
    rb"(?P<path>(?:[a-z]:)?[\w.~?*\[\]!-]*[/\\](?:[\w.?*\[\]!+-]+[/\\])*)?(?P<word>[\w.?*\[\]-]+)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_EXTENSION = re.compile(rb"\.(?:exe|com|bat|cmd|sh|pl|py|ps1)$", re.IGNORECASE)
_VERSIONED = re.compile(rb"^(python|perl|ruby|php|lua|gcc)[\d.]+$")
_ARGUMENT = re.compile(
    rb"\s*$|\s*[|;&`)>}'\"#\x0b\x0d]|\s*<[<(&/]|\s+(?:-{1,2}[a-z?]|-\d|-(?:\s|$)|/(?:[\w.*?\[]|\s|$)|\.(?:\s|$)|\.{1,2}/|[a-z]:(?:[\\/\w\"'\s]|$)|%\w+%|https?:|ftp:|\\\\|\$|[\"'`]"
    rb"|\d+(?:\s*$|\s*[|;&`)#]|\.\d+\.\d+\.\d+)|\*|~/|[\w-]+\.(?:php|txt|log|conf|ini|sh|exe|com|org|net)\b|localhost|\+[-\w]"
    rb"|[\w.-]+@[\w.-]+|(?:[\w-]+\.){1,6}[a-z]{2,12}(?:[\s/:]|$)|[\w-]+:\d|\w+:[\w./]+|[\w.]{1,30}\s+-{1,2}[a-z]|[^;|&]{0,60}\s/(?:etc|bin|usr|var|tmp|home|proc|root|dev|opt)\b)",
    re.IGNORECASE,
)
_PROGRAM_ARGUMENT = re.compile(
    rb"\s+(?:-{1,2}[a-z?]|/(?:etc|bin|usr|var|tmp|home|proc|root|dev|opt|\?|\[)|[a-z]:\\|https?://|\$\(|`)"
    rb"|\s*\d?>{1,2}\s*(?:/\w|&\d)|(?:\s+\w+){0,4}\s+/[a-z]{1,10}(?:[\s:]|$)",
    re.IGNORECASE,
)
_PROGRAM_PATH = re.compile(
    rb"(?:^|/)(?:usr/(?:local/)?)?s?bin/$|system32[/\\]$|^/[\w/\[\]?*!]*[?*\[][\w/\[\]?*!]*/$|^/(?:\?|\*|\[)",
    re.IGNORECASE,
)
_PIPED = re.compile(rb"\|\s*(?:/\w+/)*(?:ba|z|k|c|da)?sh(?:\s*$|\s+[-#`]|\s*[;|&`)\"'])", re.IGNORECASE)
_SUBSTITUTED = re.compile(
    rb"\$\(\s*[a-z/<`][\w/.-]{0,40}(?:[\s)`]|$)|`/[\w/.]{2,80}|[<>]\(\s*(?!select\b)[a-z]+\s|\$\{[a-z]*`"
    rb"|\$\(\(\$\(|^\(\)\s*\{|\$\[[\s\d+*/-]*\]|`(?:echo|[a-z]{2,10}\$)|\$\{\w{2,10}\}$"
    rb"|\$\{\w*#[^}]*\}|\$\(.{0,40}\$\(",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(
    rb"[\w,.] `[^`$;|&<>(){}\x0b\r]{1,60}`(?: \w|[.,?!]|$)|^`[^`$;|&<>(){}\x0b\r]{1,60}`(?: \w{2,}){2}"
)
_JQUERY = re.compile(rb"\$\(\s*(?:document|window|this|function\b|el|\w{1,20}\)\s*\.)", re.IGNORECASE)
_TAG = re.compile(
    rb"<(?:[a-z][\w:-]{0,20}(?:[\s/][^<]{0,300})?>|(?:script|img|svg|iframe|body|a|div|style|object|x)[\s/]|!(?:--|\[|doctype))"
    rb"|</[a-z][\w:-]{0,20}\s*>",
    re.IGNORECASE,
)
_LITERAL_LINE = re.compile(rb"(?<![\w/\\])\\[nr](?=[\s/\\]|[a-z]|$)|\\[nr]$")
_KEYWORDS = re.compile(
    rb";\s*(?:then|do)\s.{1,200};\s*(?:fi|done)\b|\$\{\w{1,20}:\d+:\d+\}|%\w{2,20}:~-?\d+(?:,-?\d+)?%|^%comspec%",
    re.IGNORECASE,
)
_LIST_WORD = re.compile(rb"\s*[A-Za-z][\w.+# ]*")
_PROSE_AHEAD = re.compile(rb"^[^.:/\\@'\"]*[A-Za-z]{2}[^.:/\\@'\"]*$")
_ASSIGNED = re.compile(rb"(?:^|\s)([A-Za-z_]\w{0,15})=\S[^=]*$")
_COMMAND_VARIABLE = re.compile(rb"\s*[\w/]*\$\{?([A-Za-z_]\w{0,15})")
_BARE_OPERAND = re.compile(rb"\s+-\w+\s+[A-Za-z]{3,}(?:\s+[A-Za-z]+)*\s*")
_VARIABLE = re.compile(
    rb"^\s*(?:[a-z]\w{0,15}=[^;&=]{1,40};\s*[\w/]*\$|\$\{?(?:SHELL|BASH|0)\b|\$\{?(?:PATH|HOME|PWD)[}/:#])",
    re.IGNORECASE,
)
_CALL = re.compile(
    rb"(?:^|[^\w.$>]|\bos\.)(?P<function>system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec|eval|spawn|execsync|getoutput"
    rb"|check_output)\s{0,3}\(\s{0,3}\[?\s{0,3}[\"'`](?P<line>[^\"'`]{1,200})",
    re.IGNORECASE,
)
_OWN_LINE = re.compile(
    rb"(?:(?:sudo\s)?(?:apt|apt-get|npm|pip|git|yum|make|brew|cargo|cat|wc|sort|uniq|head|tail|grep|cut)(?:\s-{0,2}[a-z]\w*){1,4}(?:\s(?:\||&&)\s|$)){2,4}",
    re.IGNORECASE,
)
"""A whole line of text and package tools that touches nothing by path or address: a question, not a break-out."""

_FETCHES = frozenset((b"curl", b"wget", b"fetch", b"lynx"))
_ADDRESS = re.compile(rb"[\w\]][.:][\w/\[]|localhost|[$`(<>|;&\\]|\s/|--?\w*(?:help|version)\b", re.IGNORECASE)
_MANY_FOLDS = 6
_PREFIXED = re.compile(rb"\s*(?:time|nohup|strace|sudo|exec|command|env)\s", re.IGNORECASE)
_GLOBBED = re.compile(
    rb"/[\w.?*-]{0,12}\[[!^]?[\w/?*-]{1,6}\][\w?*]|/[\w.-]{0,8}\?{2,}/|/\?\w+/|^\{[\w$\\'\"]{1,20},[-/]|(?:^|\s)~[+-]\d*$|^~\d{1,2}$"
)


def runs_command(record: bytes, field: Field) -> bool:
    """Whether any value of the record brings a command into command position."""
    if field in (
        Field.USER_AGENT,
        Field.REFERRER,
        Field.PATH,
    ):  # full of ';', '(' and '&' by nature: only programs count
        return any(_value_runs(value, sure=True, path=field == Field.PATH) for value in values(record, field))
    if any(_value_runs(value) for value in values(record, field)):
        return True
    return field == Field.QUERY and b"&" in record and _value_runs(record.partition(b"=")[2])


def calls_command(record: bytes, field: Field) -> bool:
    """Whether a function of a programming language is given a command line as its text: `system('id')`."""
    return any(_names_command(found) for value in values(record, field) for found in _CALL.finditer(value))


def _names_command(call: re.Match[bytes]) -> bool:
    head = _HEAD.match(fold(call["line"]))
    if head is None:
        return False
    word, path = _word(head), head["path"] or b""
    if word in STRONG or (word in WEAK and (call["function"].lower() != b"eval" or word not in PROSE)):
        return not head["rest"] or not head["rest"][:1].isalnum()
    return bool(path) and _PROGRAM_PATH.search(path) is not None


def fold(value: bytes) -> bytes:
    """The value as a shell would join it: separators of words as blanks, quotes and escapes inside words gone."""
    text = _BRACED.sub(lambda match: match[1].replace(b",", b" "), _IFS.sub(b" ", value))
    for _ in range(3):
        text = _EMPTY.sub(b"", text)
        text = _QUOTED_PIECE.sub(lambda match: match[2] or match[4] or b"", text)
    return _INSIDE_WORD.sub(b"", text)


def _value_runs(value: bytes, sure: bool = False, path: bool = False) -> bool:
    if not value or len(value) > 4096 or commands_only_mentioned(value, path) or _OWN_LINE.fullmatch(value):
        return False
    if (tag := _TAG.search(value)) is not None:  # what follows is read by a browser, not by a shell
        value = value[: tag.start()]
    if _LITERAL_LINE.search(value) and _value_runs(_LITERAL_LINE.sub(b"\x0b", value), sure, path):
        return True
    if _quoted_identifier(value):
        value = value.replace(b"`", b"")
    if _substitutes(value) or _GLOBBED.search(value) or _KEYWORDS.search(value):
        return True
    folded = fold(value)
    if _PIPED.search(folded) or _VARIABLE.search(value):
        return True
    pieces = _SEPARATORS.split(folded)
    if _is_list(pieces) and folded == value:
        return False
    ended = len(pieces) == 3 and not pieces[2].strip() and pieces[1][:1] in b"\x0a\x0b\x0d"
    if not path and _starts_program(pieces[0], len(value) - len(folded), ended):
        return True
    prose = folded == value and len(pieces) > 1 and _PROSE_AHEAD.search(pieces[0]) is not None
    return any(_is_command(piece, sure, prose) for piece in pieces[2::2]) or _runs_assigned(pieces)


def _substitutes(value: bytes) -> bool:
    """A substitution that runs something; `$(this).hide` is jQuery."""
    return any(not _JQUERY.match(value, found.start()) for found in _SUBSTITUTED.finditer(value))


def _is_list(pieces: list[bytes]) -> bool:
    """Three or more words with one and the same separator between them: a list, `bash | python | perl`."""
    return len(pieces) >= 5 and len(set(pieces[1::2])) == 1 and all(map(_LIST_WORD.fullmatch, pieces[0::2]))


def _runs_assigned(pieces: list[bytes]) -> bool:
    """A variable that one piece sets and a later one puts in command position."""
    names: set[bytes] = set()
    for piece in pieces[0::2]:
        used = _COMMAND_VARIABLE.match(piece)
        if used is not None and used[1] in names:
            return True
        if (assigned := _ASSIGNED.search(piece)) is not None:
            names.add(assigned[1])
    return False


def _quoted_identifier(value: bytes) -> bool:
    """Backticks around one word that stands by itself in a sentence are markdown or a SQL name, not a command."""
    return b"$" not in value and _MARKDOWN.search(value) is not None and value.count(b"`") == 2


def _word(head: re.Match[bytes]) -> bytes:
    word = _EXTENSION.sub(b"", head["word"].lower())
    versioned = _VERSIONED.match(word)
    return versioned[1] if versioned else word


def _is_command(piece: bytes, sure: bool, prose: bool) -> bool:
    """A piece behind a separator: a command word whose continuation is that of a command, not of a sentence.

    `prose`: words of a sentence stand before the first separator.
    """
    head = _HEAD.match(piece)
    if head is None:
        return False
    word, path, rest = _word(head), head["path"] or b"", head["rest"]
    if path and _PROGRAM_PATH.search(path):
        return True
    if PAIR.match(word + rest):
        return True
    if word not in STRONG and word not in WEAK:
        return False
    if prose and word in PROSE and not path and not re.match(rb"\s+[-/$'\"~.]", rest):
        return False
    if rest[:1] == b"=" or (rest.lstrip()[:1] in (b":", b"(") and word in WEAK):
        return False
    doubtful = word in AMBIGUOUS or (sure and word in WEAK)
    return bool((_PROGRAM_ARGUMENT if doubtful else _ARGUMENT).match(rest))


def _starts_program(piece: bytes, folded: int, ended: bool) -> bool:
    """A value that is a command line from its first byte on; `folded` bytes were evasion, `ended`: by a line end."""
    head = _HEAD.match(piece)
    if head is None:
        return False
    word, path, rest = _word(head), head["path"] or b"", head["rest"]
    if path and _PROGRAM_PATH.search(path) and re.match(rb"\s*$|\s+\S|[\"'>#;+]", rest):
        return word in STRONG or word in WEAK or path.startswith(b"/")
    known = word in STRONG or word in WEAK
    if word in _FETCHES and not _ADDRESS.search(rest):
        return False
    if word in PLAIN and re.fullmatch(rb"\s*[)}]?\s*", rest) and re.match(rb"\s*[(!'\"]", piece):
        return True
    if word in STRONG and (ended or folded >= _MANY_FOLDS or _PREFIXED.match(piece)):
        return True
    evaded = folded > 0
    if known and evaded and _ARGUMENT.match(rest):
        return True
    if known and re.match(rb"\s*[<]{2,3}", rest):
        return True
    if PAIR.match(word + rest):
        return (
            re.search(
                rb"\s/[a-z]{1,10}(?:[\s:]|$)|\sif=|\s(?:set|show|add|delete|dump)\s|\s[\"']?HK", rest, re.IGNORECASE
            )
            is not None
        )
    if word in WEAK and _BARE_OPERAND.fullmatch(rest):
        return False
    return known and bool(_PROGRAM_ARGUMENT.match(rest))
