"""Does a value only talk about code? A sentence names things; it brings along nothing that runs where it lands.

Words of a sentence must outweigh what they mention, and what they mention must be inert: a name, a bare tag, a call
without arguments, an operator between blanks. Quotes that close, handlers, addresses and paths are never inert.
"""

import re
from itertools import pairwise
from urllib.parse import unquote_to_bytes

from core.field import Field
from detection.query_filter import is_whole_filter
from detection.shell_words import STRONG, WEAK
from detection.sql_tokens import is_keyword

MAX_VALUE = 400
_PARAMETERS = re.compile(rb"(?<!&)&(?=[\w\[\]().%$-]{1,60}=)")
_VALUE = re.compile(rb"[\w\[\]().-]{0,60}=(.*)", re.DOTALL)
_PLAIN = re.compile(rb"[\w .,:+-]*")
_ESCAPED = re.compile(rb"%[0-9a-f]{2}", re.IGNORECASE)
_JOINED = re.compile(rb"[-+_]+(?![-+_])(?=[a-z<(]|$)|(?<=[\w>)])[-+]+", re.IGNORECASE)

_WHOLE = re.compile(
    rb"""<\?xml(?:\s+[a-z]+="[\w.-]{1,20}"){0,3}\s*\?>
    |</?[a-z][a-z0-9-]{0,20}(?:\s+[a-z-]{2,20}){0,3}\s*/?>(?=[\s\x80-\xff,.?!]|$)
    |\{\{\s[a-z_]\w*(?:\.\w+)?(?:\s\|\s\w+)?\s\}\}(?=\s|$)
    |\{%\s(?:if|for|set|block|include|extends)\s[\w.]+\s%\}(?=\s|$)
    |<%=\s\w+\s%>(?=\s|$)
    |\{\s\w+:\s\{\s\$\w+:\s[\w.-]+\s\}\s\}(?=\s|$)
    |"[A-Za-z-]+:\s[\w/.+-]+"(?=\s|$)""",
    re.VERBOSE | re.IGNORECASE,
)
"""What a sentence mentions although it holds blanks: a bare tag, a template's variable, a query object, a header."""

_INERT = re.compile(
    rb"""[\w$@][\w$.-]*[:?!,.]?|\#\w[\w$.-]*
    |\(\w+\.?\)
    |-{1,2}[a-z][\w-]*|/[a-z]|\+[a-z]
    |[<>]=?|={1,3}|=>|\|{1,2}|&{1,2}|/
    |[\w$]+\[["']?\w+["']?\]
    |\$\{\#?\w+(?:\[@\])?\}|\$\{date:[\w-]+\}
    |<\?(?:php|=)?
    |%\w{0,2}
    |(?:php|ftp|file|data|phar)://\w*(?:@\w+)?
    |(?:javascript:)?(?P<call>[\w$.]+(?<!\.)\((?:(?=\))|(?P<argument>\*|\w{1,14}\.?|["']\w{1,14}["']
      |["'](?:\.{1,2}/)+[\w-]+\.json["']|data:\w+/[\w+.-]+(?:;base64)?))
      (?:\)(?:\.\w+)?[?!,.:;]?)?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_SENTENCE = re.compile(rb"^['\"`);&|>=-]|[\x00-\x1f]|\bunion\s+(?:all\s+)?select\b", re.IGNORECASE)
_WORD = re.compile(rb"(?:[A-Za-z][a-z]+(?:['-][a-z]+)*|[aI])[?.!,:]?")
_FOREIGN = re.compile(rb"[\x80-\xff]{6,}[\w\x80-\xff.?!]*")
_LITERALS = frozenset((b"localhost", b"null", b"true", b"false", b"admin", b"root", b"test"))
_FUNCTION_WORDS = frozenset(
    b"""about alternative an are at can do does difference example examples explained explain how in is meaning my of
safe that the there this to tutorial use versus vs was what why with work you your""".split()
)
"""Small words of English, without those that are words of SQL or of a shell as well."""


_TOPICS = frozenset(b"bash php python perl ruby node lua powershell".split())
"""Languages that a sentence may begin with: what it is about."""

_ACTIVE = rb"(?!(?:script|style|iframe|frame|object|embed|svg|math|form|base|html|body|head|img|image|div|eval|xsl)\b)"
_DOCUMENT = re.compile(
    rb"<" + _ACTIVE + rb"([a-z][\w.-]{0,40})>(?:[^<>]*</?(?!(?:script|style|iframe|object|embed|svg|math|form|base)\b)"
    rb"[a-z][\w.-]{0,40}>){2,60}[^<>]*</\1>",
    re.IGNORECASE,
)
"""A whole XML document without attributes, whose root is no element of a page and whose parts do nothing in one."""


def is_more_than_prose(record: bytes, field: Field) -> bool:
    """Whether a record that matched carries something besides sentences that mention what was looked for."""
    if field not in (Field.QUERY, Field.PATH, Field.REFERRER):
        return True
    text = record
    for _ in range(3):
        if not _ESCAPED.search(text):
            break
        text = unquote_to_bytes(text)
    if b"+" in text and b" " not in text:
        text = text.replace(b"+", b" ")
    said = [_is_harmless(value, field != Field.QUERY) for value in _parts(text, field) if not _PLAIN.fullmatch(value)]
    if not said and (
        field == Field.QUERY or b"=" in text
    ):  # nothing but plain words: what was looked for is one of them
        return not any(is_prose(value) for value in _parts(text, field))
    return not all(said)


def _is_harmless(value: bytes, slug: bool) -> bool:
    return is_prose(value, slug) or is_whole_filter(value) or _DOCUMENT.fullmatch(value) is not None


def _parts(text: bytes, field: Field) -> list[bytes]:
    """Values of a query, pieces of a path; both of a referrer."""
    path, _, query = text.partition(b"?") if field == Field.REFERRER else (b"", b"", b"")
    if field == Field.PATH:
        path = text
    elif field == Field.QUERY:
        query = text
    values = [named[1] if (named := _VALUE.fullmatch(part)) else part for part in _PARAMETERS.split(query)]
    return [piece for piece in path.split(b"/") if piece not in (b"https:", b"http:")] + values


def is_prose(value: bytes, slug: bool = False, least: int = 1) -> bool:
    """Whether one value is a sentence around inert mentions, of at least that many words.

    `slug`: hyphens may stand for blanks.
    """
    if not 0 < len(value) <= MAX_VALUE or _NO_SENTENCE.search(value):
        return False
    if slug and b" " not in value:
        value = _JOINED.sub(b" ", value)
    mentions = len(_WHOLE.findall(value))
    tokens = _WHOLE.sub(b" ", value).split()
    inert = [_INERT.fullmatch(token) for token in tokens if not _FOREIGN.fullmatch(token)]
    if len(tokens) + mentions < 2 or not tokens or not all(inert):
        return False
    arguments = [found["argument"] for found in inert if found and found["argument"]]
    if len(arguments) > (0 if mentions else 1):
        return False
    counted = any(argument.isdigit() and argument != b"0" for argument in arguments)
    return _outweigh(tokens, least + counted)


def _outweigh(tokens: list[bytes], least: int) -> bool:
    """Whether the words make a sentence: beside those of SQL or a shell if two adjoin or one is small."""
    found = [token.rstrip(b"?.!,:").lower() if _is_word(token) else b"" for token in tokens]
    natural = [bool(word) and not _is_code(word) for word in found]
    natural[0] = natural[0] or found[0] in _TOPICS
    if sum(natural) < least:
        return False
    if any(word in _FUNCTION_WORDS for word in found) or sum(natural) == sum(map(bool, found)):
        return True
    return any(one and two for one, two in pairwise(natural))


def _is_word(token: bytes) -> bool:
    return (_WORD.fullmatch(token) or _FOREIGN.fullmatch(token)) is not None


def _is_code(word: bytes) -> bool:
    return word not in _FUNCTION_WORDS and (word in STRONG or word in WEAK or word in _LITERALS or is_keyword(word))


def commands_only_mentioned(value: bytes, slug: bool = False) -> bool:
    """Whether one value is a sentence, and if commands are named in it, one with small words: a question about them."""
    if not is_prose(value, slug):
        return False
    words = [token.rstrip(b"?.!,:").lower() for token in value.split()]
    named = any((word in STRONG or word in WEAK) and word not in _TOPICS for word in words)
    return not named or any(word in _FUNCTION_WORDS for word in words)
